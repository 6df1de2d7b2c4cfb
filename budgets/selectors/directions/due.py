"""What directions tell the partnership's home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from partnerships.home import Due
from partnerships.permissions import Standing

from ...enums import STANDING, DirectionState
from ...models import Direction
from ...rules.directions import (
    ACKNOWLEDGED_WITHIN,
    ANSWER_DIRECTIONS,
    ISSUE_DIRECTIONS,
    PREPARE_DIRECTIONS,
    VIEW_COVERAGE,
    sees_own_body_only,
)
from .control import difference_in_words
from .register import readable_directions
from .undirected import undirected

REVIEW_AHEAD = timedelta(days=30)


# The directions that may want something, put together once: that takes Django longer than the answer takes the
# database. A row stands for one of a direction's targets with one of its acknowledgements, at most nine: that is
# cheaper than asking which bodies have not answered.
WAITING = (
    Direction.objects.filter(
        Q(state__in=(DirectionState.READY, *STANDING))
        | Q(state=DirectionState.DRAFT) & ~Q(returned_reason="")
    )
    .annotate(is_flagged=Q(flags__isnull=False))
    .order_by("pk")
    .values_list(
        *("pk", "state", "title", "reference", "prepared_by", "issued_at", "review_on", "expected_end_on"),
        *("revocation__prepared_by", "revocation__returned_reason", "is_flagged"),
        *("targets__body", "acknowledgements__body"),
        named=True,
    )
    .distinct()
)


def directions_due(standing: Standing) -> list[Due]:
    """Directions to issue, acknowledge, revise or review; functions and money without any. At most three queries."""
    told = [due for row, silent in _waiting(standing) for due in _due_for(standing, row, silent)]
    if standing.may(VIEW_COVERAGE):
        told += _undirected_due(standing)
    return told


def _undirected_due(standing: Standing) -> Iterator[Due]:
    found = undirected(standing)
    mine = bool(standing.may(PREPARE_DIRECTIONS))
    if found.functions:
        has = "has" if found.functions == 1 else "have"
        yield Due(
            title=f"{count_in_words(found.functions, 'function').capitalize()} {has} no direction in force",
            due_on=None,
            url=reverse("budgets:coverage", args=[standing.partnership.slug]),
            action="See which",
            mine=mine,
            source="2014 Act s.26(1)",
        )
    if found.budget and found.left:
        yield Due(
            title=f"{found.budget.year_label}: {difference_in_words(found.left)}",
            due_on=found.budget.starts_on,
            url=reverse("budgets:directed", args=[standing.partnership.slug, found.budget.year]),
            action="See which",
            mine=mine,
            source="2014 Act s.27(1)",
        )


def _waiting(standing: Standing) -> Iterator[tuple[Any, set[int]]]:
    """The directions that may want something, each with the bodies that have not acknowledged it. One query."""
    for _, pairs in groupby(readable_directions(standing, WAITING), key=attrgetter("pk")):
        rows = list(pairs)
        silent = {row.targets__body for row in rows} - {row.acknowledgements__body for row in rows}
        yield rows[0], silent - {None}


def _due_for(standing: Standing, row: Any, silent: set[int]) -> list[Due]:
    url = reverse("budgets:direction", args=[standing.partnership.slug, row.pk])
    if row.state == DirectionState.READY:
        mine = bool(standing.may(ISSUE_DIRECTIONS)) and row.prepared_by != standing.user.pk
        return [Due(f"Direction to issue: {row.title}", None, url, "Issue", mine, "2014 Act s.26")]
    prepares = bool(standing.may(PREPARE_DIRECTIONS))
    if row.state == DirectionState.DRAFT:
        return [Due(f"Direction given back: {row.title}", None, url, "Put it right", prepares)]
    dues = []
    named = f"{row.reference}: {row.title}"
    if silent:
        by = timezone.localdate(row.issued_at) + ACKNOWLEDGED_WITHIN
        own = bool(standing.may(ANSWER_DIRECTIONS) and standing.body_ids & silent)
        if own or by < standing.on:
            dues.append(Due(f"Not acknowledged: {named}", by, url, "Acknowledge" if own else "See it", own))
    if row.is_flagged:
        dues.append(Due(f"To be revised: {named}", None, url, "Vary it", prepares, "2014 Act s.27(5)"))
    dues += _endings_due(standing, row, named, url, prepares=prepares)
    if row.review_on and row.review_on <= standing.on + REVIEW_AHEAD:
        dues.append(Due(f"Review of {named}", row.review_on, url, "Review", prepares))
    return dues


def _endings_due(standing: Standing, row: Any, named: str, url: str, *, prepares: bool) -> Iterator[Due]:
    """Revocations to decide or to put right, and what was expected to have ended. A body hears what is decided."""
    if sees_own_body_only(standing):
        return
    if row.revocation__prepared_by and not row.revocation__returned_reason:
        mine = bool(standing.may(ISSUE_DIRECTIONS)) and row.revocation__prepared_by != standing.user.pk
        yield Due(f"Revocation to decide: {named}", None, url, "Decide", mine, "2014 Act s.27(5)")
    elif row.revocation__prepared_by:
        yield Due(f"Revocation given back: {named}", None, url, "Put it right", prepares, "2014 Act s.27(5)")
    expected = row.expected_end_on
    if expected and expected < standing.on:
        yield Due(f"Past its expected end: {named}", expected, url, "Complete, vary or revoke", prepares)
