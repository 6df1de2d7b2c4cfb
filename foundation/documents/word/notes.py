"""Footnotes, which python-docx has no part for."""

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart

from .markup import character_style, element, text_run
from .words import Words, properties_of

# Word keeps the first two for the line above the notes and its continuation.
_SEPARATORS = ("separator", "continuationSeparator")


class Notes:
    """The footnotes of a document. The part is added with the first of them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._part: XmlPart | None = None
        self._count = len(_SEPARATORS) - 1

    def add(self, words: Iterable[Words]) -> Any:
        """The note is kept; returns the run of its mark in the text."""
        part = self._part = self._part or self._new_part()
        self._count += 1
        part.element.append(self._note(part, words))
        return element(
            "r",
            element("rPr", character_style("FootnoteReference")),
            element("footnoteReference", id=self._count),
        )

    def _note(self, part: XmlPart, words: Iterable[Words]) -> Any:
        mark = element("r", element("rPr", character_style("FootnoteReference")), element("footnoteRef"))
        paragraph = element("p", element("pPr", element("pStyle", val="FootnoteText")), mark, text_run(" "))
        for one in words:
            run = text_run(one.text, *properties_of(one))
            if one.link and not one.link.startswith("#"):
                link = element("hyperlink", run, history="1")
                key = part.relate_to(one.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                link.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", key)
                run = link
            paragraph.append(run)
        return element("footnote", paragraph, id=self._count)

    def _new_part(self) -> XmlPart:
        root = element("footnotes")
        for number, kind in enumerate(_SEPARATORS):
            mark = element("p", element("r", element(kind)))
            root.append(element("footnote", mark, type=kind, id=number))
        package = self._document.part.package
        part = XmlPart(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, root, package)
        self._document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        settings = self._document.settings.element
        kept = element("footnotePr", *(element("footnote", id=n) for n in range(len(_SEPARATORS))))
        settings.insert_element_before(kept, "w:compat", "w:rsids", "w:themeFontLang")
        return part
