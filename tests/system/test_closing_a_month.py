"""A month is filled in by the finance officer, closed by the chief finance officer and told in a report; the council's
officer confirms the council's own figures and nobody else's."""

import io

import pikepdf
from playwright.sync_api import Page, expect

from foundation.documents.pdf import faults
from tests.browser.checks import check_page

from .conftest import Somebody

APRIL = "/edinburgh/money/2025/months/1/"


def look_at(page: Page) -> None:
    check_page(page)
    check_page(page, width=320)


def test_two_people_close_a_month_and_its_report_is_printed(somebody: Somebody) -> None:
    finance = somebody("finance@demo.example")
    finance.goto("/edinburgh/money/2025/months/")
    finance.get_by_role("button", name="Begin the month").click()
    finance.goto(f"{APRIL}figures/")
    for column in ("actual", "forecast"):
        for box in finance.locator(f"input[data-column={column}]").all():
            box.fill(box.evaluate("box => box.closest('tr').dataset.budget"))
    expect(finance.locator("[data-sum=all] [data-total=variance]").first).to_contain_text("£0")
    look_at(finance)
    finance.get_by_role("button", name="Save the figures").click()
    finance.goto(f"{APRIL}prepare/")
    finance.locator("main form button[type=submit]").last.click()
    expect(finance.get_by_role("main")).to_contain_text("Prepared")
    # Whoever prepared it does not close it.
    expect(finance.get_by_role("button", name="Close April")).to_have_count(0)

    chief = somebody("cfo@demo.example")
    chief.goto(APRIL)
    look_at(chief)
    chief.get_by_role("button", name="Close April 2025").click()
    expect(chief.get_by_role("heading", level=1)).to_contain_text("Finance report")
    look_at(chief)
    chief.get_by_role("link", name="PDF of the report").click()
    download = chief.get_by_role("link", name="Download")
    expect(download.first).to_be_visible(timeout=120_000)
    address = download.first.get_attribute("href")
    data = chief.request.get(address).body()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "Finance report" in str(pdf.docinfo.get("/Title"))
    assert faults(data) == []


def test_a_council_confirms_its_own_figures_only(somebody: Somebody) -> None:
    council = somebody("council@demo.example")
    council.goto("/edinburgh/money/2026/agreement/")
    look_at(council)
    ticks = council.get_by_role("checkbox")
    expect(ticks.first).to_be_visible()
    for row in council.get_by_role("row").filter(has=council.get_by_role("checkbox")).all():
        expect(row).to_contain_text("City of Edinburgh Council")
        # Its direction is issued in another journey, unconfirmed as it is.
        if "Day services" not in row.inner_text():
            row.get_by_role("checkbox").check()
    confirmed = ticks.count()
    council.get_by_role("button", name="Confirm the ticked figures for City of Edinburgh Council").click()
    look_at(council)
    assert council.get_by_role("checkbox").count() < confirmed
