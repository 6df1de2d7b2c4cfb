from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch, Q, QuerySet

from foundation.sgds.formats import date_uk
from localities.models import Locality
from partnerships.models import Partnership

from ..enums import Method, PromiseState
from ..models import WORDS_HEARD, Activity, Group, Promise

WHOLE_AREA = "whole-area"
OPENING_WORDS = 24


@dataclass(frozen=True)
class ActivityFilter:
    """Which activities are shown; what is empty filters nothing. Days are included."""

    words: str = ""
    locality: str = ""
    group: Group | None = None
    method: str = ""
    since: date | None = None
    until: date | None = None


def activities_for(partnership: Partnership) -> QuerySet[Activity]:
    """All activities, newest first, with their places, groups and promises. Three queries however many."""
    return (
        Activity.objects.for_partnership(partnership)
        .select_related("locality", "logged_by")
        .defer("locality__boundary")
        .prefetch_related("groups", Prefetch("promises", queryset=_with_owners()))
        .order_by("-held_on", "-pk")
    )


def _with_owners() -> QuerySet[Promise]:
    return Promise.objects.select_related("owner").order_by("due_on", "pk")


def activities_shown(partnership: Partnership, chosen: ActivityFilter) -> QuerySet[Activity]:
    """The activities that pass the filter, newest first: for `activity_rows` and `activities_in_full`.

    Words are searched as English: "caring" finds "care"; quotes, "or" and a minus sign work as in a web search.
    """
    found = Activity.objects.for_partnership(partnership).order_by("-held_on", "-pk")
    if chosen.words:
        query = SearchQuery(chosen.words, search_type="websearch", config="english")
        said = Activity.objects.annotate(words_heard=WORDS_HEARD).filter(words_heard=query)
        promised = Promise.objects.filter(text__icontains=chosen.words)
        found = found.filter(Q(pk__in=said.values("pk")) | Q(pk__in=promised.values("activity")))
    if chosen.locality == WHOLE_AREA:
        found = found.filter(locality__isnull=True)
    elif chosen.locality:
        found = found.filter(locality__slug=chosen.locality)
    exactly = {
        "groups": chosen.group,
        "method": chosen.method,
        "held_on__gte": chosen.since,
        "held_on__lte": chosen.until,
    }
    return found.filter(**{name: value for name, value in exactly.items() if value})


# Put together once: that takes Django longer than the answer takes the database.
GROUPS_HEARD = Activity.groups.through.objects.order_by("group__number").values_list(
    "activity", "group__short_name"
)
PROMISES_MADE = Promise.objects.order_by("due_on", "pk").values_list(
    "activity", "due_on", "done_on", "told_back_on"
)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as a list shows it, in words. `page` is its address as seen from the list."""

    page: str
    day: str
    occasion: str
    locality: str
    opening: str
    groups: str
    promises: list[PromiseState]


def activity_rows(found: QuerySet[Activity], day: date) -> list[ActivityRow]:
    """A row for each activity, in the same order; promises stand where they stood on that day.

    Three queries for plain values: making models of them would be half of what the list is busy with.
    """
    rows = list(found.values_list("pk", "held_on", "method", "place", "locality__name", "heard"))
    listed = [row[0] for row in rows]
    groups, promises = defaultdict(list), defaultdict(list)
    for activity, name in GROUPS_HEARD.filter(activity__in=listed):
        groups[activity].append(name)
    for activity, due, done, told in PROMISES_MADE.filter(activity__in=listed):
        promises[activity].append(PromiseState.of(due, done, told, day))
    return [
        ActivityRow(
            page=f"{pk}/",
            day=date_uk(held_on),
            occasion=Method(method).at(place),
            locality=locality or "The whole area",
            opening=opening_of(heard),
            groups=", ".join(groups[pk]),
            promises=promises[pk],
        )
        for pk, held_on, method, place, locality, heard in rows
    ]


def opening_of(text: str) -> str:
    """The first words of a text on one line, with an ellipsis where it goes on."""
    words = text.split(maxsplit=OPENING_WORDS)
    return f"{' '.join(words[:OPENING_WORDS])}…" if len(words) > OPENING_WORDS else " ".join(words)


def activities_in_full(found: QuerySet[Activity]) -> QuerySet[Any]:
    """The activities with everything that is known of them, and plain lists `groups_heard` and `promises_made`.

    A manager for each row would be half of what a file of many rows is busy with. Three queries.
    """
    return (
        found.select_related("locality", "logged_by")
        .defer("locality__boundary", "submission", "logged_at", "changed_at")
        .prefetch_related(
            Prefetch("groups", to_attr="groups_heard"),
            Prefetch("promises", queryset=_with_owners(), to_attr="promises_made"),
        )
    )


@dataclass(frozen=True)
class SaidAndPromised:
    """What was heard on one occasion, and what was promised there."""

    activity: Activity
    promises: tuple[Promise, ...]


def said_and_promised(
    partnership: Partnership,
    locality: Locality | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
) -> list[SaidAndPromised]:
    """“You said, we promised”, newest first: everywhere, or in one locality. Days are included.

    For the statement of action under section 33 and the annual report (2014 Act s.35(2); SSI 2014/326 reg 6(1)).
    """
    found = activities_shown(partnership, ActivityFilter(since=since, until=until))
    if locality is not None:
        found = found.filter(locality=locality)
    return [
        SaidAndPromised(activity, tuple(activity.promises_made)) for activity in activities_in_full(found)
    ]
