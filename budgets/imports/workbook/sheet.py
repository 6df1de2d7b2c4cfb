"""The cells of one sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from foundation.incoming.archives import FileRefused
from foundation.incoming.kinds import Progress

from ..archive import EXCEL
from ..tables import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, Cell, Merged, Row, Table, Unreadable, too_many_cells
from ..tables import column_letter as letter_of
from .parts import Part, local_name, unescaped, whole

MOST_ROW_ELEMENTS = 200_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
FIRST_DAY, FIRST_DAY_ON_A_MAC = date(1899, 12, 30), date(1904, 1, 1)

NO_VALUE = "holds a formula without a saved result. Open the file in Excel, save it and upload it again"


@dataclass
class Shared:
    """What the sheets of a workbook have in common."""

    progress: Progress
    texts: list[str] = field(default_factory=list)
    dates: frozenset[str] = frozenset()
    first_day: date = FIRST_DAY
    cells: int = 0  # of all sheets so far


class Sheet(Part):
    """One sheet. Cells come in the order of their rows and columns."""

    def __init__(self, shared: Shared) -> None:
        super().__init__()
        self.shared = shared
        self.rows: list[Row] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.merged: list[Merged] = []
        self.number = self.seen = 0
        self.cells: list[Cell] = []
        self.is_hidden = False
        self._forget_cell()

    def _forget_cell(self) -> None:
        self.column = -1
        self.kind = self.style = ""
        self.value: str | None = None
        self.inline = ""
        self.has_formula = self.in_value = self.in_inline = False

    def start(self, name: str, facts: dict[str, str]) -> None:  # the inner loop: no call more than needed
        if name == "c":
            self._begin_cell(facts)
        elif name == "v":
            self.in_value = True
            self.value = ""
        elif ":" in name:
            self.start(local_name(name), facts)
        elif begin := _BEGINNINGS.get(name):
            begin(self, facts)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "v":
            self.in_value = False
        elif name == "t":
            self.in_inline = False
        elif name == "row":
            self._end_row()
        elif ":" in name:
            self.end(local_name(name))

    def text(self, text: str) -> None:
        if self.in_value:
            self.value = f"{self.value}{text}"
        elif self.in_inline:
            self.inline += text

    def _begin_row(self, facts: dict[str, str]) -> None:
        self.number = whole(facts.get("r")) or self.number + 1
        self.is_hidden = facts.get("hidden") in {"1", "true"}
        self.cells = []
        self.seen += 1
        if self.seen > MOST_ROW_ELEMENTS:
            raise FileRefused(_too_many_rows())

    def _begin_cell(self, facts: dict[str, str]) -> None:
        reference = facts.get("r")
        self.column = _column_of(reference) if reference else self.column + 1
        self.kind = facts.get("t", "n")
        self.style = facts.get("s", "")
        self.value = None

    def _begin_formula(self, facts: dict[str, str]) -> None:  # noqa: ARG002 - one signature for all beginnings
        self.has_formula = True

    def _begin_inline(self, facts: dict[str, str]) -> None:  # noqa: ARG002
        self.in_inline = True

    def _hide_columns(self, facts: dict[str, str]) -> None:
        if facts.get("hidden") in {"1", "true"}:
            first, last = whole(facts.get("min")), whole(facts.get("max"))
            self.hidden_columns.update(range(first - 1, min(last, MOST_COLUMNS)))

    def _merge(self, facts: dict[str, str]) -> None:
        corners = _REFERENCE.findall(facts.get("ref", ""))
        if len(corners) == 2 and len(self.merged) < MOST_ROWS:
            (left, top), (right, bottom) = corners
            self.merged.append(
                Merged(int(top), int(bottom), _column_of(left), _column_of(right), facts["ref"])
            )

    def _end_cell(self) -> None:
        cell = self._cell()
        column = self.column
        if cell is not None and cell != "":
            if column >= MOST_COLUMNS:
                raise FileRefused(
                    f"Row {self.number} has something in column {letter_of(column)}. A table of lines has up to "
                    f"{MOST_COLUMNS} columns: delete what stands to the right of it and upload the file again."
                )
            self.cells.extend([None] * (column - len(self.cells)))
            self.cells.append(cell)
        self._forget_cell()
        self.column = column

    def _cell(self) -> Cell:
        value, kind = self.value, self.kind
        if kind == "inlineStr":
            return unescaped(self.inline)
        if value is None or (value == "" and kind != "str"):
            return Unreadable(NO_VALUE) if self.has_formula else None
        if kind == "s":
            return self.shared.texts[int(value)]
        return self._number(value) if kind == "n" else _OTHER_KINDS.get(kind, self._number)(value)

    def _number(self, value: str) -> Cell:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return Unreadable("holds something that is neither a number nor text. Type it again")
        if self.style in self.shared.dates and 0 <= number < 2_958_466:  # the last day of the year 9999
            return self.shared.first_day + timedelta(days=int(number))
        return number

    def _end_row(self) -> None:
        self.column = -1
        if not self.cells:
            return
        if self.is_hidden:
            self.hidden_rows.append(self.number)
            return
        self.rows.append(Row(self.number, self.cells))
        self.shared.cells += len(self.cells)
        if self.shared.cells > MOST_CELLS:
            raise too_many_cells()
        if len(self.rows) > MOST_ROWS:
            raise FileRefused(_too_many_rows())
        if len(self.rows) % 1_000 == 0:
            self.shared.progress(f"Reading row {self.number:,}")

    def table(self, title: str) -> Table:
        return Table(title, self.rows, self.hidden_rows, frozenset(self.hidden_columns), self.merged)


_OTHER_KINDS: dict[str, Callable[[str], Cell]] = {
    "str": lambda value: unescaped(value),  # noqa: PLW0108 - it is defined below
    "b": lambda value: value == "1",
    "e": lambda value: Unreadable(f"shows the error {value}. Correct it in Excel"),
    "d": lambda value: date.fromisoformat(value[:10]),
}
_BEGINNINGS: dict[str, Callable[[Sheet, dict[str, str]], Any]] = {
    "row": Sheet._begin_row,
    "f": Sheet._begin_formula,
    "t": Sheet._begin_inline,
    "col": Sheet._hide_columns,
    "mergeCell": Sheet._merge,
}


def _too_many_rows() -> str:
    return (
        f"The file has more than {MOST_ROWS:,} rows. Divide it into several files, or delete the rows below the table "
        "if they only look empty, and upload it again."
    )


_COLUMNS: dict[str, int] = {}


def _column_of(reference: str) -> int:
    """0 for A or A1. The few names that there are are worked out once."""
    letters = reference.rstrip("0123456789")
    if letters not in _COLUMNS:
        if not re.fullmatch(r"[A-Z]{1,3}", letters):
            raise FileRefused(EXCEL.damaged)
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        _COLUMNS[letters] = place - 1
    return _COLUMNS[letters]
