"""The forecast overspend of a year, and what is done about it (R-FIN-06)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from foundation.sgds.formats import money, percent

from ..enums import ActionProgress, FundKind
from ..models import Budget, Close, MonitoringRules, Period, RecoveryAction, RecoveryPlan, RecoveryStep
from ..rules import needs_recovery
from .totals import MONEY, NOTHING, added_up

PAID = (FundKind.PAYMENT, FundKind.OWN_RESOURCE)
UNDER_WAY = (ActionProgress.NOT_STARTED, ActionProgress.IN_PROGRESS)


@dataclass(frozen=True)
class Overspend:
    """How the year is expected to end, by the last close. The set-aside counts apart. Pounds; below zero is over."""

    as_at: str
    variance: Decimal
    set_aside_variance: Decimal
    budget: Decimal
    needs_plan: bool

    @property
    def sentence(self) -> str:
        word = "above" if self.variance < 0 else "below"
        share = percent(abs(self.variance) * 100 / self.budget) if self.budget else ""
        if not self.variance:
            return (
                f"At the close of {self.as_at} the year is expected to end on budget, without the set-aside."
            )
        return (
            f"At the close of {self.as_at} the year is expected to end {money(abs(self.variance))} ({share}) {word} "
            f"the budget without the set-aside. The set-aside is expected to end {_words(self.set_aside_variance)}."
        )


def _words(variance: Decimal) -> str:
    if not variance:
        return "on budget"
    return f"{money(abs(variance))} {'above' if variance < 0 else 'below'} its budget"


def overspend_of(budget: Budget) -> Overspend | None:
    """The forecast of the latest month that was closed; None before the first. One query."""
    closed = Period.objects.filter(Exists(Close.objects.filter(period=OuterRef("pk"))), budget=budget)
    aside = Q(figures__line__fund=FundKind.SET_ASIDE)
    period = (
        closed.select_related("budget__partnership__monitoring_rules")
        .annotate(
            paid=added_up("figures__budget", figures__line__fund__in=PAID),
            expected=added_up("figures__forecast", figures__line__fund__in=PAID),
            aside=Coalesce(
                Sum(F("figures__budget") - F("figures__forecast"), filter=aside), NOTHING, output_field=MONEY
            ),
        )
        .order_by("-number")
        .first()
    )
    if period is None:
        return None
    rules = getattr(period.budget.partnership, "monitoring_rules", None) or MonitoringRules()
    return Overspend(
        as_at=period.month_label,
        variance=period.paid - period.expected,
        set_aside_variance=period.aside,
        budget=period.paid,
        needs_plan=needs_recovery(rules, period.paid, period.expected),
    )


@dataclass(frozen=True)
class RecoveryFacts:
    """The plan with its ladder and its actions; `lowers` is what the actions that are not cancelled come to."""

    plan: RecoveryPlan
    steps: tuple[RecoveryStep, ...]
    actions: tuple[RecoveryAction, ...]

    @property
    def lowers(self) -> Decimal:
        counted = (row for row in self.actions if row.progress != ActionProgress.CANCELLED)
        return sum((row.amount for row in counted), NOTHING)

    @property
    def done(self) -> Decimal:
        return sum((row.amount for row in self.actions if row.progress == ActionProgress.DONE), NOTHING)

    @property
    def late(self) -> tuple[RecoveryAction, ...]:
        return tuple(row for row in self.actions if is_late(row, timezone.localdate()))


def left_over(overspend: Overspend | None, facts: RecoveryFacts | None) -> Decimal:
    """The part of the forecast overspend, without the set-aside, that the plan's actions do not come to."""
    if overspend is None or facts is None:
        return NOTHING
    return max(-overspend.variance - facts.lowers, NOTHING)


def is_late(action: RecoveryAction, day: date) -> bool:
    return action.progress in UNDER_WAY and action.due_on < day


def recovery_facts(budget: Budget) -> RecoveryFacts | None:
    """The year's recovery plan; None where there is none. Three queries."""
    plan = RecoveryPlan.objects.filter(budget=budget).prefetch_related("steps", "actions").first()
    if plan is None:
        return None
    return RecoveryFacts(plan, tuple(plan.steps.all()), tuple(plan.actions.all()))
