"""What an authority owes a direction for and has none: functions, and money of the year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum, Value
from django.db.models.functions import Coalesce

from partnerships.enums import IntegrationModel
from partnerships.models import DelegatedFunction, IntegrationModelPeriod
from partnerships.permissions import Standing

from ...models import Budget, Direction, FunctionExemption, OwnCost
from ..summary import years_of
from ..totals import MONEY, NOTHING

OWES, DELEGATED, DIRECTED, EXEMPT, TAKEN = "owes", "delegated", "directed", "exempt", "taken"
_NO_SUM = Value(None, output_field=MONEY)

# Put together once: that takes Django longer than the answer takes the database. A row has a kind, a key and a sum;
# money of a year is taken by what the authority keeps, and by the lines of directions or else by their amount.
_BOARDS: Any = (
    IntegrationModelPeriod.objects.filter(model=IntegrationModel.BODY_CORPORATE)
    .order_by()
    .values_list(Value(OWES), "pk", _NO_SUM)
)
_FUNCTIONS: Any = DelegatedFunction.objects.order_by().values_list(Value(DELEGATED), "pk", _NO_SUM)
_NAMED: Any = Direction.objects.order_by().values_list(Value(DIRECTED), "functions", _NO_SUM)
_EXEMPTIONS: Any = FunctionExemption.objects.order_by().values_list(Value(EXEMPT), "function", _NO_SUM)
_KEPT: Any = (
    OwnCost.objects.order_by().values_list(Value(TAKEN), "line__budget__year").annotate(sum=Sum("amount"))
)
_TAKEN: Any = (
    Direction.objects.order_by()
    .values_list(Value(TAKEN), Coalesce("lines__line__budget__year", "budget__year"))
    .annotate(sum=Sum(Coalesce("lines__amount", "amount")))
)


@dataclass(frozen=True)
class Undirected:
    """How many functions have no direction, and the agreed year whose directions do not come to its lines, if any.

    `left` is in pounds: below zero, more is directed than there is.
    """

    functions: int
    budget: Budget | None = None
    left: Decimal = NOTHING


def undirected(standing: Standing) -> Undirected:
    """What is owed on the day; nothing under a lead agency, which only may give directions (2014 Act s.26(1), (2)).

    One query beside that for the years.
    """
    found = _found(standing)
    if not found[OWES]:
        return Undirected(0)
    functions = len(found[DELEGATED].keys() - found[DIRECTED].keys() - found[EXEMPT].keys())
    for year in years_of(standing):
        if year.budget.is_agreed and year.budget.starts_on <= standing.on <= year.budget.ends_on:
            return Undirected(
                functions, year.budget, year.allocated - found[TAKEN].get(year.budget.year, NOTHING)
            )
    return Undirected(functions)


def _found(standing: Standing) -> dict[str, dict[int, Decimal]]:
    """The sums by kind and key. One query."""
    partnership, day = standing.partnership, standing.on
    # Money comes first: its sums tell the database the type of the column that the others leave empty.
    rows = _KEPT.filter(line__budget__partnership=partnership).union(
        _TAKEN.for_partnership(partnership).in_force(day),
        _BOARDS.for_partnership(partnership).on(day),
        _FUNCTIONS.for_partnership(partnership).on(day),
        _NAMED.for_partnership(partnership).in_force(day),
        _EXEMPTIONS.for_partnership(partnership).on(day),
        all=True,
    )
    found: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(lambda: NOTHING))
    for kind, key, amount in rows:
        found[kind][key] += amount or NOTHING
    return found
