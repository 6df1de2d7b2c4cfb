from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from foundation.audit.selectors import entries
from foundation.sgds.formats import joined
from localities.models import Locality
from outcomes.models import Outcome

from ..models import Plan, Priority, PriorityFunding, PriorityOutcome
from .draft_text import priorities_with_links


@dataclass(frozen=True)
class Coverage:
    """A national outcome and the priorities that say how they help to achieve it."""

    outcome: Outcome
    priorities: tuple[Priority, ...]


def priority_rows(plan: Plan) -> list[Priority]:
    """The plan's priorities with everything that they are tied to. Seven queries, whatever there is."""
    rows = list(linked(plan.priorities.annotate(action_count=Count("actions"))))
    for row in rows:
        row.plan = plan
    return rows


def priority_of(plan: Plan, pk: int) -> Priority:
    """One priority of the plan with everything that it is tied to. Raises Http404."""
    priority: Priority = get_object_or_404(linked(plan.priorities.all()), pk=pk)
    priority.plan = plan
    return priority


def priority_to_change(plan: Plan, pk: int) -> Priority:
    """One priority of the plan with its links as arrays, as its form opens with them. Raises Http404. One query."""
    priority: Priority = get_object_or_404(priorities_with_links(plan), pk=pk)
    priority.plan = plan
    return priority


@dataclass(frozen=True)
class Change:
    """Somebody's saving of a priority: who, when, and what is different since."""

    by: str
    at: datetime
    what: str


# What the audit calls a part of a priority, and what the form calls it.
_PARTS = {
    "title": "title",
    "rationale": "reasons",
    "evidence_of_need": "evidence of need",
    "localities": "localities",
    "outcomes": "national outcomes",
    "principles": "principles",
    "indicators": "indicators",
    "funding": "money",
}


def changes_since(priority: Priority, revision: int) -> list[Change]:
    """What others saved in the priority after that revision, the latest first. One query."""
    saved = entries(
        tenant=priority.plan.partnership.slug,
        action="strategic_plans.priority_changed",
        subject_type=priority._meta.label,
        subject_id=str(priority.pk),
    )
    return [
        Change(
            by=entry.actor_name,
            at=entry.at,
            what=joined([_PARTS[name] for name, _, _ in entry.changes if name in _PARTS]) or "nothing",
        )
        for entry in saved[: max(priority.revision - revision, 0)]
    ]


def outcome_coverage(priorities: Iterable[Priority]) -> list[Coverage]:
    """The nine outcomes, each with the given priorities that serve it."""
    rows = list(priorities)
    return [
        Coverage(
            outcome,
            tuple(
                row for row in rows if any(link.outcome_id == outcome.pk for link in row.outcome_links.all())
            ),
        )
        for outcome in Outcome.objects.all()
    ]


def linked(priorities: QuerySet[Priority]) -> QuerySet[Priority]:
    """The priorities with outcomes, principles, indicators, money and places."""
    return priorities.prefetch_related(
        Prefetch("outcome_links", PriorityOutcome.objects.select_related("outcome")),
        Prefetch("funding", PriorityFunding.objects.select_related("line__budget")),
        Prefetch("localities", Locality.objects.defer("boundary")),
        "principles",
        "indicators",
    )
