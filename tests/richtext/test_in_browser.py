"""The editor as people use it: in Chromium, under the portal's content security policy, by keyboard and by paste.

No server and no database: the page and the static files are handed to the browser as it asks for them.
"""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from playwright.sync_api import Page, Route, expect

from foundation.richtext.forms import RichTextFormField
from tests.browser.checks import page_faults, reports, watch

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HOME = "http://portal.test/"
STORED = (
    "<h2>Our vision</h2><p>People <strong>live well</strong>.</p><ul><li>First</li><li>Second</li></ul>"
    '<table><caption>Budget by year</caption><thead><tr><th scope="col">Year</th><th scope="col">£m</th></tr></thead>'
    "<tbody><tr><td>2026/27</td><td>210</td></tr></tbody></table>"
    '<p>See <a href="https://example.org/plan" rel="noopener">the plan</a>.</p>'
)


class SectionForm(forms.Form):
    body = RichTextFormField(label="Section text", help_text="Write in plain words.")


# The editor hears of a moved caret a moment later: no hand is quicker than this.
HAND = 200


class Desk:
    """A page with the form on it, and what was sent from it."""

    def __init__(self, page: Page, body: str, form: forms.Form | None = None) -> None:
        self.page = page
        self.form = form or SectionForm(initial={"body": body})
        self.sent: str | None = None
        page.route("**/*", self.answer)
        watch(page).goto(HOME)

    def answer(self, route: Route) -> None:
        request, path = route.request, urlsplit(route.request.url).path
        if request.method == "POST":
            self.sent = parse_qs(request.post_data or "", keep_blank_values=True)["body"][0]
            route.fulfill(body="<!doctype html><title>Saved</title>", content_type="text/html")
        elif path == "/":
            route.fulfill(
                body=self.source(), content_type="text/html", headers={"Content-Security-Policy": POLICY}
            )
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=Path(str(file)))
        else:
            route.fulfill(status=404)

    def source(self) -> str:
        return (
            '<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Edit</title>'
            '<meta name="viewport" content="width=device-width">'
            '<link rel="stylesheet" href="/static/vendor/sgds/design-system.min.css">'
            f"{render_to_string('richtext/media.html')}</head><body><main><h1>Edit the section</h1>"
            f'<form method="post" novalidate>{self.form.as_div()}<button class="ds_button">Save</button></form>'
            "</main></body></html>"
        )

    @property
    def text(self):
        return self.page.get_by_role("textbox", name="Section text")

    def button(self, name: str):
        return self.page.get_by_role("toolbar").get_by_role("button", name=name, exact=True)

    def focused(self) -> str:
        return self.page.evaluate("document.activeElement.ariaLabel ?? document.activeElement.textContent")

    def paste(self, html: str) -> None:
        self.text.evaluate(
            """(element, html) => {
              const clipboardData = new DataTransfer();
              clipboardData.setData("text/html", html);
              element.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
            }""",
            html,
        )

    def save(self) -> str:
        """What the server would store."""
        self.page.get_by_role("button", name="Save", exact=True).click()
        self.page.wait_for_function("document.title === 'Saved'")
        bound = SectionForm({"body": self.sent})
        assert bound.is_valid()
        return bound.cleaned_data["body"]


@pytest.fixture
def desk(browser) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    desk = Desk(context.new_page(), STORED)
    expect(desk.page.get_by_role("toolbar")).to_be_visible()
    yield desk
    context.close()


@pytest.fixture
def empty_desk(browser) -> Iterator[Desk]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    desk = Desk(context.new_page(), "")
    expect(desk.page.get_by_role("toolbar")).to_be_visible()
    yield desk
    context.close()


def test_the_page_is_accessible_and_keeps_to_the_policy(desk):
    assert page_faults(desk.page) == []
    assert page_faults(desk.page, width=320) == []


def test_what_was_not_edited_is_stored_as_it_was(desk):
    assert desk.save() == STORED


def test_an_edit_keeps_caption_headings_and_links(desk):
    desk.text.get_by_text("Second").click()
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.press("End")
    desk.page.keyboard.type(" of all")
    assert desk.save() == STORED.replace("Second", "Second of all")


def test_an_emptied_text_is_empty(desk):
    desk.text.focus()
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.press("Delete")
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.press("Delete")
    desk.page.get_by_role("button", name="Save", exact=True).click()
    desk.page.wait_for_function("document.title === 'Saved'")
    assert SectionForm({"body": desk.sent}).errors


def test_the_text_box_says_its_label_and_hint(desk):
    expect(desk.text).to_have_attribute("aria-multiline", "true")
    expect(desk.text).to_have_accessible_description(
        "Write in plain words. Alt and F10 moves to the formatting buttons; Escape and then Tab leaves the text."
    )
    desk.page.get_by_text("Section text").click()
    expect(desk.text).to_be_focused()


def test_the_buttons_are_one_tab_stop_with_arrows_inside(desk):
    keys = desk.page.keyboard
    assert desk.page.locator(".prose-menubar button[tabindex='0']").count() == 1
    desk.text.get_by_text("People").click()
    keys.press("Alt+F10")
    assert desk.focused() == "Heading 2"
    keys.press("ArrowRight")
    assert desk.focused() == "Heading 3"
    keys.press("ArrowLeft")
    keys.press("ArrowLeft")
    assert desk.focused() == "Redo"
    keys.press("Home")
    assert desk.focused() == "Heading 2"
    keys.press("End")
    keys.press("Escape")
    expect(desk.text).to_be_focused()


def test_a_button_says_whether_it_is_on(desk):
    desk.text.get_by_text("live well").dblclick()
    expect(desk.button("Bold")).to_have_attribute("aria-pressed", "true")
    desk.text.get_by_text("Our vision").click()
    expect(desk.button("Heading 2")).to_have_attribute("aria-pressed", "true")
    expect(desk.button("Bold")).to_have_attribute("aria-pressed", "false")
    expect(desk.button("Bullet list")).to_have_attribute("aria-disabled", "true")


def test_the_buttons_show_their_names_in_words_where_there_is_room(desk):
    shown = "(button) => getComputedStyle(button, '::after').content"
    assert desk.button("Numbered list").evaluate(shown) == '"Numbered list"'
    desk.page.set_viewport_size({"width": 320, "height": 640})
    assert desk.button("Numbered list").evaluate(shown) == "none"


@pytest.mark.parametrize("width", [1280, 320])
def test_all_buttons_for_a_table_are_in_the_toolbar(desk, width):
    desk.page.set_viewport_size({"width": width, "height": 640})
    desk.text.get_by_text("210").click()
    expect(desk.button("Table caption")).to_be_visible()
    room = desk.page.get_by_role("toolbar").bounding_box()
    for button in desk.page.get_by_role("toolbar").get_by_role("button").all():
        box = button.bounding_box()
        assert room["x"] <= box["x"], button.get_attribute("title")
        assert box["x"] + box["width"] <= room["x"] + room["width"], button.get_attribute("title")


@pytest.mark.parametrize("place", ["210", "Second"])
def test_escape_and_tab_leave_tables_and_lists(desk, place):
    desk.text.get_by_text(place).click()
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.press("Tab")  # does its work inside
    expect(desk.text).to_be_focused()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Tab")
    assert desk.focused() == "Save"


def test_a_table_is_made_with_caption_and_header_row(empty_desk):
    desk = empty_desk
    desk.text.click()
    desk.button("Insert a table").click()
    dialog = desk.page.get_by_role("dialog", name="Insert a table")
    expect(dialog).to_be_visible()
    assert [fault for fault in page_faults(desk.page) if "Tab never" not in fault] == []
    dialog.get_by_label("Caption: what the table shows").fill("Beds by year")
    dialog.get_by_label("Rows").fill("2")
    dialog.get_by_label("Columns").fill("2")
    dialog.get_by_role("button", name="Insert the table").click()
    for word in ("Year", "Beds", "2026", "12"):
        desk.page.keyboard.type(word)
        desk.page.keyboard.press("Tab")
    stored = desk.save()
    assert stored.startswith(
        "<table><caption>Beds by year</caption>"
        '<thead><tr><th scope="col">Year</th><th scope="col">Beds</th></tr></thead>'
        "<tbody><tr><td>2026</td><td>12</td></tr>"
    )


def test_a_caption_is_changed_in_place(desk):
    desk.text.get_by_text("210").click()
    desk.button("Table caption").click()
    dialog = desk.page.get_by_role("dialog", name="Caption of the table")
    field = dialog.get_by_label("Caption: what the table shows")
    expect(field).to_have_value("Budget by year")
    field.fill("Budget, £m <by> year")
    dialog.get_by_role("button", name="Save the caption").click()
    expect(desk.text.locator("caption")).to_have_text("Budget, £m <by> year")
    assert "<caption>Budget, £m &lt;by&gt; year</caption>" in desk.save()


def test_a_link_may_be_typed_without_its_scheme(empty_desk):
    desk = empty_desk
    desk.text.click()
    desk.page.keyboard.type("Plan")
    desk.page.keyboard.press("Control+A")
    desk.button("Link").click()
    dialog = desk.page.get_by_role("dialog", name="Edit Link")
    dialog.get_by_label("URL").fill("www.gov.scot/plan")
    dialog.get_by_role("button", name="Update").click()
    assert desk.save() == '<p><a href="https://www.gov.scot/plan" rel="noopener">Plan</a></p>'


def test_text_from_word(empty_desk):
    item = "<p class=MsoListParagraphCxSp{0} style='text-indent:-18pt;mso-list:l0 level{1} lfo1'>"
    item += "<![if !supportLists]><span style='mso-list:Ignore'>{2}<span style='font:7pt'>&nbsp;&nbsp; </span></span>"
    item += "<![endif]>{3}<o:p></o:p></p>"
    html = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'>"
        "<head><style>p.MsoNormal {color:red}</style></head><body>"
        "<!--StartFragment--><h1 style='color:red'>Title</h1><p class=MsoNormal>Some <b>bold</b> text</p>"
        + item.format("First", 1, "·", "One")
        + item.format("Middle", 2, "o", "Inside one")
        + item.format("Last", 1, "·", "Two")
        + "<p class=MsoNormal>Then</p>"
        + item.format("First", 1, "1.", "Step one")
        + item.format("Last", 1, "2.", "Step two")
        + "<table class=MsoTableGrid style='width:300pt'>"
        "<tr><td><p class=MsoNormal>Year</p></td><td><p>£m</p></td></tr>"
        "<tr><td><p>2026</p></td><td><p>210</p></td></tr></table><img src='file:///C:/x.png' alt='A chart'>"
        "<script>alert(1)</script><!--EndFragment--></body></html>"
    )
    empty_desk.text.click()
    empty_desk.paste(html)
    assert empty_desk.save() == (
        "<h2>Title</h2><p>Some <strong>bold</strong> text</p>"
        "<ul><li>One<ul><li>Inside one</li></ul></li><li>Two</li></ul><p>Then</p>"
        "<ol><li>Step one</li><li>Step two</li></ol>"
        '<table><thead><tr><th scope="col">Year</th><th scope="col">£m</th></tr></thead>'
        "<tbody><tr><td>2026</td><td>210</td></tr></tbody></table><p>[Picture: A chart]</p>"
    )
    assert reports[empty_desk.page] == []


def test_text_from_google_docs(empty_desk):
    empty_desk.text.click()
    empty_desk.paste(
        '<b style="font-weight:normal;" id="docs-internal-guid-1"><p dir="ltr">'
        '<span style="font-weight:400">Plain, </span>'
        '<span style="font-weight:700">bold</span><span style="font-style:italic"> and italic</span></p></b>'
    )
    assert empty_desk.save() == "<p>Plain, <strong>bold</strong><em> and italic</em></p>"


def test_hostile_stored_text_does_not_run(browser):
    context = browser.new_context()
    hit = "document.title='hit'"
    hostile = f'<p onclick="{hit}">x</p><img src=x onerror="{hit}"><script>{hit}</script>'
    desk = Desk(context.new_page(), hostile)
    expect(desk.page.get_by_role("toolbar")).to_be_visible()
    assert desk.page.title() == "Edit"
    assert desk.page.locator(".tiptap img, .tiptap script").count() == 0
    context.close()


def test_an_error_leads_into_the_text(browser):
    form = SectionForm({"body": ""})
    assert not form.is_valid()
    context = browser.new_context()
    desk = Desk(context.new_page(), "", form)
    expect(desk.text).to_have_attribute("aria-invalid", "true")
    desk.page.evaluate("location.hash = 'id_body'")
    assert desk.page.evaluate("document.getElementById('id_body').isContentEditable")
    context.close()


def test_without_javascript_it_is_a_text_box_with_readable_html(browser):
    context = browser.new_context(java_script_enabled=False)
    desk = Desk(context.new_page(), STORED)
    box = desk.page.get_by_label("Section text")
    assert box.input_value().splitlines()[:3] == [
        "<h2>Our vision</h2>",
        "<p>People <strong>live well</strong>.</p>",
        "<ul><li>First</li>",
    ]
    desk.page.get_by_role("button", name="Save").click()
    bound = SectionForm({"body": desk.sent})
    assert bound.is_valid()
    assert bound.cleaned_data["body"] == STORED
    context.close()


def test_two_editors_on_one_page_keep_apart(browser):
    class Two(forms.Form):
        body = RichTextFormField(label="Section text")
        note = RichTextFormField(label="Note", required=False)

    context = browser.new_context()
    desk = Desk(context.new_page(), "", Two(initial={"body": "<p>a</p>", "note": "<p>b</p>"}))
    expect(desk.page.get_by_role("toolbar")).to_have_count(2)
    desk.page.get_by_role("textbox", name="Note").click()
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.press("End")
    desk.page.keyboard.type("x")
    assert desk.page.locator("#id_note-html").input_value() == "<p>bx</p>"
    assert desk.page.locator("#id_body-html").input_value() == "<p>a</p>"
    assert page_faults(desk.page) == []
    context.close()
