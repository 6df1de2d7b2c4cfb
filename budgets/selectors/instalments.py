"""The payment schedule of a year (table F11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import accumulate

from django.utils import timezone

from ..enums import FundKind
from ..models import Budget, Contribution, PaymentSchedule
from ..rules import month_words
from .monitoring import period_end
from .totals import NOTHING


@dataclass(frozen=True)
class PaymentRow:
    """One month: what is paid, what it comes to since April, and the day. Pounds. Late: over, and not paid."""

    month: int
    label: str
    amount: Decimal
    cumulative: Decimal
    paid_on: date | None
    is_late: bool


@dataclass(frozen=True)
class Payments:
    """One body's payment and the months in which it is paid; no schedule: nobody has planned it yet."""

    contribution: Contribution
    schedule: PaymentSchedule | None
    rows: tuple[PaymentRow, ...]

    @property
    def total(self) -> Decimal:
        return self.rows[-1].cumulative if self.rows else NOTHING

    @property
    def paid(self) -> Decimal:
        return sum((row.amount for row in self.rows if row.paid_on), NOTHING)

    @property
    def difference(self) -> Decimal:
        """The contribution less its months: nothing, unless the contribution has changed since they were planned."""
        return self.contribution.amount - self.total


def payments_of(budget: Budget) -> list[Payments]:
    """Each payment of the year with its months. Three queries."""
    contributions = (
        budget.contributions.filter(kind=FundKind.PAYMENT)
        .select_related("body", "schedule__changed_by")
        .prefetch_related("schedule__instalments")
        .order_by("body__kind", "body__name")
    )
    return [_payments(budget, contribution) for contribution in contributions]


def _payments(budget: Budget, contribution: Contribution) -> Payments:
    schedule: PaymentSchedule | None = getattr(contribution, "schedule", None)
    instalments = list(schedule.instalments.all()) if schedule else []
    sums = accumulate(row.amount for row in instalments)
    return Payments(
        contribution,
        schedule,
        tuple(
            PaymentRow(
                row.month,
                month_words(budget.year, row.month),
                row.amount,
                cumulative,
                row.paid_on,
                is_late=row.paid_on is None and period_end(budget, row.month) < timezone.localdate(),
            )
            for row, cumulative in zip(instalments, sums, strict=True)
        ),
    )
