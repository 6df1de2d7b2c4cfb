"""The month: begun, filled in, prepared by one person, closed by another, unlocked for a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import date_uk
from partnerships.models import Partnership, User

from ..books import Books
from ..enums import Cause, PeriodState
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
from ..refusals import (
    AllocationRefused,
    CloseIsNotReady,
    Conflict,
    Figures,
    LinesChangedMeanwhile,
    OutsideThePartnership,
    PeriodIsClosed,
    PeriodRefused,
    ReasonChangedMeanwhile,
    RulesChangedMeanwhile,
)
from ..rules import is_amount, may_enter
from ..selectors.books import books_of
from ..selectors.monitoring import (
    missing_for_close,
    period_end,
    period_lines,
    rules_for,
    unlock_of,
)

COLUMNS = ("budget_to_date", "actual", "forecast")
POUND = Decimal(1)
LONGEST_UNLOCK = timedelta(days=31)


@dataclass(frozen=True)
class Enterer:
    """Who enters figures: finance staff for every line, a partner's officer for those that their body delivers."""

    user: User
    is_finance: bool
    bodies: Collection[int] = ()


@dataclass(frozen=True)
class FigureChange:
    """What a person wants a line to say, and what it said when they opened the page."""

    line_id: int
    opened: Figures
    wanted: Figures


@transaction.atomic
def begin_period(*, budget: Budget, number: int, by: User) -> Period:
    """The period takes figures. Each line begins with its budget in equal months and the forecast of last month.

    Raises PeriodRefused while the budget is a draft, while another period is open, or for a month that lies before
    one that was begun.
    """
    current = Budget.objects.select_for_update().get(pk=budget.pk)
    if not current.is_agreed:
        raise PeriodRefused(
            f"The {current.year_label} budget is not agreed yet. Monitoring begins once it is agreed."
        )
    if not 1 <= number <= LAST_PERIOD:
        raise PeriodRefused(f"A year has {LAST_PERIOD} periods. Choose one of them.")
    waiting = current.periods.exclude(state=PeriodState.CLOSED).first()
    if waiting is not None:
        raise PeriodRefused(f"{waiting} is not closed yet. Close it first, then begin the next.")
    last = current.periods.order_by("-number").first()
    if last is not None and number <= last.number:
        raise PeriodRefused(f"{last} is closed already, so an earlier month cannot be begun.")
    period = Period.objects.create(budget=current, number=number, ends_on=period_end(current, number))
    PeriodFigure.objects.bulk_create(_first_figures(period, last, by))
    audit.record(
        by=by,
        action="budgets.period_begun",
        subject=period,
        tenant=current.partnership.slug,
        after={"year": current.year_label, "period": number},
    )
    return period


def _first_figures(period: Period, last: Period | None, by: User) -> list[PeriodFigure]:
    forecasts = dict(last.figures.values_list("line", "forecast")) if last else {}
    return [
        PeriodFigure(
            period=period,
            line=line,
            budget_to_date=_to_date(line.amount, period.number),
            forecast=forecasts.get(line.pk),
            changed_by=by,
        )
        for line in period.budget.lines.all()
    ]


def _to_date(amount: Decimal, number: int) -> Decimal:
    """Equal months in whole pounds; the last one has it all, pence included."""
    if number == LAST_PERIOD:
        return amount
    return (amount * number / LAST_PERIOD).quantize(POUND, ROUND_HALF_UP)


def held_period(period: Period) -> Period:
    """The period as it stands, locked until the transaction ends."""
    rows = Period.objects.select_for_update(of=("self",)).select_related("budget__partnership")
    return rows.get(pk=period.pk)


@transaction.atomic
def enter_figures(*, period: Period, changes: Iterable[FigureChange], by: Enterer) -> int:
    """All the lines have their new figures, or none has. Gives the number of lines that really changed.

    A figure that the person left as it was stays as it is now. A close that was prepared waits to be prepared again.

    Raises PeriodIsClosed; AllocationRefused with the fault of every box; LinesChangedMeanwhile with both figures of
    every box that two people changed differently.
    """
    current = held_period(period)
    wanted = {change.line_id: change for change in changes}
    lines = {
        line.pk: line
        for line in BudgetLine.objects.filter(budget=current.budget, pk__in=wanted).select_related(
            "delivered_by"
        )
    }
    _check_open(current, by.user, lines)
    _refuse_faults(wanted, lines, by)
    figures = {
        figure.line_id: figure
        for figure in current.figures.select_for_update(of=("self",))
        .filter(line__in=lines)
        .select_related("changed_by")
    }
    merged, conflicts = _merged(wanted, lines, figures)
    if conflicts:
        raise LinesChangedMeanwhile(conflicts)
    changed = [key for key in merged if merged[key] != _said(figures.get(key))]
    if not changed:
        return 0
    before = {str(key): _record(lines[key], _said(figures.get(key))) for key in changed}
    now = timezone.now()
    PeriodFigure.objects.bulk_create(
        [
            PeriodFigure(
                period=current, line=lines[key], changed_by=by.user, changed_at=now, **asdict(merged[key])
            )
            for key in changed
        ],
        update_conflicts=True,
        unique_fields=["period", "line"],
        update_fields=[*COLUMNS, "changed_by", "changed_at"],
    )
    _unprepare(current)
    audit.record(
        by=by.user,
        action="budgets.figures_entered",
        subject=current,
        tenant=current.budget.partnership.slug,
        before=before,
        after={str(key): _record(lines[key], merged[key]) for key in changed},
    )
    return len(changed)


def _said(figure: PeriodFigure | None) -> Figures:
    return Figures(*(getattr(figure, column) for column in COLUMNS)) if figure else Figures()


def _record(line: BudgetLine, figures: Figures) -> dict[str, str | Decimal | None]:
    return {"title": line.title, **asdict(figures)}


def _check_open(period: Period, by: User, lines: Collection[int] = ()) -> None:
    """Raises PeriodIsClosed unless this person may change these lines of the period now."""
    if period.state == PeriodState.OPEN:
        return
    unlock = unlock_of(period) if period.state == PeriodState.UNLOCKED else None
    if unlock is None:
        raise PeriodIsClosed(
            f"{period} is closed, so its figures stand still. The chief finance officer can unlock it for somebody, "
            "with a reason."
        )
    if unlock.granted_to_id != by.pk:
        raise PeriodIsClosed(
            f"{period} is unlocked for {unlock.granted_to} and for nobody else. Ask the chief finance officer."
        )
    if unlock.expires_at <= timezone.now():
        raise PeriodIsClosed(
            f"The unlock of {period} ended {date_uk(unlock.expires_at)}. Ask the chief finance officer for another."
        )
    named = {line.pk for line in unlock.lines.all()}
    if named and not set(lines) <= named:
        titles = ", ".join(sorted(line.title for line in unlock.lines.all()))
        raise PeriodIsClosed(f"Only these lines of {period} are unlocked: {titles}.")


def _refuse_faults(wanted: dict[int, FigureChange], lines: dict[int, BudgetLine], by: Enterer) -> None:
    faults: dict[int, dict[str, str]] = {}
    for key, change in wanted.items():
        if key not in lines:
            faults[key] = {
                "actual": "This line is not part of the budget any more, so its figure cannot be saved."
            }
            continue
        found = {}
        answer = may_enter(lines[key], is_finance=by.is_finance, bodies=by.bodies)
        if not answer:
            found["actual"] = answer.reason
        for column in COLUMNS:
            value = getattr(change.wanted, column)
            if value is not None and not (answer := is_amount(value, may_be_negative=True)):
                found[column] = answer.reason
        if found:
            faults[key] = found
    if faults:
        raise AllocationRefused(faults)


def _merged(
    wanted: dict[int, FigureChange], lines: dict[int, BudgetLine], figures: dict[int, PeriodFigure]
) -> tuple[dict[int, Figures], list[Conflict]]:
    merged, conflicts = {}, []
    for key, line in lines.items():
        change, figure = wanted[key], figures.get(key)
        cells: dict[str, Decimal | None] = {}
        for column in COLUMNS:
            opened, mine, theirs = (
                getattr(said, column) for said in (change.opened, change.wanted, _said(figure))
            )
            if mine != opened and theirs not in {opened, mine}:
                if figure:  # the page says who saved it and when
                    line.changed_at, line.changed_by = figure.changed_at, figure.changed_by
                conflicts.append(Conflict(line, column, theirs, mine))
            cells[column] = theirs if mine == opened else mine
        merged[key] = Figures(**cells)
    return merged, conflicts


def _unprepare(period: Period) -> None:
    """A prepared close waits to be prepared again: somebody changed what was looked at."""
    if period.is_prepared:
        Period.objects.filter(pk=period.pk).update(prepared_by=None, prepared_at=None)


class ReasonFields(TypedDict):
    cause: Cause
    words: str
    is_recurring: bool
    action: str
    owner: str
    due_on: date


@transaction.atomic
def write_reason(
    *, period: Period, line: BudgetLine, revision: int, by: Enterer, **fields: Unpack[ReasonFields]
) -> VarianceReason:
    """The line's variance in this period has its reason.

    `revision` is the one that was read, 0 for none yet. Raises PeriodIsClosed, PeriodRefused for a line without
    figures or of another body, ReasonChangedMeanwhile.
    """
    current = held_period(period)
    _check_open(current, by.user, [line.pk])
    answer = may_enter(line, is_finance=by.is_finance, bodies=by.bodies)
    if not answer:
        raise PeriodRefused(answer.reason)
    figure = current.figures.filter(line=line).first()
    if figure is None:
        raise PeriodRefused(f"{line} has no figures in {current} yet. Enter them first.")
    reason = VarianceReason.objects.select_for_update().filter(figure=figure).first()
    if (reason.revision if reason else 0) != revision:
        if reason is None:
            raise PeriodRefused("The reason was removed meanwhile. Save yours again.")
        raise ReasonChangedMeanwhile(reason)
    recorded = tuple(fields)
    before = audit.snapshot(reason, recorded) if reason else None
    reason = reason or VarianceReason(figure=figure, revision=0)
    for name, value in fields.items():
        setattr(reason, name, value)
    reason.revision += 1
    reason.written_by = by.user
    reason.save()
    _unprepare(current)
    audit.record(
        by=by.user,
        action="budgets.reason_written",
        subject=reason,
        tenant=current.budget.partnership.slug,
        before=before,
        after=audit.snapshot(reason, recorded),
    )
    return reason


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
    unlock = unlock_of(current)
    last = current.closes.order_by("-number").first()
    if last is None:
        _keep_budgets(current)
    books: Books = books_of(current)
    content = books.to_json()
    close = Close.objects.create(
        period=current,
        number=last.number + 1 if last else 1,
        reason=unlock.reason if unlock else "",
        content=content,
        sha256=books.sha256,
        prepared_by=current.prepared_by,
        prepared_at=current.prepared_at,
        closed_by=by,
        closed_at=at or timezone.now(),
    )
    if unlock:
        Unlock.objects.filter(pk=unlock.pk).update(ended_at=timezone.now())
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


@transaction.atomic
def unlock_period(
    *,
    period: Period,
    granted_to: User,
    lines: Collection[BudgetLine],
    reason: str,
    expires_at: datetime,
    by: User,
) -> Unlock:
    """One person may change these lines of the closed period (all of them where none is named) until the moment.

    Raises PeriodRefused for a period that is not closed, without a reason, for a moment that has passed or lies more
    than a month ahead; OutsideThePartnership for another's lines or somebody who may not enter figures there.
    """
    current = held_period(period)
    if not current.is_closed:
        raise PeriodRefused(f"{current} is not closed, so there is nothing to unlock.")
    if not reason.strip():
        raise PeriodRefused({"reason": "Say why the period is unlocked. It stands in the next report."})
    now = timezone.now()
    if not now < expires_at <= now + LONGEST_UNLOCK:
        raise PeriodRefused(
            {"expires_on": f"Choose a day from today up to {LONGEST_UNLOCK.days} days ahead."}
        )
    if any(line.budget_id != current.budget_id for line in lines):
        raise OutsideThePartnership({"lines": "Choose lines of this year’s budget."})
    if not granted_to.memberships.filter(partnership=current.budget.partnership).exists():
        raise OutsideThePartnership({"granted_to": f"{granted_to} does not work in this partnership."})
    unlock = Unlock.objects.create(
        period=current,
        granted_to=granted_to,
        reason=reason.strip(),
        expires_at=expires_at,
        granted_by=by,
        granted_at=now,
    )
    unlock.lines.set(lines)
    current.state = PeriodState.UNLOCKED
    current.save(update_fields=["state"])
    audit.record(
        by=by,
        action="budgets.period_unlocked",
        subject=current,
        tenant=current.budget.partnership.slug,
        after={
            "for": str(granted_to),
            "lines": sorted(line.title for line in lines) or "all",
            "until": expires_at,
        },
        reason=unlock.reason,
    )
    return unlock


RULES = (
    "variance_amount",
    "variance_percent",
    "threshold",
    "amber_percent",
    "red_percent",
    "officer_limit",
    "recovery_percent",
)


@transaction.atomic
def set_monitoring_rules(
    *, partnership: Partnership, revision: int, by: User, **fields: object
) -> MonitoringRules:
    """The partnership's thresholds and limits are these. They hold for what is entered and closed from now on.

    Raises RulesChangedMeanwhile, PeriodRefused for a red threshold below the amber one.
    """
    current = MonitoringRules.objects.select_for_update().filter(partnership=partnership).first()
    if (current.revision if current else 0) != revision:
        raise RulesChangedMeanwhile
    before = audit.snapshot(current, RULES) if current else None
    current = current or MonitoringRules(partnership=partnership, revision=0)
    for name in RULES:
        setattr(current, name, fields[name])
    if current.red_percent < current.amber_percent:
        raise PeriodRefused({"red_percent": "Enter at least the percentage from which a line is watched."})
    current.revision += 1
    current.changed_by = by
    current.save()
    audit.record(
        by=by,
        action="budgets.monitoring_rules_set",
        subject=current,
        tenant=partnership.slug,
        before=before,
        after=audit.snapshot(current, RULES),
    )
    return current
