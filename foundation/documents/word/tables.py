"""HTML tables as Word's: header rows that every page repeats, merged cells, columns as wide as what is in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml.html import HtmlElement

from .markup import element
from .words import Words, classes_of, read_within, tidy

# The text's width on an A4 page with these margins, in twentieths of a point.
PAGE_WIDTH = 9638
# Twentieths of a point for a character of table text, and for the space beside it.
_CHARACTER, _MARGIN = 108, 260
# A longer text is broken into lines: more of it makes no column wider.
_LINE = 34


@dataclass(frozen=True)
class Cell:
    node: HtmlElement
    across: int
    down: int
    is_bold: bool
    is_number: bool

    @cached_property
    def lines(self) -> list[str]:
        """The words that are seen, with the breaks that stand in them."""
        return "".join(one.text for one in tidy(read_within(self.node, Words("")))).split("\n")


@dataclass(frozen=True)
class Table:
    """`grid` has the cell that covers each place, row by row; `heads` rows are repeated on every page."""

    grid: list[list[Cell | None]]
    heads: int

    @property
    def columns(self) -> int:
        return max((len(row) for row in self.grid), default=0)

    def begins(self, row: int, column: int) -> bool:
        """Whether the cell at this place begins there and is not the rest of one above or before it."""
        cell = self.grid[row][column]
        return not (
            (row and self.grid[row - 1][column] is cell) or (column and self.grid[row][column - 1] is cell)
        )


def read_table(node: HtmlElement) -> Table:
    """The table with every place filled. Spans that run out of it are cut."""
    rows = [(row, is_head) for row, is_head in _rows(node)]
    places: dict[tuple[int, int], Cell] = {}
    for number, (row, is_head) in enumerate(rows):
        is_total = "total" in classes_of(row)
        column = 0
        for one in row:
            if one.tag not in {"td", "th"}:
                continue
            while (number, column) in places:
                column += 1
            cell = Cell(
                one,
                across=int(one.get("colspan") or 1),
                down=min(int(one.get("rowspan") or 1), len(rows) - number),
                is_bold=is_head or (is_total and one.tag == "th"),
                is_number="ds_cell--numeric" in classes_of(one),
            )
            for down in range(cell.down):
                for across in range(cell.across):
                    places.setdefault((number + down, column + across), cell)
    width = max((column for _, column in places), default=-1) + 1
    grid = [[places.get((row, column)) for column in range(width)] for row in range(len(rows))]
    return Table(grid, heads=sum(is_head for _, is_head in rows))


def _rows(node: HtmlElement) -> Iterator[tuple[HtmlElement, bool]]:
    for part in node:
        if part.tag == "tr":
            yield part, False
        elif part.tag in {"thead", "tbody", "tfoot"}:
            yield from ((row, part.tag == "thead") for row in part if row.tag == "tr")


def table_frame(table: Table, title: str) -> tuple[Any, list[list[tuple[Cell | None, Any]]]]:
    """The table without its words, and its cells with the elements that their words go into, row by row."""
    widths = _widths(table)
    frame = element(
        "tbl",
        element(
            "tblPr",
            element("tblStyle", val="PortalTable"),
            element("tblW", w=sum(widths), type="dxa"),
            element("tblLayout", type="fixed"),
            element("tblLook", val="0020", firstRow=int(table.heads > 0), noHBand="1", noVBand="1"),
            element("tblCaption", val=title) if title else None,
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in widths)),
    )
    written = []
    for number in range(len(table.grid)):
        row = element(
            "tr",
            element("trPr", element("cantSplit"), element("tblHeader") if number < table.heads else None),
        )
        cells = list(_cells(table, number, widths))
        row.extend(holder for _, holder in cells)
        frame.append(row)
        written.append(cells)
    return frame, written


def _cells(table: Table, row: int, widths: list[int]) -> Iterator[tuple[Cell | None, Any]]:
    column = 0
    while column < table.columns:
        cell = table.grid[row][column]
        across = 1
        while (
            cell is not None and column + across < table.columns and table.grid[row][column + across] is cell
        ):
            across += 1
        goes_on = bool(cell is not None and row and table.grid[row - 1][column] is cell)
        merge = None
        if cell is not None and cell.down > 1:
            merge = element("vMerge") if goes_on else element("vMerge", val="restart")
        holder = element(
            "tc",
            element(
                "tcPr",
                element("tcW", w=sum(widths[column : column + across]), type="dxa"),
                element("gridSpan", val=across) if across > 1 else None,
                merge,
            ),
        )
        yield (None if goes_on else cell), holder
        column += across


def _widths(table: Table) -> list[int]:
    """A width for each column: as its longest word and its words together ask, in the width of the page."""
    wanted, least = [0] * table.columns, [0] * table.columns
    for row in table.grid:
        for column, cell in enumerate(row):
            if cell is None or cell.across > 1:
                continue
            lines = cell.lines
            # A figure is never broken; what stands below it may be.
            unbroken = lines[:1] if cell.is_number and not cell.is_bold else lines[0].split()
            unbroken += " ".join(lines[1:]).split()
            longest = max(map(len, unbroken), default=0) + cell.is_bold
            least[column] = max(least[column], min(longest, _LINE))
            wanted[column] = max(wanted[column], min(max(map(len, lines)), 4 * _LINE))
    least = [_MARGIN + _CHARACTER * max(length, 2) for length in least]
    spare = PAGE_WIDTH - sum(least)
    if spare <= 0:
        return [max(width * PAGE_WIDTH // sum(least), 1) for width in least]
    asked = [max(_MARGIN + _CHARACTER * length - low, 0) for length, low in zip(wanted, least, strict=True)]
    total = sum(asked)
    if not total:
        return [low + spare // len(least) for low in least] if least else []
    return [low + spare * more // total for low, more in zip(least, asked, strict=True)]
