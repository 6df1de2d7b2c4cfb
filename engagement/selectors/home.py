"""What engagement tells the partnership's home page and the page of a locality."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words, date_uk
from localities.models import Locality
from localities.parts import Part
from partnerships.home import Due, Line
from partnerships.permissions import Standing

from ..enums import PromiseState
from ..models import Activity, Promise
from ..rules import KEEP_PROMISES, reach_of
from .activities import activities_for
from .coverage import LONG_AGO
from .promises import PromiseCounts, promise_counts

SOON = timedelta(days=30)
MOST_DUES = 10
LATEST = 3
STANDARD_CONSULTEES = 13  # SSI 2014/283, schedule


# Put together once: that takes Django longer than the answer takes the database.
ACTIVITIES: Any = (
    Activity.objects.order_by()
    .values("partnership")
    .annotate(
        last=Max("held_on"),
        kept=Count("promises", filter=Q(promises__told_back_on__isnull=False), distinct=True),
    )
)
OPEN_PROMISES: Any = (
    Promise.objects.filter(told_back_on__isnull=True)
    .order_by("due_on", "pk")
    .values_list("pk", "activity", "text", "owner", "due_on", "done_on", "activity__locality", named=True)
)


def engagement_line(standing: Standing) -> Line:
    """How often people were heard in a year, and how many standard consultees were not. One query."""
    found = _activities(standing)
    url = reverse("engagement:list", args=[standing.partnership.slug])
    if found is None:
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


def _activities(standing: Standing) -> dict[str, Any] | None:
    """What comes of the activities, with the promises kept; None before the first. One query a request."""

    def read() -> dict[str, Any] | None:
        recently = Q(held_on__gte=timezone.localdate() - LONG_AGO)
        rows = ACTIVITIES.for_partnership(standing.partnership).annotate(
            recent=Count("pk", filter=recently, distinct=True),
            heard=Count("groups", filter=recently & Q(groups__is_prescribed=True), distinct=True),
        )
        return next(iter(rows), None)

    return standing.recall("engagement.activities", read)


def _open_promises(standing: Standing) -> list[Any]:
    """The promises that are not kept yet, the earliest due first. One query a request."""
    rows = OPEN_PROMISES.for_partnership(standing.partnership)
    return standing.recall("engagement.open_promises", lambda: list(rows))


def promises_line(standing: Standing) -> Line:
    """How many promises are kept and told back. No query of its own beside the others'."""
    today, found = timezone.localdate(), _activities(standing)
    states = Counter(
        PromiseState.of(row.due_on, row.done_on, None, today) for row in _open_promises(standing)
    )
    counts = PromiseCounts(
        due=states[PromiseState.DUE],
        overdue=states[PromiseState.OVERDUE],
        to_tell_back=states[PromiseState.TO_TELL_BACK],
        kept=found["kept"] if found else 0,
    )
    return Line("Promises", counts.sentence, reverse("engagement:promises", args=[standing.partnership.slug]))


def promises_due(standing: Standing) -> list[Due]:
    """Promises that are overdue, due within a month or not yet told back: mine first. At most two queries."""
    slug, me = standing.partnership.slug, standing.user.pk
    soon = timezone.localdate() + SOON
    pressing = [row for row in _open_promises(standing) if row.done_on or row.due_on <= soon]
    reach, may_keep = reach_of(standing), bool(standing.may(KEEP_PROMISES))
    return [
        _due(row, slug, me, may_keep=may_keep and reach.answers_for(row.owner, row.activity__locality))
        for row in sorted(pressing, key=lambda row: row.owner != me)[:MOST_DUES]
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
