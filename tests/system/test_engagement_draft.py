"""A record that is begun on a phone is not lost: not with the session, not with the page, not by sending it twice."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import check_page, watch
from tests.runtime.running import System

LEAD = "lead@demo.example"
LOG = "/edinburgh/engagement/log/"


@pytest.fixture
def phone(system: System, browser: Browser) -> BrowserContext:
    return browser.new_context(
        base_url=system.url,
        viewport={"width": 320, "height": 640},
        locale="en-GB",
        timezone_id="Europe/London",
        has_touch=True,
    )


@pytest.fixture
def page(system: System, phone: BrowserContext) -> Page:
    page = watch(phone.new_page())
    system.sign_in(page, LEAD)
    page.goto(LOG)
    return page


def write(page: Page, place: str, heard: str) -> None:
    page.get_by_label("Place").fill(place)
    page.get_by_role("checkbox", name="Third sector bodies").check()
    page.get_by_label("What we heard").fill(heard)


def logged(system: System, place: str) -> int:
    return system.query("select count(*) from engagement_activity where place = %s", place)[0][0]


def test_what_was_typed_survives_an_expired_login(system: System, phone: BrowserContext, page: Page) -> None:
    write(page, "Bus stop", "The clinic is too far")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("What was promised").fill("Ask about a van")
    page.get_by_label("By when").fill("31 March 2027")
    phone.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Log it").click()
    page.wait_for_url("**/accounts/login/**")
    assert logged(system, "Bus stop") == 0

    system.sign_in(page, LEAD)
    page.goto(LOG)
    expect(page.get_by_text("is kept on this device. It is not logged.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Go on with it").click()
    expect(page.get_by_label("Place")).to_have_value("Bus stop")
    expect(page.get_by_role("checkbox", name="Third sector bodies")).to_be_checked()
    expect(page.get_by_label("What was promised")).to_have_value("Ask about a van")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("main")).to_contain_text("Logged. Thank you.")
    expect(page.get_by_role("main")).to_contain_text("Ask about a van")
    assert logged(system, "Bus stop") == 1

    page.goto(LOG)
    expect(page.get_by_text("is kept on this device. It is not logged.")).to_have_count(0)


def test_a_page_that_was_closed_offers_its_text_back_or_throws_it_away(page: Page) -> None:
    write(page, "Closed too early", "Half a sentence")
    expect(page.get_by_text("Kept on this device at")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_label("Place")).to_be_empty()
    page.reload()
    expect(page.get_by_role("button", name="Throw it away")).to_have_count(0)


def test_a_form_sent_twice_is_one_record(system: System, phone: BrowserContext, page: Page) -> None:
    """The answer is lost on the way, so the same form is sent once more."""
    write(page, "Bad line", "No signal here")
    expect(page.get_by_text("Kept on this device at")).to_be_visible()
    again = watch(phone.new_page())
    again.goto(LOG)
    again.get_by_role("button", name="Go on with it").click()
    for copy in (page, again):
        copy.get_by_role("button", name="Log it").click()
        expect(copy.get_by_role("main")).to_contain_text("No signal here")
    assert page.url == again.url
    assert logged(system, "Bad line") == 1


def test_a_fault_keeps_everything_and_leads_to_the_box(page: Page) -> None:
    page.get_by_label("Place").fill("Library")
    page.get_by_role("radio", name="Yes").check()
    page.get_by_role("button", name="Log it").click()
    problem = page.get_by_role("alert")
    expect(problem.get_by_role("link")).to_have_count(4)
    check_page(page)
    problem.get_by_role("link", name="Choose at least one group").click()
    expect(page.get_by_role("checkbox", name="Health professionals")).to_be_focused()
    expect(page.get_by_label("Place")).to_have_value("Library")
    expect(page.get_by_label("What was promised")).to_be_visible()


def test_it_works_without_a_script(system: System, browser: Browser) -> None:
    context = browser.new_context(base_url=system.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    system.sign_in(page, LEAD)
    page.goto(LOG)
    write(page, "No script", "It still works")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("main")).to_contain_text("Logged. Thank you.")
    assert logged(system, "No script") == 1
