"""What waits in the years of the money: months, recovery actions, steps of a dispute, reports on the set-aside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import DateField, DateTimeField, QuerySet, Value
from django.urls import reverse

from foundation.sgds.formats import date_uk
from partnerships.home import Due
from partnerships.permissions import Standing
from partnerships.selectors.home import DueRow, due_row

from ..enums import PeriodState
from ..models import Budget, DisputeStep, Period, RecoveryAction, SetAsideReport
from ..rules import ENTER_FIGURES, KEEP_DISPUTE_STEPS, PLAN_RECOVERY
from ..rules.set_aside import REPORT_SET_ASIDE
from .recovery import UNDER_WAY

MONTH, ACTION, STEP, REPORT = "month", "action", "step", "report"
NO_DAY, NO_TIME = Value(None, output_field=DateField()), Value(None, output_field=DateTimeField())


class Waiting(NamedTuple):
    """A row of any of the kinds: `key` is the month's number or the row's key, `words` the action or the step."""

    kind: str
    year: int
    key: int
    words: str
    ends_on: date | None
    due_on: date | None
    prepared_at: datetime | None


# Put together once: that takes Django longer than the answer takes the database.
MONTHS: Any = (
    Period.objects.exclude(state=PeriodState.CLOSED)
    .order_by()
    .values_list(Value(MONTH), "budget__year", "number", Value(""), "ends_on", NO_DAY, "prepared_at")
)
ACTIONS: Any = (
    RecoveryAction.objects.filter(progress__in=UNDER_WAY)
    .order_by()
    .values_list(Value(ACTION), "plan__budget__year", Value(0), "action", NO_DAY, "due_on", NO_TIME)
)
STEPS: Any = (
    DisputeStep.objects.filter(
        disagreement__ended_on__isnull=True, done_on__isnull=True, due_on__isnull=False
    )
    .order_by()
    .values_list(Value(STEP), "disagreement__budget__year", "pk", "title", NO_DAY, "due_on", NO_TIME)
)
REPORTS: Any = (
    SetAsideReport.objects.filter(reported_at__isnull=True)
    .order_by()
    .values_list(Value(REPORT), "budget__year", "pk", Value(""), "ends_on", "due_on", NO_TIME)
)


def years_due(standing: Standing) -> list[Due]:
    """Months, recovery actions and steps of a dispute that wait, and reports owed, of all years. One query."""
    partnership, day = standing.partnership, standing.on
    return _due(
        standing,
        MONTHS.for_partnership(partnership),
        ACTIONS.filter(plan__budget__partnership=partnership, due_on__lte=day),
        STEPS.filter(disagreement__budget__partnership=partnership),
        REPORTS.for_partnership(partnership).filter(ends_on__lt=day),
    )


def due_in_year(budget: Budget, standing: Standing) -> list[DueRow]:
    """All that waits in one year but reports, in the words of the home page. One query."""
    due = _due(
        standing,
        MONTHS.filter(budget=budget),
        ACTIONS.filter(plan__budget=budget, due_on__lte=standing.on),
        STEPS.filter(disagreement__budget=budget),
    )
    return [
        due_row(row, standing.on) for row in sorted(due, key=lambda row: (row.due_on or date.max, row.title))
    ]


def _due(standing: Standing, first: QuerySet[Any, Any], *others: QuerySet[Any, Any]) -> list[Due]:
    tellers = {MONTH: _month_due, ACTION: _action_due, STEP: _step_due, REPORT: _report_due}
    rows = (Waiting(*row) for row in first.union(*others, all=True))
    told = (tellers[row.kind](standing, row) for row in rows)
    return [due for due in told if due]


def _month_due(standing: Standing, row: Waiting) -> Due | None:
    assert row.ends_on  # noqa: S101 - a month ends
    if row.ends_on > standing.on and not row.prepared_at:
        return None
    month = f"{row.ends_on:%B %Y}"
    return Due(
        title=f"Close {month}" if row.prepared_at else f"Figures of {month}",
        due_on=row.ends_on,
        url=reverse("budgets:period", args=[standing.partnership.slug, row.year, row.key]),
        action="Open the month",
        mine=bool(standing.may(ENTER_FIGURES)),
    )


def _action_due(standing: Standing, row: Waiting) -> Due:
    may_plan = bool(standing.may(PLAN_RECOVERY))
    return Due(
        title=f"Recovery action: {row.words}",
        due_on=row.due_on,
        url=reverse("budgets:recovery", args=[standing.partnership.slug, row.year]),
        action="Say how it stands" if may_plan else "See it",
        mine=may_plan,
        source="Integration scheme",
    )


def _step_due(standing: Standing, row: Waiting) -> Due:
    may_keep = bool(standing.may(KEEP_DISPUTE_STEPS))
    page, key = ("dispute_step", [row.key]) if may_keep else ("disagreement", [])
    return Due(
        title=f"Budget not agreed: {row.words}",
        due_on=row.due_on,
        url=reverse(f"budgets:{page}", args=[standing.partnership.slug, row.year, *key]),
        action="Say what came of it" if may_keep else "See it",
        mine=may_keep,
        source="2014 Act s.1(3)(f)",
    )


def _report_due(standing: Standing, row: Waiting) -> Due:
    mine = bool(standing.may(REPORT_SET_ASIDE)) and standing.partnership.health_board_id in standing.body_ids
    return Due(
        title=f"Set-aside report to {date_uk(row.ends_on)}",
        due_on=row.due_on,
        url=reverse("budgets:set_aside_report", args=[standing.partnership.slug, row.year, row.key]),
        action="Report" if mine else "See it",
        mine=mine,
        source="2014 Act s.28(5)",
    )
