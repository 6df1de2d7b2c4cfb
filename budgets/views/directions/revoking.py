"""A direction is revoked by two people: one prepares it, the chief officer decides."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from ...forms.directions import DecideForm, ReturnForm, RevokeForm
from ...models import Direction, Revocation
from ...refusals import MoneyRefused
from ...refusals.directions import RevocationChangedMeanwhile
from ...rules.directions import (
    ISSUE_DIRECTIONS,
    PREPARE_DIRECTIONS,
    may_decide_revocation,
    may_follow_up,
    still_stands,
)
from ...services import directions as services
from .acts import form_page
from .frame import around_directions, direction_of, revocation_of

CHANGED = "The revocation was changed while this page was open. Read the direction again before you go on."


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def revoke(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_follow_up(request.standing, found))
    form = RevokeForm(request.POST or None, revocation=revocation_of(found))
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.prepare_revocation(direction=found, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except RevocationChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = RevokeForm(
                with_revision(request.POST, theirs.revision if theirs else 0), revocation=theirs
            )
            if theirs is None:
                form.add_error(None, "What was prepared before is not there any more. Yours is not sent yet.")
        else:
            messages.success(
                request, "Sent to the chief officer. Until it is decided, the direction stays in force."
            )
            return redirect(found)
    return render(
        request,
        "budgets/directions/revoke.html",
        around_directions(
            request, "Revoke", found, form=form, theirs=theirs, revocation=revocation_of(found)
        ),
        status=409 if theirs else 200,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(ISSUE_DIRECTIONS)
def decide_revocation(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    revocation = _prepared(found)
    require(may_decide_revocation(request.standing, revocation))
    form = DecideForm(request.POST or None, initial={"revision": revocation.revision})
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke_direction(direction=found, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except RevocationChangedMeanwhile:
            messages.error(request, CHANGED)
            return redirect(found)
        else:
            messages.success(request, f"Revoked: {found.reference}.")
            return redirect(found)
    context = around_directions(request, "Decide on the revocation", found, form=form, revocation=revocation)
    return render(request, "budgets/directions/decide.html", context)


@require_http_methods(["GET", "POST"])
@within_partnership(ISSUE_DIRECTIONS)
def return_revocation(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(still_stands(found))
    form = ReturnForm(request.POST or None, initial={"revision": _prepared(found).revision})
    if request.method == "POST" and form.is_valid():
        try:
            services.return_revocation(direction=found, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except RevocationChangedMeanwhile as meanwhile:
            revision = meanwhile.current.revision if meanwhile.current else 0
            form = ReturnForm(with_revision(request.POST, revision))
            form.add_error(None, CHANGED)
        else:
            messages.success(request, "Given back. The direction stays in force.")
            return redirect(found)
    lead = "The direction stays in force. The people who prepare directions see your words on its page."
    return form_page(request, found, form, "Give the revocation back", lead)


def _prepared(direction: Direction) -> Revocation:
    """What somebody prepared, or 404."""
    found = revocation_of(direction)
    if found is None:
        raise Http404("Nobody has prepared a revocation of this direction.")
    return found
