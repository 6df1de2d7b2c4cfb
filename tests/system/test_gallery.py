"""The gallery holds every part of a page in every state: what passes here passes wherever it is used."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_page, sideways_faults, watch

PAGES = ["/gallery/", "/gallery/workspace/", "/gallery/public/"]
OPEN_TO_ALL = [
    "/",
    "/about/",
    "/about/accessibility/",
    "/about/privacy/",
    "/accounts/login/",
    "/accounts/password/reset/",
]


@pytest.fixture
def watched(system, page: Page) -> Page:
    return watch(page)


@pytest.mark.parametrize("width", [1440, 320])
@pytest.mark.parametrize("path", [*PAGES, *OPEN_TO_ALL])
def test_every_part_can_be_used_by_everybody(watched, path, width):
    watched.set_viewport_size({"width": width, "height": 900})
    watched.goto(path)
    check_page(watched)


@pytest.mark.parametrize("width", [1440, 320])
def test_a_form_that_did_not_pass(watched, width):
    watched.set_viewport_size({"width": width, "height": 900})
    watched.goto("/gallery/workspace/")
    watched.goto("/gallery/#form")
    watched.get_by_label("Due date").fill("31 Marchember 2027")
    watched.get_by_role("button", name="Save the action").click()
    expect(watched).to_have_title(re.compile("^Error: "))
    expect(watched.locator("#errors-form")).to_be_focused()
    expect(watched.get_by_label("Due date")).to_have_value("31 Marchember 2027")
    watched.get_by_role("link", name="Enter a real date").click()
    expect(watched.get_by_label("Due date")).to_be_focused()
    check_page(watched)


def test_what_is_folded_passes_when_it_is_open(watched):
    watched.goto("/gallery/")
    watched.evaluate("document.querySelectorAll('main details').forEach((fold) => { fold.open = true; })")
    check_page(watched)


def test_the_calendar_fills_the_box_by_keyboard(watched):
    watched.goto("/gallery/#form")
    watched.get_by_label("Due date").fill("22/11/2026")
    watched.get_by_role("button", name="Choose date").first.press("Enter")
    watched.keyboard.press("ArrowDown")
    watched.keyboard.press("Enter")
    expect(watched.get_by_label("Due date")).to_have_value("29/11/2026")


def test_the_count_says_how_much_is_left_and_cuts_nothing_off(watched):
    watched.goto("/gallery/#form")
    box = watched.get_by_label("Why it matters")
    box.fill("x" * 310)
    expect(watched.locator(".ds_input__message")).to_have_text("You have 10 characters too many")
    expect(box).to_have_value("x" * 310)


def test_the_shortcut_does_nothing_where_there_is_nothing_to_search(watched):
    watched.goto("/gallery/")
    watched.keyboard.press("Control+k")
    assert watched.evaluate("document.activeElement.localName") == "body"


def test_on_a_narrow_screen_the_parts_fold_behind_a_button(watched):
    watched.set_viewport_size({"width": 320, "height": 900})
    watched.goto("/gallery/workspace/")
    parts = watched.get_by_role("navigation", name="Sections")
    expect(parts.get_by_role("link", name="Money")).to_be_hidden()
    parts.get_by_role("button", name="Sections").click()
    expect(parts.get_by_role("link", name="Money")).to_be_visible()
    check_page(watched)


@pytest.mark.parametrize("path", PAGES)
def test_everything_is_there_without_scripts(system, browser, path):
    page = browser.new_page(
        java_script_enabled=False, base_url=system.url, viewport={"width": 320, "height": 900}
    )
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for name in ["Menu", "Sections"]:
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)
    for link in page.get_by_role("navigation", name="Sections").get_by_role("link").all():
        expect(link).to_be_visible()
    page.close()


def test_the_check_finds_what_it_looks_for(watched):
    """A page with one fault of each kind: a check that passes it is no check."""
    watched.goto("/about/")
    watched.evaluate(
        """() => {
          const main = document.querySelector("main");
          main.insertAdjacentHTML("beforeend", `
            <div class="ds_error-summary"><a href="#nowhere">Broken</a></div>
            <input id="lonely" aria-describedby="gone">
            <p><button>a</button><button>b</button></p>
            <div id="wide">wide</div>`);
          main.querySelector("#wide").style.width = "900px";
          for (const button of main.querySelectorAll("button"))
            Object.assign(button.style, {width: "12px", height: "12px", padding: 0, border: 0});
          main.querySelector("button").addEventListener("keydown", (event) => event.preventDefault());
          console.error("something failed");
        }"""
    )
    with pytest.raises(AssertionError) as caught:
        check_page(watched)
    said = str(caught.value)
    for words in [
        "console: something failed",
        "axe label",
        "error link to #nowhere",
        'aria-describedby="gone"',
        "12 by 12 px",
        "Tab never reaches",
        "scrolls sideways at 320 px",
    ]:
        assert words in said, words


def test_a_page_that_fits_does_not_scroll_sideways(watched):
    watched.set_viewport_size({"width": 320, "height": 640})
    watched.goto("/about/")
    assert sideways_faults(watched) == []
