"""What engagement tells the partnership's home page and the page of a locality."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, Max, Q, When
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words, date_uk
from localities.models import Locality
from localities.parts import Part
from partnerships.home import Due, Line
from partnerships.permissions import Standing

from ..models import Activity, Promise
from ..rules import KEEP_PROMISES, reach_of
from .activities import activities_for
from .coverage import LONG_AGO
from .promises import promise_counts

SOON = timedelta(days=30)
MOST_DUES = 10
DUE_COLUMNS = ("pk", "activity", "text", "owner", "due_on", "done_on", "activity__locality")
LATEST = 3
STANDARD_CONSULTEES = 13  # SSI 2014/283, schedule


def engagement_line(standing: Standing) -> Line:
    """How often people were heard in a year, and how many standard consultees were not. One query."""
    partnership, since = standing.partnership, timezone.localdate() - LONG_AGO
    recently = Q(held_on__gte=since)
    found = Activity.objects.for_partnership(partnership).aggregate(
        recent=Count("pk", filter=recently, distinct=True),
        last=Max("held_on"),
        heard=Count("groups", filter=recently & Q(groups__is_prescribed=True), distinct=True),
    )
    url = reverse("engagement:list", args=[partnership.slug])
    if found["last"] is None:
        return Line("Engagement", "No activity is logged yet.", url)
    silent = STANDARD_CONSULTEES - found["heard"]
    heard = f"{count_in_words(found['recent'], 'activity', 'activities')} in the last twelve months"
    return Line(
        "Engagement",
        f"{heard[:1].upper()}{heard[1:]}, the latest on {date_uk(found['last'])}; "
        + (
            f"{silent} of {STANDARD_CONSULTEES} standard consultees were not heard."
            if silent
            else "every standard consultee was heard."
        ),
        url,
    )


def promises_line(standing: Standing) -> Line:
    """How many promises are kept and told back. One query."""
    return Line(
        "Promises",
        promise_counts(standing.partnership).sentence,
        reverse("engagement:promises", args=[standing.partnership.slug]),
    )


def promises_due(standing: Standing) -> list[Due]:
    """Promises that are overdue, due within a month or not yet told back: mine first. At most two queries."""
    slug, me = standing.partnership.slug, standing.user.pk
    pressing = Promise.objects.for_partnership(standing.partnership).filter(
        Q(done_on__isnull=True, due_on__lte=timezone.localdate() + SOON)
        | Q(done_on__isnull=False, told_back_on__isnull=True)
    )
    mine_first = Case(When(owner=me, then=0), default=1)
    rows: Any = pressing.order_by(mine_first, "due_on", "pk").values_list(*DUE_COLUMNS, named=True)
    reach, may_keep = reach_of(standing), bool(standing.may(KEEP_PROMISES))
    return [
        _due(row, slug, me, may_keep=may_keep and reach.answers_for(row.owner, row.activity__locality))
        for row in rows[:MOST_DUES]
    ]


def _due(row: Any, slug: str, me: int, *, may_keep: bool) -> Due:
    if not may_keep:
        action, url = "See the promise", reverse("engagement:detail", args=[slug, row.activity])
    elif row.done_on:
        action, url = "Tell back", reverse("engagement:tell_back", args=[slug, row.pk])
    else:
        action, url = "Mark as done", reverse("engagement:promise_done", args=[slug, row.pk])
    verb = "Tell back" if row.done_on else "Keep the promise"
    return Due(
        title=f"{verb}: {row.text}",
        due_on=row.due_on,
        url=url,
        action=action,
        mine=may_keep and row.owner == me,
    )


def locality_part(standing: Standing, locality: Locality) -> Part:
    """The latest that was heard in the locality and how its promises stand. Two queries."""
    latest = activities_for(standing.partnership).filter(locality=locality).prefetch_related(None)[:LATEST]
    return Part(
        "What people told us",
        "engagement/parts/of_locality.html",
        {
            "locality": locality,
            "latest": list(latest),
            "counts": promise_counts(standing.partnership, locality_id=locality.pk),
        },
    )
