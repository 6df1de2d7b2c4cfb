"""The file itself: what it says of itself, its pages, its contents and its text."""

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm
from lxml import html

from ..assembly.book import Book
from ..registry import Progress
from .charts import Charts
from .flow import Flow, Heading, Place, nodes_of, picture_at
from .lists import Numbering
from .markup import character_style, close_field, element, field, open_field, text_run
from .notes import Notes
from .pictures import Pictures

# Files in the archive bear no time of making, so that the same book is the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_STYLES = Path(__file__).with_name("styles.xml")
# Headings down to this level stand in the contents.
_CONTENTS_LEVELS = 2
# What python-docx's empty document brings along and nobody needs.
_UNWANTED = {"customXml", "stylesWithEffects", "thumbnail"}


def write(book: Book, progress: Progress) -> bytes:
    steps = len(book.chapters) + 1
    document = _empty_document()
    files = {name: data for chapter in book.rendered_first for name, data in chapter.files.items()}
    body = document.element.body
    flow = Flow(
        numbering=Numbering(document.part.numbering_part.element),
        pictures=Pictures(document, lambda source: picture_at(files, source)),
        charts=Charts(document),
        note=Notes(document).add,
        relate=lambda href: document.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True),
    )
    section = body.sectPr
    body.remove(section)
    if book.cover:
        _write(flow, book.cover.html, Place(body))
    before = len(body)
    for step, chapter in enumerate(book.chapters, start=1):
        progress(step, steps, chapter.title)
        flow.opens_page = True
        _write(flow, chapter.html, Place(body))
    progress(steps, steps, "The file")
    for offset, paragraph in enumerate(_contents(flow.headings)):
        body.insert(before + offset, paragraph)
    body.append(section)
    _describe(document, book)
    _lay_out(document, book)
    return _saved(document)


def _write(flow: Flow, markup: str, place: Place) -> None:
    flow.write(nodes_of(html.fragment_fromstring(markup, create_parent="div")), place)


def _empty_document() -> Document:
    document = docx.Document()
    styles = document.part.part_related_by(RELATIONSHIP_TYPE.STYLES)
    styles._element = parse_xml(_STYLES.read_bytes())  # type: ignore[attr-defined]  # there is no other way
    document = styles.package.main_document_part.document
    for holder in (document.part, document.part.package):
        for key in [key for key, one in holder.rels.items() if _is_unwanted(one.reltype)]:
            del holder.rels[key]
    settings = document.settings.element
    for tag in ("savePreviewPicture", "rsids", "docId", "useFELayout"):
        for one in settings.xpath(f".//*[local-name()='{tag}']"):
            one.getparent().remove(one)
    for one in settings.xpath(".//w:compatSetting[@w:name='compatibilityMode']"):
        one.set(_VALUE, "15")
    for one in settings.xpath(".//w:themeFontLang"):
        one.set(_VALUE, "en-GB")
    return document


_VALUE = qn("w:val")


def _is_unwanted(kind: str) -> bool:
    return any(kind.endswith(name) for name in _UNWANTED)


def _contents(headings: list[Heading]) -> list[Any]:
    """A contents that Word keeps: it stands there already and gets its page numbers when the file is opened."""
    listed = [heading for heading in headings if heading.level <= _CONTENTS_LEVELS]
    paragraphs = [
        element("p", element("pPr", element("pStyle", val="TOCHeading")), text_run("Contents")),
    ]
    for heading in listed:
        link = element("hyperlink", text_run(heading.title), anchor=heading.anchor, history="1")
        style = element("pPr", element("pStyle", val=f"TOC{heading.level}"))
        paragraphs.append(element("p", style, link))
    if listed:
        for place, run in enumerate(open_field(f'TOC \\o "1-{_CONTENTS_LEVELS}" \\h \\z \\u')):
            paragraphs[1].insert(1 + place, run)
        paragraphs[-1].append(close_field())
    return paragraphs


def _describe(document: Document, book: Book) -> None:
    facts = document.core_properties
    facts.title = book.title
    facts.subject = book.description
    facts.author = facts.last_modified_by = book.author
    facts.language = book.language
    facts.created = facts.modified = book.created
    facts.comments = facts.keywords = facts.category = ""
    facts.revision = 1


def _lay_out(document: Document, book: Book) -> None:
    """A4; the running title in the head, the mark and the page's number in the foot. The cover has the mark alone."""
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(20)
    page.top_margin, page.bottom_margin = Mm(24), Mm(22)
    page.header_distance = page.footer_distance = Mm(11)
    page.different_first_page_header_footer = book.cover is not None
    head = page.header.paragraphs[0]._p
    head.extend([text_run(book.author), text_run("\t"), text_run(book.running_title or book.title)])
    foot = page.footer.paragraphs[0]._p
    foot.extend(_mark(book))
    foot.append(text_run("\tPage "))
    foot.extend(field("PAGE", "1"))
    foot.append(text_run(" of "))
    foot.extend(field("NUMPAGES", "1"))
    if book.cover is not None:
        page.first_page_footer.paragraphs[0]._p.extend(_mark(book))


def _mark(book: Book) -> list[Any]:
    return [text_run(book.mark_words, character_style("DraftMark"))] if book.mark_words else []


def _saved(document: Document) -> bytes:
    written, same = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts.read(name))
    return same.getvalue()
