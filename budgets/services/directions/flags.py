from __future__ import annotations

from django.db import transaction

from foundation import audit
from partnerships.models import User

from ...models import BudgetLine, Direction, RevisionFlag


@transaction.atomic
def flag_for_revision(*, line: BudgetLine, reason: str, by: User) -> list[RevisionFlag]:
    """Every direction that still stands and takes money from the line is marked: it must be varied or revoked.

    A direction is marked once for the same reason. Gives the new marks; none where nothing directs the line.
    Source: 2014 Act s.27; R-FIN-05.
    """
    standing = Direction.objects.issued().filter(ends_on__isnull=True, lines__line=line)
    already = RevisionFlag.objects.filter(line=line, reason=reason).values("direction")
    raised = []
    for direction in standing.exclude(pk__in=already).select_related("partnership"):
        raised.append(
            RevisionFlag.objects.create(direction=direction, line=line, reason=reason, raised_by=by)
        )
        audit.record(
            by=by,
            action="budgets.direction_flagged",
            subject=direction,
            tenant=direction.partnership.slug,
            after={"line": line.title},
            reason=reason,
        )
    return raised
