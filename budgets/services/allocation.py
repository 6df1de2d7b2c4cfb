from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from foundation import audit
from partnerships.models import User

from ..models import Budget, BudgetLine, LocalityShare
from ..refusals import AllocationRefused, Conflict, LineFigures, LinesChangedMeanwhile
from ..rules import is_amount, is_part_of, may_be_budgeted, merged_cells
from .guarded import held_for_change
from .lines import below_shares

COLUMNS = ("amount", "actual")


@dataclass(frozen=True)
class LineChange:
    """What a person wants a line to say, and what it said when they opened the grid."""

    line_id: int
    opened: LineFigures
    wanted: LineFigures


@transaction.atomic
def allocate_lines(*, budget: Budget, changes: Iterable[LineChange], by: User) -> int:
    """All the lines have their new figures, or none has. Gives the number of lines that really changed.

    A figure that the person left as it was stays as it is now, even if somebody else has changed it.

    Raises BudgetIsAgreed; AllocationRefused with the fault of every cell that cannot stand; LinesChangedMeanwhile with
    both figures of every cell that two people changed differently, so that neither is lost.
    """
    current = held_for_change(budget)
    wanted = {change.line_id: change for change in changes}
    lines = {line.pk: line for line in current.lines.select_for_update(of=("self",)).filter(pk__in=wanted)}
    _refuse_faults(wanted, lines)
    merged, conflicts = _merged(wanted, lines)
    if conflicts:
        raise LinesChangedMeanwhile(conflicts)

    changed = [line for line in lines.values() if figures_of(line) != merged[line.pk]]
    if not changed:
        return 0
    before = {str(line.pk): _record(line) for line in changed}
    for line in changed:
        line.amount, line.actual = merged[line.pk].amount, merged[line.pk].actual
        line.revision += 1
        line.changed_by = by
    # The rows exist and are locked, so this only updates, and two thousand of them far quicker than bulk_update.
    BudgetLine.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=["amount", "actual", "revision", "changed_by", "changed_at"],
    )
    audit.record(
        by=by,
        action="budgets.lines_allocated",
        subject=current,
        tenant=current.partnership.slug,
        before=before,
        after={str(line.pk): _record(line) for line in changed},
    )
    return len(changed)


def figures_of(line: BudgetLine) -> LineFigures:
    return LineFigures(line.amount, line.actual)


def _merged(
    wanted: dict[int, LineChange], lines: dict[int, BudgetLine]
) -> tuple[dict[int, LineFigures], list[Conflict]]:
    """The figures that each line gets, and the cells in which two people want different figures."""
    merged: dict[int, LineFigures] = {}
    conflicts: list[Conflict] = []
    for line in lines.values():
        change = wanted[line.pk]
        cells, apart = merged_cells(
            COLUMNS, opened=change.opened, mine=change.wanted, theirs=figures_of(line)
        )
        conflicts += [Conflict(line, *cell) for cell in apart]
        merged[line.pk] = LineFigures(**cells)  # type: ignore[arg-type]  # only `actual` is ever None
    return merged, conflicts


def _record(line: BudgetLine) -> dict[str, str | Decimal | None]:
    return {"title": line.title, "amount": line.amount, "actual": line.actual}


def _refuse_faults(wanted: dict[int, LineChange], lines: dict[int, BudgetLine]) -> None:
    shared = dict(
        LocalityShare.objects.filter(line__in=lines)
        .values_list("line")
        .annotate(total=Sum("amount"))
        .order_by()
    )
    faults: dict[int, dict[str, str]] = {}
    for line_id, change in wanted.items():
        if line_id not in lines:
            faults[line_id] = {
                "amount": "This line is not part of the budget any more, so its figure cannot be saved."
            }
        elif found := _faults_of(change.wanted, lines[line_id], shared.get(line_id, Decimal(0))):
            faults[line_id] = found
    if faults:
        raise AllocationRefused(faults)


def _faults_of(figures: LineFigures, line: BudgetLine, shared: Decimal) -> dict[str, str]:
    faults = {}
    if not (answer := may_be_budgeted(figures.amount, is_income=line.is_income)):
        faults["amount"] = answer.reason
    elif not is_part_of(shared, figures.amount):
        faults["amount"] = below_shares(shared)
    if figures.actual is not None and not (answer := is_amount(figures.actual, may_be_negative=True)):
        faults["actual"] = answer.reason
    return faults
