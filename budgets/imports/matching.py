"""Finds the row of headers in a file, and what each column means."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..shape import LOCALITY, LineColumn, plain, unit_told
from .amounts import Convention
from .tables import Book, Row, Table, column_letter

# How far down a header may stand: ledgers print a title and a date above it.
LOOKED_AT = 30
LEAVE_OUT = ""
AS_PRINTED = Convention()


@dataclass(frozen=True)
class Layout:
    """How a kind of file says what a line says. `means` gives for each header a column's key, or LEAVE_OUT.

    `header_row` is where the headers stood last time, 0 for nobody knows; `fixed` what new lines say where the file
    does not, by key.
    """

    means: Mapping[str, str]
    convention: Convention = AS_PRINTED
    header_row: int = 0
    fixed: Mapping[str, str] = field(default_factory=dict)
    takes_all: bool = False  # every column has to be known, as in the portal's own template


@dataclass(frozen=True)
class Header:
    """A column of a file and what it means; empty for one that is not used."""

    column: int
    text: str
    key: str

    @property
    def letter(self) -> str:
        return column_letter(self.column)


@dataclass(frozen=True)
class Matched:
    """The table of the file whose rows are lines, from `first_row` on."""

    table: Table
    header_row: int
    headers: tuple[Header, ...]
    layout: Layout
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    @property
    def used(self) -> list[Header]:
        return [header for header in self.headers if header.key]


def template_layout(columns: Sequence[LineColumn]) -> Layout:
    """The portal's own columns, under their headers or other names that they have in files."""
    means: dict[str, str] = {}
    for column in columns:
        for name in (column.header, *column.names):
            means.setdefault(plain(name), column.key)
    return Layout(means, takes_all=True)


def match(book: Book, layout: Layout) -> Matched | None:
    """The table and row that fit the layout best, or None where no row has two of its headers."""
    best: tuple[int, Table, Row] | None = None
    for table in book.tables:
        for row in _candidates(table, layout):
            known = len({key for _, key in _keys(row, layout) if key})
            if known >= 2 and (best is None or known > best[0]):
                best = (known, table, row)
    if best is None:
        return None
    _, table, row = best
    return judge(book, table, row, layout)


def _candidates(table: Table, layout: Layout) -> list[Row]:
    first = table.rows[:LOOKED_AT]
    told = [row for row in table.rows[: LOOKED_AT * 10] if row.number == layout.header_row]
    return [*told, *first]


def _keys(row: Row, layout: Layout) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(row.cells):
        if isinstance(cell, str) and plain(cell):
            yield column, layout.means.get(plain(cell), "")


def fits(matched: Matched, layout: Layout) -> bool:
    """Whether the file has every header that the layout knows to mean something."""
    found = {plain(header.text) for header in matched.headers}
    return {name for name, key in layout.means.items() if key} <= found


def judge(book: Book, table: Table, row: Row, layout: Layout) -> Matched:
    """What the columns under this row of headers mean, with everything that stands against reading them."""
    headers = tuple(
        Header(column, " ".join(str(cell).split()), layout.means.get(plain(str(cell)), LEAVE_OUT))
        for column, cell in enumerate(row.cells)
        if cell is not None and column not in table.hidden_columns
    )
    problems = [
        *_repeated(headers),
        *_missing(headers, table, row, layout),
        *_wrong_unit(headers, layout),
        *(_unknown(headers, layout) if layout.takes_all else ()),
    ]
    notes = list(_unseen(book, table, row, layout))
    if not layout.takes_all and (unused := [header.text for header in headers if not header.key]):
        notes.append(f"Columns of the file that are not used: {', '.join(unused)}.")
    if layout.header_row and layout.header_row != row.number:
        notes.append(
            f"The headers stand in row {row.number}; when this layout was saved they stood in row "
            f"{layout.header_row}."
        )
    return Matched(table, row.number, headers, layout, tuple(notes), tuple(problems))


def _repeated(headers: Sequence[Header]) -> Iterator[str]:
    counts = Counter(header.key for header in headers if header.key)
    for key, count in counts.items():
        if count > 1:
            same = [header for header in headers if header.key == key]
            where = " and ".join(f"{header.letter} (“{header.text}”)" for header in same)
            yield f"The columns {where} mean the same. Leave one of them out, or delete it in the file."


def _missing(headers: Sequence[Header], table: Table, row: Row, layout: Layout) -> Iterator[str]:
    keys = {header.key for header in headers} | set(layout.fixed)
    hidden = [
        f"{column_letter(column)} (“{cell}”)"
        for column, cell in enumerate(row.cells)
        if column in table.hidden_columns and cell is not None
    ]
    also = (
        f" Hidden columns are not read: {', '.join(hidden)}. Unhide them if you need them." if hidden else ""
    )
    if "code" not in keys and "title" not in keys:
        yield (
            f"No column says which line a row is. Choose the column with the code or the title of the line.{also}"
        )
    if "amount" not in keys and "actual" not in keys and not any(key.startswith(LOCALITY) for key in keys):
        yield f"No column has amounts. Choose the column with the budget, or with what was spent.{also}"


def _wrong_unit(headers: Sequence[Header], layout: Layout) -> Iterator[str]:
    unit = layout.convention.unit
    for header in headers:
        told = unit_told(header.text) if header.key else None
        if told is not None and told != unit:
            yield (
                f"The header “{header.text}” says {told.label.lower()}, and the file would be read in "
                f"{unit.label.lower()}. Choose {told.label.lower()}, or correct the header in the file."
            )
            return


def _unknown(headers: Sequence[Header], layout: Layout) -> Iterator[str]:
    for header in headers:
        if not header.key:
            near = difflib.get_close_matches(plain(header.text), layout.means, n=1)
            guess = f" Is it “{near[0]}”?" if near else ""
            what = f"Column {header.letter}, “{header.text}”, is not a column of the template."
            yield f"{what}{guess} Choose what it means."


def _unseen(book: Book, table: Table, row: Row, layout: Layout) -> Iterator[str]:
    others = [other.name for other in book.tables if other is not table and _holds_lines(other, layout)]
    if others:
        yield f"Only the sheet “{table.name}” was read. Other sheets with the same headers: {', '.join(others)}."
    hidden = [
        f"{column_letter(column)} (“{cell}”)"
        for column, cell in enumerate(row.cells)
        if column in table.hidden_columns and cell is not None
    ]
    if hidden:
        yield f"Columns that are hidden in Excel were left out: {', '.join(hidden)}."


def _holds_lines(table: Table, layout: Layout) -> bool:
    for row in table.rows[:LOOKED_AT]:
        keys = {key for _, key in _keys(row, layout)}
        if keys & {"code", "title"} and keys & {"amount", "actual"}:
            return True
    return False
