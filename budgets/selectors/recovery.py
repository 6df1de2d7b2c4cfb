"""The forecast overspend of a year, and what is done about it (R-FIN-06)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import money, percent
from partnerships.home import Due
from partnerships.permissions import Standing

from ..enums import ActionProgress, FundKind, PeriodState
from ..models import (
    Budget,
    Close,
    DisputeStep,
    MonitoringRules,
    Period,
    RecoveryAction,
    RecoveryPlan,
    RecoveryStep,
)
from ..rules import ENTER_FIGURES, KEEP_DISPUTE_STEPS, PLAN_RECOVERY, needs_recovery
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


def with_what_is_due(budgets: QuerySet[Budget], day: date) -> QuerySet[Budget]:
    """The budgets with their months that wait (`waiting`), their recovery actions that are due (`late`) and the steps
    of a dispute that have a day and are not taken (`disputed`)."""
    waiting = Period.objects.filter(budget=OuterRef("pk")).exclude(state=PeriodState.CLOSED)
    late = RecoveryAction.objects.filter(plan__budget=OuterRef("pk"), progress__in=UNDER_WAY, due_on__lte=day)
    steps = DisputeStep.objects.filter(
        disagreement__budget=OuterRef("pk"),
        disagreement__ended_on__isnull=True,
        done_on__isnull=True,
        due_on__isnull=False,
    )
    return budgets.annotate(
        waiting=ArraySubquery(
            waiting.values(row=JSONObject(number="number", ends_on="ends_on", prepared=F("prepared_at")))
        ),
        late=ArraySubquery(late.values(row=JSONObject(action="action", due_on="due_on"))),
        disputed=ArraySubquery(steps.values(row=JSONObject(title="title", due_on="due_on", step="pk"))),
    )


def due_of(budget: Any, standing: Standing) -> Iterator[Due]:
    """What waits in one budget that `with_what_is_due` gave."""
    slug = standing.partnership.slug
    for row in budget.waiting:
        ends_on = date.fromisoformat(row["ends_on"])
        if ends_on <= standing.on or row["prepared"]:
            month = f"{ends_on:%B %Y}"
            yield Due(
                title=f"Close {month}" if row["prepared"] else f"Figures of {month}",
                due_on=ends_on,
                url=reverse("budgets:period", args=[slug, budget.year, row["number"]]),
                action="Open the month",
                mine=bool(standing.may(ENTER_FIGURES)),
            )
    may_plan = bool(standing.may(PLAN_RECOVERY))
    for row in budget.late:
        yield Due(
            title=f"Recovery action: {row['action']}",
            due_on=date.fromisoformat(row["due_on"]),
            url=reverse("budgets:recovery", args=[slug, budget.year]),
            action="Say how it stands" if may_plan else "See it",
            mine=may_plan,
            source="Integration scheme",
        )
    may_keep = bool(standing.may(KEEP_DISPUTE_STEPS))
    for row in budget.disputed:
        page = ("dispute_step", [row["step"]]) if may_keep else ("disagreement", [])
        yield Due(
            title=f"Budget not agreed: {row['title']}",
            due_on=date.fromisoformat(row["due_on"]),
            url=reverse(f"budgets:{page[0]}", args=[slug, budget.year, *page[1]]),
            action="Say what came of it" if may_keep else "See it",
            mine=may_keep,
            source="2014 Act s.1(3)(f)",
        )
