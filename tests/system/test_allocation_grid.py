"""The allocation grid under somebody's fingers: keys, pasted columns, totals that follow, two people at once."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import check_page, watch
from tests.runtime.running import System

FINANCE, CHIEF = "finance@demo.example", "cfo@demo.example"


def somebody(system: System, browser: Browser, email: str, *, script: bool = True) -> Page:
    context = browser.new_context(
        base_url=system.url,
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        timezone_id="Europe/London",
        java_script_enabled=script,
    )
    page = watch(context.new_page())
    system.sign_in(page, email)
    return page


@pytest.fixture
def grid(system: System, browser: Browser, request: pytest.FixtureRequest) -> Page:
    """The grid of a year of its own for each test, with the published lines of 2020/21.

    A year before the demonstration's newest: plans tell the newest budget, and other tests read it there.
    """
    year = YEARS[request.node.originalname]
    page = somebody(system, browser, FINANCE)
    page.goto("/edinburgh/money/open/")
    page.get_by_label("Financial year").select_option(year)
    page.get_by_label("Take over lines").select_option(label="2020/21")
    page.get_by_role("button", name="Open the year").click()
    page.goto(f"/edinburgh/money/{year}/allocate/")
    return page


YEARS = {
    "test_the_grid_is_worked_by_keys_alone": "2018",
    "test_keys_go_up_and_down_a_column": "2021",
    "test_a_pasted_column_is_kept_as_typed_and_refused_in_words": "2022",
    "test_two_people_choose_between_both_figures": "2023",
    "test_the_grid_works_without_a_script": "2017",
}


def boxes(page: Page, column: str = "amount"):
    return page.locator(f"input[data-column={column}]")


def total(page: Page, column: str = "amount"):
    return page.locator(f"[data-total={column}]")


def paste(page: Page, box: int, text: str) -> None:
    boxes(page).nth(box).evaluate(
        """(box, text) => {
            const clipboard = new DataTransfer();
            clipboard.setData("text/plain", text);
            box.dispatchEvent(new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def test_keys_go_up_and_down_a_column(grid: Page) -> None:
    first, second, third = (boxes(grid).nth(place) for place in range(3))
    first.focus()
    grid.keyboard.press("Enter")
    expect(second).to_be_focused()
    grid.keyboard.press("ArrowDown")
    expect(third).to_be_focused()
    grid.keyboard.press("Shift+Enter")
    grid.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    grid.keyboard.press("ArrowUp")
    expect(first).to_be_focused()

    expect(total(grid)).to_have_text("£850,000,000")
    grid.keyboard.press("Control+a")
    grid.keyboard.type("126,000,000.05")
    expect(total(grid)).to_have_text("£850,000,000.05")
    expect(grid.locator("[data-pot=payment] [data-allocated]")).to_have_text("£749,000,000.05")
    expect(grid.locator("#save-state")).to_have_text("Not saved: 1 figure changed.")
    grid.keyboard.press("Escape")
    expect(first).to_have_value("126,000,000")
    expect(total(grid)).to_have_text("£850,000,000")
    expect(grid.locator("#save-state")).to_be_empty()


def test_the_grid_is_worked_by_keys_alone(grid: Page) -> None:
    """In four directions, from end to end, filled down, taken back, and a sheet goes to its own lines."""
    first = boxes(grid).nth(0)
    first.focus()
    grid.keyboard.press("Control+a")
    grid.keyboard.press("ArrowRight")
    expect(boxes(grid, "actual").nth(0)).to_be_focused()
    grid.keyboard.press("ArrowLeft")
    grid.keyboard.press("Control+End")
    expect(boxes(grid, "actual").last).to_be_focused()
    grid.keyboard.press("Control+Home")
    expect(first).to_be_focused()
    grid.keyboard.press("End")
    expect(boxes(grid, "actual").nth(0)).to_be_focused()
    grid.keyboard.press("Home")
    expect(first).to_be_focused()
    grid.keyboard.press("Control+a")
    grid.keyboard.type("7.50")
    for _ in range(2):
        grid.keyboard.press("Shift+ArrowDown")
    grid.keyboard.press("Control+d")
    expect(boxes(grid).nth(2)).to_have_value("7.50")
    expect(boxes(grid).nth(3)).to_have_value("63,000,000")
    grid.keyboard.press("Control+z")
    expect(boxes(grid).nth(2)).to_have_value("79,000,000")
    expect(first).to_have_value("7.50")
    grid.keyboard.press("Control+z")
    expect(first).to_have_value("126,000,000")
    expect(total(grid)).to_have_text("£850,000,000")

    sheet = 'Title\tBudget\tWho\r\nCare at home\t"1,234.50"\tx\r\nday services\t9\t\r\nNobody\t5\t\r\n'
    paste(grid, 5, sheet)
    expect(grid.locator("#save-state")).to_have_text(
        "Pasted 2 figures. No single line is meant by “Nobody”: left out. Not saved: 2 figures changed."
    )
    expect(grid.get_by_label("Budget, Care at home, City of Edinburgh Council")).to_have_value("1,234.50")
    expect(boxes(grid).nth(5)).to_have_value("101,000,000")
    expect(grid.locator("input.is-changed")).to_have_count(2)

    grid.get_by_label("Show only lines with these words").fill("day serv")
    expect(grid.locator("tbody tr[data-fund]:visible")).to_have_count(1)
    expect(grid.get_by_role("status").filter(has_text="1 of 13 lines shown")).to_be_visible()
    check_page(grid)
    check_page(grid, width=320)
    grid.get_by_role("button", name="Save all lines").click()
    expect(grid.get_by_role("main")).to_contain_text("Two lines saved at")
    expect(grid.get_by_label("Budget, Care at home, City of Edinburgh Council")).to_have_value("1,234.50")


def test_a_pasted_column_is_kept_as_typed_and_refused_in_words(grid: Page) -> None:
    paste(grid, 0, "1,234\t5\r\n£1,234.50\t\r\n(500)\t7\r\n£1.2m\t8\r\n")
    for place, text in enumerate(["1,234", "£1,234.50", "(500)", "£1.2m"]):
        expect(boxes(grid).nth(place)).to_have_value(text)
    expect(boxes(grid, "actual").nth(2)).to_have_value("7")
    expect(grid.locator("#save-state")).to_contain_text("Pasted 8 figures. 2 cannot be saved as they are")
    expect(boxes(grid).nth(2)).to_have_attribute("aria-invalid", "true")

    grid.get_by_role("button", name="Undo").click()
    expect(total(grid)).to_have_text("£850,000,000")
    expect(grid.locator("#save-state")).to_have_text("The paste: undone.")
    grid.keyboard.press("Control+y")
    expect(boxes(grid).nth(0)).to_have_value("1,234")
    grid.keyboard.press("Control+z")
    expect(total(grid)).to_have_text("£850,000,000")
    expect(boxes(grid).nth(2)).not_to_have_attribute("aria-invalid", "true")

    paste(grid, 11, "10\n20\n30\n40\n")
    expect(grid.locator("#save-state")).to_contain_text("2 did not fit and were left out")
    paste(grid, 2, "(500)\n£1.2m\n")
    grid.get_by_role("button", name="Save all lines").click()
    problem = grid.get_by_role("alert")
    expect(problem).to_contain_text("An allocation cannot be negative")
    expect(problem).to_contain_text("Enter the amount in full")
    check_page(grid)
    check_page(grid, width=320)
    problem.get_by_role("link").first.click()
    expect(boxes(grid).nth(2)).to_be_focused()
    expect(boxes(grid).nth(2)).to_have_value("(500)")
    expect(boxes(grid).nth(11)).to_have_value("10")
    expect(grid.locator("#save-state")).to_contain_text("Not saved: 4 figures changed.")

    boxes(grid).nth(2).fill("500")
    boxes(grid).nth(3).fill("1,200,000.25")
    grid.get_by_role("button", name="Save all lines").click()
    expect(grid.get_by_role("status").filter(has_text="saved at")).to_contain_text("Four lines saved at")
    expect(boxes(grid).nth(3)).to_have_value("1,200,000.25")


def test_two_people_choose_between_both_figures(grid: Page, system: System, browser: Browser) -> None:
    chief = somebody(system, browser, CHIEF)
    chief.goto(grid.url)
    boxes(chief).nth(0).fill("111")
    chief.get_by_role("button", name="Save all lines").click()

    boxes(grid).nth(0).fill("222")
    boxes(grid).nth(1).fill("333")
    grid.get_by_role("button", name="Save all lines").click()
    expect(grid.get_by_role("heading", level=1)).to_have_text("Two people changed the same figures")
    check_page(grid, expected_reports=("409",))
    check_page(grid, width=320, expected_reports=("409",))
    expect(grid.get_by_label(re.compile("£111, saved .* by Ewan Demo"))).to_be_visible()
    grid.get_by_label("£222, which you typed").check()
    grid.get_by_role("button", name="Save what I chose").click()
    expect(boxes(grid).nth(0)).to_have_value("222")
    expect(boxes(grid).nth(1)).to_have_value("333")
    expect(boxes(grid).nth(2)).to_have_value("79,000,000")


def test_the_grid_works_without_a_script(grid: Page, system: System, browser: Browser) -> None:
    plain = somebody(system, browser, FINANCE, script=False)
    plain.goto(grid.url)
    boxes(plain).nth(0).fill("£126,000,001")
    plain.get_by_role("button", name="Work out the totals").click()
    expect(total(plain)).to_have_text("£850,000,001")
    expect(plain.locator("#save-state")).to_contain_text("Not saved")
    boxes(plain).nth(0).press("Enter")
    expect(plain.get_by_role("main")).to_contain_text("One line saved at")
