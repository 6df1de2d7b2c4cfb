from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Prefetch, Q, QuerySet

from localities.models import Locality
from partnerships.models import Partnership

from ..models import WORDS_HEARD, Activity, Group, Promise

WHOLE_AREA = "whole-area"


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


def _as_rows(found: QuerySet[Activity]) -> Any:
    """The activities with plain lists, `groups_heard` and `promises_made`, for pages of many rows.

    A manager for each row would be half of what such a page is busy with.
    """
    lean = found.defer("locality__boundary", "submission", "logged_at", "changed_at")
    return lean.prefetch_related(None).prefetch_related(
        Prefetch("groups", to_attr="groups_heard"),
        Prefetch("promises", queryset=_with_owners(), to_attr="promises_made"),
    )


def activities_shown(partnership: Partnership, chosen: ActivityFilter) -> QuerySet[Any]:
    """The activities that pass the filter, as the list and its CSV show them: with `groups_heard`, `promises_made`.

    Words are searched as English: "caring" finds "care"; quotes, "or" and a minus sign work as in a web search.
    """
    found = _as_rows(activities_for(partnership))
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
    shown: QuerySet[Any] = found.filter(**{name: value for name, value in exactly.items() if value})
    return shown


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
    found = _as_rows(activities_for(partnership))
    if locality is not None:
        found = found.filter(locality=locality)
    days = {"held_on__gte": since, "held_on__lte": until}
    found = found.filter(**{name: day for name, day in days.items() if day})
    return [SaidAndPromised(activity, tuple(activity.promises_made)) for activity in found]
