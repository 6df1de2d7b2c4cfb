"""Why a line varies from its budget."""

from __future__ import annotations

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from foundation import audit

from ...enums import Cause
from ...models import BudgetLine, Period, VarianceReason
from ...refusals import ChangedMeanwhile, PeriodRefused
from ...rules import may_enter
from .access import Enterer, check_open, held_period, unprepare


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
    figures or of another body, ChangedMeanwhile.
    """
    current = held_period(period)
    check_open(current, by.user, [line.pk])
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
        raise ChangedMeanwhile(reason)
    recorded = tuple(fields)
    before = audit.snapshot(reason, recorded) if reason else None
    reason = reason or VarianceReason(figure=figure, revision=0)
    for name, value in fields.items():
        setattr(reason, name, value)
    reason.revision += 1
    reason.written_by = by.user
    reason.save()
    unprepare(current)
    audit.record(
        by=by.user,
        action="budgets.reason_written",
        subject=reason,
        tenant=current.budget.partnership.slug,
        before=before,
        after=audit.snapshot(reason, recorded),
    )
    return reason
