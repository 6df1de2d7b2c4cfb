"""A document is pasted from Word into a section, with its pictures and notes, saved, and read as readers will."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.checks import check_page
from tests.richtext.pictures import picture

FROM_WORD = (Path(__file__).parent.parent / "richtext" / "pasted" / "from-word.html").read_text()
TITLE = "What people in this area need"


def paste(page: Page, html: str) -> None:
    page.get_by_role("textbox", name=TITLE).evaluate(
        """(element, html) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/html", html);
          element.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
        }""",
        html,
    )


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d"))).not_to_have_count(0)


def test_what_word_wrote_is_pasted_saved_and_read(somebody, own_draft):
    page = somebody("officer@demo.example")
    page.goto(f"{own_draft}sections/needs/")
    text = page.get_by_role("textbox", name=TITLE)
    text.click()
    paste(page, FROM_WORD)
    report = page.locator(".prose-report [role=status]")
    expect(report).to_contain_text("5 headings, 8 list items, 1 table, 5 footnotes, 2 pictures")
    expect(report).to_contain_text("1 picture has no alternative text yet")
    check_page(page)
    check_page(page, width=320)

    text.get_by_text("Alternative text is missing").click()
    page.get_by_role("button", name="Describe the picture").click()
    dialog = page.get_by_role("dialog", name="Describe the picture")
    dialog.get_by_label("The picture is decoration").check()
    dialog.get_by_role("button", name="Save the description").click()

    text.get_by_text("population of Angus").click()
    page.get_by_role("button", name="Insert a picture").click()
    dialog = page.get_by_role("dialog", name="Insert a picture")
    file = dialog.get_by_label("Picture", exact=True)
    file.set_input_files({"name": "croft.png", "mimeType": "image/png", "buffer": b"<svg onload='x'/>"})
    dialog.get_by_role("button", name="Insert the picture").click()
    expect(file).to_have_accessible_description(re.compile("PNG, JPEG"))
    expect(dialog.get_by_text("Say what the picture shows")).to_be_visible()
    dialog.get_by_label("Alternative text").fill("A croft above the sea")
    dialog.get_by_role("button", name="Insert the picture").click()
    expect(dialog.get_by_text("This is an SVG drawing")).to_be_visible()
    file.set_input_files({"name": "croft.png", "mimeType": "image/png", "buffer": picture(size=(900, 500))})
    dialog.get_by_role("button", name="Insert the picture").click()
    expect(text.get_by_text("Alternative text: A croft above the sea")).to_be_visible()
    save(page)

    page.goto(f"{own_draft}preview/needs/")
    refused = ("422",)  # the drawing
    check_page(page, expected_reports=refused)
    check_page(page, width=320, expected_reports=refused)
    shown = page.get_by_role("img", name="A croft above the sea")
    assert shown.evaluate("(image) => image.naturalWidth") == 900
    page.get_by_role("link", name="Note 3", exact=True).click()
    note = page.get_by_role("listitem").filter(has_text="publichealthscotland.scot")
    expect(note).to_be_in_viewport()
    note.get_by_role("link", name="Back to the text at note 3").click()
    expect(page.get_by_role("link", name="Note 3", exact=True)).to_be_in_viewport()


def test_without_javascript_notes_and_pictures_stay_in_the_text(somebody, own_draft):
    page = somebody("officer@demo.example", script=False)
    page.goto(f"{own_draft}sections/needs/")
    box = page.get_by_label(TITLE)
    text = box.input_value()
    assert "<small>SSI 2014/343.</small>" in text
    assert 'alt="A croft above the sea"></figure>' in text
    box.fill(
        text.replace("A croft above the sea", "A croft by the sea").replace("SSI 2014/343.", "SSI 2014/344.")
    )
    page.get_by_role("button", name="Save", exact=True).click()
    again = page.get_by_label(TITLE).input_value()
    assert "<small>SSI 2014/344.</small>" in again
    assert 'alt="A croft by the sea"></figure>' in again
