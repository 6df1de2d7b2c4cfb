"""What is read of a Word file: what becomes sections, what becomes of everything in them, and what is said about it."""

import io

import pytest
from docx import Document
from docx.enum.style import WD_STYLE_TYPE

from foundation.incoming.archives import FileRefused
from strategic_plans.imports import word
from strategic_plans.imports.word import picture_address, read_word

from .word_files import (
    COMMENTS,
    COMMENTS_TYPE,
    FOOTNOTES,
    FOOTNOTES_TYPE,
    heading,
    noted,
    paragraph,
    picture,
    raw,
    rezipped,
    saved,
    table,
    with_part,
    word_file,
)

ALWAYS = "Colours, fonts, page breaks, headers and footers stay behind."
DOCUMENT = "word/document.xml"


def read(*parts, name="Our plan"):
    return read_word(word_file(*parts), name=name)


def body(*parts) -> str:
    """The text of a file that has these under one heading."""
    return read(heading("Part"), *parts).parts[0].body


def run(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


# Division


def test_each_first_level_heading_begins_a_part_and_deeper_ones_stand_within():
    found = read(
        heading("Housing"), paragraph("Homes."), heading("Repairs", 2), heading("Lifts", 3), heading("Money")
    )
    assert [part.title for part in found.parts] == ["Housing", "Money"]
    assert found.parts[0].body == "<p>Homes.</p><h2>Repairs</h2><h3>Lifts</h3>"
    assert found.parts[1].body == ""


def test_text_before_the_first_heading_is_a_part_of_its_own():
    found = read(paragraph("By the chair."), heading("Housing"), paragraph("Homes."))
    assert [(part.title, part.body) for part in found.parts] == [
        ("Our plan", "<p>By the chair.</p>"),
        ("Housing", "<p>Homes.</p>"),
    ]


def test_the_title_names_the_part_before_the_first_heading_and_is_no_text():
    found = read(paragraph("Angus plan", "Title"), paragraph("By the chair."), heading("Housing"))
    assert found.title == found.parts[0].title == "Angus plan"
    assert "Angus plan" not in found.parts[0].body
    assert found.left_out == 1
    assert "The title of the document is not a part of its text: “Angus plan”." in found.notes


def test_without_first_level_headings_the_highest_level_divides():
    found = read(heading("Housing", 2), paragraph("Homes."), heading("Lifts", 3), heading("Money", 2))
    assert [part.title for part in found.parts] == ["Housing", "Money"]
    assert found.parts[0].body == "<p>Homes.</p><h2>Lifts</h2>"
    assert "Sections begin at the headings of level 2." in found.notes


def test_one_heading_over_the_whole_document_is_its_title():
    found = read(heading("Angus plan"), *(heading(words, 2) for words in ("Housing", "Money", "Carers")))
    assert [part.title for part in found.parts] == ["Angus plan", "Housing", "Money", "Carers"]
    assert "Sections begin at the headings of level 2." in found.notes


def test_one_chapter_with_its_own_headings_stays_one():
    found = read(heading("Housing"), paragraph("Homes."), heading("Repairs", 2), heading("Lifts", 2))
    assert [part.title for part in found.parts] == ["Housing"]


def test_without_any_heading_all_of_it_is_one_part_and_it_is_said_what_to_do():
    found = read(paragraph("Homes."), paragraph("Money."))
    assert [part.body for part in found.parts] == ["<p>Homes.</p><p>Money.</p>"]
    assert any(note.startswith("No paragraph has a heading style") for note in found.notes)


def test_styles_of_the_partnerships_own_are_headings_if_they_are_based_on_one():
    document = Document()
    own = document.styles.add_style("Angus chapter", WD_STYLE_TYPE.PARAGRAPH)
    own.base_style = document.styles["Heading 1"]
    document.add_paragraph("Housing", style="Angus chapter")
    document.add_paragraph("Homes.")
    found = read_word(saved(document), name="x")
    assert [(part.title, part.body) for part in found.parts] == [("Housing", "<p>Homes.</p>")]


def test_the_table_of_contents_is_left_out():
    document = Document()
    for name in ("toc 1", "TOC Heading"):
        if name not in [style.name for style in document.styles]:
            document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    document.add_paragraph("Contents", style="TOC Heading")
    document.add_paragraph("Housing 4", style="toc 1")
    document.add_heading("Housing", 1)
    found = read_word(saved(document), name="x")
    assert [part.title for part in found.parts] == ["Housing"]
    assert found.left_out == 2
    assert any("table of contents is left out" in note for note in found.notes)


def test_a_heading_that_is_too_long_is_cut_and_shown_whole():
    long = "Housing " * 40
    [part] = read(heading(long), paragraph("Homes.")).parts
    assert len(part.title) <= word.LONGEST_HEADING
    assert long.strip() in part.changes[0]


# What stands in a part


def test_running_text_keeps_its_emphasis_and_links_out_and_loses_its_looks():
    looks = '<w:color w:val="FF0000"/><w:sz w:val="40"/><w:highlight w:val="yellow"/>'
    assert (
        body(raw(f"<w:p>{run('Homes ', '<w:b/>')}{run('come ', '<w:i/>')}{run('first.', looks)}</w:p>"))
        == "<p><strong>Homes </strong><em>come </em>first.</p>"
    )


def test_links_out_are_kept_and_links_within_the_file_become_text():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "{}" </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/>'
        "</w:r>"
    )
    inner = '<w:hyperlink w:anchor="housing"><w:r><w:t>see Housing</w:t></w:r></w:hyperlink>'
    found = read(
        heading("Part"),
        raw(
            f"<w:p>{field.format('https://www.gov.scot/plans', 'Plans')}{run(', ')}{inner}"
            f"{run(', ')}{field.format('javascript:alert(1)', 'press')}</w:p>"
        ),
    )
    assert found.parts[0].body == (
        '<p><a href="https://www.gov.scot/plans" rel="noopener">Plans</a>, see Housing, press</p>'
    )
    assert any("became text" in note and note.startswith("Two links") for note in found.notes)


@pytest.mark.parametrize("style", ["Quote", "Intense Quote", "Block Text", "Quotations"])
def test_quotations_are_quotations_whoever_wrote_the_file(style):
    document = Document()
    if style not in [each.name for each in document.styles]:
        document.styles.add_style(style, WD_STYLE_TYPE.PARAGRAPH)
    document.add_heading("Part", 1)
    for words in ("We were heard.", "At last."):
        document.add_paragraph(words, style=style)
    [part] = read_word(saved(document), name="x").parts
    assert part.body == "<blockquote><p>We were heard.</p><p>At last.</p></blockquote>"


def test_lists_are_nested_as_they_were():
    document = Document()
    document.add_heading("Part", 1)
    numbering = document.part.numbering_part.element
    abstract = (
        '<w:abstractNum w:abstractNumId="90"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>'
    )
    from docx.oxml import parse_xml

    from .word_files import W

    numbering.insert(0, parse_xml(abstract.replace(">", f" {W}>", 1)))
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, words in ((0, "Homes"), (1, "Lifts"), (1, "Ramps"), (0, "Money")):
        item = document.add_paragraph(words)
        item._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )
    [part] = read_word(saved(document), name="x").parts
    assert part.body == "<ul><li>Homes<ol><li>Lifts</li><li>Ramps</li></ol></li><li>Money</li></ul>"


def test_a_table_without_a_header_gets_its_first_row_as_one_and_that_is_said():
    found = read(heading("Part"), table(("Service", "Sum"), ("Care", "£1")))
    assert "<thead><tr><th" in found.parts[0].body and found.parts[0].tables == 1
    assert "One table had no header row, so its first row is one now." in found.notes


def test_a_header_row_that_word_knows_is_kept_as_it_is():
    def with_header(document):
        made = document.add_table(3, 1)
        for row, words in zip(made.rows, ("Service", "Care", "Homes"), strict=True):
            row.cells[0].text = words
        from docx.oxml import OxmlElement

        made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))

    found = read(heading("Part"), with_header)
    assert found.parts[0].body.count("<th ") == 1
    assert not any("header row" in note for note in found.notes)


def test_merged_cells_stay_merged():
    def merged(document):
        made = document.add_table(3, 2)
        made.cell(0, 0).merge(made.cell(0, 1)).text = "Both"
        made.cell(1, 0).merge(made.cell(2, 0)).text = "Left"
        made.cell(1, 1).text, made.cell(2, 1).text = "One", "Two"

    text = body(merged)
    assert 'colspan="2">Both</th>' in text
    assert '<td rowspan="2">Left</td><td>One</td></tr><tr><td>Two</td>' in text


def test_captions_belong_to_their_tables():
    text = body(paragraph("Table 1: Money", "Caption"), table(("A", "B"), ("1", "2")))
    assert text.startswith("<table><caption>Table 1: Money</caption>")
    text = body(table(("A", "B"), ("1", "2")), paragraph("Table 2: Below", "Caption"))
    assert text.startswith("<table><caption>Table 2: Below</caption>")


def test_a_box_drawn_as_a_table_is_text():
    found = read(heading("Part"), table(("Our promise",)))
    assert found.parts[0].body == "<p>Our promise</p>"
    assert "One box drawn as a table became text." in found.notes


def test_footnotes_stand_where_their_mark_stood():
    file = with_part(
        word_file(heading("Part"), noted("People", " live here.")), "footnotes", FOOTNOTES, FOOTNOTES_TYPE
    )
    [part] = read_word(file, name="x").parts
    assert part.body == "<p>People<small>Census 2022, <em>table 4</em></small> live here.</p>"
    assert part.notes == 1


def test_a_note_in_a_heading_is_left_out_and_shown():
    mark = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    head = raw(f'<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>{run("Housing")}{mark}</w:p>')
    file = with_part(word_file(head, paragraph("Homes.")), "footnotes", FOOTNOTES, FOOTNOTES_TYPE)
    [part] = read_word(file, name="x").parts
    assert part.title == "Housing"
    assert part.changes == ["A heading has no notes, so this one is left out: “Census 2022, table 4”."]


def test_tracked_changes_are_taken_as_accepted():
    found = read(
        heading("Part"),
        raw(
            f'<w:p>{run("We ")}<w:del w:id="1" w:author="a"><w:r><w:delText>might</w:delText></w:r></w:del>'
            f'<w:ins w:id="2" w:author="a">{run("will")}</w:ins>{run(" act.")}</w:p>'
        ),
    )
    assert found.parts[0].body == "<p>We will act.</p>"
    assert "Two tracked changes were taken as accepted." in found.notes


def test_comments_are_left_out_and_counted():
    file = with_part(word_file(heading("Part"), paragraph("Homes.")), "comments", COMMENTS, COMMENTS_TYPE)
    found = read_word(file, name="x")
    assert "One comment is left out." in found.notes
    assert "Ann" not in found.parts[0].body


GRAPHIC = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="1" name="x"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/{}"/></a:graphic></wp:inline></w:drawing>'
    "</w:r></w:p>"
)


def test_charts_smartart_and_equations_are_counted():
    equation = (
        '<w:p><m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>x</m:t></m:r>'
        "</m:oMath></w:p>"
    )
    found = read(
        heading("Part"),
        raw(GRAPHIC.format("chart")),
        raw(GRAPHIC.format("chart")),
        raw(GRAPHIC.format("diagram")),
        raw(equation),
        paragraph("Homes."),
    )
    assert found.parts[0].body == "<p>Homes.</p>"
    assert {
        "Two charts are left out.",
        "One SmartArt drawing is left out.",
        "One equation is left out.",
    } <= set(found.notes)


def test_what_is_inserted_from_elsewhere_or_drawn_is_counted():
    shape = GRAPHIC.format("x").replace(
        "http://schemas.openxmlformats.org/drawingml/2006/x",
        "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    )
    found = read(heading("Part"), raw(shape), raw("<w:altChunk/>"), paragraph("Homes."))
    assert "One drawing made of shapes is left out." in found.notes
    assert any(note.startswith("One piece taken from another file is left out") for note in found.notes)


def test_hidden_text_is_told_since_it_can_be_read_now():
    hidden, shown = run("Secret.", "<w:vanish/>"), run("Open.", '<w:vanish w:val="0"/>')
    mark = "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"
    found = read(heading("Part"), raw(f"<w:p>{mark}{hidden}{shown}</w:p>"))
    assert any(note.startswith("One stretch of hidden text can be read now") for note in found.notes)


BOX = (
    '<w:p><w:r><w:t>Beside it.</w:t></w:r><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
    "<w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    "</w:p>"
)


def test_a_text_box_becomes_text_behind_its_paragraph():
    found = read(heading("Part"), raw(BOX))
    assert found.parts[0].body == "<p>Beside it.</p><p>In the box.</p>"
    assert "One text box became text, behind the paragraph it was anchored to." in found.notes


def test_ticked_boxes_are_characters():
    ticks = (
        '<w:p><w:sdt><w:sdtPr><w14:checkbox xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml">'
        '<w14:checked w14:val="1"/></w14:checkbox></w:sdtPr><w:sdtContent><w:r><w:t>☒</w:t></w:r></w:sdtContent>'
        "</w:sdt>"
        f"{run(' Agreed')}</w:p>"
    )
    assert body(raw(ticks)) == "<p>☑ Agreed</p>"


# Pictures


def test_pictures_carry_their_alternative_text_and_wait_for_it_where_there_is_none():
    found = read(heading("Part"), picture("A house"), paragraph("Between."), picture(None, "red"))
    [part] = found.parts
    assert part.body == (
        f'<figure><img src="{picture_address(1)}" alt="A house"></figure><p>Between.</p>'
        f'<figure><img src="{picture_address(2)}"></figure>'
    )
    assert (part.pictures, part.undescribed) == ([1, 2], [2])
    assert [item.prepared.media_type for item in found.pictures] == ["image/png", "image/png"]


def test_the_same_picture_twice_is_one():
    found = read(heading("Part"), picture("A house"), heading("Other"), picture("The house again"))
    assert len(found.pictures) == 1
    assert [part.pictures for part in found.parts] == [[1], [1]]


def test_a_picture_that_word_calls_decoration_is_not_asked_about():
    def decoration(document):
        picture()(document)
        properties = document.inline_shapes[0]._inline.docPr
        from docx.oxml import parse_xml

        properties.append(
            parse_xml(
                '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
                '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}"><adec:decorative val="1" '
                'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative"/></a:ext></a:extLst>'
            )
        )

    [part] = read(heading("Part"), decoration).parts
    assert part.body == f'<figure><img src="{picture_address(1)}" alt=""></figure>'
    assert part.undescribed == []


def test_a_caption_below_a_picture_is_its_caption():
    text = body(picture("A house"), paragraph("Figure 1: Our house", "Caption"))
    assert text == (
        f'<figure><img src="{picture_address(1)}" alt="A house"><figcaption>Figure 1: Our house</figcaption></figure>'
    )


def test_pictures_that_cannot_be_shown_are_left_out_and_counted():
    file = word_file(heading("Part"), picture("A drawing"), paragraph("Homes."))
    metafile = rezipped(file, change={"word/media/image1.png": lambda _: b"\x01\x00\x00\x00EMF"})
    found = read_word(metafile, name="x")
    assert found.parts[0].body == "<p>Homes.</p>"
    assert found.pictures == []
    assert any(note.startswith("One picture left out: of a kind") for note in found.notes)


def test_a_linked_picture_is_never_fetched(monkeypatch):
    def followed(*_args, **_named):
        pytest.fail("an address in the file was followed")

    monkeypatch.setattr("urllib.request.urlopen", followed)
    monkeypatch.setattr("socket.create_connection", followed)
    file = word_file(heading("Part"), picture("A house"), paragraph("Homes."))
    linked = rezipped(
        file,
        change={
            DOCUMENT: lambda data: data.replace(b"r:embed=", b"r:link="),
            "word/_rels/document.xml.rels": lambda data: data.replace(
                b'Target="media/image1.png"', b'Target="http://192.0.2.1/x.png" TargetMode="External"'
            ),
        },
    )
    found = read_word(linked, name="x")
    assert found.parts[0].body == "<p>Homes.</p>"
    assert "One picture is only linked to and not in the file, so it is left out." in found.notes


def test_no_more_pictures_than_a_plan_can_hold(monkeypatch):
    monkeypatch.setattr(word, "MOST_PICTURES", 1)
    found = read(heading("Part"), picture("A house"), picture("A lift", "red"))
    assert len(found.pictures) == 1
    assert "One picture left out: beyond the first 1." in found.notes


# Accounting


def test_every_paragraph_is_accounted_for():
    file = word_file(
        paragraph("Angus plan", "Title"),
        paragraph("By the chair."),
        heading("Housing"),
        noted("Homes", " come first."),
        paragraph(""),
        paragraph("one", "List Bullet"),
        table(("Service", "Sum"), ("Care", "")),
        picture("A house"),
        paragraph("Figure 1", "Caption"),
        raw(BOX),
        raw('<w:p><w:del w:id="1" w:author="a"><w:r><w:delText>Gone</w:delText></w:r></w:del></w:p>'),
        raw(
            '<w:p><w:pPr><w:rPr><w:del w:id="2" w:author="a"/></w:rPr></w:pPr><w:r><w:t>Joined </w:t></w:r></w:p>'
        ),
        paragraph("to this."),
    )
    found = read_word(with_part(file, "footnotes", FOOTNOTES, FOOTNOTES_TYPE), name="x")
    assert found.paragraphs == 12
    assert found.paragraphs == found.left_out + sum(part.paragraphs for part in found.parts)


def test_a_plan_that_the_portal_wrote_is_told_from_others():
    def about(subject):
        def add(document):
            document.core_properties.subject = subject

        return word_file(heading("Part"), paragraph("Homes."), add)

    assert word.WRITTEN_HERE in read_word(about("A plan"), name="x", own_subject="A plan").notes
    assert word.WRITTEN_HERE not in read_word(about("Other"), name="x", own_subject="A plan").notes
    assert word.WRITTEN_HERE not in read_word(about(""), name="x").notes


# Files that lie


def test_a_file_without_text_is_refused():
    with pytest.raises(FileRefused, match="There is no text in the file"):
        read()


def test_a_file_with_too_many_headings_is_refused(monkeypatch):
    monkeypatch.setattr(word, "MOST_PARTS", 2)
    with pytest.raises(FileRefused, match="3 headings of the first level"):
        read(heading("A"), heading("B"), heading("C"))


def test_a_part_that_is_too_long_is_refused_by_name(monkeypatch):
    monkeypatch.setattr("foundation.richtext.cleaning.MAX_LENGTH", 500)
    with pytest.raises(FileRefused, match="What stands under “Housing” has"):
        read(heading("Housing"), paragraph("Homes. " * 100))


def test_what_refers_to_something_missing_is_refused_in_words():
    file = word_file(heading("Part"), noted("People", " live here."))
    with pytest.raises(FileRefused, match="cannot be read"):
        read_word(file, name="x")
    spans = rezipped(
        word_file(heading("Part"), table(("A", "B"), ("1", "2"))),
        change={DOCUMENT: lambda data: data.replace(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="many"/>')},
    )
    with pytest.raises(FileRefused, match="cannot be read"):
        read_word(spans, name="x")


def test_a_style_map_that_a_file_brings_is_not_used():
    file = rezipped(
        word_file(heading("Part"), paragraph("Homes.")),
        add={"mammoth/style-map": b"p => h1:fresh"},
    )
    assert [part.title for part in read_word(file, name="x").parts] == ["Part"]


def test_markup_typed_as_text_stays_text():
    assert body(paragraph("<script>alert(1)</script>")) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_reading_leaves_the_file_open_for_others():
    file = word_file(heading("Part"), paragraph("Homes."))
    read_word(file, name="x")
    assert isinstance(file, io.BytesIO) and not file.closed
