"""Whether the directions in force add up to the budget (R-DIR-03; 2014 Act s.27(1))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.sgds.formats import count_in_words, money

from ...enums import FundKind, MoneyStated
from ...models import Budget, BudgetLine, Direction, DirectionTarget, OwnCost
from ..totals import MONEY, NOTHING
from .lines import directed_lines


def difference_in_words(difference: Decimal) -> str:
    """What is not directed, or directed beyond the budget. `difference` is budget less directed, in pounds."""
    if not difference:
        return "adds up"
    return (
        f"{money(difference)} is not directed"
        if difference > 0
        else f"{money(-difference)} too much is directed"
    )


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One body's money of one kind: what the budget has, what the authority keeps, what is directed. Pounds."""

    body: str
    fund: FundKind
    budget: Decimal
    own_costs: Decimal
    directed: Decimal

    @property
    def difference(self) -> Decimal:
        return self.budget - self.own_costs - self.directed

    @property
    def words(self) -> str:
        return difference_in_words(self.difference)


@dataclass(frozen=True)
class ControlTotal:
    """All bodies and kinds of money. Set-aside has totals of its own; `methods` state no amount and are not counted."""

    day: date
    rows: tuple[ControlRow, ...]
    methods: int

    @property
    def without_set_aside(self) -> ControlRow:
        return self._total(
            "Total without the set-aside", [r for r in self.rows if r.fund != FundKind.SET_ASIDE]
        )

    @property
    def set_aside(self) -> ControlRow:
        return self._total("Set aside", [row for row in self.rows if row.fund == FundKind.SET_ASIDE])

    @property
    def whole(self) -> ControlRow:
        return self._total("Total with the set-aside", list(self.rows))

    @property
    def totals(self) -> tuple[ControlRow, ...]:
        """With and without the set-aside; the set-aside stands between them."""
        return self.without_set_aside, self.set_aside, self.whole

    @property
    def adds_up(self) -> bool:
        return not any(row.difference for row in self.rows)

    @property
    def sentence(self) -> str:
        """What is directed of the budget on the day, payments and set-aside apart."""
        if not self.rows:
            return "The year has no lines yet, so nothing can be directed."
        paid, aside = self.without_set_aside, self.set_aside
        words = f"{money(paid.directed)} of {money(paid.budget)} of the payments is directed"
        words += (
            f", and {money(aside.directed)} of {money(aside.budget)} of the set-aside."
            if aside.budget
            else "."
        )
        if paid.own_costs:
            words += f" The authority keeps {money(paid.own_costs)} for costs of its own."
        if self.methods:
            words += f" Not counted: {count_in_words(self.methods, 'direction')} with a method and no amount."
        return words

    @staticmethod
    def _total(label: str, rows: list[ControlRow]) -> ControlRow:
        return ControlRow(
            label,
            FundKind.PAYMENT,
            sum((row.budget for row in rows), NOTHING),
            sum((row.own_costs for row in rows), NOTHING),
            sum((row.directed for row in rows), NOTHING),
        )


SEVERAL = "Several bodies together, not by line"


def control_total(budget: Budget, day: date) -> ControlTotal:
    """The year's lines, by body and kind of money, beside what directions in force on the day direct. Four queries.

    A direction that states an amount for the year without naming lines counts for its body; one to several bodies
    stands in a row of its own, because nobody can tell how it is shared.
    """
    have: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    keeps: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    directed: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    by = ("delivered_by__name", "fund")
    for name, fund, amount in budget.lines.order_by().values_list(*by).annotate(sum=Sum("amount")):
        have[name, fund] = amount
    kept = (
        OwnCost.objects.filter(line__budget=budget)
        .order_by()
        .values_list("line__delivered_by__name", "line__fund")
    )
    for name, fund, amount in kept.annotate(sum=Sum("amount")):
        keeps[name, fund] = amount
    rows = directed_lines(budget, day).select_related(None).order_by()
    for name, fund, amount in rows.values_list("line__delivered_by__name", "line__fund").annotate(
        sum=Sum("amount")
    ):
        directed[name, fund] += amount
    methods = 0
    for stated in _without_lines(budget, day):
        if stated["amount"] is None:
            methods += 1
            continue
        name = stated["body"] if stated["bodies"] == 1 else SEVERAL
        fund = FundKind.SET_ASIDE if stated["money"] == MoneyStated.SET_ASIDE else FundKind.PAYMENT
        directed[name, fund] += stated["amount"]
    keys = sorted({*have, *directed}, key=lambda key: (key[1] == FundKind.SET_ASIDE, key[0] == SEVERAL, *key))
    return ControlTotal(
        day=day,
        rows=tuple(
            ControlRow(name, FundKind(fund), have[name, fund], keeps[name, fund], directed[name, fund])
            for name, fund in keys
        ),
        methods=methods,
    )


def _without_lines(budget: Budget, day: date) -> Iterable[dict[str, Any]]:
    bodies = DirectionTarget.objects.filter(direction=OuterRef("pk")).values("body__name")
    rows = Direction.objects.for_partnership(budget.partnership).in_force(day).filter(budget=budget)
    rows = rows.filter(lines__isnull=True).annotate(bodies=Count("targets"), body=Subquery(bodies[:1]))
    found: Iterable[dict[str, Any]] = rows.order_by("pk").values("amount", "money", "bodies", "body")
    return found


def day_of_year(budget: Budget, chosen: date | None = None) -> date:
    """The chosen day; without one, today within the year, and else the day of the year that is next to today."""
    return chosen or min(max(timezone.localdate(), budget.starts_on), budget.ends_on)


def undirected_lines(budget: Budget, day: date) -> QuerySet[BudgetLine]:
    """The lines whose money is not wholly directed or kept, with `directed_here`, `kept` and `undirected` in pounds."""
    taken = (
        directed_lines(budget, day).filter(line=OuterRef("pk")).select_related(None).order_by().values("line")
    )
    kept = OwnCost.objects.filter(line=OuterRef("pk")).values("amount")
    return (
        budget.lines.select_related("delivered_by", "function")
        .annotate(
            directed_here=Coalesce(
                Subquery(taken.annotate(sum=Sum("amount")).values("sum")), NOTHING, output_field=MONEY
            ),
            kept=Coalesce(Subquery(kept), NOTHING, output_field=MONEY),
        )
        .annotate(undirected=F("amount") - F("directed_here") - F("kept"))
        .exclude(undirected=0)
    )
