from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from partnerships.models import User

from ...enums import DirectionState
from ...models import Direction
from ...refusals import MoneyRefused
from .held import held_standing, save_and_record

DAY = timedelta(days=1)


@transaction.atomic
def revoke_direction(
    *, direction: Direction, from_day: date, reason: str, minute_reference: str, by: User
) -> Direction:
    """The direction is not in force from that day on, and nothing takes its place.

    Raises MoneyRefused without a reason, without the minute of the decision, or for a day before it began;
    DirectionStandsStill when it has ended. Source: 2014 Act s.27(5)(a).
    """
    current = held_standing(direction)
    if not reason.strip():
        raise MoneyRefused({"reason": "Say why the direction is revoked. The body and auditors read it."})
    if not minute_reference.strip():
        raise MoneyRefused({"minute_reference": "Name the minute of the decision to revoke it."})
    if current.starts_on and from_day < current.starts_on:
        raise MoneyRefused({"from_day": "It is in force from a later day. Choose that day or one after it."})
    current.end_minute_reference = minute_reference.strip()
    return end(
        current,
        state=DirectionState.REVOKED,
        last_day=from_day - DAY,
        reason=reason.strip(),
        by=by,
        action="budgets.direction_revoked",
    )


@transaction.atomic
def complete_direction(*, direction: Direction, on: date, reason: str, by: User) -> Direction:
    """What the direction asked for is done, so its last day in force is `on`.

    Raises MoneyRefused without words, for a day to come or before it began; DirectionStandsStill when it has ended.
    """
    current = held_standing(direction)
    if not reason.strip():
        raise MoneyRefused({"reason": "Say what was done, and how one can see it."})
    if on > timezone.localdate() or (current.starts_on and on < current.starts_on):
        raise MoneyRefused({"on": "Choose a day between the direction's first day and today."})
    return end(
        current,
        state=DirectionState.COMPLETED,
        last_day=on,
        reason=reason.strip(),
        by=by,
        action="budgets.direction_completed",
    )


def end(
    direction: Direction, *, state: DirectionState, last_day: date, reason: str, by: User, action: str
) -> Direction:
    """The direction has its last day in force and the reason for it."""
    before = {"state": direction.state}
    direction.state, direction.ends_on, direction.ended_by, direction.end_reason = state, last_day, by, reason
    save_and_record(
        direction,
        by=by,
        action=action,
        fields=["state", "ends_on", "ended_by", "end_reason", "end_minute_reference"],
        before=before,
        after={"state": state, "ends_on": last_day},
        reason=reason,
    )
    return direction
