"""A month is prepared by one person, closed by another, and stands still."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from foundation import audit
from partnerships.models import User

from ...books import Books
from ...enums import PeriodState
from ...models import LAST_PERIOD, Budget, BudgetLine, Close, Period, PeriodFigure
from ...refusals import CloseIsNotReady, PeriodIsClosed, PeriodRefused
from ...selectors.books import books_of
from ...selectors.monitoring import missing_for_close, period_lines, rules_for
from .access import held_period


@transaction.atomic
def prepare_close(*, period: Period, by: User, note: str = "") -> Period:
    """The period waits for somebody else to close it. Its note stands in the report.

    Raises PeriodIsClosed, CloseIsNotReady with what is missing.
    """
    current = held_period(period)
    if current.is_closed:
        raise PeriodIsClosed(f"{current} is closed already.")
    _check_complete(current)
    current.prepared_by, current.prepared_at, current.note = by, timezone.now(), note.strip()
    current.save(update_fields=["prepared_by", "prepared_at", "note"])
    audit.record(
        by=by,
        action="budgets.close_prepared",
        subject=current,
        tenant=current.budget.partnership.slug,
        after={"note": current.note},
    )
    return current


def _check_complete(period: Period) -> None:
    rules = rules_for(period.budget.partnership)
    missing = missing_for_close(period_lines(period, rules))
    if missing:
        raise CloseIsNotReady(missing)


@transaction.atomic
def close_period(*, period: Period, by: User, at: datetime | None = None) -> Close:
    """The period is closed: its figures stand still, and a Close holds everything that its reports show.

    The close of the last period gives each line its outturn of the year. `at` is the moment of a close that is brought
    in from before the portal. Raises PeriodRefused unless somebody else prepared it, CloseIsNotReady.
    """
    budget = Budget.objects.select_for_update().get(pk=period.budget_id)
    current = held_period(period)
    current.budget = budget
    if current.is_closed:
        raise PeriodRefused(f"{current} is closed already.")
    if current.prepared_by is None or current.prepared_at is None:
        raise PeriodRefused("Nobody has prepared this close yet. A finance officer prepares it first.")
    if current.prepared_by_id == by.pk:
        raise PeriodRefused(
            "You prepared this close yourself, so somebody else closes it: two people look at each month."
        )
    _check_complete(current)
    last = current.closes.order_by("-number").first()
    if last is None:
        _keep_budgets(current)
    books: Books = books_of(current)
    content = books.to_json()
    close = Close.objects.create(
        period=current,
        number=last.number + 1 if last else 1,
        reason=_why_again(current, last) if last else "",
        content=content,
        sha256=books.sha256,
        prepared_by=current.prepared_by,
        prepared_at=current.prepared_at,
        closed_by=by,
        closed_at=at or timezone.now(),
    )
    current.unlocks.filter(ended_at__isnull=True).update(ended_at=timezone.now())
    current.state, current.prepared_by, current.prepared_at = PeriodState.CLOSED, None, None
    current.save(update_fields=["state", "prepared_by", "prepared_at"])
    if current.number == LAST_PERIOD:
        _keep_outturn(current)
    audit.record(
        by=by,
        action="budgets.period_closed",
        subject=close,
        tenant=budget.partnership.slug,
        after={
            "period": current.number,
            "close": close.number,
            "sha256": close.sha256,
            "prepared by": str(close.prepared_by),
        },
        reason=close.reason,
    )
    return close


def _why_again(period: Period, last: Close) -> str:
    """The reasons of every unlock since the last close, oldest first, as the next report says them."""
    since = period.unlocks.filter(granted_at__gte=last.closed_at).order_by("granted_at", "pk")
    return "; ".join(dict.fromkeys(since.values_list("reason", flat=True)))


def _keep_budgets(period: Period) -> None:
    """Each figure says which budget its line has today; a later virement no longer changes this month."""
    amounts = dict(period.budget.lines.values_list("pk", "amount"))
    figures = list(period.figures.all())
    for figure in figures:
        figure.budget = amounts[figure.line_id]
    PeriodFigure.objects.bulk_update(figures, ["budget"], batch_size=1000)


def _keep_outturn(period: Period) -> None:
    actuals = dict(period.figures.values_list("line", "actual"))
    lines = list(period.budget.lines.all())
    for line in lines:
        line.actual = actuals.get(line.pk)
    BudgetLine.objects.bulk_update(lines, ["actual"], batch_size=1000)
    period.budget.lines.update(revision=F("revision") + 1)
