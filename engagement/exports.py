"""Activities as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from foundation.documents.spreadsheets import Column, csv_file

from .models import Activity


def promises_text(activity: Any) -> str:
    """In words, from an activity as selectors.activities_in_full gives it."""
    today = timezone.localdate()
    return "; ".join(
        f"{promise.text} (due {promise.due_on.isoformat()}, {promise.state_on(today).label.lower()})"
        for promise in activity.promises_made
    )


COLUMNS = (
    Column("date", "Day of the activity, year-month-day", lambda activity: activity.held_on.isoformat()),
    Column(
        "locality",
        "Locality, or the whole area",
        lambda activity: activity.locality.name if activity.locality else "The whole area",
    ),
    Column("place", "Where it was", lambda activity: activity.place),
    Column("method", "How people were heard", lambda activity: activity.get_method_display()),
    Column(
        "groups",
        "Who was heard, separated by semicolons",
        lambda activity: "; ".join(group.short_name for group in activity.groups_heard),
    ),
    Column("people", "How many people; empty where nobody counted", lambda activity: activity.attendance),
    Column("heard", "What we heard", lambda activity: activity.heard),
    Column("promises", "What was promised, each with its day and state", promises_text),
    Column(
        "logged_by", "Who logged it", lambda activity: activity.logged_by.name if activity.logged_by else ""
    ),
)


def activities_csv(activities: Iterable[Activity]) -> bytes:
    """The activities, one a row, under the headers of COLUMNS."""
    return csv_file(COLUMNS, activities)
