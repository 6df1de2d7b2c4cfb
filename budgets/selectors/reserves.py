"""What is kept from one year to the next, as table F7 of a finance report shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Case, Expression, F, Min, Q, QuerySet, Sum, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.sgds.formats import money
from partnerships.permissions import Answer

from ..enums import ReserveFlow, ReserveKind
from ..models import Budget, MoneyPolicy, Reserve, ReserveMovement
from ..rules import meets_policy, runway_words
from .policy import policy_of
from .totals import MONEY, NOTHING

KIND_ORDER = {kind: number for number, kind in enumerate(ReserveKind)}
SIGNED = Case(When(flow=ReserveFlow.USED, then=-F("amount")), default=F("amount"), output_field=MONEY)


@dataclass(frozen=True)
class PlannedReserves:
    """What the year's budget takes from reserves and puts into them. Pounds."""

    used: Decimal = NOTHING
    transferred_in: Decimal = NOTHING

    @property
    def net(self) -> Decimal:
        """What reserves add to the year's resources; negative when more is put in than taken."""
        return self.used - self.transferred_in


def planned_reserves(budget: Budget) -> PlannedReserves:
    """What was decided with the budget, moved yet or not. One query."""
    sums = budget.reserve_movements.filter(is_budgeted=True).aggregate(
        used=_sum("amount", Q(flow=ReserveFlow.USED)), transferred_in=_sum("amount", Q(flow=ReserveFlow.IN))
    )
    return PlannedReserves(**sums)


@dataclass(frozen=True)
class ReserveYear:
    """One reserve in one year, with what is planned. `held` counts only what has really moved. Pounds."""

    label: str
    opening: Decimal
    transferred_in: Decimal
    used: Decimal
    held: Decimal
    reserve: Reserve | None = None

    @property
    def closing(self) -> Decimal:
        return self.opening + self.transferred_in - self.used

    @property
    def runway(self) -> str:
        return runway_words(self.closing, self.used)

    @property
    def has_expired(self) -> bool:
        return self.reserve is not None and self.reserve.has_expired(timezone.localdate())


@dataclass(frozen=True)
class ReservesOfYear:
    """Every reserve in the year, general first, and what the policy says to it."""

    budget: Budget
    rows: tuple[ReserveYear, ...]
    planned: PlannedReserves
    resources: Decimal
    policy: MoneyPolicy

    @cached_property
    def total(self) -> ReserveYear:
        return added("All reserves", self.rows)

    @cached_property
    def by_kind(self) -> tuple[ReserveYear, ...]:
        """What each kind holds; kinds without a reserve are left out."""
        return tuple(
            added(kind.label, rows)
            for kind in ReserveKind
            if (rows := [row for row in self.rows if row.reserve and row.reserve.kind == kind])
        )

    @property
    def general(self) -> ReserveYear | None:
        return next(
            (row for row in self.rows if row.reserve and row.reserve.kind == ReserveKind.GENERAL), None
        )

    @property
    def net_budget(self) -> Decimal:
        """Everything paid or set aside, and what reserves add to it."""
        return self.resources + self.planned.net

    @property
    def meets_policy(self) -> Answer:
        closing = self.general.closing if self.general else NOTHING
        return meets_policy(closing, self.net_budget, self.policy.general_reserve)

    @property
    def expiring(self) -> list[ReserveYear]:
        """Reserves that expire, or can be clawed back, by the end of the year and still hold money then."""
        last = self.budget.ends_on + timedelta(days=1)
        return [row for row in self.rows if row.reserve and row.reserve.has_expired(last) and row.closing]

    @property
    def missing(self) -> Decimal:
        """What the general reserve needs more to meet the policy, in pounds."""
        asked = self.net_budget * self.policy.general_reserve / 100
        return max(asked - (self.general.closing if self.general else NOTHING), NOTHING)

    @property
    def sentence(self) -> str:
        """What all reserves come to, what the general one is to the policy, and how long they last."""
        if not self.rows:
            return "No reserve is recorded."
        total = self.total
        return (
            f"{money(total.closing)} in reserve at the end of {self.budget.year_label}, {money(total.opening)} at its "
            f"beginning. {self.general_words} All together: {total.runway[0].lower()}{total.runway[1:]}"
        )

    @property
    def general_words(self) -> str:
        """What the general reserve is to the policy."""
        if not self.general:
            return "There is no general reserve."
        return (
            f"The general reserve is {self.meets_policy.reason}."
            if self.net_budget > 0
            else self.meets_policy.reason
        )


def reserves_of(budget: Budget) -> ReservesOfYear:
    """The partnership's reserves in the budget's year: opening is what the year before closed at. Four queries."""
    sums = _sums_by_reserve(budget)
    rows = []
    for reserve in sorted(reserves_on(budget), key=lambda row: KIND_ORDER[ReserveKind(row.kind)]):
        of_it = sums.get(reserve.pk, {})
        opening, came_in, used, held = (
            of_it.get(name, NOTHING) for name in ("opening", "came_in", "used", "held")
        )
        rows.append(ReserveYear(reserve.name, opening, came_in, used, held, reserve))
    planned = PlannedReserves(
        sum((of_it["budgeted_used"] for of_it in sums.values()), NOTHING),
        sum((of_it["budgeted_in"] for of_it in sums.values()), NOTHING),
    )
    paid = budget.contributions.aggregate(sum=_sum())["sum"]
    return ReservesOfYear(budget, tuple(rows), planned, paid, policy_of(budget.partnership))


def movements_of(budget: Budget) -> QuerySet[ReserveMovement]:
    """What moved or is planned to move in the year, in order of day, planned last."""
    return budget.reserve_movements.select_related("reserve", "changed_by").order_by(
        F("moved_on").asc(nulls_last=True), "pk"
    )


def reserves_on(budget: Budget) -> QuerySet[Reserve]:
    """The reserves that a movement of this year can be recorded for."""
    return (
        Reserve.objects.for_partnership(budget.partnership)
        .annotate(since=Min("movements__budget__year"))
        .filter(Q(since__isnull=True) | Q(since__lte=budget.year))
        .order_by("name")
    )


def balances(reserve: Reserve) -> list[tuple[int, Decimal, Decimal]]:
    """At the end of each year that has movements: the year, the balance with plans, and with what has moved alone."""
    years = (
        reserve.movements.order_by()
        .values_list("budget__year")
        .annotate(planned=Sum(SIGNED), made=Sum(SIGNED, filter=Q(moved_on__isnull=False)))
        .order_by("budget__year")
    )
    planned = made = NOTHING
    found = []
    for year, in_all, moved in years:
        planned, made = planned + in_all, made + (moved or NOTHING)
        found.append((year, planned, made))
    return found


def added(label: str, rows: Sequence[ReserveYear]) -> ReserveYear:
    return ReserveYear(
        label,
        sum((row.opening for row in rows), NOTHING),
        sum((row.transferred_in for row in rows), NOTHING),
        sum((row.used for row in rows), NOTHING),
        sum((row.held for row in rows), NOTHING),
    )


def _sum(what: str | Expression = "amount", *conditions: Q) -> Coalesce:
    return Coalesce(Sum(what, filter=Q(*conditions) if conditions else None), NOTHING, output_field=MONEY)


def _sums_by_reserve(budget: Budget) -> dict[int, dict[str, Any]]:
    """By the reserve's key: what it opens with, gets, gives and holds, and what of it was decided with the budget."""
    this_year, before = Q(budget__year=budget.year), Q(budget__year__lt=budget.year)
    came_in, used = this_year & Q(flow=ReserveFlow.IN), this_year & Q(flow=ReserveFlow.USED)
    budgeted = Q(is_budgeted=True)
    rows = (
        ReserveMovement.objects.for_partnership(budget.partnership)
        .filter(budget__year__lte=budget.year)
        .order_by()
        .values("reserve")
        .annotate(
            opening=_sum(SIGNED, before | this_year & Q(flow=ReserveFlow.OPENING)),
            came_in=_sum("amount", came_in),
            used=_sum("amount", used),
            held=_sum(SIGNED, Q(moved_on__isnull=False)),
            budgeted_in=_sum("amount", came_in & budgeted),
            budgeted_used=_sum("amount", used & budgeted),
        )
    )
    return {row["reserve"]: dict(row) for row in rows}


def planned_and_past(budget: Budget, day: date) -> bool:
    """Whether something is still only planned although the year is over: its balance would be carried on wrongly."""
    return budget.ends_on < day and budget.reserve_movements.filter(moved_on__isnull=True).exists()
