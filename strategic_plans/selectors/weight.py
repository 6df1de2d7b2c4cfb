from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q

from ..enums import ActionStatus
from ..models import Plan, Priority, PriorityOutcome
from ..rules.weight import Weight
from .draft_text import DraftText

_ENDED = (ActionStatus.DONE, ActionStatus.CANCELLED)


@dataclass(frozen=True)
class Weighed:
    """A priority with what people have to follow for it."""

    pk: int
    number: int
    title: str
    open_actions: int
    outcome_links: int
    indicators: frozenset[Any]


def weighed_of(plan: Plan) -> list[Weighed]:
    """The plan's priorities. One query."""
    is_open = ~Q(actions__status__in=_ENDED)
    links = PriorityOutcome.objects.filter(priority=OuterRef("pk")).order_by().values_list("pk")
    named = Priority.indicators.through.objects.filter(priority=OuterRef("pk")).order_by()
    rows = (
        Priority.objects.filter(plan=plan)
        .order_by("number")
        .annotate(
            open_actions=Count("actions", filter=is_open & Q(actions__isnull=False)),
            links=ArraySubquery(links),
            named=ArraySubquery(named.values_list("indicator")),
        )
        .values_list("pk", "number", "title", "open_actions", "links", "named")
    )
    return [
        Weighed(pk, number, title, actions, len(links), frozenset(named))
        for pk, number, title, actions, links, named in rows
    ]


def weighed_in(text: DraftText) -> list[Weighed]:
    """The priorities of a text that is at hand."""
    ended = {status.label for status in _ENDED}
    return [
        Weighed(
            pk=key,
            number=priority.number,
            title=priority.title,
            open_actions=sum(action.status not in ended for action in priority.actions),
            outcome_links=len(priority.outcomes),
            indicators=frozenset(priority.indicators),
        )
        for key, priority in zip(text.priority_keys, text.priorities, strict=True)
    ]


def weight_of(plan: Plan) -> Weight:
    """What the plan asks people to keep track of. One query."""
    return weight_in(weighed_of(plan))


def weight_in(priorities: Sequence[Weighed]) -> Weight:
    """The same of priorities that are at hand."""
    heaviest = max(priorities, key=lambda one: one.open_actions, default=None)
    return Weight(
        priorities=len(priorities),
        actions=sum(one.open_actions for one in priorities),
        indicators=len({indicator for one in priorities for indicator in one.indicators}),
        outcome_links=sum(one.outcome_links for one in priorities),
        heaviest=f"{heaviest.number}. {heaviest.title}" if heaviest else "",
        heaviest_actions=heaviest.open_actions if heaviest else 0,
    )
