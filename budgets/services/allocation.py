from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from foundation import audit
from partnerships.models import User

from ..models import Budget, BudgetLine, LocalityShare
from ..refusals import AllocationRefused, Conflict, LineFigures, LinesChangedMeanwhile
from ..rules import is_amount
from .guarded import held_for_change
from .lines import below_shares


@dataclass(frozen=True)
class LineChange:
    """New figures for one line, and the revision of the line that the person had before them."""

    line_id: int
    revision: int
    figures: LineFigures


@transaction.atomic
def allocate_lines(*, budget: Budget, changes: Iterable[LineChange], by: User) -> int:
    """All the lines have their new figures, or none has. Gives the number of lines that really changed.

    Raises BudgetIsAgreed; AllocationRefused with the fault of every cell that cannot stand; LinesChangedMeanwhile with
    both figures of every line that somebody else saved after it was read, so that neither is lost.
    """
    current = held_for_change(budget)
    wanted = {change.line_id: change for change in changes}
    lines = {line.pk: line for line in current.lines.select_for_update(of=("self",)).filter(pk__in=wanted)}
    _refuse_faults(wanted, lines)
    _refuse_conflicts(wanted, lines)

    changed = [line for line in lines.values() if figures_of(line) != wanted[line.pk].figures]
    if not changed:
        return 0
    before = {str(line.pk): _record(line) for line in changed}
    for line in changed:
        figures = wanted[line.pk].figures
        line.amount, line.actual = figures.amount, figures.actual
        line.revision += 1
        line.changed_by, line.changed_at = by, timezone.now()
    BudgetLine.objects.bulk_update(
        changed, ["amount", "actual", "revision", "changed_by", "changed_at"], batch_size=500
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
        found = _faults_of(change.figures, shared.get(line_id, Decimal(0)))
        if line_id not in lines:
            found = {"amount": "This line is not part of the budget any more, so its figure cannot be saved."}
        if found:
            faults[line_id] = found
    if faults:
        raise AllocationRefused(faults)


def _faults_of(figures: LineFigures, shared: Decimal) -> dict[str, str]:
    faults = {}
    if not (answer := is_amount(figures.amount)):
        faults["amount"] = answer.reason
    elif figures.amount < shared:
        faults["amount"] = below_shares(shared)
    if figures.actual is not None and not (answer := is_amount(figures.actual, may_be_negative=True)):
        faults["actual"] = answer.reason
    return faults


def _refuse_conflicts(wanted: dict[int, LineChange], lines: dict[int, BudgetLine]) -> None:
    conflicts = [
        Conflict(line, wanted[line.pk].figures)
        for line in lines.values()
        if line.revision != wanted[line.pk].revision and figures_of(line) != wanted[line.pk].figures
    ]
    if conflicts:
        raise LinesChangedMeanwhile(conflicts)
