"""A direction goes its way: the chief officer issues it, the council acknowledges it and reports; the table of what is
directed follows."""

from playwright.sync_api import Page, expect

from tests.browser.checks import check_page

from .conftest import Somebody

TITLE = "Day services"
WORDS = "Both centres are open five days a week; the third opens in March."


def look_at(page: Page) -> None:
    check_page(page)
    check_page(page, width=320)


def test_a_direction_is_issued_acknowledged_and_reported_on(somebody: Somebody) -> None:
    chief = somebody("chief@demo.example")
    due = chief.get_by_role("listitem").filter(has_text=f"Direction to issue: {TITLE}")
    due.get_by_role("link", name="Issue").click()
    look_at(chief)
    chief.get_by_role("link", name="Issue this direction").click()
    expect(chief.get_by_role("main")).to_contain_text("Not all of its money is confirmed")
    look_at(chief)
    # Without a reason nothing is issued, and what is on the page stays there.
    chief.get_by_role("button", name="Issue the direction").click()
    expect(chief.get_by_role("alert")).to_contain_text("There is a problem")
    look_at(chief)
    chief.get_by_label("Why it is issued although not all of its money is confirmed").fill(
        "The council confirms its line in its next cycle; the centres need their money now."
    )
    chief.get_by_role("button", name="Issue the direction").click()
    expect(chief.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(chief.get_by_role("main")).to_contain_text("Not acknowledged yet.")
    expect(chief.get_by_role("button", name="Acknowledge it")).to_have_count(0)
    address = chief.url

    council = somebody("council@demo.example")
    mine = council.get_by_role("listitem").filter(has_text=TITLE).filter(has_text="Not acknowledged")
    mine.get_by_role("link", name="Acknowledge").click()
    expect(council).to_have_url(address)
    look_at(council)
    council.get_by_role("button", name="Acknowledge it").click()
    expect(council.get_by_role("main")).to_contain_text("Acknowledged")
    expect(council.get_by_role("button", name="Acknowledge it")).to_have_count(0)
    look_at(council)
    council.get_by_role("link", name="Report on progress").click()
    look_at(council)
    council.get_by_role("radio", name="On track").check()
    council.get_by_label("In your own words").fill(WORDS)
    council.get_by_role("button", name="Send the report").click()
    expect(council).to_have_url(address)
    expect(council.get_by_role("main")).to_contain_text("Last report: On track")

    # The health board is told nothing of what the council was directed to do.
    board = somebody("partner@demo.example")
    answer = board.goto(address)
    assert answer
    assert answer.status == 403


def test_the_chief_officer_reads_what_is_directed(somebody: Somebody) -> None:
    chief = somebody("chief@demo.example")
    chief.goto("/edinburgh/money/directions/")
    look_at(chief)
    chief.get_by_role("link", name="Which functions are directed").click()
    expect(chief.get_by_role("heading", level=1)).to_have_text("Which functions are directed")
    expect(chief.get_by_role("listitem").filter(has_text="Pharmaceutical services")).to_contain_text(
        "Missing"
    )
    groups = chief.locator("summary").filter(has_text="without a direction")
    groups.first.press("Enter")
    missing = chief.get_by_role("row").filter(has_text="no direction in force")
    expect(missing.first).to_contain_text("Missing")
    look_at(chief)
    chief.goto("/edinburgh/money/2026/directed/")
    look_at(chief)
    rows = chief.get_by_role("row").filter(has_text="Total with the set-aside")
    expect(rows).to_contain_text("is not directed")
