"""What a successor takes over from the plan that it is to replace."""

from collections.abc import Iterable

from django.db import transaction

from foundation import audit
from localities.models import Locality
from localities.selectors import localities_on
from partnerships.models import User

from ..enums import ActionStatus
from ..models import Action, Plan, Priority, PriorityFunding, PriorityOutcome
from .plans import lock_draft

OPEN = (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)


class HasPriorities(Exception):
    """Priorities are carried into a draft that has none yet: nothing of it is mixed with what is written there."""


def carry_over(*, source: Plan, target: Plan, by: User) -> list[Priority]:
    """The draft has the source's priorities with all their links, and those of their actions that are still open.

    Done and cancelled actions stay with the plan that promised them. A carried action keeps its status, points back
    to the one that it continues (whose updates stay there), and names the localities that stand when the draft begins.

    Raises PlanFrozen when the target is no draft, HasPriorities when it has priorities of its own.
    """
    with transaction.atomic():
        draft = lock_draft(target)
        if draft.priorities.exists():
            raise HasPriorities(f"“{draft}” has priorities of its own.")
        standing = set(localities_on(draft.partnership, draft.period_start).values_list("pk", flat=True))
        rows = source.priorities.prefetch_related(
            "outcome_links", "funding", "principles", "indicators", "localities", "actions__localities"
        )
        carried = [_carry(row, draft, standing) for row in rows]
        audit.record(
            by=by,
            action="strategic_plans.priorities_carried_over",
            subject=draft,
            tenant=draft.partnership.slug,
            after={"from": source, "priorities": [str(priority) for priority in carried]},
        )
    return carried


def _carry(row: Priority, draft: Plan, standing: set[int]) -> Priority:
    priority = Priority.objects.create(
        plan=draft,
        number=row.number,
        title=row.title,
        rationale=row.rationale,
        evidence_of_need=row.evidence_of_need,
    )
    PriorityOutcome.objects.bulk_create(
        PriorityOutcome(priority=priority, outcome_id=link.outcome_id, explanation=link.explanation)
        for link in row.outcome_links.all()
    )
    PriorityFunding.objects.bulk_create(
        PriorityFunding(priority=priority, line_id=part.line_id, share=part.share)
        for part in row.funding.all()
    )
    priority.principles.set(row.principles.all())
    priority.indicators.set(row.indicators.all())
    priority.localities.set(_still(row.localities.all(), standing))
    still_open = [action for action in row.actions.all() if action.status in OPEN]
    for number, old in enumerate(still_open, start=1):
        action = Action.objects.create(
            priority=priority,
            number=number,
            carried_from=old,
            **{name: getattr(old, name) for name in _SAME},
        )
        action.localities.set(_still(old.localities.all(), standing))
    return priority


_SAME = (
    "title",
    "what",
    "owner_id",
    "owner_words",
    "starts_on",
    "due_on",
    "cost",
    "line_id",
    "paid_from",
    "status",
)


def _still(localities: Iterable[Locality], standing: set[int]) -> list[Locality]:
    """Those that stand; all of them if none does, since no locality at all would mean the whole area."""
    named = list(localities)
    return [locality for locality in named if locality.pk in standing] or named
