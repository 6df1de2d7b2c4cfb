"""What people come for, done by keyboard alone. After the first page of each nobody points, clicks or jumps."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from integration_portal.demonstration import PASSWORD
from tests.browser.keyboard import Keyboard
from tests.runtime.running import System

from .conftest import Somebody


def test_somebody_signs_in(system: System, browser: Browser) -> None:
    page = browser.new_page(base_url=system.url)
    page.goto("/accounts/login/")
    hands = Keyboard(page)
    hands.tab_to("textbox", "E-mail")
    hands.type("clerk@demo.example")
    hands.tab_to("textbox", "Password")
    hands.type(PASSWORD)
    hands.tab_to("button", "Sign in")
    hands.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Edinburgh")
    page.close()


def test_an_officer_writes_a_section_with_a_heading_and_a_list(somebody: Somebody, own_draft: str) -> None:
    page = somebody("officer@demo.example")
    hands = Keyboard(page)
    hands.tab_to("link", "Plan")
    follow(hands, "**/plan/")
    hands.tab_to("link", "A draft to practise by keyboard")
    follow(hands, f"**{own_draft}")
    hands.tab_to("link", "Providers and the market")
    follow(hands, "**/sections/market/")

    expect(page.get_by_role("toolbar")).to_be_visible()
    hands.tab_to("link", "Skip past the side menu")
    hands.press("Enter")
    hands.tab_to("textbox", "Providers and the market")
    hands.type("Who provides")
    hands.press("Alt+F10")
    assert hands.focus() == ("button", "Heading 2")
    hands.press("Enter")
    expect(page.get_by_role("textbox", name="Providers")).to_be_focused()
    hands.press("End", "Enter")
    hands.type("Charities")
    hands.press("Alt+F10", *["ArrowRight"] * 3)
    assert hands.focus() == ("button", "Bullet list")
    hands.press("Space")
    expect(page.get_by_role("textbox", name="Providers")).to_be_focused()
    hands.press("Enter")
    hands.type("The council")
    hands.press("Escape")
    hands.tab_to("textbox", "What did you change, and why?")
    hands.type("A beginning")
    hands.tab_to("button", "Save")
    hands.press("Enter")

    expect(page.locator("#save-state")).to_contain_text("Revision 1")
    text = page.get_by_role("textbox", name="Providers")
    expect(text.get_by_role("heading", level=2)).to_have_text("Who provides")
    expect(text.get_by_role("listitem")).to_have_text(["Charities", "The council"])


def test_a_lead_logs_engagement_on_a_narrow_screen(somebody: Somebody) -> None:
    page = somebody("lead@demo.example", width=320)
    hands = Keyboard(page)
    hands.tab_to("button", "Menu")
    expect(page.get_by_role("navigation").get_by_role("link", name="Engagement")).to_be_hidden()
    hands.press("Enter")
    hands.tab_to("link", "Engagement")
    follow(hands, "**/engagement/")
    hands.tab_to("link", "Log an activity")
    follow(hands, "**/engagement/log/")

    hands.tab_to("textbox", "Place")
    hands.type("By keyboard")
    hands.tab_to("checkbox", "Third sector bodies")
    hands.press("Space")
    hands.tab_to("textbox", "What we heard")
    hands.type("Nobody here has a mouse")
    hands.tab_to("radio", "No")
    hands.press("ArrowUp")
    assert hands.focus() == ("radio", "Yes")
    hands.tab_to("textbox", "What was promised")
    hands.type("Ask for one")
    hands.tab_to("textbox", "By when")
    hands.type("31 March 2027")
    hands.tab_to("button", "Log it")
    hands.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Logged. Thank you.")
    expect(page.get_by_role("main")).to_contain_text("Ask for one")


def test_finance_changes_an_allocation(somebody: Somebody) -> None:
    page = somebody("finance@demo.example")
    hands = Keyboard(page)
    hands.tab_to("link", "Money")
    follow(hands, "**/money/")
    hands.tab_to("link", "2027/28")
    follow(hands, "**/money/2027/")
    hands.tab_to("link", "Allocate the budget")
    follow(hands, "**/money/2027/allocate/")
    hands.tab_to("textbox", "Budget, Residential care")
    hands.replace_with("70,000,123")
    hands.tab_to("button", "Save all lines")
    hands.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("One line saved")
    expect(page.get_by_label("Budget, Residential care")).to_have_value("70,000,123")


def test_the_chief_officer_sees_what_keeps_the_plan_from_being_published(
    somebody: Somebody, own_draft: str
) -> None:
    page = somebody("chief@demo.example")
    hands = Keyboard(page)
    hands.tab_to("link", "Plan")
    follow(hands, "**/plan/")
    hands.tab_to("link", "A draft to practise by keyboard")
    follow(hands, f"**{own_draft}")
    hands.tab_to("link", "Can we publish?")
    follow(hands, "**/check/")
    expect(page.get_by_role("main")).to_contain_text("something that the law asks for is missing")


def test_somebody_follows_what_the_search_found(somebody: Somebody) -> None:
    page = somebody("group@demo.example")
    hands = Keyboard(page)
    hands.press("/")
    assert hands.focus()[0] != "searchbox", "a key alone is a shortcut, which WCAG 2.1.4 forbids"
    hands.press("Control+k")
    assert hands.focus()[0] == "searchbox"
    hands.type("carers")
    hands.press("Enter")
    page.wait_for_url("**/search/?q=carers")
    hands.tab_to("link", "NI-8")
    follow(hands, "**/ni-8/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carers feel supported")


def test_escape_closes_the_menu_and_leaves_the_focus_on_its_button(somebody: Somebody) -> None:
    page = somebody("partner@demo.example", width=320)
    hands = Keyboard(page)
    hands.tab_to("button", "Menu")
    hands.press("Enter")
    hands.tab_to("link", "Money")
    hands.press("Escape")
    assert hands.focus() == ("button", "Menu")
    expect(page.get_by_role("navigation").get_by_role("link", name="Money")).to_be_hidden()


def test_an_auditor_takes_a_plan_away_as_a_pdf(somebody: Somebody) -> None:
    page = somebody("auditor@demo.example")
    hands = Keyboard(page)
    hands.tab_to("link", "Documents")
    follow(hands, "**/documents/")
    hands.tab_to("link", "Strategic plan 2026 to 2029, version 1")
    hands.press("Enter")
    expect(page.get_by_role("link", name=re.compile("^Download"))).to_be_visible(timeout=60_000)
    hands.tab_to("link", "Download")
    with page.expect_download() as download:
        hands.press("Enter")
    assert download.value.path().read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("style", "complaint"),
    [
        ("a { margin-top: 200px; display: block }", None),
        ("a:focus { outline: none }", "nothing shows that the focus is on <a"),
        ("p { background: white; inset: 0; margin: 0; position: fixed }", "the focus is hidden behind <p"),
    ],
)
def test_a_focus_that_is_not_seen_is_complained_of(page: Page, style: str, complaint: str | None) -> None:
    """The measure itself: without it the journeys above would pass with any style."""
    page.set_content(f"<style>{style}</style><a href='#1'>One</a><p>Text</p><a href='#2'>Two</a>")
    hands = Keyboard(page)
    if complaint is None:
        hands.tab_to("link", "Two")
    else:
        with pytest.raises(AssertionError, match=complaint):
            hands.tab_to("link", "Two")


def follow(hands: Keyboard, address: str) -> None:
    """Enter on the link with the focus has opened this address."""
    hands.press("Enter")
    hands.page.wait_for_url(address)
