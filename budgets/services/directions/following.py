"""What the bodies say to the directions that they received."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from partnerships.models import Body, User

from ...enums import DirectionState, Progress
from ...models import Acknowledgement, Direction, DirectionReport
from ...refusals import MoneyRefused
from ...refusals.directions import NotTheirDirection
from .held import held_standing, save_and_record


@transaction.atomic
def acknowledge_direction(*, direction: Direction, body: Body, by: User) -> Acknowledgement:
    """The body has received the direction; once all of its bodies have, it is acknowledged.

    Raises NotTheirDirection for a body that it does not go to, MoneyRefused when it was acknowledged already,
    DirectionStandsStill when it has ended. Source: 2014 Act s.27(4).
    """
    current = held_standing(direction)
    _check_target(current, body)
    if current.acknowledgements.filter(body=body).exists():
        raise MoneyRefused(f"{body} has acknowledged {current.reference} already.")
    received = Acknowledgement.objects.create(direction=current, body=body, by=by)
    everybody = current.acknowledgements.count() == current.targets.count()
    before = current.state
    if everybody and current.state == DirectionState.ISSUED:
        current.state = DirectionState.ACKNOWLEDGED
    save_and_record(
        current,
        by=by,
        action="budgets.direction_acknowledged",
        fields=["state"],
        before={"state": before},
        after={"state": current.state, "body": body.name},
    )
    return received


@transaction.atomic
def report_progress(
    *, direction: Direction, body: Body, progress: Progress, words: str, on: date, by: User
) -> DirectionReport:
    """The body has said how it gets on, in its own words; the report is never changed.

    Raises MoneyRefused without words or for a day to come, NotTheirDirection, DirectionStandsStill.
    """
    current = held_standing(direction)
    _check_target(current, body)
    if not words.strip():
        raise MoneyRefused({"words": "Say what was done and what is still to do."})
    if on > timezone.localdate():
        raise MoneyRefused({"reported_on": "Choose today or a day before it."})
    report = DirectionReport.objects.create(
        direction=current, body=body, progress=progress, words=words.strip(), reported_on=on, by=by
    )
    before = current.state
    current.state = DirectionState.IN_PROGRESS
    save_and_record(
        current,
        by=by,
        action="budgets.direction_reported",
        fields=["state"],
        before={"state": before},
        after={"state": current.state, "body": body.name, "progress": progress, "words": report.words},
    )
    return report


def _check_target(direction: Direction, body: Body) -> None:
    if not direction.targets.filter(body=body).exists():
        raise NotTheirDirection(f"{direction.reference} was not issued to {body}.")
