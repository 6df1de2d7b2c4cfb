"""Charts become parts of a document: the drawing in the text, the chart, and the workbook behind it."""

from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm

from ...spreadsheets import Column, Sheet, xlsx_file
from ..markup import element
from .figures import Figures
from .markup import CHART, SHEET, chart_space

_WIDTH = Mm(165)
_LINES_HEIGHT = Mm(68)
# A lying bar with the space around it; axis and legend below all of them.
_BAR_HEIGHT, _BELOW_BARS, _HIGHEST = Mm(7.5), Mm(22), Mm(180)
# Pictures have numbers from 1,000 on.
_FIRST_NUMBER = 5_000


class Charts:
    """Adds charts to a document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._count = 0

    def drawing(self, figures: Figures) -> Any:
        """The chart as an element of a run."""
        self._count += 1
        package = self._document.part.package
        chart = Part(PackURI(f"/word/charts/chart{self._count}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
        sheet = Part(
            PackURI(f"/word/embeddings/chart{self._count}.xlsx"),
            CONTENT_TYPE.SML_SHEET,
            _workbook(figures),
            package,
        )
        chart._blob = chart_space(figures, workbook=chart.relate_to(sheet, RELATIONSHIP_TYPE.PACKAGE))
        key = self._document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
        return element("drawing", self._inline(figures, key))

    def _inline(self, figures: Figures, key: str) -> Any:
        inline = parse_xml(
            f'<wp:inline {nsdecls("wp", "a", "r")} distT="0" distB="0" distL="0" distR="0">'
            f'<wp:extent cx="{_WIDTH}" cy="{_height(figures)}"/><wp:effectExtent l="0" t="0" r="0" b="0"/>'
            f'<wp:docPr id="{_FIRST_NUMBER + self._count}" name="Chart {self._count}"/><wp:cNvGraphicFramePr/>'
            f'<a:graphic><a:graphicData uri="{CHART}">'
            f'<c:chart xmlns:c="{CHART}" r:id="{key}"/></a:graphicData></a:graphic></wp:inline>'
        )
        properties = inline.find(qn("wp:docPr"))
        properties.set("descr", figures.words)
        return inline


def _height(figures: Figures) -> Length:
    if figures.kind == "lines":
        return _LINES_HEIGHT
    beside = len(figures.rows) if figures.kind == "bars" else 1
    return Length(min(_BAR_HEIGHT * len(figures.categories) * beside + _BELOW_BARS, _HIGHEST))


def _workbook(figures: Figures) -> bytes:
    """The figures in a sheet, as the chart names their places: categories, then a column for each series."""
    columns = [
        Column(figures.category_name, "", figures.categories.__getitem__),
        *(Column(row.name, "", row.values.__getitem__, pattern=figures.pattern) for row in figures.rows),
    ]
    return xlsx_file([Sheet(SHEET, columns, range(len(figures.categories)))])
