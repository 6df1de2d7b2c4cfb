"""Where the money goes as the public reads it: typed content that the page, its files and its PDF are made from.

Amounts are pounds, with the set-aside apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.frozen import Frozen
from foundation.sgds.formats import money

FORMAT = 1
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class PublicRow:
    """What one kind of care gets. `per_hundred` is pounds out of every £100, with the set-aside; pounds otherwise."""

    label: str
    paid: Decimal
    set_aside: Decimal
    per_hundred: Decimal
    last_year: Decimal | None

    @property
    def together(self) -> Decimal:
        return self.paid + self.set_aside


@dataclass(frozen=True)
class SpentSoFar:
    """What the closed books, or figures that were published before, say was spent up to a day. Pounds."""

    ends_on: date
    paid: Decimal
    set_aside: Decimal
    is_whole_year: bool
    is_closed: bool = True


@dataclass(frozen=True, kw_only=True)
class PublicMoney(Frozen):
    """One year as the public reads it, last year beside it where that may be told. `income` is taken off already."""

    NEWEST = FORMAT
    WHAT = "what the public reads of the money"

    format: int = FORMAT
    partnership: str
    slug: str
    year: int
    year_label: str
    rows: tuple[PublicRow, ...]
    last_label: str
    spent: SpentSoFar | None
    income: Decimal
    source: str

    @property
    def next_year(self) -> int:
        """The year in which the financial year ends."""
        return self.year + 1

    @property
    def total(self) -> PublicRow:
        paid = sum((row.paid for row in self.rows), NOTHING)
        set_aside = sum((row.set_aside for row in self.rows), NOTHING)
        return PublicRow(
            "Everything",
            paid,
            set_aside,
            Decimal(100),
            Decimal(100) if self.last_label else None,
        )

    @property
    def sentence(self) -> str:
        """The largest parts in plain words."""
        largest = sorted(self.rows, key=lambda row: row.per_hundred, reverse=True)[:3]
        parts = [
            f"{money(row.per_hundred)} is for {row.label[:1].lower()}{row.label[1:]}"
            for row in largest
            if row.together
        ]
        return f"Out of every £100 for {self.year_label}: {'; '.join(parts)}."
