"""What somebody types in a plan is not lost: not with the page, not with the line, not with the session."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.checks import check_page, watch
from tests.runtime.running import System

OFFICER = "officer@demo.example"
PLAN = "/edinburgh/plan/a-draft-to-practise-unsaved-text/sections/"

pytestmark = pytest.mark.usefixtures("own_draft")  # the demonstration's draft is published by the journey


@pytest.fixture
def context(system: System, browser: Browser) -> BrowserContext:
    return browser.new_context(
        base_url=system.url,
        viewport={"width": 1440, "height": 900},
        locale="en-GB",
        timezone_id="Europe/London",
    )


@pytest.fixture
def page(system: System, context: BrowserContext) -> Page:
    page = watch(context.new_page())
    system.sign_in(page, OFFICER)
    return page


def opened(page: Page, section: str) -> None:
    """The page's clock is in the test's hands: ten seconds pass when the test says so."""
    page.clock.install()
    page.goto(f"{PLAN}{section}/")
    expect(page.get_by_role("textbox").first).to_be_editable()
    expect(page.locator(".ProseMirror")).to_be_visible()


def typed(page: Page, words: str) -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(words)
    page.clock.fast_forward(1_500)


def kept(page: Page):
    return page.locator("[data-kept-words]")


def saved(system: System, words: str) -> int:
    return system.query("select count(*) from strategic_plans_section where body like %s", f"%{words}%")[0][0]


def test_a_closed_page_goes_on_where_it_was(system: System, context: BrowserContext, page: Page) -> None:
    opened(page, "about")
    typed(page, "Typed before the lid was closed.")
    page.clock.fast_forward(10_000)
    expect(kept(page)).to_contain_text("Not saved yet. Kept for you at")
    page.close()
    # Another device of the same person: the portal has it.
    page = watch(context.new_page())
    page.goto(f"{PLAN}about/")
    page.evaluate("localStorage.clear()")
    page.goto(f"{PLAN}about/")
    expect(page.get_by_role("heading", name="Your text, not saved yet")).to_be_visible()
    expect(page.locator(".ProseMirror")).to_contain_text("Typed before the lid was closed.")
    check_page(page)
    check_page(page, width=320)
    assert saved(system, "before the lid was closed") == 0
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved", exact=False).first).to_be_visible()
    expect(page.get_by_role("heading", name="Your text, not saved yet")).to_be_hidden()
    assert saved(system, "before the lid was closed") == 1
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('plan-text:'))") == []


def test_a_dropped_line_loses_nothing(system: System, context: BrowserContext, page: Page) -> None:
    opened(page, "context")
    context.set_offline(True)
    typed(page, "Typed on a train.")
    page.clock.fast_forward(10_000)
    expect(kept(page)).to_contain_text("The portal cannot be reached. Your text is kept on this device")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved: the portal cannot be reached.")
    expect(page.locator(".ProseMirror")).to_contain_text("Typed on a train.")
    page.close()
    context.set_offline(False)
    page = watch(context.new_page())
    page.goto(f"{PLAN}context/")
    expect(page.locator(".ProseMirror")).to_contain_text("Typed on a train.")
    expect(page.get_by_role("heading", name="Your text, not saved yet")).to_be_visible()
    page.get_by_role("button", name="Throw it away and show what is saved").click()
    expect(page.get_by_text("Your unsaved text is thrown away")).to_be_visible()
    expect(page.locator(".ProseMirror")).not_to_contain_text("Typed on a train.")
    assert saved(system, "Typed on a train") == 0


def test_an_expired_sign_in_is_told_and_mended_without_leaving_the_page(
    system: System, context: BrowserContext, page: Page
) -> None:
    opened(page, "review")
    context.clear_cookies(name="sessionid")
    typed(page, "Typed after the session ended.")
    page.clock.fast_forward(10_000)
    expect(kept(page)).to_contain_text("You are signed out. Your text is kept on this device.")
    other = context.new_page()
    system.sign_in(other, OFFICER)
    page.clock.fast_forward(10_000)
    expect(kept(page)).to_contain_text("Not saved yet. Kept for you at")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{PLAN}review/**")
    assert saved(system, "after the session ended") == 1


def test_a_plan_that_was_published_meanwhile_says_so_and_not_that_one_is_signed_out(page: Page) -> None:
    opened(page, "context")
    page.route("**/context/copy/", lambda route: route.fulfill(status=403, body="No"))
    locked = '<p class="plan-locked">The plan is published.</p>'
    page.route("**/context/", lambda route: route.fulfill(content_type="text/html", body=locked))
    typed(page, "Typed too late.")
    page.clock.fast_forward(10_000)
    expect(page.get_by_role("alert")).to_contain_text(
        "The plan is published. What you wrote since you last saved"
    )


def test_saving_after_the_session_ended_offers_the_text_again(
    system: System, context: BrowserContext, page: Page
) -> None:
    opened(page, "neighbours")
    typed(page, "Sent without a session.")
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    assert saved(system, "Sent without a session") == 0
    system.sign_in(page, OFFICER)
    page.goto(f"{PLAN}neighbours/")
    expect(page.locator(".ProseMirror")).to_contain_text("Sent without a session.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url(f"**{PLAN}neighbours/**")
    assert saved(system, "Sent without a session") == 1
