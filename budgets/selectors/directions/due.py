"""What directions and the set-aside tell the partnership's home page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words, date_uk
from partnerships.enums import IntegrationModel
from partnerships.home import Due
from partnerships.models import DelegatedFunction, IntegrationModelPeriod, Partnership
from partnerships.permissions import Standing

from ...enums import STANDING, DirectionState
from ...models import (
    Acknowledgement,
    Budget,
    Direction,
    DirectionTarget,
    FunctionExemption,
    RevisionFlag,
    SetAsideReport,
)
from ...rules.directions import (
    ACKNOWLEDGED_WITHIN,
    ANSWER_DIRECTIONS,
    ISSUE_DIRECTIONS,
    PREPARE_DIRECTIONS,
    VIEW_COVERAGE,
    sees_own_body_only,
)
from ...rules.set_aside import REPORT_SET_ASIDE
from .control import budgets_not_wholly_directed, difference_in_words
from .register import readable_directions

REVIEW_AHEAD = timedelta(days=30)


def directions_due(standing: Standing) -> list[Due]:
    """Directions to issue, acknowledge, revise or review, functions and money without any, reports of the board.

    One query.
    """
    waiting, bare, reports, years = (
        Partnership.objects.filter(pk=standing.partnership.pk)
        .values_list(
            ArraySubquery(_waiting(standing)),
            Coalesce(Subquery(_functions_without(standing)), Value(0)),
            ArraySubquery(_reports(standing)),
            ArraySubquery(_years_to_direct(standing)),
        )
        .get()
    )
    told = [due for row in waiting for due in _due_for(standing, row)]
    if bare and standing.may(VIEW_COVERAGE):
        has = "has" if bare == 1 else "have"
        told.append(
            Due(
                title=f"{count_in_words(bare, 'function').capitalize()} {has} no direction in force",
                due_on=None,
                url=reverse("budgets:coverage", args=[standing.partnership.slug]),
                action="See which",
                mine=bool(standing.may(PREPARE_DIRECTIONS)),
                source="2014 Act s.26(1)",
            )
        )
    if standing.may(VIEW_COVERAGE):
        told += [_year_due(standing, row) for row in years]
    return told + [_report_due(standing, row) for row in reports]


def _waiting(standing: Standing) -> QuerySet[Any, Any]:
    received = Acknowledgement.objects.filter(direction=OuterRef("direction"), body=OuterRef("body"))
    silent = DirectionTarget.objects.filter(direction=OuterRef("pk")).filter(~Exists(received))
    waiting: QuerySet[Any, Any] = (
        readable_directions(standing)
        .select_related(None)
        .annotate(
            is_silent=Exists(silent),
            is_own_silent=Exists(silent.filter(body__in=standing.body_ids)),
            is_flagged=Exists(RevisionFlag.objects.filter(direction=OuterRef("pk"))),
        )
        .filter(
            Q(state=DirectionState.READY)
            | Q(state=DirectionState.DRAFT) & ~Q(returned_reason="")
            | Q(state__in=STANDING)
            & (
                Q(revocation__isnull=False)
                | Q(expected_end_on__lt=standing.on)
                | Q(is_silent=True)
                | Q(is_flagged=True)
                | Q(review_on__lte=standing.on + REVIEW_AHEAD)
            )
        )
        .order_by("pk")
        .values(
            json=JSONObject(
                pk="pk",
                state="state",
                title="title",
                reference="reference",
                prepared_by="prepared_by",
                issued_at="issued_at",
                review_on="review_on",
                is_silent="is_silent",
                is_own_silent="is_own_silent",
                is_flagged="is_flagged",
                expected_end_on="expected_end_on",
                revocation_by="revocation__prepared_by",
                returned_reason="revocation__returned_reason",
            )
        )
    )
    return waiting


def _due_for(standing: Standing, row: dict[str, Any]) -> list[Due]:
    url = reverse("budgets:direction", args=[standing.partnership.slug, row["pk"]])
    if row["state"] == DirectionState.READY:
        mine = bool(standing.may(ISSUE_DIRECTIONS)) and row["prepared_by"] != standing.user.pk
        return [Due(f"Direction to issue: {row['title']}", None, url, "Issue", mine, "2014 Act s.26")]
    prepares = bool(standing.may(PREPARE_DIRECTIONS))
    if row["state"] == DirectionState.DRAFT:
        return [Due(f"Direction given back: {row['title']}", None, url, "Put it right", prepares)]
    dues = []
    named = f"{row['reference']}: {row['title']}"
    if row["is_silent"]:
        issued_at = datetime.fromisoformat(row["issued_at"])
        by = timezone.localdate(issued_at) + ACKNOWLEDGED_WITHIN
        own = bool(standing.may(ANSWER_DIRECTIONS)) and row["is_own_silent"]
        if own or by < standing.on:
            dues.append(Due(f"Not acknowledged: {named}", by, url, "Acknowledge" if own else "See it", own))
    if row["is_flagged"]:
        dues.append(Due(f"To be revised: {named}", None, url, "Vary it", prepares, "2014 Act s.27(5)"))
    dues += _endings_due(standing, row, named, url, prepares=prepares)
    review_on = date.fromisoformat(row["review_on"]) if row["review_on"] else None
    if review_on and review_on <= standing.on + REVIEW_AHEAD:
        dues.append(Due(f"Review of {named}", review_on, url, "Review", prepares))
    return dues


def _endings_due(
    standing: Standing, row: dict[str, Any], named: str, url: str, *, prepares: bool
) -> Iterator[Due]:
    """Revocations to decide or to put right, and what was expected to have ended. A body hears what is decided."""
    if sees_own_body_only(standing):
        return
    if row["revocation_by"] and not row["returned_reason"]:
        mine = bool(standing.may(ISSUE_DIRECTIONS)) and row["revocation_by"] != standing.user.pk
        yield Due(f"Revocation to decide: {named}", None, url, "Decide", mine, "2014 Act s.27(5)")
    elif row["revocation_by"]:
        yield Due(f"Revocation given back: {named}", None, url, "Put it right", prepares, "2014 Act s.27(5)")
    expected = date.fromisoformat(row["expected_end_on"]) if row["expected_end_on"] else None
    if expected and expected < standing.on:
        yield Due(f"Past its expected end: {named}", expected, url, "Complete, vary or revoke", prepares)


def _joint_board(standing: Standing) -> Exists:
    """Whether the partnership owes directions: a lead agency only may give them (2014 Act s.26(1), (2))."""
    periods = IntegrationModelPeriod.objects.for_partnership(standing.partnership).on(standing.on)
    return Exists(periods.filter(model=IntegrationModel.BODY_CORPORATE))


def _years_to_direct(standing: Standing) -> QuerySet[Any, Any]:
    """The year's agreed budget, if its money is not wholly directed."""
    years = budgets_not_wholly_directed(standing.partnership, standing.on).filter(_joint_board(standing))
    told: QuerySet[Any, Any] = years.order_by().values(json=JSONObject(year="year", left="undirected"))
    return told


def _year_due(standing: Standing, row: dict[str, Any]) -> Due:
    budget = Budget(year=row["year"])
    return Due(
        title=f"{budget.year_label}: {difference_in_words(Decimal(str(row['left'])))}",
        due_on=budget.starts_on,
        url=reverse("budgets:directed", args=[standing.partnership.slug, budget.year]),
        action="See which",
        mine=bool(standing.may(PREPARE_DIRECTIONS)),
        source="2014 Act s.27(1)",
    )


def _functions_without(standing: Standing) -> QuerySet[Any, Any]:
    """How many functions owe a direction and have none."""
    partnership, today = standing.partnership, standing.on
    directed = Direction.objects.for_partnership(partnership).in_force(today).filter(functions=OuterRef("pk"))
    exempt = FunctionExemption.objects.on(today).filter(function=OuterRef("pk"))
    counted: QuerySet[Any, Any] = (
        DelegatedFunction.objects.for_partnership(partnership)
        .on(today)
        .filter(_joint_board(standing), ~Exists(directed), ~Exists(exempt))
        .order_by()
        .values("partnership")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return counted


def _reports(standing: Standing) -> QuerySet[Any, Any]:
    """The set-aside reports whose period is over and that the board still owes."""
    owed: QuerySet[Any, Any] = SetAsideReport.objects.for_partnership(standing.partnership)
    return (
        owed.filter(reported_at__isnull=True, ends_on__lt=standing.on)
        .order_by("due_on")
        .values(json=JSONObject(pk="pk", year="budget__year", ends_on="ends_on", due_on="due_on"))
    )


def _report_due(standing: Standing, row: dict[str, Any]) -> Due:
    mine = bool(standing.may(REPORT_SET_ASIDE)) and standing.partnership.health_board_id in standing.body_ids
    return Due(
        title=f"Set-aside report to {date_uk(date.fromisoformat(row['ends_on']))}",
        due_on=date.fromisoformat(row["due_on"]),
        url=reverse("budgets:set_aside_report", args=[standing.partnership.slug, row["year"], row["pk"]]),
        action="Report" if mine else "See it",
        mine=mine,
        source="2014 Act s.28(5)",
    )
