"""What is found in a file before anybody asks what it means: sheets of rows of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from foundation.incoming.archives import FileRefused

# A budget has hundreds of lines; a ledger's detail has thousands.
MOST_ROWS = 20_000
MOST_COLUMNS = 200
# All cells are in memory while a file is read, at about a hundred bytes each.
MOST_CELLS = 1_000_000
MOST_BYTES = 20 * 1024 * 1024


def too_many_cells() -> FileRefused:
    return FileRefused(
        f"The file has more than {MOST_CELLS:,} cells or texts. Divide it into several files, or delete the sheets and "
        "columns that do not belong to the budget lines."
    )


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell whose value nobody can know; `why` goes on from “The cell ”."""

    why: str


Cell = str | Decimal | date | bool | Unreadable | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the number that it has in the file, from 1."""

    number: int
    cells: list[Cell]

    def __getitem__(self, column: int) -> Cell:
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True)
class Merged:
    """Cells that are one cell in Excel. Rows from 1, columns from 0, both ends within."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int
    name: str

    def has_column(self, column: int) -> bool:
        return self.first_column <= column <= self.last_column


@dataclass
class Table:
    """A sheet, or the one table of a text file. Rows that Excel hides are not among `rows`, only named."""

    name: str
    rows: list[Row]
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: frozenset[int] = frozenset()
    merged: list[Merged] = field(default_factory=list)


@dataclass
class Book:
    """Everything in a file that a person can see in Excel, and words about what they cannot."""

    tables: list[Table]
    notes: list[str] = field(default_factory=list)


def column_letter(column: int) -> str:
    """A for 0, Z for 25, AA for 26: as Excel names them."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return letters


def ranges(numbers: list[int]) -> str:
    """“3, 5 to 9 and 12” for the row numbers that these are."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    words = [str(first) if first == last else f"{first} to {last}" for first, last in runs]
    if len(words) > 12:
        words = [*words[:11], f"{len(words) - 11} more places"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
