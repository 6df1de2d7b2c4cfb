"""Footnotes, pictures and long pastes in the editor, as people make them in Chromium. The portal is played here."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django import forms
from playwright.sync_api import Route, expect

from foundation.richtext.cleaning import clean_html, pictures_in
from foundation.richtext.forms import RichTextFormField
from tests.browser.checks import page_faults, reports

from .pictures import picture
from .test_in_browser import HAND, Desk

DIGESTS = ["a" * 64, "b" * 64, "c" * 64]
FROM_WORD = (Path(__file__).parent / "pasted" / "from-word.html").read_text()
NOTED = "<p>Fewer falls<small>ISD, <em>2024</em></small><small>NRS</small>. More.</p>"
PICTURED = f'<figure><img src="/pictures/{DIGESTS[0]}" alt="A map"><figcaption>Angus</figcaption></figure>'


class PictureForm(forms.Form):
    body = RichTextFormField(label="Section text")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["data-pictures"] = "/upload/"


class PictureDesk(Desk):
    """A desk at a portal that takes every picture, or refuses with `refusal`."""

    def __init__(self, page, body: str) -> None:
        self.uploads: list[str] = []
        self.refusal: dict[str, str] = {}
        super().__init__(page, body, PictureForm(initial={"body": body}))

    def answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path == "/upload/":
            posted = (route.request.post_data_buffer or b"").decode("latin-1")
            self.uploads.append(posted)
            if self.refusal:
                route.fulfill(
                    status=422, body=json.dumps({"faults": self.refusal}), content_type="application/json"
                )
                return
            alt = re.search(r'name="alt"\r\n\r\n(.*?)\r\n', posted)[1]
            kept = {"src": f"/pictures/{DIGESTS[len(self.uploads) - 1]}", "alt": alt or None}
            if 'name="decorative"' in posted:
                kept["alt"] = ""
            route.fulfill(body=json.dumps(kept), content_type="application/json")
        elif path.startswith("/pictures/"):
            route.fulfill(body=picture(), content_type="image/png")
        else:
            super().answer(route)

    @property
    def report(self):
        return self.page.locator(".prose-report [role=status]")


@pytest.fixture
def open_desk(browser) -> Iterator[object]:
    contexts = []

    def opened(body: str = "", width: int = 1280) -> PictureDesk:
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}))
        desk = PictureDesk(contexts[-1].new_page(), body)
        expect(desk.page.get_by_role("toolbar")).to_be_visible()
        return desk

    yield opened
    for context in contexts:
        context.close()


# What the portal keeps passes through the editor unchanged


@pytest.mark.parametrize(
    "stored",
    [
        NOTED,
        PICTURED,
        f'<figure><img src="/pictures/{DIGESTS[0]}" alt=""></figure><p>x</p>',
        f'<figure><img src="/pictures/{DIGESTS[0]}"></figure><p>x</p>',
        f"<ul><li>One{PICTURED}</li></ul>",
        f'<table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><td>{PICTURED}</td></tr></tbody></table>',
        (
            f'<figure><img src="/pictures/{DIGESTS[0]}" alt="a &quot;b&quot; &lt;c&gt;">'
            "<figcaption>x<small>y</small></figcaption></figure>"
        ),
        '<h2>Need<small>See <a href="https://x.example" rel="noopener">x</a></small></h2>',
    ],
)
def test_notes_and_pictures_are_stored_as_they_were(open_desk, stored):
    assert clean_html(stored) == stored
    desk = open_desk(stored)
    desk.text.focus()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type("x")
    desk.page.keyboard.press("Backspace")
    assert desk.save() == stored


# Footnotes


def test_a_footnote_is_written_by_keyboard(open_desk):
    desk = open_desk("<p>Fewer falls.</p>")
    desk.text.get_by_text("Fewer").click()
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.press("End")
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.press("Control+Alt+f")
    dialog = desk.page.get_by_role("dialog", name="Insert a footnote")
    expect(dialog).to_be_visible()
    desk.page.keyboard.type("ISD,\n2024")
    dialog.get_by_role("button", name="Insert the footnote").click()
    expect(desk.text).to_be_focused()
    desk.page.keyboard.type(" And more.")
    expect(desk.text.locator("small")).to_have_text("ISD, 2024")
    assert desk.save() == "<p>Fewer falls.<small>ISD, 2024</small> And more.</p>"


def test_a_footnote_is_changed_and_taken_out(open_desk):
    desk = open_desk(NOTED)
    desk.text.get_by_text("NRS").click()
    expect(desk.button("Footnote")).to_have_attribute("aria-pressed", "true")
    desk.button("Footnote").click()
    dialog = desk.page.get_by_role("dialog", name="Change the footnote")
    words = dialog.get_by_role("textbox")
    expect(words).to_have_value("NRS")
    words.fill("NRS, 2025")
    dialog.get_by_role("button", name="Save the footnote").click()
    expect(desk.text.locator("small").nth(1)).to_have_text("NRS, 2025")
    desk.text.locator("small").first.click()
    desk.button("Footnote").click()
    dialog.get_by_role("textbox").fill("")
    dialog.get_by_role("button", name="Save the footnote").click()
    assert desk.save() == "<p>Fewer falls<small>NRS, 2025</small>. More.</p>"


# Pictures


def test_a_picture_is_uploaded_with_its_words(open_desk):
    desk = open_desk("<p>Before</p>")
    desk.text.get_by_text("Before").click()
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.press("End")
    desk.page.wait_for_timeout(HAND)
    desk.button("Insert a picture").click()
    dialog = desk.page.get_by_role("dialog", name="Insert a picture")
    expect(dialog.get_by_label("Picture", exact=True)).to_be_focused()
    assert [fault for fault in page_faults(desk.page) if "Tab never" not in fault] == []
    assert [fault for fault in page_faults(desk.page, width=320) if "Tab never" not in fault] == []
    dialog.get_by_role("button", name="Insert the picture").click()
    expect(dialog.get_by_text("Choose the file of the picture.")).to_be_visible()
    expect(dialog.get_by_label("Alternative text")).to_have_accessible_description(
        re.compile("Say what the picture shows")
    )
    dialog.get_by_label("Picture", exact=True).set_input_files(
        {"name": "croft.png", "mimeType": "image/png", "buffer": picture()}
    )
    dialog.get_by_label("Alternative text").fill("A croft")
    dialog.get_by_label("Caption (optional)").fill("Glen Clova")
    dialog.get_by_role("button", name="Insert the picture").click()
    expect(dialog).to_be_hidden()
    expect(desk.text.get_by_text("Alternative text: A croft")).to_be_visible()
    assert page_faults(desk.page) == []
    assert desk.save() == (
        f'<p>Before</p><figure><img src="/pictures/{DIGESTS[0]}" alt="A croft">'
        "<figcaption>Glen Clova</figcaption></figure>"
    )
    assert 'filename="croft.png"' in desk.uploads[0]


def test_a_picture_divides_no_sentence_and_takes_an_empty_line(open_desk):
    desk = open_desk(NOTED)
    for before in ("", "Enter"):
        desk.page.wait_for_timeout(HAND)
        desk.text.locator("p").first.click()
        desk.page.wait_for_timeout(HAND)
        desk.page.keyboard.press("End" if before else "Home")
        desk.page.wait_for_timeout(HAND)
        if before:
            desk.page.keyboard.press(before)
        desk.button("Insert a picture").click()
        dialog = desk.page.get_by_role("dialog", name="Insert a picture")
        dialog.get_by_label("Picture", exact=True).set_input_files(
            {"name": "croft.png", "mimeType": "image/png", "buffer": picture()}
        )
        dialog.get_by_label("The picture is decoration").check()
        dialog.get_by_role("button", name="Insert the picture").click()
        expect(dialog).to_be_hidden()
        expect(desk.text).to_be_focused()
    shown = '<figure><img src="/pictures/{}" alt=""></figure>'
    assert desk.save() == NOTED + shown.format(DIGESTS[1]) + shown.format(DIGESTS[0])


def test_a_refusal_is_said_beside_the_file_and_nothing_typed_is_lost(open_desk):
    desk = open_desk("<p>Before</p>")
    desk.refusal = {"file": "This is an SVG drawing, which can hold programs."}
    desk.text.click()
    desk.button("Insert a picture").click()
    dialog = desk.page.get_by_role("dialog", name="Insert a picture")
    dialog.get_by_label("Picture", exact=True).set_input_files(
        {"name": "croft.png", "mimeType": "image/png", "buffer": b"<svg/>"}
    )
    dialog.get_by_label("Alternative text").fill("A croft")
    dialog.get_by_role("button", name="Insert the picture").click()
    expect(dialog.get_by_label("Picture", exact=True)).to_be_focused()
    expect(dialog.get_by_label("Picture", exact=True)).to_have_accessible_description(
        re.compile("SVG drawing")
    )
    expect(dialog.get_by_label("Alternative text")).to_have_value("A croft")
    desk.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desk.text).to_be_focused()
    assert desk.save() == "<p>Before</p>"


def test_a_picture_is_described_later_by_keyboard(open_desk):
    desk = open_desk(
        f'<p>Before</p><figure><img src="/pictures/{DIGESTS[0]}"><figcaption>Angus</figcaption></figure>'
    )
    expect(desk.text.get_by_text("Alternative text is missing")).to_be_visible()
    desk.text.get_by_text("Angus").click()
    expect(desk.button("Describe the picture")).to_be_visible()
    desk.page.keyboard.press("Alt+F10")
    for _ in range(60):
        if desk.focused() == "Describe the picture":
            break
        desk.page.keyboard.press("ArrowRight")
    desk.page.keyboard.press("Enter")
    dialog = desk.page.get_by_role("dialog", name="Describe the picture")
    expect(dialog.get_by_label("The picture is decoration")).not_to_be_checked()
    dialog.get_by_label("Alternative text").fill("A map of Angus")
    desk.page.keyboard.press("Tab")
    desk.page.keyboard.press("Space")
    dialog.get_by_role("button", name="Save the description").click()
    expect(dialog.get_by_label("Alternative text")).to_have_accessible_description(
        re.compile("Choose one of the two")
    )
    dialog.get_by_label("The picture is decoration").uncheck()
    dialog.get_by_role("button", name="Save the description").click()
    assert f'<img src="/pictures/{DIGESTS[0]}" alt="A map of Angus">' in desk.save()


def test_enter_in_a_caption_goes_on_below_and_the_picture_can_be_removed(open_desk):
    desk = open_desk(PICTURED)
    desk.text.get_by_text("Angus").click()
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.press("Home")
    desk.page.keyboard.press("Enter")
    desk.page.keyboard.type("Below")
    expect(desk.text.locator("figure")).to_have_count(1)
    desk.text.get_by_text("Angus").click()
    desk.button("Remove the picture").click()
    assert desk.save() == "<p>Below</p>"


def test_a_click_on_a_picture_selects_it(open_desk):
    desk = open_desk("<p>Before</p>" + PICTURED)
    expect(desk.button("Remove the picture")).to_be_hidden()
    desk.text.get_by_role("img", name="A map").click()
    expect(desk.text.locator("figure")).to_have_class(re.compile("ProseMirror-selectednode"))
    desk.button("Remove the picture").click()
    assert desk.save() == "<p>Before</p>"


def test_where_no_pictures_are_kept_none_can_be_inserted(browser):
    context = browser.new_context()
    desk = Desk(context.new_page(), "<p>x</p>")
    expect(desk.button("Footnote")).to_be_visible()
    expect(desk.button("Insert a picture")).to_have_count(0)
    context.close()


# Tables


def test_a_table_gets_headings_in_its_first_row_and_column(open_desk):
    desk = open_desk(
        "<table><tbody><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></tbody></table>"
    )
    desk.text.get_by_text("B", exact=True).click()
    desk.button("Headings in the first row").click()
    desk.button("Headings in the first column").click()
    assert desk.save() == (
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead>'
        '<tbody><tr><th scope="row">1</th><td>2</td></tr></tbody></table>'
    )


# A long document from Word


def test_a_word_document_keeps_its_structure_and_is_told(open_desk):
    desk = open_desk()
    desk.text.click()
    desk.paste(FROM_WORD)
    expect(desk.report).to_contain_text("1 picture has no alternative text yet")
    told = desk.report.inner_text()
    assert desk.text.locator("> p").filter(has_not_text=re.compile(r"\S")).count() <= 1, (
        "no empty lines between"
    )
    stored = desk.save()
    assert reports[desk.page] == []

    # Headings, without Word's numbers, below the page's own
    assert re.findall(r"<(h\d)>(.*?)</h\d>", stored) == [
        ("h2", "Strategic plan 2026 to 2029"),
        ("h2", "Where we are"),
        ("h3", "Falls at home"),
        ("h3", "What we will do"),
        ("h2", "How we will know"),
    ]
    # Footnotes and endnotes at their marks, with all their paragraphs and links
    assert (
        "about 116,000.<small>National Records of Scotland, <em>Mid-2024 population estimates</em>.</small> More"
        in stored
    )
    assert re.findall(r"<small>(.*?)</small>", stored)[2:] == [
        (
            'Public Health Scotland. See <a href="https://www.publichealthscotland.scot/" rel="noopener">'
            "publichealthscotland.scot</a>."
        ),
        "Carers (Scotland) Act 2016, section 31.",
        "SSI 2014/343.",
    ]
    assert "[1]" not in stored
    # Lists in lists, and one that goes on after a paragraph
    assert (
        "<ul><li>See people within the hour<ul><li>in the glens, with the ambulance service<ul>"
        "<li>on two nights in every week at first</li></ul></li><li>on the coast</li></ul></li>"
    ) in stored
    assert '<p>When both have reported:</p><ol start="3"><li>Decide about the rest</li></ol>' in stored
    # The table with caption, headings and a cell over all columns
    assert (
        '<table><caption>Table 1 Falls by year</caption><thead><tr><th scope="col"><strong>Year</strong></th>'
        in stored
        or '<table><caption>Table 1 Falls by year</caption><thead><tr><th scope="col">Year</th>' in stored
    )
    assert '<td colspan="3">Source: emergency admissions<small>' in stored
    # Quotation, emphasis, tracked changes as they would stand
    assert "<blockquote><p>My mother was seen" in stored
    assert stored.count("<blockquote>") == 1
    assert "<p>Fewer people fell at home than in the year before, as the table shows.</p>" in stored
    # Pictures: two were in the clipboard, one lay on the officer's disk
    assert pictures_in(stored) == DIGESTS[:2]
    assert (
        f'<img src="/pictures/{DIGESTS[0]}" alt="Falls went down in both years"><figcaption>Figure 2 Falls</figcaption>'
        in stored
    )
    assert f'<figure><img src="/pictures/{DIGESTS[1]}"></figure>' in stored
    assert "[Picture: Map of the four localities]" in stored
    # No trace of the rest
    for trace in ("mso", "Mso", "style", "o:p", "Is this so", "we hope", "SM1", "...."):
        assert trace not in stored

    paragraphs = re.search(r"Pasted (\d+) paragraphs, kept (\d+): ", told)
    assert paragraphs
    before, after = map(int, paragraphs.groups())
    assert before - after == 3, "the lines of the contents"
    assert "5 headings, 8 list items, 1 table, 5 footnotes, 2 pictures" in told
    for dropped in (
        "colours and fonts",
        "underlining",
        "1 picture that the clipboard does not hold",
        "1 passage that was deleted in the document",
        "1 comment",
        "3 lines of a table of contents",
        "4 numbers of headings",
    ):
        assert dropped in told
    assert "describe it before the plan is published" in told


def test_an_empty_caption_is_written_in_by_mouse_and_keyboard(open_desk):
    desk = open_desk(f'<p>Before</p><figure><img src="/pictures/{DIGESTS[0]}" alt="x"></figure>')
    desk.text.locator("figcaption").click()
    desk.page.wait_for_timeout(HAND)
    desk.page.keyboard.type("Angus")
    assert 'alt="x"><figcaption>Angus</figcaption></figure>' in desk.save()


def test_the_count_of_paragraphs_is_that_of_the_document(open_desk):
    desk = open_desk()
    desk.text.click()
    desk.paste(
        "".join(f"<p class=MsoNormal>Paragraph {number}</p>" for number in range(212)) + "<p>&nbsp;</p>"
    )
    expect(desk.report).to_have_text("Pasted 212 paragraphs, kept 212.")
    assert page_faults(desk.page) == []
    assert page_faults(desk.page, width=320) == []
    desk.page.get_by_role("button", name="Hide this").click()
    expect(desk.report).to_have_text("")
    expect(desk.text).to_be_focused()


def test_a_few_words_are_pasted_without_a_word(open_desk):
    desk = open_desk()
    desk.text.click()
    desk.paste("<p class=MsoNormal style='color:red'>Only this</p>")
    expect(desk.text.get_by_text("Only this")).to_be_visible()
    expect(desk.report).to_have_text("")


def test_a_pasted_picture_that_is_refused_goes_and_its_caption_stays(open_desk):
    desk = open_desk()
    desk.refusal = {"file": "The file begins as a picture but cannot be read to its end."}
    desk.text.click()
    desk.paste(
        "<p>One</p><p><img src='data:image/png;base64,AAAA'></p><p class=MsoCaption>Figure 1</p>"
        "<p><img src='data:image/png;base64,AAAA' alt='x'></p><p>Two</p>"
    )
    expect(desk.report).to_contain_text("A picture was not taken: The file begins as a picture")
    assert desk.save() == "<p>One</p><p>Figure 1</p><p>Two</p>"


def test_what_was_copied_in_the_editor_is_pasted_as_it_was(open_desk):
    desk = open_desk(NOTED + PICTURED)
    desk.text.click()
    desk.page.keyboard.press("Control+A")
    copied = desk.text.evaluate(
        """(element) => {
          const data = new DataTransfer();
          element.dispatchEvent(new ClipboardEvent("copy", {clipboardData: data, bubbles: true, cancelable: true}));
          return data.getData("text/html");
        }"""
    )
    desk.page.keyboard.press("Delete")
    desk.paste(copied)
    assert desk.save() == NOTED + PICTURED
    assert desk.uploads == []


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_of_the_screen_is_described_and_uploaded(open_desk, kind):
    desk = open_desk("<p>Before</p>")
    desk.text.get_by_text("Before").click()
    desk.text.evaluate(
        """(element, kind) => {
          const data = new DataTransfer();
          data.items.add(new File([new Uint8Array([137, 80, 78, 71])], "screen.png", {type: "image/png"}));
          const place = element.querySelector("p").getBoundingClientRect();
          const event = kind === "paste"
            ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
            : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true,
                clientX: place.x + 5, clientY: place.y + 5});
          element.dispatchEvent(event);
        }""",
        kind,
    )
    dialog = desk.page.get_by_role("dialog", name="Insert a picture")
    expect(dialog.get_by_label("Alternative text")).to_be_focused()
    desk.page.keyboard.type("The screen")
    dialog.get_by_role("button", name="Insert the picture").click()
    expect(desk.text.get_by_text("Alternative text: The screen")).to_be_visible()
    assert 'filename="screen.png"' in desk.uploads[0]
    assert desk.save() == f'<p>Before</p><figure><img src="/pictures/{DIGESTS[0]}" alt="The screen"></figure>'


def test_small_print_of_a_web_page_is_no_footnote(open_desk):
    desk = open_desk()
    desk.text.click()
    desk.paste("<p>Terms <small>and conditions</small></p>")
    assert desk.save() == "<p>Terms and conditions</p>"


def test_notes_of_other_programs(open_desk):
    desk = open_desk()
    desk.text.click()
    desk.paste(
        '<p>A<sup><a class="sdfootnoteanc" name="sdfootnote1anc" href="#sdfootnote1sym">1</a></sup> b</p>'
        '<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" '
        'href="#sdfootnote1anc">1</a> From Writer</p></div>'
    )
    assert desk.save() == "<p>A<small>From Writer</small> b</p>"


def test_a_mark_whose_note_was_not_copied_is_told(open_desk):
    desk = open_desk()
    desk.text.click()
    desk.paste('<p>A<a href="#_ftn1" name="_ftnref1">[1]</a> b</p>')
    expect(desk.report).to_contain_text("1 footnote mark without its note")
    assert desk.save() == "<p>A b</p>"
