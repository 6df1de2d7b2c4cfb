"""What a successor takes over from the plan that it is to replace."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.richtext.cleaning import word_count
from localities.models import Locality
from localities.selectors import localities_on
from partnerships.models import Partnership, User

from ..enums import ActionStatus
from ..models import Action, LocalityArrangement, Plan, Priority, PriorityFunding, PriorityOutcome, Section
from .comments import carry_comments
from .plans import lock_draft, start_plan

OPEN = (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS)


def start_successor(*, partnership: Partnership, by: User, **details: Any) -> Plan:
    """There is a draft as `start_plan` makes it, with the texts and priorities of the plan whose place it takes."""
    with transaction.atomic():
        plan = start_plan(partnership=partnership, by=by, **details)
        if plan.supersedes:
            carry_texts(source=plan.supersedes, target=plan, by=by)
            carry_over(source=plan.supersedes, target=plan, by=by)
        plan.refresh_from_db()
    return plan


def carry_texts(*, source: Plan, target: Plan, by: User) -> int:
    """The draft has the source's sections with their headings, order and texts, and the texts of its localities.

    Each text is the first saved state of its section, which says where it comes from. Sections of the outline that the
    source lacks come last, and what the draft had written itself stays. Owners and days are decided anew, and comments
    that are still open come along. Returns how many texts were carried. Raises PlanFrozen when the target is no draft.
    """
    with transaction.atomic():
        draft = lock_draft(target)
        reason = f"Taken over from “{source}”"
        own = {section.key: section for section in draft.sections.all()}
        carried: list[Section | LocalityArrangement] = []
        before = list(source.sections.all())
        for position, old in enumerate(before, start=1):
            row = own.pop(old.key, None) or Section(plan=draft, key=old.key, is_statutory=old.is_statutory)
            row.title, row.prompt, row.source, row.position = old.title, old.prompt, old.source, position
            row.save()
            carried += [row] if _take_text(row, old.body, reason, by) else []
        for position, row in enumerate(own.values(), start=len(before) + 1):
            row.position = position
            row.save(update_fields=["position"])
        texts = dict(source.arrangements.values_list("locality", "body"))
        for place in draft.arrangements.all():
            carried += [place] if _take_text(place, texts.get(place.locality_id, ""), reason, by) else []
        comments = carry_comments(source=source, target=draft)
        audit.record(
            by=by,
            action="strategic_plans.texts_carried_over",
            subject=draft,
            tenant=draft.partnership.slug,
            after={"from": source, "texts": len(carried), "comments": comments},
        )
    return len(carried)


def _take_text(row: Section | LocalityArrangement, body: str, reason: str, by: User) -> bool:
    """The text is the row's first saved state, unless there is none to take or somebody wrote one already."""
    if not body or row.revision:
        return False
    row.body, row.word_count, row.revision = body, word_count(body), 1
    row.changed_by, row.changed_at = by, timezone.now()
    row.save()
    row.revisions.create(
        number=1, body=body, word_count=row.word_count, saved_by=by, saved_at=row.changed_at, reason=reason
    )
    return True


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
