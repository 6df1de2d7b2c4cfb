"""The year month by month: periods, their lines with last month beside, and what a close waits for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from partnerships.models import Partnership

from ..enums import FundKind, PeriodState, Rag
from ..models import (
    LAST_PERIOD,
    Budget,
    BudgetLine,
    Close,
    MonitoringRules,
    Period,
    PeriodFigure,
    Unlock,
    VarianceReason,
)
from ..refusals import Missing
from ..rules import passes_threshold, rag_of, what_is_missing
from ..variances import Variances, less
from .totals import NOTHING


def rules_for(partnership: Partnership) -> MonitoringRules:
    """The partnership's thresholds and limits; the portal's usual ones, unsaved, where it has set none."""
    found = MonitoringRules.objects.filter(partnership=partnership).first()
    return found or MonitoringRules(partnership=partnership, revision=0)


def period_end(budget: Budget, number: int) -> date:
    """The last day of the month with this number: 1 is April, 12 the March after."""
    following = date(budget.year + (number + 3) // 12, (number + 3) % 12 + 1, 1)
    return following - timedelta(days=1)


@dataclass(frozen=True)
class Month:
    """One month of the year in the list: its period where it was begun, and its closes, newest first."""

    number: int
    ends_on: date
    period: Period | None
    closes: tuple[Close, ...]

    @property
    def label(self) -> str:
        return f"{self.ends_on:%B %Y}"


def months_of(budget: Budget) -> list[Month]:
    """The twelve months of the year. Two queries."""
    periods = {period.number: period for period in budget.periods.all()}
    closes: dict[int, list[Close]] = {}
    rows = Close.objects.of_budget(budget).select_related("prepared_by", "closed_by").defer("content")
    for close in rows:
        closes.setdefault(close.period_id, []).append(close)
    months = []
    for number in range(1, LAST_PERIOD + 1):
        period = periods.get(number)
        if period:
            period.budget = budget
            for close in closes.get(period.pk, []):
                close.period = period
        found = tuple(closes.get(period.pk, [])) if period else ()
        months.append(Month(number, period_end(budget, number), period, found))
    return months


def next_number(months: Sequence[Month]) -> int | None:
    """The month that can be begun: any after the last begun one, once that is closed; the first of them is offered."""
    begun = [month.number for month in months if month.period]
    if any(month.period and month.period.state == PeriodState.OPEN for month in months):
        return None
    following = max(begun, default=0) + 1
    return following if following <= LAST_PERIOD else None


def period_of(budget: Budget, number: int) -> Period | None:
    period = budget.periods.filter(number=number).select_related("prepared_by").first()
    if period:
        period.budget = budget
    return period


def period_before(period: Period) -> Period | None:
    """The period that was begun before this one; months may have been left out."""
    return (
        Period.objects.filter(budget=period.budget_id, number__lt=period.number).order_by("-number").first()
    )


def last_closed_figure(line: BudgetLine) -> PeriodFigure | None:
    """What the latest month that is closed says of the line; None before the first. One query."""
    closed = PeriodFigure.objects.filter(line=line, period__state=PeriodState.CLOSED)
    return closed.select_related("period").order_by("-period__number").first()


def unlock_of(period: Period) -> Unlock | None:
    """The unlock under which the period may be changed, whether or not its time has run out."""
    if period.state != PeriodState.UNLOCKED:
        return None
    found = period.unlocks.filter(ended_at__isnull=True).select_related("granted_to", "granted_by")
    return found.prefetch_related("lines").first()


@dataclass(frozen=True)
class PeriodLine(Variances):
    """One line in one period, with what was said of it in the period before. Pounds."""

    line: BudgetLine
    figure: PeriodFigure | None
    reason: VarianceReason | None
    last: PeriodFigure | None
    last_reason: VarianceReason | None
    budget: Decimal
    rag: Rag
    needs_reason: bool

    @property
    def budget_to_date(self) -> Decimal | None:
        return self.figure.budget_to_date if self.figure else None

    @property
    def actual(self) -> Decimal | None:
        return self.figure.actual if self.figure else None

    @property
    def forecast(self) -> Decimal | None:
        return self.figure.forecast if self.figure else None

    @property
    def hosted_outturn(self) -> Decimal | None:
        """What the host expects the whole service to cost."""
        return self.figure.hosted_outturn if self.figure else None

    @property
    def advice(self) -> list[str]:
        """What readers of the reason will ask for; nothing without a reason."""
        return advice_on(self.reason) if self.reason else []

    @property
    def lacks(self) -> list[str]:
        """Which figures are not entered, in words."""
        names = {"budget_to_date": "budget to date", "actual": "spent to date", "forecast": "forecast"}
        return [words for name, words in names.items() if getattr(self, name) is None]

    @property
    def is_set_aside(self) -> bool:
        return self.line.fund == FundKind.SET_ASIDE


def advice_on(reason: VarianceReason) -> list[str]:
    """What a reader of the reason will ask for, a sentence each."""
    return what_is_missing(words=reason.words, action=reason.action)


def period_lines(
    period: Period, rules: MonitoringRules, bodies: Collection[int] | None = None
) -> list[PeriodLine]:
    """The year's lines in their order with this period's figures and the last one's. Four queries.

    `bodies` narrows them to what these bodies deliver. A closed period shows the budgets that it was closed with.
    """
    before = period_before(period)
    wanted = [period.pk, *([before.pk] if before else [])]
    lines = BudgetLine.objects.filter(budget=period.budget_id).select_related(
        "delivered_by", "function", "hosted_by"
    )
    said = PeriodFigure.objects.filter(period__in=wanted).select_related("changed_by").order_by()
    given = VarianceReason.objects.filter(figure__period__in=wanted)
    if bodies is not None:
        lines = lines.filter(delivered_by__in=bodies)
        said = said.filter(line__delivered_by__in=bodies)
        given = given.filter(figure__line__delivered_by__in=bodies)
    figures = {(figure.period_id, figure.line_id): figure for figure in said}
    reasons = {reason.figure_id: reason for reason in given}
    rows = []
    for line in lines:
        line.budget = period.budget
        now = figures.get((period.pk, line.pk))
        last = figures.get((before.pk, line.pk)) if before else None
        budget = _budget_of(period, line, now)
        forecast = now.forecast if now else None
        rows.append(
            PeriodLine(
                line=line,
                figure=now,
                reason=reasons.get(now.pk) if now else None,
                last=last,
                last_reason=reasons.get(last.pk) if last else None,
                budget=budget,
                rag=rag_of(rules, budget, forecast),
                needs_reason=passes_threshold(rules, budget, less(budget, forecast)),
            )
        )
    return rows


def _budget_of(period: Period, line: BudgetLine, figure: PeriodFigure | None) -> Decimal:
    """The line's budget for the year: what holds now, or what held when the period was closed."""
    if period.state == PeriodState.OPEN or figure is None or figure.budget is None:
        return line.amount
    return figure.budget


@dataclass(frozen=True)
class Waits:
    """How many lines a close waits for: those that lack figures, and those that lack a reason."""

    figures: int
    reasons: int


def waits_of(missing: Sequence[Missing]) -> Waits:
    reasons = {one.line_id for one in missing if one.is_reason}
    return Waits(len({one.line_id for one in missing if not one.is_reason}), len(reasons))


def missing_for_close(lines: Iterable[PeriodLine]) -> list[Missing]:
    """What a close waits for: figures that are not entered and reasons that are not given."""
    missing = []
    for row in lines:
        if row.lacks:
            missing.append(Missing(f"{row.line}: {', '.join(row.lacks)}", row.line.pk))
        elif row.needs_reason and row.reason is None:
            missing.append(Missing(f"{row.line}: the reason for its variance", row.line.pk, is_reason=True))
    return missing


@dataclass(frozen=True)
class PeriodTotal(Variances):
    """Lines of a period added up. A figure is None while a line lacks it. Pounds."""

    label: str
    budget: Decimal
    budget_to_date: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None


def added_up_as(label: str, rows: Iterable[PeriodLine]) -> PeriodTotal:
    """The rows as one sum; a column that any of them lacks has none."""
    rows = list(rows)

    def column(name: str) -> Decimal | None:
        values = [getattr(row, name) for row in rows]
        return None if None in values else sum(values, NOTHING)

    return PeriodTotal(
        label,
        sum((row.budget for row in rows), NOTHING),
        column("budget_to_date"),
        column("actual"),
        column("forecast"),
    )


def period_totals(rows: Sequence[PeriodLine]) -> list[PeriodTotal]:
    """With the set-aside apart: what is paid, what is set aside, and both. One row where nothing is set aside."""
    aside = [row for row in rows if row.is_set_aside]
    if not aside:
        return [added_up_as("Total", rows)]
    paid = [row for row in rows if not row.is_set_aside]
    return [
        added_up_as("Without the set-aside", paid),
        added_up_as("Set aside", aside),
        added_up_as("With the set-aside", rows),
    ]
