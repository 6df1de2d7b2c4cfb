"""Figures are placed in a text by keyboard, without scripts, and read where the public will read them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import NARROW, axe_faults, check_page, sideways_faults
from tests.browser.keyboard import Keyboard

from .conftest import Somebody

OFFICER = "officer@demo.example"
# What is done within half a second of each other is one step to undo.
A_STEP = 700
MARKET, IMPACT = "sections/market/", "sections/impact/"


@pytest.fixture(scope="module")
def officer(somebody: Somebody) -> Page:
    return somebody(OFFICER)


def test_an_officer_places_an_indicator_by_keyboard_and_reads_it_in_the_preview(
    officer: Page, own_draft: str
) -> None:
    page, hands = officer, Keyboard(officer)
    page.goto(own_draft + MARKET)
    expect(page.get_by_role("toolbar").first).to_be_visible()
    page.get_by_role("textbox", name="Providers and the market").focus()
    hands.type("Most care is given by others.")
    hands.press("Alt+F10")
    for _ in range(20):
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == "Insert live figures":
            break
        hands.press("ArrowRight")
    hands.press("Enter")
    dialog = page.get_by_role("dialog", name="Insert live figures")
    expect(dialog.get_by_role("status")).to_have_text(re.compile(r"^[1-9]\d+ found\.$"))
    assert not axe_faults(page)
    page.set_viewport_size({"width": NARROW, "height": 900})
    assert not [*axe_faults(page), *sideways_faults(page)]
    page.set_viewport_size({"width": 1440, "height": 900})
    hands.type("graded good")
    expect(dialog.get_by_role("status")).to_have_text("One found.")
    hands.press("Enter")
    card = page.get_by_role("group", name="Live figures: NI-17: Care services graded good or better")
    expect(card).to_be_visible()
    page.wait_for_timeout(A_STEP)
    hands.press("Delete")
    expect(card).to_have_count(0)
    hands.press("Control+z")
    expect(card).to_be_visible()
    check_page(page)
    check_page(page, width=320)
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.locator("#save-state")).to_contain_text("Revision 1")
    expect(card).to_be_visible()

    page.goto(own_draft + "preview/market/")
    placed = page.get_by_role("group", name="NI-17: Care services graded good or better")
    expect(placed.locator("svg")).to_be_visible()
    expect(placed).to_contain_text("Source: ")
    expect(placed).to_contain_text("Live: as it stands on")
    check_page(page)
    check_page(page, width=320)


def test_without_scripts_figures_are_added_at_the_end(somebody: Somebody, own_draft: str) -> None:
    page = somebody(OFFICER, script=False)
    page.goto(own_draft + IMPACT)
    page.get_by_role("link", name="Add live figures").click()
    page.get_by_label("Search in their names").fill("outcome")
    page.get_by_role("button", name="Search").last.click()
    page.get_by_label("Which priority serves which national outcome").check()
    page.get_by_role("button", name="Add at the end of the text").click()
    expect(page.get_by_text("The figures stand at the end of the text.")).to_be_visible()
    page.goto(own_draft + "preview/impact/")
    missing = page.get_by_role("group", name="Which priority serves which national outcome")
    expect(missing).to_contain_text("No priority says which national outcome it serves.")
    page.goto(own_draft + "check/")
    expect(page.get_by_text("In “Impact assessments”: No priority says")).to_be_visible()


def test_the_published_figures_lead_to_the_latest(officer: Page) -> None:
    page = officer
    page.goto("/published/edinburgh/2026-29/acute/")
    check_page(page)
    check_page(page, width=320)
    page.get_by_role("link", name="See the latest figures: NI-19").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("NI-19")
    expect(page.get_by_text("Nothing has changed since version 1")).to_be_visible()
    check_page(page)
    check_page(page, width=320)
