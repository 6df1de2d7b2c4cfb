"""What every page of directions has around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse

from partnerships.guards import PartnershipRequest, require
from partnerships.permissions import Standing

from ...models import Direction, Revocation
from ...rules.directions import (
    may_answer_direction,
    may_change_direction,
    may_decide_revocation,
    may_follow_up,
    may_issue_direction,
    may_read_direction,
)
from ...selectors.directions.record import DirectionRecord
from ..pages import home_crumb


@dataclass(frozen=True)
class DirectionActs:
    """What this person may do with a direction today."""

    change: bool
    issue: bool
    issue_reason: str
    follow: bool
    decide: bool
    answer: bool
    acknowledge: bool


def direction_of(request: PartnershipRequest, pk: int) -> Direction:
    """The direction of this partnership that the person may read: 404 for none, 403 for another body's."""
    found = (
        Direction.objects.for_partnership(request.partnership)
        .select_related(
            "partnership",
            "budget",
            "prepared_by",
            "issued_by",
            "ended_by",
            "changed_by",
            "revocation__prepared_by",
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("There is no such direction here.")
    found.partnership = request.partnership
    if found.budget:
        found.budget.partnership = request.partnership
    require(may_read_direction(request.standing, found, bodies_in(found)))
    return found


def revocation_of(direction: Direction) -> Revocation | None:
    """What was prepared to revoke it, if anything was."""
    return getattr(direction, "revocation", None)


def bodies_in(direction: Direction) -> list[int]:
    return list(direction.targets.values_list("body", flat=True))


def acts_on(standing: Standing, direction: Direction, record: DirectionRecord) -> DirectionActs:
    issue = may_issue_direction(standing, direction)
    revocation = revocation_of(direction)
    answer = bool(may_answer_direction(standing, direction, record.body_ids))
    return DirectionActs(
        change=bool(may_change_direction(standing, direction)),
        issue=bool(issue),
        issue_reason=issue.reason,
        follow=bool(may_follow_up(standing, direction)),
        decide=revocation is not None and bool(may_decide_revocation(standing, revocation)),
        answer=answer,
        acknowledge=answer and bool(standing.body_ids & record.silent_ids),
    )


def around_directions(
    request: PartnershipRequest, here: str = "", direction: Direction | None = None, **more: Any
) -> dict[str, Any]:
    """The context of a page of directions. `here` is the page's own name, `direction` what it stands under."""
    slug = request.partnership.slug
    under = here or direction
    crumbs = [
        home_crumb(request.partnership),
        {"label": "Money", "url": reverse("budgets:list", args=[slug])},
        {"label": "Directions", "url": reverse("budgets:directions", args=[slug]) if under else ""},
    ]
    if direction is not None:
        label = direction.reference or direction.title
        crumbs.append({"label": label, "url": direction.get_absolute_url() if here else ""})
    if here:
        crumbs.append({"label": here, "url": ""})
    return {"crumbs": crumbs, "direction": direction, **more}
