"""Tells the rows of a ledger that are lines from its headings, totals and repeated headers."""

from __future__ import annotations

import re
from decimal import Decimal

from foundation.sgds.formats import money

from ...enums import Unit
from ...imports.amounts import NotAnAmount
from ...imports.matching import Header, Matched
from ...imports.tables import Row
from .cells import CellReader, is_empty, text_of

_TOTAL = re.compile(r"(grand |sub[ -]?)?totals?\b|sum\b|.*\b(sub[ -]?)?total\s*:?$", re.IGNORECASE)


class WrongTotal(ValueError):
    """A row that calls itself a total and is not the sum of the rows above it."""


class Rows:
    """Follows the rows of a table from the top, and the sums that totals among them should be."""

    def __init__(self, matched: Matched, cells: CellReader) -> None:
        self.used = matched.used
        self.headers = {header.key: header for header in self.used}
        self.cells = cells
        self.unit = matched.layout.convention.unit
        self.since_total = self.so_far = Decimal(0)
        self.counted = 0

    @property
    def money_column(self) -> Header | None:
        return self.headers.get("amount") or self.headers.get("actual")

    def count(self, amount: Decimal | None) -> None:
        """A line with this amount was taken."""
        self.since_total += amount or 0
        self.so_far += amount or 0
        self.counted += 1

    def why_no_line(self, row: Row) -> str:
        """Why the row is left out; empty for a line. Raises WrongTotal."""
        if all(is_empty(row[header.column]) for header in self.used):
            return "nothing stands in the columns that are used"
        if all(text_of(row[header.column]) == header.text for header in self.used):
            return "the headers are repeated"
        held = [cell for cell in row.cells if not is_empty(cell)]
        first = next((text_of(cell) for cell in held if isinstance(cell, str)), "")
        if len(held) == 1 and first and not self._is_amount(first):
            return f"“{first}” stands alone, as the heading of what follows"
        for title in (first, self._title(row)):
            if _TOTAL.match(title) and self._code(row) in {"", title}:
                return self._total(row, title)
        return ""

    def _title(self, row: Row) -> str:
        """The title of a row that names nobody who delivers it, as totals do that stand under a heading's column."""
        title, body = self.headers.get("title"), self.headers.get("delivered_by_id")
        if title is None or body is None or not is_empty(row[body.column]):
            return ""
        return text_of(row[title.column]) or ""

    def _is_amount(self, text: str) -> bool:
        try:
            return self.cells.amount(text).pounds is not None
        except NotAnAmount:
            return False

    def _code(self, row: Row) -> str:
        header = self.headers.get("code")
        if header is None or is_empty(row[header.column]):
            return ""
        return text_of(row[header.column]) or "a number"

    def _total(self, row: Row, title: str) -> str:
        column = self.money_column
        try:
            told = self.cells.amount(row[column.column]).pounds if column else None
        except NotAnAmount:
            return ""  # as a line it is told at its cell
        # Every rounded figure, the total's too, may be half a unit off.
        is_rounded = self.unit != Unit.POUNDS
        slack = Decimal(self.unit.pounds) / 2 * (self.counted + 1) if is_rounded else Decimal(0)
        sums = (self.since_total, self.so_far)
        above = self.since_total
        self.since_total, self.counted = Decimal(0), 0
        if told is None or told in sums:
            return f"“{title}” is a total"
        if any(abs(told - added) <= slack for added in sums):
            return (
                f"“{title}” is a total: it says {money(told)}, and the rows above it come to {money(above)}, "
                f"as figures do that are rounded to {self.unit.label.lower()}"
            )
        raise WrongTotal(
            f"“{title}” looks like a total, but the rows above it come to {money(above)} and this row says "
            f"{money(told)}. Correct the total, or delete the row; if it is a line, give it a code"
        )
