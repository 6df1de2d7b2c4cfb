"""A direction is revoked by two people: one prepares it, the chief officer decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from ...forms.directions import DecideForm, ReturnForm, RevokeForm
from ...models import Direction, Revocation
from ...rules.directions import (
    ISSUE_DIRECTIONS,
    PREPARE_DIRECTIONS,
    may_decide_revocation,
    may_follow_up,
    still_stands,
)
from ...services import directions as services
from ..revisions import sent, sent_once_read
from .frame import around_directions, direction_of, revocation_of


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def revoke(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_follow_up(request.standing, found))
    revocation = revocation_of(found)
    preparing = sent(
        request,
        lambda typed: RevokeForm(typed, revocation=revocation),
        lambda form: services.prepare_revocation(
            direction=found, by=request.standing.user, **form.cleaned_data
        ),
    )
    if preparing.is_saved:
        messages.success(
            request, "Sent to the chief officer. Until it is decided, the direction stays in force."
        )
        return redirect(found)
    context = around_directions(
        request, "Revoke", found, form=preparing.form, theirs=preparing.theirs, revocation=revocation
    )
    return render(request, "budgets/directions/revoke.html", context, status=preparing.status)


@require_http_methods(["GET", "POST"])
@within_partnership(ISSUE_DIRECTIONS)
def decide_revocation(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    revocation = _prepared(found)
    require(may_decide_revocation(request.standing, revocation))
    deciding = sent_once_read(
        request,
        lambda typed: DecideForm(typed, initial={"revision": revocation.revision}),
        lambda form: services.revoke_direction(
            direction=found, by=request.standing.user, **form.cleaned_data
        ),
        name="revocation",
    )
    if deciding.is_saved:
        messages.success(request, f"Revoked: {found.reference}.")
        return redirect(found)
    context = around_directions(
        request, "Decide on the revocation", found, form=deciding.form, revocation=revocation
    )
    return render(request, "budgets/directions/decide.html", context, status=deciding.status)


@require_http_methods(["GET", "POST"])
@within_partnership(ISSUE_DIRECTIONS)
def return_revocation(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(still_stands(found))
    revocation = _prepared(found)
    giving_back = sent_once_read(
        request,
        lambda typed: ReturnForm(typed, initial={"revision": revocation.revision}),
        lambda form: services.return_revocation(
            direction=found, by=request.standing.user, **form.cleaned_data
        ),
        name="revocation",
    )
    if giving_back.is_saved:
        messages.success(request, "Given back. The direction stays in force.")
        return redirect(found)
    context = around_directions(
        request, "Give the revocation back", found, form=giving_back.form, revocation=revocation
    )
    return render(request, "budgets/directions/return_revocation.html", context, status=giving_back.status)


def _prepared(direction: Direction) -> Revocation:
    """What somebody prepared, or 404."""
    found = revocation_of(direction)
    if found is None:
        raise Http404("Nobody has prepared a revocation of this direction.")
    return found
