"""A chart in DrawingML (ISO/IEC 29500-1, 21.2). The order of elements is the schema's: Word refuses any other."""

import re
from collections.abc import Iterable
from typing import Any

from lxml import etree

from .figures import Figures, Row

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PREFIXES: dict[str | None, str] = {"c": CHART, "a": DRAWING, "r": RELATIONSHIPS}

SHEET = "Figures"
_CATEGORY_AXIS, _VALUE_AXIS = 1001, 1002
# Hundredths of a point.
_TEXT_SIZE = 900
# English Metric Units: 12,700 are a point.
_LINE, _LEVEL_LINE, _HAIR = 28_575, 19_050, 9_525
_INK, _SOFT, _GRID, _COMPARATOR = "1A1A1A", "5E5E5E", "D9D9D9", "6B6B6B"
_SHAPES = {"dot": "circle", "square": "square", "triangle": "triangle", "diamond": "diamond"}
# Bars of several series differ in their filling too, the first being plain.
_FILLINGS = ("", "wdUpDiag", "narHorz", "narVert", "wdDnDiag", "smGrid")
# Figures stand at the ends of so many bars and no more.
_LABELLED_BARS = 30
_MILLIONS, _SHORT_AXIS = 5_000_000, 5
_TYPEFACE = "Arial"
_DIGITS = re.compile(r"#,##0(\.0+)?")


def chart_space(figures: Figures, *, workbook: str) -> bytes:
    """The chart part. `workbook` is the relationship that leads to the sheet with the same figures."""
    several = len(figures.rows) > 1
    space = _node(
        "c:chartSpace",
        _node("c:date1904", val=0),
        _node("c:roundedCorners", val=0),
        _node(
            "c:chart",
            _node("c:autoTitleDeleted", val=1),
            _node("c:plotArea", _node("c:layout"), _drawn(figures), *_axes(figures)),
            _legend() if several else None,
            _node("c:plotVisOnly", val=1),
            _node("c:dispBlanksAs", val="gap"),
        ),
        _node("c:spPr", _node("a:noFill"), _node("a:ln", _node("a:noFill"))),
        _text(_INK),
        _node("c:externalData", _node("c:autoUpdate", val=0), **{"r:id": workbook}),
    )
    return bytes(etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True))


def _drawn(figures: Figures) -> Any:
    series = [_series(figures, number) for number in range(len(figures.rows))]
    axes = [_node("c:axId", val=_CATEGORY_AXIS), _node("c:axId", val=_VALUE_AXIS)]
    if figures.kind == "lines":
        shared = [_node("c:grouping", val="standard"), _node("c:varyColors", val=0)]
        return _node("c:lineChart", *shared, *series, _node("c:marker", val=1), *axes)
    is_stack = figures.kind == "stacks"
    return _node(
        "c:barChart",
        _node("c:barDir", val="bar"),
        _node("c:grouping", val="stacked" if is_stack else "clustered"),
        _node("c:varyColors", val=0),
        *series,
        _node("c:gapWidth", val=50),
        _node("c:overlap", val=100) if is_stack else None,
        *axes,
    )


def _series(figures: Figures, number: int) -> Any:
    row = figures.rows[number]
    head = [
        _node("c:idx", val=number),
        _node("c:order", val=number),
        _node("c:tx", _texts(f"{SHEET}!${_column(number + 1)}$1", [row.name])),
    ]
    last = len(figures.categories) + 1
    data = [
        _node("c:cat", _texts(f"{SHEET}!$A$2:$A${last}", figures.categories)),
        _node(
            "c:val", _numbers(f"{SHEET}!${_column(number + 1)}$2:${_column(number + 1)}${last}", figures, row)
        ),
    ]
    if figures.kind == "lines":
        points = [_line_point(row, place) for place in _places(figures, row)]
        look = _node("c:spPr", _stroke(row))
        return _node("c:ser", *head, look, _marker(row), *points, *data, _node("c:smooth", val=0))
    points = [_bar_point(place) for place in sorted(row.set_apart)]
    look = _node("c:spPr", _filling(figures, number))
    labels = _labels(figures)
    return _node("c:ser", *head, look, _node("c:invertIfNegative", val=0), *points, labels, *data)


# Lines


def _stroke(row: Row, *, dashes: str = "") -> Any:
    dashes = dashes or ("dash" if row.is_level else "")
    return _node(
        "a:ln",
        _solid(row.colour),
        _node("a:prstDash", val=dashes) if dashes else None,
        _node("a:round"),
        w=_LEVEL_LINE if row.is_level else _LINE,
        cap="rnd",
    )


def _marker(row: Row, *, is_ring: bool = False) -> Any:
    if row.is_level:
        return _node("c:marker", _node("c:symbol", val="none"))
    fill = _solid("FFFFFF" if is_ring else row.colour)
    look = _node("c:spPr", fill, _node("a:ln", _solid(row.colour), w=_LEVEL_LINE if is_ring else _HAIR))
    return _node(
        "c:marker", _node("c:symbol", val=_SHAPES.get(row.shape, "circle")), _node("c:size", val=6), look
    )


def _places(figures: Figures, row: Row) -> list[int]:
    """Positions whose spot, or the line that leads to them, is drawn in another way than the rest."""
    after = {place + 1 for place in row.provisional}
    return sorted(place for place in row.provisional | after if place < len(figures.categories))


def _line_point(row: Row, place: int) -> Any:
    """A line to or from a provisional figure is dashed, its spot a ring."""
    return _node(
        "c:dPt",
        _node("c:idx", val=place),
        _marker(row, is_ring=place in row.provisional),
        _node("c:bubble3D", val=0),
        _node("c:spPr", _stroke(row, dashes="sysDash")),
    )


# Bars


def _filling(figures: Figures, number: int) -> Any:
    pattern = _FILLINGS[number % len(_FILLINGS)]
    colour = figures.rows[number].colour
    if not pattern:
        return _solid(colour)
    ground = _node("a:fgClr", _colour("FFFFFF")), _node("a:bgClr", _colour(colour))
    return _node("a:pattFill", *ground, prst=pattern)


def _bar_point(place: int) -> Any:
    return _node(
        "c:dPt",
        _node("c:idx", val=place),
        _node("c:invertIfNegative", val=0),
        _node("c:bubble3D", val=0),
        _node("c:spPr", _solid(_COMPARATOR)),
    )


def _labels(figures: Figures) -> Any:
    """The figures at the ends of the bars; inside a stack they would be unreadable."""
    bars = len(figures.rows) * len(figures.categories)
    if figures.kind == "stacks" or bars > _LABELLED_BARS:
        return None
    shown = {
        "showLegendKey": 0,
        "showVal": 1,
        "showCatName": 0,
        "showSerName": 0,
        "showPercent": 0,
        "showBubbleSize": 0,
    }
    return _node(
        "c:dLbls",
        _node("c:numFmt", formatCode=_label_pattern(figures), sourceLinked=0),
        _node("c:spPr", _node("a:noFill"), _node("a:ln", _node("a:noFill"))),
        _text(_INK, wrap="none"),
        _node("c:dLblPos", val="outEnd"),
        *(_node(f"c:{name}", val=shows) for name, shows in shown.items()),
    )


# Axes and legend


def _axes(figures: Figures) -> Iterable[Any]:
    lies = figures.kind != "lines"
    yield _node(
        "c:catAx",
        _node("c:axId", val=_CATEGORY_AXIS),
        # The first bar stands at the top.
        _node("c:scaling", _node("c:orientation", val="maxMin" if lies else "minMax")),
        _node("c:delete", val=0),
        _node("c:axPos", val="l" if lies else "b"),
        _node("c:numFmt", formatCode="General", sourceLinked=0),
        _node("c:majorTickMark", val="none"),
        _node("c:minorTickMark", val="none"),
        _node("c:tickLblPos", val="low"),
        _node("c:spPr", _node("a:ln", _solid(_SOFT), w=_HAIR)),
        _text(_SOFT),
        _node("c:crossAx", val=_VALUE_AXIS),
        _node("c:crosses", val="autoZero"),
        _node("c:auto", val=0),
        _node("c:lblAlgn", val="ctr"),
        _node("c:lblOffset", val=100),
        _node("c:noMultiLvlLbl", val=1),
    )
    yield _node(
        "c:valAx",
        _node("c:axId", val=_VALUE_AXIS),
        _node("c:scaling", _node("c:orientation", val="minMax")),
        _node("c:delete", val=0),
        _node("c:axPos", val="b" if lies else "l"),
        _node("c:majorGridlines", _node("c:spPr", _node("a:ln", _solid(_GRID), w=_HAIR))),
        _node("c:numFmt", formatCode=_axis_pattern(figures), sourceLinked=0),
        _node("c:majorTickMark", val="none"),
        _node("c:minorTickMark", val="none"),
        _node("c:tickLblPos", val="nextTo"),
        _node("c:spPr", _node("a:ln", _node("a:noFill"))),
        _text(_SOFT),
        _node("c:crossAx", val=_CATEGORY_AXIS),
        _node("c:crosses", val="max" if lies else "autoZero"),
        _node("c:crossBetween", val="between"),
    )


def _axis_pattern(figures: Figures) -> str:
    """Figures beside an axis are round ones: millions as such, and no decimals unless the axis is a short one."""
    known = _known(figures)
    span = max(known, default=0) - min(known if figures.kind == "lines" else [0, *known], default=0)
    if span >= _MILLIONS:
        return _rounded(figures, ',,"m"')
    return _rounded(figures, "") if span >= _SHORT_AXIS else figures.pattern


def _label_pattern(figures: Figures) -> str:
    """Figures beside bars are short: millions with one decimal."""
    largest = max(map(abs, _known(figures)), default=0)
    return _rounded(figures, '.0,,"m"') if largest >= _MILLIONS else figures.pattern


def _rounded(figures: Figures, ending: str) -> str:
    return _DIGITS.sub(f"#,##0{ending}", figures.pattern)


def _known(figures: Figures) -> list[float]:
    return [value for row in figures.rows for value in row.values if value is not None]


def _legend() -> Any:
    return _node("c:legend", _node("c:legendPos", val="b"), _node("c:overlay", val=0), _text(_INK))


# Figures and words


def _texts(place: str, words: Iterable[str]) -> Any:
    listed = list(words)
    points = [_node("c:pt", _node("c:v", text=word), idx=number) for number, word in enumerate(listed)]
    cache = _node("c:strCache", _node("c:ptCount", val=len(listed)), *points)
    return _node("c:strRef", _node("c:f", text=place), cache)


def _numbers(place: str, figures: Figures, row: Row) -> Any:
    """The figures; one that is missing has no point."""
    points = [
        _node("c:pt", _node("c:v", text=f"{value:.15g}"), idx=number)
        for number, value in enumerate(row.values)
        if value is not None
    ]
    return _node(
        "c:numRef",
        _node("c:f", text=place),
        _node(
            "c:numCache",
            _node("c:formatCode", text=figures.pattern),
            _node("c:ptCount", val=len(figures.categories)),
            *points,
        ),
    )


def _column(number: int) -> str:
    """The letters of a sheet's column, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _text(colour: str, **body: str) -> Any:
    typeface = _node("a:latin", typeface=_TYPEFACE), _node("a:cs", typeface=_TYPEFACE)
    properties = _node("a:defRPr", _solid(colour), *typeface, sz=_TEXT_SIZE)
    paragraph = _node("a:p", _node("a:pPr", properties), _node("a:endParaRPr", lang="en-GB"))
    return _node("c:txPr", _node("a:bodyPr", **body), _node("a:lstStyle"), paragraph)


def _solid(colour: str) -> Any:
    return _node("a:solidFill", _colour(colour))


def _colour(colour: str) -> Any:
    return _node("a:srgbClr", val=colour.removeprefix("#").upper())


def _node(name: str, *children: Any, text: str = "", **attributes: Any) -> Any:
    """An element with its attributes and children; None among them are left out."""
    made = etree.Element(_qualified(name), nsmap=_PREFIXES)
    for key, value in attributes.items():
        made.set(_qualified(key), str(value))
    if text:
        made.text = text
    made.extend(child for child in children if child is not None)
    return made


def _qualified(name: str) -> str:
    prefix, colon, local = name.partition(":")
    return f"{{{_PREFIXES[prefix]}}}{local}" if colon else name
