"""What a page shows because of its place in the file: the folio, and the mark of a draft under the text.

How a folio looks and where it stands is the stylesheet's business: a model of it is rendered once, and read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object

from .faults import AssemblyFault
from .fonts import read_texts, read_widths

FOLIO = "Page {page} of {pages}"
# Every character that a folio can hold.
MODEL_TEXT = "".join(dict.fromkeys(FOLIO.format(page="0123456789", pages="")))
# The folio's place is the page's lower right margin box, as in a document that is rendered whole.
MODEL_CSS = f'@page {{ @bottom-right {{ content: "{MODEL_TEXT}" }} }}'

_FONT, _MARK = Name("/PortalFolio"), Name("/PortalMark")


@dataclass(frozen=True)
class FolioModel:
    """How a folio is written: `right` is its end, from the page's right edge, `bottom` its baseline. All in points."""

    font: Object
    size: float
    colour: tuple[float, ...]
    right: float
    bottom: float

    @classmethod
    def read(cls, sheet: pikepdf.Pdf, into: pikepdf.Pdf) -> "FolioModel":
        """The model as it stands on the rendered sheet. Its font is copied into the file. Raises AssemblyFault."""
        page = sheet.pages[-1]
        matrix, saved = pikepdf.Matrix(), []
        colour: tuple[float, ...] = (0, 0, 0)
        for step in pikepdf.parse_content_stream(page):
            operands = step.operands
            match str(step.operator):
                case "q":
                    saved.append(matrix)
                case "Q":
                    matrix = saved.pop()
                case "cm":
                    matrix = pikepdf.Matrix(*map(float, operands)) @ matrix
                case "rg":
                    colour = tuple(map(float, operands))
                case "Tf":
                    name, size = str(operands[0]), float(operands[1])
                case "Tm":
                    text = pikepdf.Matrix(*map(float, operands)) @ matrix
                case "TJ" | "Tj":
                    font = page.resources.Font[name]
                    size *= abs(text.d)
                    right = float(page.mediabox[2]) - text.e - _advance(font, operands[0]) * size / 1000
                    return cls(into.copy_foreign(font), size, colour, right, text.f)
        raise AssemblyFault("the stylesheet shows no folio")


def _advance(font: Object, run: Object) -> float:
    widths = dict(read_widths(font))
    advance = 0.0
    for item in run if isinstance(run, Array) else [run]:
        if isinstance(item, pikepdf.String):
            codes = bytes(item)
            advance += sum(widths[code] for code in _pairs(codes))
        else:
            advance -= float(item)
    return advance


def _pairs(codes: bytes) -> list[int]:
    return [int.from_bytes(codes[start : start + 2]) for start in range(0, len(codes), 2)]


class Stamp:
    """Writes on finished pages."""

    def __init__(self, pdf: pikepdf.Pdf, folio: FolioModel, mark: Object | None) -> None:
        """`mark` is a form that is drawn under the text of every page."""
        self._pdf, self._folio, self._mark = pdf, folio, mark
        self._glyphs = {text: glyph for glyph, text in read_texts(folio.font)}
        self._widths = dict(read_widths(folio.font))
        self._streams: dict[str, Object] = {}

    def stamp(self, pages: Sequence[pikepdf.Page], *, without_folio: int) -> None:
        """Every page has the mark, and all after the first `without_folio` say which page of how many they are."""
        for number, page in enumerate(pages, start=1):
            before, after = "q", "Q"
            if self._mark is not None:
                _named(page.obj.Resources, "/XObject")[_MARK] = self._mark
                before = f"{self._drawn_mark(page, self._mark)} q"
            if number > without_folio:
                _named(page.obj.Resources, "/Font")[_FONT] = self._folio.font
                after = f"Q {self._written_folio(page, FOLIO.format(page=number, pages=len(pages)))}"
            contents = page.obj.Contents
            own = list(contents) if isinstance(contents, Array) else [contents]
            page.obj.Contents = Array([self._stream(before), *own, self._stream(after)])

    def _drawn_mark(self, page: pikepdf.Page, mark: Object) -> str:
        """The mark in its own size; smaller where it would not fit on the page."""
        scale = min(1.0, *(float(page.mediabox[side]) / float(mark.BBox[side]) for side in (2, 3)))
        return (
            f"/Artifact <</Type /Pagination /Subtype /Watermark>> BDC q {scale:.4g} 0 0 {scale:.4g} 0 0 cm "
            f"{_MARK} Do Q EMC"
        )

    def _written_folio(self, page: pikepdf.Page, words: str) -> str:
        glyphs = [self._glyphs[letter] for letter in words]
        width = sum(self._widths[glyph] for glyph in glyphs) * self._folio.size / 1000
        x = float(page.mediabox[2]) - self._folio.right - width
        colour = " ".join(f"{channel:.4g}" for channel in self._folio.colour)
        codes = "".join(f"{glyph:04x}" for glyph in glyphs)
        return (
            f"/Artifact <</Type /Pagination /Subtype /Footer /Attached [/Bottom]>> BDC BT {colour} rg "
            f"{_FONT} {self._folio.size:.4g} Tf 1 0 0 1 {x:.3f} {self._folio.bottom:.3f} Tm <{codes}> Tj ET EMC"
        )

    def _stream(self, operators: str) -> Object:
        if operators not in self._streams:
            self._streams[operators] = self._pdf.make_stream(operators.encode())
        return self._streams[operators]


def _named(resources: Object, kind: str) -> Object:
    if kind not in resources:
        resources[kind] = Dictionary()
    return resources[kind]
