"""Two people write the same, each in a browser of their own: nothing of either is lost, and what stands was chosen."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.checks import check_page, watch
from tests.runtime.running import System

from .conftest import Somebody

OFFICER, CHIEF, LEAD = "officer@demo.example", "chief@demo.example", "lead@demo.example"
FIRST = "Sheltered homes stand empty because their lifts are broken."
SECOND = "A bathroom is adapted within six weeks of being asked for."
NOT_SAVED = ("409",)  # the answer that asks which text shall stand

SECTION = """
    select body from strategic_plans_section s join strategic_plans_plan p on p.id = s.plan_id
     where p.slug = 'a-draft-to-practise-same-section' and s.key = %s
"""


def editor(page: Page) -> Locator:
    return page.locator(".ProseMirror")


def write(page: Page, words: str) -> None:
    expect(page.get_by_role("toolbar").first).to_be_visible()
    editor(page).click()
    page.keyboard.type(words)
    expect(editor(page)).to_contain_text(words)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def expect_both_texts(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Two people changed the same words")
    expect(page.get_by_role("group", name="Saved by")).to_contain_text(FIRST)
    expect(page.get_by_role("group", name="Yours, not saved yet")).to_contain_text(SECOND)


def stands(page: Page, *paragraphs: str) -> None:
    """The page after the saving shows these paragraphs and nothing else."""
    expect(page.locator("#save-state")).to_contain_text("Revision 2")
    expect(editor(page).locator("p")).to_have_text(list(paragraphs))


def expect_in_history(page: Page, revision: int, words: str) -> None:
    page.get_by_role("link", name="saved states").click()
    page.get_by_role("link", name=f"Revision {revision}").click()
    expect(page.get_by_role("region", name="The saved text")).to_have_text(words)


@pytest.fixture(scope="module")
def officer(somebody: Somebody) -> Page:
    return somebody(OFFICER)


@pytest.fixture(scope="module")
def chief(somebody: Somebody) -> Page:
    return somebody(CHIEF)


@pytest.fixture
def asked(officer: Page, chief: Page, own_draft: str, request: pytest.FixtureRequest) -> Page:
    """The chief officer's page after both saved into the empty section that the test names, the officer first."""
    address = f"{own_draft}sections/{request.param}/"
    for page in (officer, chief):
        page.goto(address)
    write(officer, FIRST)
    write(chief, SECOND)
    save(officer)
    expect(officer.locator("#save-state")).to_contain_text("Revision 1")
    save(chief)
    expect_both_texts(chief)
    return chief


@pytest.mark.parametrize("asked", ["housing"], indirect=True)
def test_one_keeps_ones_own_text(asked: Page, system: System) -> None:
    check_page(asked, expected_reports=NOT_SAVED)
    check_page(asked, width=320, expected_reports=NOT_SAVED)
    assert system.query(SECTION, "housing") == [(f"<p>{FIRST}</p>",)]
    asked.get_by_role("radio", name="What you wrote").check()
    asked.get_by_role("button", name="Save with these choices").click()
    stands(asked, SECOND)
    assert system.query(SECTION, "housing") == [(f"<p>{SECOND}</p>",)]
    expect_in_history(asked, 1, FIRST)


@pytest.mark.parametrize("asked", ["carers"], indirect=True)
def test_one_takes_both(asked: Page) -> None:
    asked.get_by_role("radio", name="Both, one after the other").check()
    asked.get_by_role("button", name="Save with these choices").click()
    stands(asked, FIRST, SECOND)


@pytest.mark.parametrize("asked", ["workforce"], indirect=True)
def test_one_makes_a_text_of_both(asked: Page) -> None:
    asked.get_by_text("Write it yourself instead").click()
    expect(editor(asked).locator("p")).to_have_text([FIRST, SECOND])
    editor(asked).click()
    asked.keyboard.press("Control+a")
    asked.keyboard.type("Lifts are mended, and bathrooms adapted.")
    asked.get_by_role("button", name="Save what is in the box").click()
    stands(asked, "Lifts are mended, and bathrooms adapted.")


@pytest.mark.parametrize("asked", ["digital"], indirect=True)
def test_one_lets_the_saved_text_stand_and_finds_ones_own_in_the_history(asked: Page) -> None:
    asked.get_by_role("button", name="Keep the saved text").click()
    expect(editor(asked).locator("p")).to_have_text([FIRST])
    expect_in_history(asked, 2, SECOND)


def test_changes_in_different_paragraphs_stand_together_without_a_question(
    officer: Page, chief: Page, own_draft: str
) -> None:
    first, second = officer, chief
    first.goto(f"{own_draft}sections/measure/")
    write(first, "We count visits.")
    first.keyboard.press("Enter")
    first.keyboard.type("We ask people.")
    save(first)
    expect(first.locator("#save-state")).to_contain_text("Revision 1")
    second.goto(first.url)
    for page, paragraph, words in ((first, 0, " Every month."), (second, 1, " Once a year.")):
        expect(page.get_by_role("toolbar")).to_be_visible()
        editor(page).locator("p").nth(paragraph).click()
        page.keyboard.press("End")
        page.keyboard.type(words)
    save(first)
    expect(first.locator("#save-state")).to_contain_text("Revision 2")
    save(second)
    expect(editor(second).locator("p")).to_have_text(
        ["We count visits. Every month.", "We ask people. Once a year."]
    )


def test_without_a_script_too(somebody: Somebody, own_draft: str) -> None:
    first, second = somebody(OFFICER, script=False), somebody(CHIEF, script=False)
    for page, words in ((first, FIRST), (second, SECOND)):
        page.goto(f"{own_draft}sections/finance/")
        page.get_by_label("Money", exact=True).fill(words)
    save(first)
    expect(first.locator("#save-state")).to_contain_text("Revision 1")
    save(second)
    expect_both_texts(second)
    second.get_by_text("Write it yourself instead").click()
    box = second.get_by_label("The text that will stand")
    expect(box).to_have_value(f"<p>{FIRST}</p>\n<p>{SECOND}</p>")
    box.fill(f"{SECOND}\n\n{FIRST}")
    second.get_by_role("button", name="Save what is in the box").click()
    expect(second.locator("#save-state")).to_contain_text("Revision 2")
    expect(second.get_by_label("Money", exact=True)).to_have_value(f"<p>{SECOND}</p>\n<p>{FIRST}</p>")


def test_a_lead_with_two_tabs_is_asked_as_well(somebody: Somebody, own_draft: str) -> None:
    """Only its lead writes a locality's arrangements, but on two devices, or in two tabs."""
    first = somebody(LEAD)
    second = watch(first.context.new_page())
    for page in (first, second):
        page.goto(f"{own_draft}localities/edinburgh-north-east/")
    write(first, FIRST)
    write(second, SECOND)
    save(first)
    expect(first.locator("#save-state")).to_contain_text("Revision 1")
    save(second)
    expect_both_texts(second)
    second.get_by_role("radio", name="Both, one after the other").check()
    second.get_by_role("button", name="Save with these choices").click()
    stands(second, FIRST, SECOND)


def test_a_priority_shows_what_somebody_else_saved_before_it_is_replaced(
    officer: Page, chief: Page, own_draft: str
) -> None:
    first, second = officer, chief
    first.goto(f"{own_draft}priorities/new/")
    first.get_by_label("Title").fill("Homes")
    first.get_by_role("button", name="Save the priority").click()
    for page, words in ((first, FIRST), (second, SECOND)):
        page.goto(f"{own_draft}priorities/")
        page.get_by_role("link", name="Homes").first.click()
        page.get_by_role("link", name="Change the priority").click()
        page.get_by_label("Why this is a priority").fill(words)
    for page in (first, second):
        page.get_by_role("button", name="Save the priority").click()
    expect(second.get_by_role("main")).to_contain_text("Somebody else changed this priority")
    expect(second.get_by_role("main")).to_contain_text(FIRST)
    expect(second.get_by_label("Why this is a priority")).to_have_value(SECOND)
    check_page(second, expected_reports=NOT_SAVED)
    check_page(second, width=320, expected_reports=NOT_SAVED)
    second.get_by_label("Why this is a priority").fill(f"{FIRST}\n\n{SECOND}")
    second.get_by_role("button", name="Replace with what I typed").click()
    expect(second.get_by_role("main")).to_contain_text(FIRST)
    expect(second.get_by_role("main")).to_contain_text(SECOND)
