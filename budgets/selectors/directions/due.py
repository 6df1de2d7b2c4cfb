"""What directions tell the partnership's home page."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from partnerships.enums import IntegrationModel
from partnerships.home import Due
from partnerships.models import DelegatedFunction, IntegrationModelPeriod
from partnerships.permissions import Standing

from ...enums import STANDING, DirectionState
from ...models import Direction, FunctionExemption
from ...rules.directions import (
    ACKNOWLEDGED_WITHIN,
    ANSWER_DIRECTIONS,
    ISSUE_DIRECTIONS,
    PREPARE_DIRECTIONS,
    VIEW_COVERAGE,
)
from .register import readable_directions

REVIEW_AHEAD = timedelta(days=30)


def directions_due(standing: Standing) -> list[Due]:
    """Directions to issue, acknowledge, revise or review, and functions that have none. Two queries."""
    today = standing.on
    waiting = (
        readable_directions(standing)
        .filter(Q(state=DirectionState.READY) | Q(state__in=STANDING))
        .annotate(
            received=Count("acknowledgements", distinct=True),
            addressed=Count("targets", distinct=True),
            own_received=Count(
                "acknowledgements", filter=Q(acknowledgements__body__in=standing.body_ids), distinct=True
            ),
            own_addressed=Count("targets", filter=Q(targets__body__in=standing.body_ids), distinct=True),
            flagged=Count("flags", distinct=True),
        )
        .filter(
            Q(state=DirectionState.READY)
            | Q(review_on__lte=today + REVIEW_AHEAD)
            | Q(flagged__gt=0)
            | Q(received__lt=F("addressed"))
        )
    )
    told = [due for direction in waiting for due in _due_for(standing, direction, today)]
    if standing.may(VIEW_COVERAGE) and (bare := _functions_without(standing, today)):
        has = "has" if bare == 1 else "have"
        words = f"{count_in_words(bare, 'function').capitalize()} {has} no direction in force"
        told.append(
            Due(
                title=words,
                due_on=None,
                url=reverse("budgets:coverage", args=[standing.partnership.slug]),
                action="See which",
                mine=bool(standing.may(PREPARE_DIRECTIONS)),
                source="2014 Act s.26(1)",
            )
        )
    return told


def _due_for(standing: Standing, direction: Direction, today: date) -> list[Due]:
    url = direction.get_absolute_url()
    if direction.state == DirectionState.READY:
        mine = bool(standing.may(ISSUE_DIRECTIONS)) and direction.prepared_by_id != standing.user.pk
        return [Due(f"Direction to issue: {direction.title}", None, url, "Issue", mine, "2014 Act s.26")]
    dues = []
    counts = vars(direction)
    named = f"{direction.reference}: {direction.title}"
    if direction.issued_at and counts["received"] < counts["addressed"]:
        by = timezone.localdate(direction.issued_at) + ACKNOWLEDGED_WITHIN
        own = bool(standing.may(ANSWER_DIRECTIONS)) and counts["own_received"] < counts["own_addressed"]
        if own or by < today:
            dues.append(Due(f"Not acknowledged: {named}", by, url, "Acknowledge" if own else "See it", own))
    prepares = bool(standing.may(PREPARE_DIRECTIONS))
    if counts["flagged"]:
        dues.append(Due(f"To be revised: {named}", None, url, "Vary it", prepares, "2014 Act s.27(5)"))
    if direction.review_on and direction.review_on <= today + REVIEW_AHEAD:
        dues.append(Due(f"Review of {named}", direction.review_on, url, "Review", prepares))
    return dues


def _functions_without(standing: Standing, today: date) -> int:
    """How many functions owe a direction and have none: nothing under a lead agency, which only may give them."""
    partnership = standing.partnership
    directed = Direction.objects.for_partnership(partnership).in_force(today).filter(functions=OuterRef("pk"))
    exempt = FunctionExemption.objects.on(today).filter(function=OuterRef("pk"))
    joint_board = (
        IntegrationModelPeriod.objects.for_partnership(partnership)
        .on(today)
        .filter(model=IntegrationModel.BODY_CORPORATE)
    )
    return (
        DelegatedFunction.objects.for_partnership(partnership)
        .on(today)
        .filter(Exists(joint_board), ~Exists(directed), ~Exists(exempt))
        .count()
    )
