"""Who may change a period's figures, and when."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from partnerships.models import User

from ...models import Period
from ...refusals import PeriodIsClosed
from ...rules import takes_figures
from ...selectors.monitoring import unlock_of


@dataclass(frozen=True)
class Enterer:
    """Who enters figures: finance staff for every line, a partner's officer for those that their body delivers."""

    user: User
    is_finance: bool
    bodies: Collection[int] = ()


def held_period(period: Period) -> Period:
    """The period as it stands, locked until the transaction ends."""
    rows = Period.objects.select_for_update(of=("self",)).select_related("budget__partnership")
    return rows.get(pk=period.pk)


def check_open(period: Period, by: User, lines: Collection[int] = ()) -> None:
    """Raises PeriodIsClosed unless this person may change these lines of the period now."""
    unlock = unlock_of(period)
    if not (answer := takes_figures(period, unlock, by.pk)):
        raise PeriodIsClosed(answer.reason)
    if unlock and unlock.named and not unlock.named.issuperset(lines):
        titles = ", ".join(sorted(line.title for line in unlock.lines.all()))
        raise PeriodIsClosed(f"Only these lines of {period} are unlocked: {titles}.")


def unprepare(period: Period) -> None:
    """A prepared close waits to be prepared again: somebody changed what was looked at."""
    if period.is_prepared:
        Period.objects.filter(pk=period.pk).update(prepared_by=None, prepared_at=None)
