"""The money that directions take out of budget lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from partnerships.models import Partnership

from ...enums import FundKind, MoneyStated
from ...models import Budget, BudgetLine, Direction, DirectionLine, OwnCost
from ...rules import is_part_of
from ..confirmations import unconfirmed_lines
from ..totals import MONEY, NOTHING


def directed_lines(budget: Budget, day: date) -> QuerySet[DirectionLine]:
    """What directions in force on the day direct out of the budget's lines, in pounds."""
    return DirectionLine.objects.filter(
        line__budget=budget, direction__in=Direction.objects.in_force(day).values("pk")
    ).select_related("direction", "line")


def lines_without_direction(partnership: Partnership, day: date) -> QuerySet[BudgetLine]:
    """The partnership's lines that no direction in force on the day takes money from, nor names the function of."""
    in_force = Direction.objects.for_partnership(partnership).in_force(day)
    named = DirectionLine.objects.filter(line=OuterRef("pk"), direction__in=in_force.values("pk"))
    by_function = in_force.filter(functions=OuterRef("function"), lines__isnull=True)
    return BudgetLine.objects.filter(budget__partnership=partnership).filter(
        ~Exists(named), ~Exists(by_function)
    )


@dataclass(frozen=True)
class LineToDirect:
    """A line that a draft may take money from. Pounds; `elsewhere` is what other directions and own costs take."""

    line: BudgetLine
    elsewhere: Decimal
    here: Decimal | None

    @property
    def left(self) -> Decimal:
        """What nobody else takes of the line; nothing where others take more than it has."""
        rest = self.line.amount - self.elsewhere
        return rest if is_part_of(rest, self.line.amount) else NOTHING


def lines_to_direct(direction: Direction) -> list[LineToDirect]:
    """The year's lines that fit the draft: of its bodies, from its kind of money, of its functions. Two queries.

    A line without a single function fits every direction. Lines that the draft has already are there in any case.
    """
    if direction.budget is None:
        return []
    fits = Q(delivered_by__in=direction.targets.values("body"))
    fits &= (
        Q(fund=FundKind.SET_ASIDE)
        if direction.money == MoneyStated.SET_ASIDE
        else ~Q(fund=FundKind.SET_ASIDE)
    )
    fits &= Q(function__isnull=True) | Q(function__in=direction.functions.values("pk"))
    here = dict(direction.lines.values_list("line", "amount"))
    rows = (
        direction.budget.lines.filter(fits | Q(pk__in=list(here)))
        .select_related("delivered_by", "function")
        .annotate(elsewhere=_taken_elsewhere(direction) + _own_cost())
    )
    return [LineToDirect(line, line.elsewhere, here.get(line.pk)) for line in rows]


def _taken_elsewhere(direction: Direction) -> Coalesce:
    """What other directions that stand take of the line; those that the draft replaces make room for it."""
    day = max(direction.starts_on or timezone.localdate(), timezone.localdate())
    taking = (
        DirectionLine.objects.filter(
            line=OuterRef("pk"), direction__in=Direction.objects.in_force(day).values("pk")
        )
        .exclude(direction__in=direction.replaces.values("earlier"))
        .order_by()
        .values("line")
    )
    return Coalesce(Subquery(taking.annotate(sum=Sum("amount")).values("sum")), NOTHING, output_field=MONEY)


def _own_cost() -> Coalesce:
    kept = OwnCost.objects.filter(line=OuterRef("pk")).values("amount")
    return Coalesce(Subquery(kept), NOTHING, output_field=MONEY)


def unconfirmed_in(direction: Direction) -> list[BudgetLine]:
    """The lines of the direction whose money the body that gives it has not confirmed as it stands."""
    if direction.budget is None:
        return []
    taken = direction.lines.values("line")
    return list(unconfirmed_lines(direction.budget).filter(pk__in=taken).select_related("delivered_by"))
