"""The partnership's home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from foundation.sgds.charts.sparks import Spark, sparkline

from .. import home
from ..enums import Role
from ..models import Membership
from ..permissions import ADMINISTER, EDIT_SCHEME, Standing
from ..rules import scheme_review_due, words_of
from .schemes import current_scheme

ENDING_SOON = timedelta(days=30)
# What others owe is worth a glance; all of it unfolds.
OTHERS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class DueRow:
    """A thing to do with its state as tag and words."""

    due: home.Due
    status: str
    word: str


@dataclass(frozen=True, slots=True)
class LineRow:
    line: home.Line
    spark: Spark | None


@dataclass(frozen=True, slots=True)
class HomePage:
    state: str
    mine: list[DueRow]
    others: list[DueRow]
    more_for_others: list[DueRow]
    lines: list[LineRow]


def home_page(standing: Standing) -> HomePage:
    """What is due, mine first, and the partnership at a glance, as the apps tell it (see home.py)."""
    due = [due_row(due, standing.on) for due in home.due_for(standing)]
    others = [row for row in due if not row.due.mine]
    return HomePage(
        state=home.state_of(standing) or _plain_state(standing),
        mine=[row for row in due if row.due.mine],
        others=others[:OTHERS_SHOWN],
        more_for_others=others[OTHERS_SHOWN:],
        lines=[_line_row(line) for line in home.lines_for(standing)],
    )


def _plain_state(standing: Standing) -> str:
    return f"You are here as {standing.role_names}."


def due_row(due: home.Due, today: date) -> DueRow:
    """How urgent it is today, as a tag and in words."""
    if due.due_on is None:
        return DueRow(due, "not_started", "No day set")
    if due.due_on < today:
        return DueRow(due, "overdue", f"Overdue since {words_of(due.due_on)}")
    days = (due.due_on - today).days
    if days == 0:
        return DueRow(due, "due", "Due today")
    if days == 1:
        return DueRow(due, "due", "Due tomorrow")
    if days <= 30:
        return DueRow(due, "due", f"Due in {days} days")
    return DueRow(due, "not_started", f"Due {words_of(due.due_on)}")


def _line_row(line: home.Line) -> LineRow:
    known = [value for value in line.values if value is not None]
    return LineRow(line, sparkline(line.values) if len(known) > 1 else None)


# What this app itself has to say: registered in apps.py like what the others say.


def scheme_due(standing: Standing) -> list[home.Due]:
    """The review of the integration scheme; or its dates, while they are not recorded, for whoever records them."""
    mine = bool(standing.may(EDIT_SCHEME))
    scheme = current_scheme(standing.partnership)
    url = reverse("partnerships:scheme", args=[standing.partnership.slug])
    due_on = scheme_review_due(scheme) if scheme else None
    source = "2014 Act, section 44(5)"
    if due_on:
        action = "Record the review" if mine else "See the scheme"
        return [home.Due("Review the integration scheme", due_on, url, action, mine=mine, source=source)]
    if not mine:
        return []
    title = "Record when the integration scheme was approved, so that its review can be counted"
    url = reverse("partnerships:scheme_change", args=[standing.partnership.slug]) if scheme else url
    return [home.Due(title, None, url, "Record the dates", mine=True, source=source)]


def roles_due(standing: Standing) -> list[home.Due]:
    """For administrators: roles that end within a month."""
    if not standing.may(ADMINISTER):
        return []
    today = timezone.localdate()
    ending = (
        Membership.objects.for_partnership(standing.partnership)
        .on(today)
        .filter(ends_on__lte=today + ENDING_SOON)
        .select_related("user")
        .order_by("ends_on")[:10]
    )
    return [
        home.Due(
            f"{membership.user}’s {Role(membership.role).label} role ends",
            membership.ends_on,
            reverse("partnerships:person", args=[standing.partnership.slug, membership.user_id]),
            "See the roles",
            mine=True,
        )
        for membership in ending
    ]
