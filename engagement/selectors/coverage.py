"""Whom have we not heard from?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from foundation.sgds.formats import date_uk
from localities.models import Locality
from partnerships.models import Partnership

from ..models import Activity, Group

LONG_AGO = timedelta(days=365)


@dataclass(frozen=True)
class LastContact:
    """When a group was last heard in one place, as seen on a day. What is well stays quiet."""

    on: date | None
    today: date
    is_expected: bool

    @property
    def tag(self) -> str:
        """The name of the tag (word, shape and colour) where something is missing or long ago; otherwise nothing."""
        if self.on is None:
            return "missing" if self.is_expected else "not_started"
        return "at_risk" if self.on < self.today - LONG_AGO else ""

    @property
    def words(self) -> str:
        if self.on is None:
            return "Not heard yet"
        return f"Not since {date_uk(self.on)}" if self.tag else date_uk(self.on)


@dataclass(frozen=True)
class CoverageRow:
    """One group: when it was last heard in each locality, then in activities for the whole area."""

    group: Group
    cells: tuple[LastContact, ...]


@dataclass(frozen=True)
class Coverage:
    """Groups by localities, with the day on which each was last heard."""

    localities: tuple[Locality, ...]
    rows: tuple[CoverageRow, ...]

    @property
    def sentence(self) -> str:
        """How many of the prescribed groups were never heard anywhere."""
        prescribed = [row for row in self.rows if row.group.is_prescribed]
        silent = [row for row in prescribed if not any(cell.on for cell in row.cells)]
        if not silent:
            return f"All {len(prescribed)} standard consultees were heard somewhere at least once."
        return f"{len(silent)} of {len(prescribed)} standard consultees were not heard anywhere yet."


def coverage_of(partnership: Partnership) -> Coverage:
    """For every group and locality the day of the last contact, or that there was none. Three queries."""
    today = timezone.localdate()
    localities = tuple(Locality.objects.for_partnership(partnership).on(today).order_by("name"))
    contacts = (
        Activity.groups.through.objects.filter(activity__partnership=partnership)
        .values_list("group", "activity__locality")
        .annotate(last=Max("activity__held_on"))
    )
    last = {(group, locality): day for group, locality, day in contacts}
    places = [*(locality.pk for locality in localities), None]
    rows = []
    for group in Group.objects.all():
        # A standard consultee missing in a locality is a gap; missing in activities for the whole area is none.
        cells = (
            LastContact(last.get((group.pk, place)), today, group.is_prescribed and place is not None)
            for place in places
        )
        rows.append(CoverageRow(group, tuple(cells)))
    return Coverage(localities, tuple(rows))
