"""Word files for tests: written with python-docx, then changed in the archive where that is the point."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping

from docx import Document
from docx.document import Document as WordDocument
from docx.oxml import parse_xml
from PIL import Image

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FOOTNOTES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f"<w:footnotes {W}>"
    '<w:footnote w:id="2"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr><w:r><w:t>Census 2022, </w:t></w:r>'
    "<w:r><w:rPr><w:i/></w:rPr><w:t>table 4</w:t></w:r></w:p></w:footnote></w:footnotes>"
)
FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
COMMENTS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    f'<w:comments {W}><w:comment w:id="0" w:author="A"><w:p><w:r><w:t>Check this with Ann</w:t></w:r></w:p></w:comment>'
    "</w:comments>"
)
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


def word_file(*parts: Callable[[WordDocument], None]) -> io.BytesIO:
    """A .docx of what each of the functions adds to it."""
    document = Document()
    for add in parts:
        add(document)
    return saved(document)


def saved(document: WordDocument) -> io.BytesIO:
    file = io.BytesIO()
    document.save(file)
    file.seek(0)
    return file


def heading(words: str, level: int = 1) -> Callable[[WordDocument], None]:
    return lambda document: document.add_heading(words, level)


def paragraph(words: str, style: str | None = None) -> Callable[[WordDocument], None]:
    return lambda document: document.add_paragraph(words, style=style)


def picture(alt: str | None = None, colour: str = "navy") -> Callable[[WordDocument], None]:
    """A picture in a paragraph of its own; None: Word says nothing about it."""

    def add(document: WordDocument) -> None:
        shape = document.add_picture(png(colour))
        properties = shape._inline.docPr
        if alt is not None:
            properties.set("descr", alt)

    return add


def raw(xml: str) -> Callable[[WordDocument], None]:
    """A paragraph or table as Word writes it; w: stands for its namespace."""

    def add(document: WordDocument) -> None:
        tag = re.match(r"<([\w:]+)", xml)[1]
        element = parse_xml(xml.replace(f"<{tag}", f"<{tag} {W}", 1))
        document.element.body.insert_element_before(element, "w:sectPr")

    return add


def table(*rows: tuple[str, ...]) -> Callable[[WordDocument], None]:
    def add(document: WordDocument) -> None:
        made = document.add_table(len(rows), len(rows[0]))
        for row, words in zip(made.rows, rows, strict=True):
            for cell, text in zip(row.cells, words, strict=True):
                cell.text = text

    return add


def png(colour: str = "navy", size: tuple[int, int] = (40, 30)) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    file.seek(0)
    return file


def rezipped(
    file: io.BytesIO,
    *,
    change: Mapping[str, Callable[[bytes], bytes]] | None = None,
    add: Mapping[str, bytes] | None = None,
    leave_out: tuple[str, ...] = (),
) -> io.BytesIO:
    """The archive with some parts changed, added or left out."""
    target = io.BytesIO()
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            if entry.filename not in leave_out:
                data = before.read(entry)
                after.writestr(entry.filename, (change or {}).get(entry.filename, lambda same: same)(data))
        for name, data in (add or {}).items():
            after.writestr(name, data)
    target.seek(0)
    return target


def with_part(file: io.BytesIO, kind: str, xml: str, content_type: str) -> io.BytesIO:
    """The file with a part of notes or comments that its document refers to."""
    name = f"word/{kind}.xml"
    relation = (
        f'<Relationship Id="rIdOf{kind}" Target="{kind}.xml" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )
    override = f'<Override PartName="/{name}" ContentType="{content_type}"/></Types>'
    return rezipped(
        file,
        change={
            "[Content_Types].xml": lambda data: data.replace(b"</Types>", override.encode()),
            "word/_rels/document.xml.rels": lambda data: data.replace(b"</Relationships>", relation.encode()),
        },
        add={name: xml.encode()},
        leave_out=(name,),
    )


FOOTNOTE_MARK = (
    '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteReference w:id="2"/></w:r>'
)


def noted(before: str, after: str) -> Callable[[WordDocument], None]:
    """A paragraph with a footnote in it; the notes themselves come with `with_part`."""
    return raw(f"<w:p><w:r><w:t>{before}</w:t></w:r>{FOOTNOTE_MARK}<w:r><w:t>{after}</w:t></w:r></w:p>")
