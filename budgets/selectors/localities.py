"""The money by locality (SSI 2014/326 reg 6(2))."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from localities.models import Locality

from ..models import Budget, BudgetLine
from .lines import lines_of_year
from .totals import MONEY, NOTHING, added_up, share_of


@dataclass(frozen=True)
class LocalityTotal:
    """What is budgeted for one locality; `locality` None is what belongs to no single one. Share in per cent."""

    locality: Locality | None
    amount: Decimal
    share: Decimal | None
    lines: int

    @property
    def label(self) -> str:
        return self.locality.name if self.locality else "Area-wide, not attributable to a locality"


@dataclass(frozen=True)
class LocalitySplit:
    """The year's allocation by locality, area-wide last, and how the parts were worked out."""

    rows: tuple[LocalityTotal, ...]
    total: Decimal
    methods: tuple[str, ...]


def locality_split(budget: Budget, resources: Decimal) -> LocalitySplit:
    """Every locality's part of the year's allocation, with what is area-wide in a row of its own.

    `resources` is everything paid or set aside, in pounds: shares are of that (SSI 2014/326 reg 6(2)).
    """
    localities = localities_of(budget).annotate(
        budgeted=Coalesce(
            Sum("budget_shares__amount", filter=Q(budget_shares__line__budget=budget)),
            NOTHING,
            output_field=MONEY,
        ),
        lines_shared=Count("budget_shares", filter=Q(budget_shares__line__budget=budget)),
    )
    rows = [
        LocalityTotal(
            locality, locality.budgeted, share_of(locality.budgeted, resources), locality.lines_shared
        )
        for locality in localities
    ]
    whole = lines_of_year(budget).aggregate(
        total=added_up("amount"), shared_area=Count("pk", filter=~Q(area_wide=0))
    )
    left = whole["total"] - sum((row.amount for row in rows), NOTHING)
    rows.append(LocalityTotal(None, left, share_of(left, resources), whole["shared_area"]))
    return LocalitySplit(tuple(rows), whole["total"], locality_methods(budget))


def locality_methods(budget: Budget) -> tuple[str, ...]:
    """How the year's lines were split by locality, in words, each way once. One query."""
    rows = budget.lines.exclude(locality_method="").order_by("locality_method", "locality_note")
    found = rows.values_list("locality_method", "locality_note").distinct()
    return tuple(
        BudgetLine(locality_method=method, locality_note=note).locality_words for method, note in found
    )


@dataclass(frozen=True)
class LineSplit:
    """One line's parts by locality and what is left area-wide. Pounds; shares are percentages of the line."""

    rows: tuple[LocalityTotal, ...]
    method: str


def line_split(line: BudgetLine) -> LineSplit:
    """The line's parts by locality, the area-wide rest as the last row even when it is nothing. One query."""
    shares = list(line.locality_shares.select_related("locality").order_by("locality__name"))
    rows = [
        LocalityTotal(share.locality, share.amount, share_of(share.amount, line.amount), 1)
        for share in shares
    ]
    left = line.amount - sum((row.amount for row in rows), NOTHING)
    rows.append(LocalityTotal(None, left, share_of(left, line.amount), 1))
    return LineSplit(tuple(rows), line.locality_words)


def localities_of(budget: Budget) -> QuerySet[Locality]:
    """The localities that exist at some time in the budget's year."""
    return (
        Locality.objects.for_partnership(budget.partnership)
        .filter(
            Q(starts_on__lte=budget.ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=budget.starts_on))
        )
        .order_by("name")
    )
