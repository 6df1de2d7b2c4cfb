"""What the tables of a finance report are made of, and how lines are added up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from foundation.sgds.formats import date_uk, money, number, percent

from ...books import Books, LinePart
from ...models import Close
from ..totals import NOTHING, share_of


@dataclass(frozen=True)
class Head:
    """One column: `kind` says how its cells are written: text, money, percent, number, date, rag."""

    label: str
    kind: str = "text"

    @property
    def is_number(self) -> bool:
        return self.kind in {"money", "percent", "number"}


@dataclass(frozen=True)
class Row:
    """Cells in the order of the columns. `style` is total, part (a subtotal) or nothing; `line` is the key of the
    budget line that the row is about, if it is one."""

    cells: tuple[Any, ...]
    style: str = ""
    line: int | None = None


@dataclass(frozen=True)
class Written:
    """A cell as it is read."""

    text: str
    kind: str
    is_number: bool


@dataclass(frozen=True)
class WrittenRow:
    written: tuple[Written, ...]
    style: str
    line: int | None


@dataclass(frozen=True)
class Table:
    """`code` is the table's own (F1), `sentence` what it says in words, `note` how to read it."""

    code: str
    title: str
    sentence: str
    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    note: str = ""

    @property
    def anchor(self) -> str:
        return self.code.lower()

    @property
    def caption_id(self) -> str:
        return f"caption-{self.anchor}"

    @property
    def written(self) -> Iterator[WrittenRow]:
        """The rows in words: amounts, percentages and days as people read them.

        In a column of pounds all amounts have pence or none has, so that their digits stand below each other.
        """
        writers = [_writer(head, cells) for head, *cells in zip(self.heads, *self._cells, strict=True)]
        for row in self.rows:
            cells = zip(self.heads, writers, row.cells, strict=True)
            yield WrittenRow(
                tuple(Written(write(cell), head.kind, head.is_number) for head, write, cell in cells),
                row.style,
                row.line,
            )

    @property
    def _cells(self) -> list[tuple[Any, ...]]:
        return [row.cells for row in self.rows]

    @property
    def name(self) -> str:
        return f"{self.code} {self.title}"


@dataclass(frozen=True)
class Report:
    close: Close
    books: Books
    tables: tuple[Table, ...]
    missing: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return outturn_sentence(self.books)


def _empty_or(write: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "" if value is None or value == "" else write(value)


# In a table of pounds the sign stands in its caption.
POUNDS = _empty_or(lambda value: number(value, 0))
PENCE = _empty_or(lambda value: number(value, 2))
WRITERS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "rag": str,
    "percent": _empty_or(lambda value: f"{number(value, 1)}%"),
    "number": _empty_or(number),
    "date": _empty_or(date_uk),
}


def _writer(head: Head, cells: Sequence[Any]) -> Callable[[Any], str]:
    if head.kind != "money":
        return WRITERS[head.kind]
    return PENCE if any(cell and cell % 1 for cell in cells) else POUNDS


MONEY_HEADS = (
    Head("Original budget", "money"),
    Head("Budget changes", "money"),
    Head("Revised budget", "money"),
    Head("Budget to date", "money"),
    Head("Spent to date", "money"),
    Head("Variance to date", "money"),
    Head("Projected outturn", "money"),
    Head("Projected variance", "money"),
    Head("Variance %", "percent"),
    Head("Moved since last report", "money"),
)
VARIANCE_NOTE = "Variance is budget less spent or projected: below zero is an overspend."


def outturn_sentence(books: Books) -> str:
    """How the year is expected to end, with the set-aside apart."""
    paid, aside = total_cells(books.paid_lines), total_cells(books.set_aside_lines)
    words = f"At {books.ends_on:%-d %B %Y} the year is expected to end {_against(paid[7], paid[2])}"
    if not books.set_aside_lines:
        return f"{words}."
    return f"{words}, without the set-aside. The set-aside is expected to end {_against(aside[7], aside[2])}."


def _against(variance: Decimal | None, budget: Decimal) -> str:
    if variance is None:
        return "unknown, because lines have no forecast"
    if not variance:
        return "on budget"
    share = share_of(abs(variance), budget)
    words = f" ({percent(share)})" if share is not None else ""
    return f"{money(abs(variance))}{words} {'over' if variance < 0 else 'under'} budget"


def added_or_none(lines: Iterable[LinePart], figure: Callable[[LinePart], Decimal | None]) -> Decimal | None:
    """The lines' figures as one sum; None where a line lacks its own."""
    total = NOTHING
    for line in lines:
        value = figure(line)
        if value is None:
            return None
        total += value
    return total


def total_cells(lines: Sequence[LinePart]) -> tuple[Any, ...]:
    """The cells of MONEY_HEADS for these lines together."""
    budget = sum((line.budget for line in lines), NOTHING)
    variance = added_or_none(lines, lambda line: line.variance)
    moved = [line.forecast_moved for line in lines if line.forecast_moved is not None]
    return (
        sum((line.original for line in lines), NOTHING),
        sum((line.movement for line in lines), NOTHING),
        budget,
        added_or_none(lines, lambda line: line.budget_to_date),
        added_or_none(lines, lambda line: line.actual),
        added_or_none(lines, lambda line: line.variance_to_date),
        added_or_none(lines, lambda line: line.forecast),
        variance,
        None if variance is None else share_of(variance, abs(budget)),
        sum(moved, NOTHING) if moved else None,
    )


def with_and_without(books: Books, *more: Any) -> list[Row]:
    """The rows at the foot: without the set-aside, the set-aside, and with it."""
    rows = [("Total without the set-aside", books.paid_lines)]
    if books.set_aside_lines:
        rows += [("Set aside", books.set_aside_lines), ("Total with the set-aside", books.lines)]
    return [Row((label, *total_cells(lines), *more), "total") for label, lines in rows]


def total_amount(parts: Sequence[Any]) -> Decimal:
    return sum((part.amount for part in parts), NOTHING)


def sum_of(parts: Sequence[Any], name: str) -> Decimal:
    return sum((getattr(part, name) for part in parts), NOTHING)
