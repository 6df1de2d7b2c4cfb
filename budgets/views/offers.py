"""What each body offers for the year, and finance's close look at it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..enums import Finding, FundKind
from ..forms import FindingNoteForm, OfferForm, funding_form_set
from ..models import Budget
from ..refusals import ChangedMeanwhile, MoneyRefused
from ..rules import (
    RECORD_OFFERS,
    SET_CONTRIBUTIONS,
    VIEW_BUDGETS,
    WEIGH_OFFERS,
    bodies_shown,
    can_be_changed,
    may_record_offer_of,
)
from ..selectors import Diligence, OfferStanding, due_diligence, offers_of
from .pages import around, budget_of


@require_GET
@within_partnership(VIEW_BUDGETS)
def offers(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    changeable = bool(can_be_changed(budget))
    rows = offers_seen(request, budget)
    may_record = changeable and bool(request.standing.may(RECORD_OFFERS))
    return render(
        request,
        "budgets/offers.html",
        around(
            request,
            budget,
            "Offers",
            rows=[
                (row, may_record and bool(may_record_offer_of(request.standing, row.body))) for row in rows
            ],
            may_take_over=changeable and bool(request.standing.may(SET_CONTRIBUTIONS)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(RECORD_OFFERS)
def record_offer(
    request: PartnershipRequest, partnership: Partnership, year: int, body: str, kind: str
) -> HttpResponse:
    budget = budget_of(partnership, year)
    row = offer_of(request, budget, body, kind)
    require(may_record_offer_of(request.standing, row.body))
    require(can_be_changed(budget))
    form = OfferForm(request.POST or None, current=row.current)
    funding = funding_form_set(request.POST or None, row.current)
    theirs = None
    if request.method == "POST" and form.is_valid() and funding.is_valid():
        try:
            offer = services.record_offer(
                budget=budget,
                body=row.body,
                kind=row.kind,
                terms=form.terms(funding.passed_through()),
                read_version=form.cleaned_data["version"] or 0,
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile:
            row = offer_of(request, budget, body, kind)
            theirs = row.current
            form = OfferForm(with_version(request.POST, theirs.version if theirs else 0), current=theirs)
        else:
            messages.success(request, f"Recorded: version {offer.version} of the offer by {row.body}.")
            return redirect("budgets:offers", partnership.slug, year)
    return render(
        request,
        "budgets/offer_form.html",
        around(request, budget, f"Offer by {row.body}", form=form, funding=funding, row=row, theirs=theirs),
        status=409 if theirs else 200,
    )


@require_POST
@within_partnership(SET_CONTRIBUTIONS)
def take_over_offer(
    request: PartnershipRequest, partnership: Partnership, year: int, body: str, kind: str
) -> HttpResponse:
    budget = budget_of(partnership, year)
    row = offer_of(request, budget, body, kind)
    if row.current is None:
        raise Http404("There is no offer to take over.")
    try:
        services.take_over_offer(
            offer=row.current,
            revision=row.recorded.revision if row.recorded else None,
            by=request.standing.user,
        )
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    except ChangedMeanwhile:
        messages.error(
            request, "Somebody recorded the contribution meanwhile. Look at it before you replace it."
        )
    else:
        messages.success(request, f"The offer by {row.body} is recorded as its contribution.")
    return redirect("budgets:offers", partnership.slug, year)


@require_GET
@within_partnership(VIEW_BUDGETS)
def diligence(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    return render(
        request,
        "budgets/diligence.html",
        around(
            request,
            budget,
            "Due diligence",
            rows=diligence_seen(request, budget),
            may_note=bool(request.standing.may(WEIGH_OFFERS)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(WEIGH_OFFERS)
def note_finding(
    request: PartnershipRequest, partnership: Partnership, year: int, *, body: str, kind: str, finding: str
) -> HttpResponse:
    budget = budget_of(partnership, year)
    rows = [
        row for row in due_diligence(budget) if row.body.code.lower() == body.lower() and row.kind == kind
    ]
    found = next((one for row in rows for one in row.findings if one.finding == finding), None)
    if found is None:
        raise Http404("There is no such finding here any more.")
    form = FindingNoteForm(request.POST or None, note=found.note)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_finding(
                budget=budget,
                body=rows[0].body,
                kind=FundKind(kind),
                finding=Finding(finding),
                text=form.cleaned_data["text"],
                revision=form.cleaned_data["revision"] or 0,
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            seen = with_revision(request.POST, found.note.revision if found.note else 0)
            form = FindingNoteForm(seen, note=found.note)
            form.is_valid()
            form.refuse(refusal)
        else:
            messages.success(request, "Saved: the note to the finding.")
            return redirect("budgets:diligence", partnership.slug, year)
    return render(
        request,
        "budgets/finding.html",
        around(request, budget, found.finding.label, form=form, found=found, row=rows[0]),
    )


def offers_seen(request: PartnershipRequest, budget: Budget) -> list[OfferStanding]:
    """The offers that this person sees: a partner officer sees their own body's."""
    shown = bodies_shown(request.standing)
    return [row for row in offers_of(budget) if shown is None or row.body.pk in shown]


def diligence_seen(request: PartnershipRequest, budget: Budget) -> list[Diligence]:
    shown = bodies_shown(request.standing)
    return [row for row in due_diligence(budget) if shown is None or row.body.pk in shown]


def offer_of(request: PartnershipRequest, budget: Budget, body: str, kind: str) -> OfferStanding:
    """The sum that the address means, or 404 where the Act lets this body put in nothing of the kind."""
    for row in offers_of(budget):
        if row.body.code.lower() == body.lower() and row.kind == kind:
            return row
    raise Http404("There is no such offer here.")


def with_version(posted: QueryDict, version: int) -> QueryDict:
    """What was typed, with the version that the person has now seen."""
    again = posted.copy()
    again["version"] = str(version)
    return again
