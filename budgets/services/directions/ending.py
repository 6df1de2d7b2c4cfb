from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from foundation import audit
from partnerships.models import User

from ...enums import DirectionState
from ...models import Direction, Revocation
from ...refusals import ChangedMeanwhile, MoneyRefused
from ...refusals.directions import IssuedByOnePerson
from ...rules.directions import is_decided_by_another
from .held import held_standing, save_and_record

DAY = timedelta(days=1)
REVOCATION_RECORDED = ("from_day", "reason", "minute_reference", "prepared_by")


@transaction.atomic
def prepare_revocation(
    *, direction: Direction, from_day: date, reason: str, minute_reference: str, revision: int, by: User
) -> Revocation:
    """The revocation waits for the chief officer; `by` answers for having prepared it. `revision` 0: there was none.

    Raises MoneyRefused without a reason, without the minute of the decision, or for a day before it began;
    DirectionStandsStill when it has ended, ChangedMeanwhile. Source: 2014 Act s.27(5)(a).
    """
    current = held_standing(direction)
    if not reason.strip():
        raise MoneyRefused({"reason": "Say why the direction is revoked. The body and auditors read it."})
    if not minute_reference.strip():
        raise MoneyRefused({"minute_reference": "Name the minute of the decision to revoke it."})
    if current.starts_on and from_day < current.starts_on:
        raise MoneyRefused({"from_day": "It is in force from a later day. Choose that day or one after it."})
    revocation = _held_revocation(current, revision)
    before = audit.snapshot(revocation, REVOCATION_RECORDED) if revocation else None
    revocation = revocation or Revocation(direction=current, revision=0)
    revocation.from_day, revocation.reason = from_day, reason.strip()
    revocation.minute_reference, revocation.returned_reason = minute_reference.strip(), ""
    revocation.prepared_by, revocation.prepared_at = by, timezone.now()
    revocation.revision += 1
    revocation.save()
    audit.record(
        by=by,
        action="budgets.revocation_prepared",
        subject=current,
        tenant=current.partnership.slug,
        before=before,
        after=audit.snapshot(revocation, REVOCATION_RECORDED),
        reason=revocation.reason,
    )
    return revocation


@transaction.atomic
def return_revocation(*, direction: Direction, reason: str, revision: int, by: User) -> Revocation:
    """The prepared revocation waits to be put right, and says what is to be. Raises as `revoke_direction`."""
    current = held_standing(direction)
    revocation = _there(_held_revocation(current, revision))
    if not reason.strip():
        raise MoneyRefused({"reason": "Say what must be put right, or why the direction stays in force."})
    revocation.returned_reason = reason.strip()
    revocation.revision += 1
    revocation.save()
    audit.record(
        by=by,
        action="budgets.revocation_returned",
        subject=current,
        tenant=current.partnership.slug,
        reason=revocation.returned_reason,
    )
    return revocation


@transaction.atomic
def revoke_direction(*, direction: Direction, revision: int, by: User) -> Direction:
    """The direction is not in force from the prepared day on, and nothing takes its place.

    Raises IssuedByOnePerson (who prepared the revocation does not decide it), DirectionStandsStill when it has ended,
    ChangedMeanwhile. Source: 2014 Act s.27(5)(a).
    """
    current = held_standing(direction)
    revocation = _there(_held_revocation(current, revision))
    if not (answer := is_decided_by_another(revocation, by.pk)):
        raise IssuedByOnePerson(answer.reason)
    current.end_minute_reference = revocation.minute_reference
    current.end_prepared_by = revocation.prepared_by
    return end(
        current,
        state=DirectionState.REVOKED,
        last_day=revocation.from_day - DAY,
        reason=revocation.reason,
        by=by,
        action="budgets.direction_revoked",
    )


def _held_revocation(direction: Direction, revision: int) -> Revocation | None:
    """What was prepared, None where nothing was. Raises ChangedMeanwhile. The direction is locked."""
    found = Revocation.objects.filter(direction=direction).select_related("prepared_by").first()
    if found is not None and found.revision != revision:
        raise ChangedMeanwhile(found)
    return found


def _there(revocation: Revocation | None) -> Revocation:
    if revocation is None:
        raise MoneyRefused("Nobody has prepared a revocation of this direction.")
    return revocation


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
    Revocation.objects.filter(direction=direction).delete()
    save_and_record(
        direction,
        by=by,
        action=action,
        fields=["state", "ends_on", "ended_by", "end_prepared_by", "end_reason", "end_minute_reference"],
        before=before,
        after={"state": state, "ends_on": last_day},
        reason=reason,
    )
    return direction
