"""Figures of a period, entered by several people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation import audit

from ...models import BudgetLine, Period, PeriodFigure
from ...refusals import AllocationRefused, Conflict, Figures, LinesChangedMeanwhile
from ...rules import is_amount, may_enter, may_have_hosts_outturn, merged_cells
from .access import Enterer, check_open, held_period, unprepare

COLUMNS = ("budget_to_date", "actual", "forecast", "hosted_outturn")


@dataclass(frozen=True)
class FigureChange:
    """What a person wants a line to say, and what it said when they opened the page."""

    line_id: int
    opened: Figures
    wanted: Figures


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
    check_open(current, by.user, lines)
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
    unprepare(current)
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
        if change.wanted.hosted_outturn is not None and not (answer := may_have_hosts_outturn(lines[key])):
            found["hosted_outturn"] = answer.reason
        if found:
            faults[key] = found
    if faults:
        raise AllocationRefused(faults)


def _merged(
    wanted: dict[int, FigureChange], lines: dict[int, BudgetLine], figures: dict[int, PeriodFigure]
) -> tuple[dict[int, Figures], list[Conflict]]:
    merged: dict[int, Figures] = {}
    conflicts: list[Conflict] = []
    for key, line in lines.items():
        change, figure = wanted[key], figures.get(key)
        cells, apart = merged_cells(COLUMNS, opened=change.opened, mine=change.wanted, theirs=_said(figure))
        if apart and figure:  # the page says who saved it and when
            line.changed_at, line.changed_by = figure.changed_at, figure.changed_by
        conflicts += [Conflict(line, *cell) for cell in apart]
        merged[key] = Figures(**cells)
    return merged, conflicts
