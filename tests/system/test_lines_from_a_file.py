"""A finance officer downloads the template, fills it in with another program, is told a fault, corrects it, applies."""

from pathlib import Path

import openpyxl
from playwright.sync_api import Browser, Page, expect

from tests.browser.checks import check_page, watch
from tests.runtime.running import System

YEAR = "2019"


def bring(page: Page, file: Path) -> None:
    page.goto(f"/edinburgh/money/{YEAR}/import/")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Reading the file", timeout=60_000)


def fill_in(template: Path, budget: object, to: Path) -> None:
    book = openpyxl.load_workbook(template)
    page = book["Lines"]
    headers = {cell.value: cell.column for cell in page[1]}
    answers = {
        "Code": "N1",
        "Title": "District nursing",
        "Delivered by": "NHS Lothian",
        "Category": "B",
        "Setting": "Community health",
        "Budget": budget,
    }
    for header, value in answers.items():
        page.cell(2, headers[header]).value = value
    book.save(to)


def test_a_template_is_filled_in_corrected_and_applied(
    system: System, browser: Browser, tmp_path: Path
) -> None:
    context = browser.new_context(
        base_url=system.url, viewport={"width": 1440, "height": 900}, locale="en-GB", accept_downloads=True
    )
    page = watch(context.new_page())
    system.sign_in(page, "finance@demo.example")
    page.goto("/edinburgh/money/open/")
    page.get_by_label("Financial year").select_option(YEAR)
    page.get_by_role("button", name="Open the year").click()
    page.goto(f"/edinburgh/money/{YEAR}/import/")
    check_page(page)
    check_page(page, width=320)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the empty template").click()
    template = tmp_path / "template.xlsx"
    download.value.save_as(template)

    fill_in(template, "about £2m", tmp_path / "faulty.xlsx")
    bring(page, tmp_path / "faulty.xlsx")
    expect(page.get_by_role("row", name="is not an amount")).to_be_visible()
    check_page(page)
    check_page(page, width=320)

    fill_in(template, 2_000_000.25, tmp_path / "right.xlsx")
    bring(page, tmp_path / "right.xlsx")
    expect(page.get_by_role("row", name="District nursing")).to_contain_text("£2,000,000.25")
    check_page(page)
    check_page(page, width=320)
    page.get_by_role("button", name="Apply all of it").click()
    expect(page.get_by_role("main")).to_contain_text("One line added from “right.xlsx”.")

    page.goto(f"/edinburgh/money/{YEAR}/lines/")
    page.get_by_role("link", name="District nursing").click()
    expect(page.get_by_role("main")).to_contain_text("From row 2 of right.xlsx")
    bring(page, tmp_path / "right.xlsx")
    expect(page.get_by_role("main")).to_contain_text("This file was applied before")

    odd = tmp_path / "odd.csv"
    odd.write_text("Kostenstelle;Betrag\nN1;7\n")
    bring(page, odd)
    expect(page.get_by_role("heading", level=1)).to_have_text("What do the columns mean?")
    check_page(page)
    check_page(page, width=320)
    page.get_by_label("What “Kostenstelle” means").select_option("Code")
    page.get_by_label("What “Betrag” means").select_option("Budget")
    page.get_by_label("Save these answers as").fill("Their ledger")
    page.get_by_role("button", name="Read the file like this").click()
    expect(page.get_by_role("row", name="District nursing")).to_contain_text("£7", timeout=60_000)
