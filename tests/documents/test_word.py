"""A Word file of a book: opened again, it has headings, lists, tables, links and notes that Word itself knows."""

import io
import zipfile
from datetime import UTC, datetime

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from PIL import Image

from foundation.documents.assembly.book import Book, Chapter
from foundation.documents.word import write_word


def picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (60, 40), "#0065bd").save(kept, "PNG")
    return kept.getvalue()


def book(*chapters: str, cover: str = "", **facts) -> Book:
    return Book(
        title="A plan: Angus",
        running_title="A plan",
        author="Angus Integration Joint Board",
        description="Made under the Act",
        language="en-GB",
        created=datetime(2026, 3, 12, 10, 0, tzinfo=UTC),
        stylesheets=(),
        cover=Chapter(key="cover", title="Cover", html=cover) if cover else None,
        chapters=tuple(
            Chapter(key=str(number), title=f"Chapter {number}", html=html, files={"lake.png": picture()})
            for number, html in enumerate(chapters)
        ),
        **facts,
    )


def opened(*chapters: str, **facts):
    return Document(io.BytesIO(write_word(book(*chapters, **facts))))


def written(document) -> list[tuple[str, str]]:
    """Style and words of each paragraph that stands in the text itself, behind the contents."""
    found = [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]
    styles = [style for style, _ in found]
    begins = max((place for place, style in enumerate(styles) if style.lower().startswith("toc")), default=-1)
    return [pair for pair in found[begins + 1 :] if pair[0] != "After Table"]


def test_the_file_says_what_it_is():
    document = opened("<h1>One</h1><p>Text.</p>")
    facts = document.core_properties
    assert (facts.title, facts.subject) == ("A plan: Angus", "Made under the Act")
    assert (facts.author, facts.language) == ("Angus Integration Joint Board", "en-GB")
    assert facts.created.year == 2026
    assert facts.comments == ""
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    assert round(document.sections[0].page_width.mm) == 210


def test_the_same_book_is_the_same_bytes():
    assert write_word(book("<h1>One</h1><p>Text.</p>")) == write_word(book("<h1>One</h1><p>Text.</p>"))


def test_headings_are_words_own_and_a_part_within_a_part_is_lower():
    document = opened(
        "<section class='part'><h1>1. Needs</h1><h2>People</h2><h3>Old age</h3></section>"
        "<section class='part part-nested'><h1>1A. North</h1><h2>In figures</h2></section>"
    )
    assert written(document) == [
        ("Heading 1", "1. Needs"),
        ("Heading 2", "People"),
        ("Heading 3", "Old age"),
        ("Heading 2", "1A. North"),
        ("Heading 3", "In figures"),
    ]


def test_contents_stand_there_before_word_works_them_out():
    document = opened("<h1>1. Needs</h1><h2>People</h2><h3>Old age</h3>", "<h1>2. Money</h1>")
    listed = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("toc")]
    assert listed == [("toc 1", "1. Needs"), ("toc 2", "People"), ("toc 1", "2. Money")]
    xml = document.element.xml
    assert 'TOC \\o "1-2"' in xml
    marks = {one.get(qn("w:name")) for one in document.element.iter(qn("w:bookmarkStart"))}
    links = {one.get(qn("w:anchor")) for one in document.element.iter(qn("w:hyperlink"))}
    assert links <= marks
    kinds = [one.get(qn("w:fldCharType")) for one in document.element.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_only_a_chapters_first_heading_begins_a_page():
    document = opened("<h1>1. Needs</h1><p>a</p><h1>2. Listening</h1>", "<h1>3. Money</h1>")
    breaks = {
        p.text: p.paragraph_format.page_break_before
        for p in document.paragraphs
        if p.style.name == "Heading 1"
    }
    assert breaks == {"1. Needs": True, "2. Listening": None, "3. Money": True}


def test_a_paragraphs_number_stands_before_it():
    document = opened(
        "<h1>1. Needs</h1><div id='paragraph-1-1'><span class='plan-paragraph__number'>1.1</span>"
        "<p>Many are <strong>old</strong>.</p></div><p>No number.</p>"
    )
    assert written(document)[1:] == [("Numbered Paragraph", "1.1\tMany are old."), ("Normal", "No number.")]
    assert [run.text for run in document.paragraphs[-2].runs if run.bold] == ["old"]
    assert "paragraph_1_1" in document.element.xml


def test_a_paragraph_stays_on_the_page_of_what_follows_it():
    document = opened('<h1>Care</h1><p class="keep-next">People at home.</p><p>Up.</p>')
    assert [paragraph.paragraph_format.keep_with_next for paragraph in document.paragraphs[-2:]] == [
        True,
        None,
    ]


def test_words_that_only_a_screen_reader_gets_and_drawings_are_left_out():
    document = opened("<p>A<span class='visually-hidden'> hidden</span> b<svg><text>drawn</text></svg></p>")
    assert written(document) == [("Normal", "A b")]


def test_lists_are_words_lists_and_each_begins_anew():
    document = opened(
        "<ol><li><p>one</p><ul><li><p>inner</p></li></ul></li><li>two</li></ol><p>between</p>"
        "<ol start='4'><li>four</li></ol>"
    )
    paragraphs = {p.text: p for p in document.paragraphs}

    def numbering(words):
        found = paragraphs[words]._p.pPr.numPr
        return found.ilvl.val, found.numId.val

    assert paragraphs["one"].style.name == "List Number"
    assert paragraphs["inner"].style.name == "List Bullet"
    assert numbering("one")[0] == 0
    assert numbering("inner")[0] == 1
    assert numbering("one") == numbering("two")
    assert numbering("four") != numbering("one")
    root = document.part.numbering_part.element
    starts = {
        one.get(qn("w:numId")): one.find(f".//{qn('w:startOverride')}").get(qn("w:val"))
        for one in root.findall(qn("w:num"))
        if one.find(f".//{qn('w:startOverride')}") is not None
    }
    assert starts[str(numbering("four")[1])] == "4"


def test_quotations_breaks_and_raised_words():
    document = opened("<blockquote><p>First<br>second m<sup>2</sup></p></blockquote>")
    assert written(document) == [("Quote", "First\nsecond m2")]
    assert [run.text for run in document.paragraphs[-1].runs if run.font.superscript] == ["2"]


def test_a_link_leads_out_and_one_within_the_text_to_its_place():
    document = opened(
        "<p id='a-place'>See <a href='https://www.gov.scot/'>the site</a> and <a href='#a-place'>here</a>.</p>"
    )
    out, within = document.paragraphs[-1].hyperlinks
    assert (out.text, out.address) == ("the site", "https://www.gov.scot/")
    assert (within.text, within.fragment) == ("here", "a_place")


TABLE = """
<table><caption>Who pays what</caption>
<thead><tr><th scope="col">Body</th><th scope="col" colspan="2">Amounts</th></tr>
<tr><th scope="col">Name</th><th scope="col">Now</th><th scope="col" class="ds_cell--numeric">Later</th></tr></thead>
<tbody><tr><th scope="row" rowspan="2">Council</th><td>a</td><td class="ds_cell--numeric">£1</td></tr>
<tr><td>b<ul><li>point</li></ul></td><td class="ds_cell--numeric">£2</td></tr>
<tr class="total"><th scope="row">Together</th><td></td><td class="ds_cell--numeric">£3</td></tr></tbody></table>
"""


def test_a_table_has_its_caption_its_repeated_head_and_its_merged_cells():
    document = opened(TABLE)
    (table,) = document.tables
    assert written(document) == [("caption", "Who pays what")] or written(document) == [
        ("Caption", "Who pays what")
    ]
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads == [True, True, False, False, False]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells == [
        ["Body", "Amounts", "Amounts"],
        ["Name", "Now", "Later"],
        ["Council", "a", "£1"],
        ["Council", "b\npoint", "£2"],
        ["Together", "", "£3"],
    ]
    assert table.cell(2, 2).paragraphs[0].alignment is not None
    assert table.cell(4, 0).paragraphs[0].runs[0].bold
    assert not table.cell(2, 0).paragraphs[0].runs[0].bold
    assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Who pays what"
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.findall(qn("w:gridCol"))]
    assert 9600 < sum(widths) <= 9638


@pytest.mark.parametrize(
    "rows",
    [
        "",
        "<tr></tr>",
        "<tr><td rowspan='9'>a</td><td>b</td></tr><tr><td>c</td></tr>",
        "<tr><td>a</td></tr><tr><td>b</td><td>c</td></tr>",
        "<tr>" + "<td>many words in a narrow cell</td>" * 40 + "</tr>",
    ],
)
def test_odd_tables_are_written_too(rows):
    document = opened(f"<table><tbody>{rows}</tbody></table><p>After.</p>")
    assert written(document)[-1] == ("Normal", "After.")
    for table in document.tables:
        assert all(cell.paragraphs for row in table.rows for cell in row.cells)


def test_a_chart_is_its_title_its_sentence_and_its_table():
    document = opened(
        "<figure id='c'><figcaption><p class='portal-chart__title'>Falls</p>"
        "<p class='portal-chart__sentence'>Fewer fall.</p></figcaption>"
        "<table><caption>Falls</caption><tbody><tr><th>2025</th><td>9</td></tr></tbody></table><svg></svg>"
        "<p class='portal-chart__source'>Source: us</p></figure>"
    )
    assert [words for _, words in written(document)] == ["Falls", "Fewer fall.", "Source: us"]
    assert len(document.tables) == 1


def test_a_map_is_left_out():
    document = opened(
        "<p>Before.</p><figure class='portal-map'><p>Four outlines</p><svg></svg></figure><p>After.</p>"
    )
    assert [words for _, words in written(document)] == ["Before.", "After."]


def test_a_picture_has_its_words_and_a_decorative_one_says_so():
    document = opened(
        "<figure><img src='portal-file:lake.png' alt='A loch'><figcaption>The loch at dusk</figcaption></figure>"
        "<figure><img src='portal-file:lake.png' alt=''></figure>"
    )
    drawn = [shape._inline.docPr for shape in document.inline_shapes]
    assert [one.get("descr") for one in drawn] == ["A loch", ""]
    assert "decorative" in document.element.xml
    assert ("caption", "The loch at dusk") in [(s.lower(), words) for s, words in written(document)]
    assert len({one.get("id") for one in drawn}) == 2
    assert all(shape.width <= Mm(150) for shape in document.inline_shapes)


def test_a_picture_that_is_not_there_leaves_its_words():
    assert written(opened("<figure><img src='/elsewhere.png' alt='A loch'></figure>")) == [
        ("Normal", "A loch")
    ]


def test_a_note_stands_at_the_foot_of_the_page():
    data = write_word(
        book(
            "<p>Nine in ten<small>Survey, <a href='https://a.scot/x'>page 3</a>.</small> agree.</p>"
            "<p>b<small>Two</small></p>"
        )
    )
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        notes = parts.read("word/footnotes.xml").decode()
        related = parts.read("word/_rels/footnotes.xml.rels").decode()
        kinds = parts.read("[Content_Types].xml").decode()
    assert "page 3" in notes
    assert "Two" in notes
    assert "https://a.scot/x" in related
    assert "footnotes+xml" in kinds
    document = Document(io.BytesIO(data))
    marks = [one.get(qn("w:id")) for one in document.element.iter(qn("w:footnoteReference"))]
    assert marks == ["2", "3"]
    assert written(document)[0][1] == "Nine in ten agree."


def test_words_in_another_language_say_so():
    document = opened("<div lang='gd'><p>Slàinte <strong>mhath</strong></p></div>")
    found = {one.get(qn("w:val")) for one in document.paragraphs[-1]._p.iter(qn("w:lang"))}
    assert found == {"gd"}


def test_pages_bear_the_running_title_and_the_mark():
    document = opened(
        "<h1>One</h1>", cover="<h1 class='document-title'>A plan</h1>", mark_words="Draft: may change"
    )
    section = document.sections[0]
    assert section.header.paragraphs[0].text == "Angus Integration Joint Board\tA plan"
    assert section.footer.paragraphs[0].text.startswith("Draft: may change\tPage ")
    assert section.first_page_footer.paragraphs[0].text == "Draft: may change"
    assert section.first_page_header.paragraphs[0].text == ""
    assert document.paragraphs[0].style.name == "Title"


def test_each_chapter_is_a_step():
    seen = []
    write_word(book("<h1>a</h1>", "<h1>b</h1>"), progress=lambda *step: seen.append(step))
    assert seen == [(1, 3, "Chapter 0"), (2, 3, "Chapter 1"), (3, 3, "The file")]
