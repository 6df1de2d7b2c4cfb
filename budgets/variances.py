"""What was planned less what is real, so that below zero is an overspend. Pounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol


def less(planned: Decimal | None, real: Decimal | None) -> Decimal | None:
    """The difference; None while either is not known."""
    return None if planned is None or real is None else planned - real


class HasFigures(Protocol):
    """A year's budget with its budget, spend and forecast at the end of a month."""

    @property
    def budget(self) -> Decimal: ...
    @property
    def budget_to_date(self) -> Decimal | None: ...
    @property
    def actual(self) -> Decimal | None: ...
    @property
    def forecast(self) -> Decimal | None: ...


class Variances:
    """What figures say against their budget."""

    @property
    def variance_to_date(self: HasFigures) -> Decimal | None:
        return less(self.budget_to_date, self.actual)

    @property
    def variance(self: HasFigures) -> Decimal | None:
        """The year's budget less the forecast outturn."""
        return less(self.budget, self.forecast)
