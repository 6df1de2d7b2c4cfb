"""The year's financial risks, as table F13 of a finance report shows them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Protocol

from foundation.sgds.formats import count_in_words, money

from .totals import NOTHING


class Ranged(Protocol):
    """A risk, kept or frozen."""

    @property
    def lowest(self) -> Decimal: ...
    @property
    def highest(self) -> Decimal: ...


def risks_in_words(risks: Sequence[Ranged]) -> str:
    """How many there are, and what they would cost if all of them happened."""
    if not risks:
        return "No financial risk is recorded."
    lowest, highest = (
        sum((risk.lowest for risk in risks), NOTHING),
        sum((risk.highest for risk in risks), NOTHING),
    )
    named = count_in_words(len(risks), "risk").capitalize()
    if len(risks) == 1:
        return f"{named}: it would cost from {money(lowest)} to {money(highest)}."
    return f"{named}: if all of them happened, they would cost from {money(lowest)} to {money(highest)}."
