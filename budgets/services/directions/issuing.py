from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from foundation.sgds.formats import joined
from partnerships.models import Partnership, User

from ...enums import DirectionState, Effect
from ...issued import content_hash
from ...models import Direction, Replacement
from ...refusals import MoneyRefused
from ...refusals.directions import DirectionIncomplete, IssuedByOnePerson, MoneyNotConfirmed
from ...rules.directions import is_issued_by_another, missing_in
from ...selectors.directions import model_on, parts_of, unconfirmed_in
from ...selectors.directions.record import content_now
from .ending import DAY, end
from .held import held_draft, save_and_record


@transaction.atomic
def prepare_direction(*, direction: Direction, revision: int, by: User) -> Direction:
    """The draft is complete and waits for the chief officer; `by` answers for having prepared it.

    Raises DirectionIncomplete with everything that is missing and its section (R-DIR-02), DirectionStandsStill and
    ChangedMeanwhile.
    """
    current = held_draft(direction, revision)
    _refuse_incomplete(current)
    current.state, current.prepared_by, current.prepared_at = DirectionState.READY, by, timezone.now()
    current.returned_reason = ""
    save_and_record(
        current,
        by=by,
        action="budgets.direction_prepared",
        fields=["state", "prepared_by", "prepared_at", "returned_reason"],
        before={"state": DirectionState.DRAFT},
        after={"state": current.state},
    )
    return current


@transaction.atomic
def return_direction(*, direction: Direction, revision: int, reason: str, by: User) -> Direction:
    """The prepared direction is a draft again, and says what must be put right until it is prepared anew.

    Raises MoneyRefused without a reason, DirectionStandsStill and ChangedMeanwhile.
    """
    current = held_draft(direction, revision)
    if not reason.strip():
        raise MoneyRefused({"reason": "Say what must be put right before it can be issued."})
    current.state, current.prepared_by, current.prepared_at = DirectionState.DRAFT, None, None
    current.returned_reason = reason.strip()
    save_and_record(
        current,
        by=by,
        action="budgets.direction_returned",
        fields=["state", "prepared_by", "prepared_at", "returned_reason"],
        before={"state": DirectionState.READY},
        after={"state": current.state},
        reason=current.returned_reason,
    )
    return current


@transaction.atomic
def issue_direction(
    *, direction: Direction, revision: int, by: User, unconfirmed_reason: str = ""
) -> Direction:
    """The direction has its reference and stands still; those that it replaces end the day before it begins.

    `unconfirmed_reason` is asked for when a body has not confirmed money that the direction takes.

    Raises IssuedByOnePerson (who prepared it does not issue it), DirectionIncomplete (R-DIR-02), MoneyNotConfirmed,
    DirectionStandsStill and ChangedMeanwhile. Source: 2014 Act ss.26-27.
    """
    current = held_draft(direction, revision)
    if not (answer := is_issued_by_another(current, by.pk)):
        raise IssuedByOnePerson(answer.reason)
    _refuse_incomplete(current)
    if unconfirmed := unconfirmed_in(current):
        if not unconfirmed_reason.strip():
            titles = joined([f"“{line.title}”" for line in unconfirmed])
            raise MoneyNotConfirmed(
                {
                    "unconfirmed_reason": f"The money of {titles} is not confirmed as it stands by the body that "
                    "gives it. Say why the direction is issued all the same, or have it confirmed first."
                }
            )
        current.unconfirmed_reason = unconfirmed_reason.strip()
    now = timezone.now()
    current.reference = next_reference(current.partnership)
    current.issued_by, current.issued_at, current.state = by, now, DirectionState.ISSUED
    content = content_now(
        parts_of(current), issued_by=by.name, reference=current.reference, on=timezone.localdate(now)
    ).to_json()
    current.content, current.sha256 = content, content_hash(content)
    _end_replaced(current, by)
    save_and_record(
        current,
        by=by,
        action="budgets.direction_issued",
        fields=[
            "reference",
            "issued_by",
            "issued_at",
            "state",
            "content",
            "sha256",
            "unconfirmed_reason",
        ],
        before={"state": DirectionState.READY},
        after={"state": current.state, "reference": current.reference, "sha256": current.sha256},
        reason=current.unconfirmed_reason,
    )
    return current


def next_reference(partnership: Partnership) -> str:
    """The authority's short name, the day and the number on that day: `EDINBURGH-20260401-02`.

    With the name in it, because a health board receives directions from several authorities. Two people who issue at
    the same moment take turns: the partnership's row is locked.
    """
    Partnership.objects.select_for_update().get(pk=partnership.pk)
    stem = f"{partnership.slug.upper()}-{timezone.localdate():%Y%m%d}-"
    taken = Direction.objects.for_partnership(partnership).filter(reference__startswith=stem)
    last = max(
        (int(reference.removeprefix(stem)) for reference in taken.values_list("reference", flat=True)),
        default=0,
    )
    return f"{stem}{last + 1:02d}"


def _refuse_incomplete(direction: Direction) -> None:
    model = model_on(direction.partnership, direction.starts_on or timezone.localdate())
    if missing := missing_in(parts_of(direction), model):
        raise DirectionIncomplete(missing)


def _end_replaced(direction: Direction, by: User) -> None:
    if direction.starts_on is None:  # the check before has refused that
        return
    links = Replacement.objects.filter(direction=direction).select_related("earlier__partnership")
    for link in links.select_for_update(of=("earlier",)):
        varied = link.effect == Effect.VARIES
        end(
            link.earlier,
            state=DirectionState.VARIED if varied else DirectionState.SUPERSEDED,
            last_day=direction.starts_on - DAY,
            reason=f"{'Varied' if varied else 'Superseded'} by {direction.reference}.",
            by=by,
            action="budgets.direction_varied" if varied else "budgets.direction_superseded",
        )
