"""A direction that is about to be changed, locked."""

from __future__ import annotations

from collections.abc import Iterable

from foundation import audit
from partnerships.models import User

from ...models import Direction
from ...refusals import ChangedMeanwhile
from ...refusals.directions import DirectionStandsStill
from ...rules.directions import is_open_for_change, still_stands

# What a draft says, in people's words and choices.
WORDS = (
    "title",
    "text",
    "money",
    "budget",
    "amount",
    "method",
    "use_of_money",
    "plan_reference",
    "measures",
    "information",
    "engagement",
    "impact",
    "approved_on",
    "minute_reference",
    "starts_on",
    "review_on",
    "expected_end_on",
)
RECORDED = ("reference", "version", *WORDS, "ends_on", "state")


def held_draft(direction: Direction, revision: int) -> Direction:
    """The direction as it stands, locked. Raises DirectionStandsStill once issued, ChangedMeanwhile."""
    current = _locked(direction)
    if not (answer := is_open_for_change(current)):
        raise DirectionStandsStill(answer.reason)
    if current.revision != revision:
        raise ChangedMeanwhile(current)
    return current


def held_standing(direction: Direction) -> Direction:
    """The issued direction as it stands, locked. Raises DirectionStandsStill when something ended it."""
    current = _locked(direction)
    if not (answer := still_stands(current)):
        raise DirectionStandsStill(answer.reason)
    return current


def _locked(direction: Direction) -> Direction:
    current: Direction = (
        Direction.objects.select_for_update(of=("self",))
        .select_related("partnership", "budget")
        .get(pk=direction.pk)
    )
    return current


def save_and_record(
    direction: Direction,
    *,
    by: User,
    action: str,
    fields: Iterable[str],
    before: object = None,
    after: object = None,
    reason: str = "",
) -> None:
    """The direction's fields are saved under the next revision, with one audit entry."""
    direction.revision += 1
    direction.changed_by = by
    direction.save(update_fields=[*fields, "revision", "changed_by", "changed_at"])
    audit.record(
        by=by,
        action=action,
        subject=direction,
        tenant=direction.partnership.slug,
        before=before,
        after=after,
        reason=reason,
    )
