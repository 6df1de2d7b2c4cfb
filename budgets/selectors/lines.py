"""Lines in lists, and the bottom rows of the grid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from partnerships.models import Body, DelegatedFunction, Partnership

from ..enums import FundKind
from ..models import Budget, BudgetLine, LocalityShare
from ..refusals import LineFigures
from .reserves import planned_reserves
from .totals import MONEY, NOTHING


def lines_of(partnership: Partnership) -> QuerySet[BudgetLine]:
    """All budget lines of the partnership, newest year first, with what their labels need."""
    return (
        BudgetLine.objects.for_partnership(partnership)
        .select_related("budget", "delivered_by", "function")
        .order_by("-budget__year", "position", "title", "pk")
    )


def lines_of_year(budget: Budget) -> QuerySet[BudgetLine]:
    """The year's lines in their order, with the part of each that no locality has."""
    shared = LocalityShare.objects.filter(line=OuterRef("pk")).order_by().values("line")
    return budget.lines.select_related("budget", "delivered_by", "function", "hosted_by").annotate(
        area_wide=F("amount")
        - Coalesce(Subquery(shared.annotate(sum=Sum("amount")).values("sum")), NOTHING, output_field=MONEY),
    )


@dataclass(frozen=True)
class LineFilter:
    """Which lines of a year are shown; what is empty filters nothing."""

    words: str = ""
    body: Body | None = None
    fund: str = ""
    category: str = ""
    setting: str = ""
    heading: str = ""
    function: DelegatedFunction | None = None


def lines_shown(budget: Budget, chosen: LineFilter) -> QuerySet[BudgetLine]:
    """The year's lines that pass the filter, as the list and its CSV show them."""
    lines = lines_of_year(budget)
    if chosen.words:
        lines = lines.filter(Q(title__icontains=chosen.words) | Q(group__icontains=chosen.words))
    exactly = {
        "delivered_by": chosen.body,
        "fund": chosen.fund,
        "category": chosen.category,
        "setting": chosen.setting,
        "group": chosen.heading,
        "function": chosen.function,
    }
    return lines.filter(**{name: value for name, value in exactly.items() if value})


@dataclass(frozen=True)
class Pot:
    """One kind of money on the grid: what came in, what its lines take, what is left. Pounds."""

    fund: FundKind
    available: Decimal
    allocated: Decimal

    @property
    def left(self) -> Decimal:
        return self.available - self.allocated


@dataclass(frozen=True)
class GridTotals:
    """The bottom rows of the grid, for the figures that stand in its boxes. `spent` None: nothing is recorded."""

    amount: Decimal
    spent: Decimal | None
    variance: Decimal | None
    pots: tuple[Pot, ...]


def grid_totals(budget: Budget, figures: Iterable[tuple[BudgetLine, LineFigures]]) -> GridTotals:
    """What the grid's figures add up to, and how that stands to what the bodies put in."""
    rows = list(figures)
    settled = [(row.amount, row.actual) for _, row in rows if row.actual is not None]
    spent = sum((actual for _, actual in settled), NOTHING) if settled else None
    came_in = dict(budget.contributions.values_list("kind").annotate(sum=Sum("amount")).order_by())
    came_in[FundKind.PAYMENT] = came_in.get(FundKind.PAYMENT, NOTHING) + planned_reserves(budget).net
    pots = (
        Pot(
            fund,
            came_in.get(fund, NOTHING),
            sum((row.amount for line, row in rows if line.fund == fund), NOTHING),
        )
        for fund in FundKind
    )
    return GridTotals(
        amount=sum((row.amount for _, row in rows), NOTHING),
        spent=spent,
        variance=None if spent is None else sum((amount for amount, _ in settled), NOTHING) - spent,
        pots=tuple(
            pot for pot in pots if pot.available or pot.allocated or pot.fund != FundKind.OWN_RESOURCE
        ),
    )
