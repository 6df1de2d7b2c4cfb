"""Writing a direction before it is issued."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from ...enums import Effect
from ...forms.directions import DirectionForm, DirectionMoneyForm, RevisionOnlyForm
from ...refusals import ChangedMeanwhile, MoneyRefused
from ...rules.directions import PREPARE_DIRECTIONS, may_change_direction, may_follow_up
from ...selectors.directions import direction_record, lines_to_direct
from ...services import directions as services
from ..revisions import sent, sent_once_read
from .frame import around_directions, direction_of


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def add(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = DirectionForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            started = services.start_direction(
                partnership=partnership, by=request.standing.user, fields=form.direction_fields()
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The draft is saved. Choose its money next, then mark it as prepared.")
            return redirect(started)
    context = around_directions(request, "Write a direction", form=form)
    return render(request, "budgets/directions/form.html", context)


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def change(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_change_direction(request.standing, found))
    change = sent(
        request,
        lambda typed: DirectionForm(typed, partnership=partnership, direction=found),
        lambda form: services.change_direction(
            direction=found,
            revision=form.cleaned_data["revision"] or 0,
            by=request.standing.user,
            fields=form.direction_fields(),
        ),
    )
    if change.is_saved:
        messages.success(request, "Saved.")
        return redirect(found)
    context = around_directions(
        request,
        "Change the draft",
        found,
        form=change.form,
        theirs=change.theirs,
        content=direction_record(change.theirs).content if change.theirs else None,
    )
    return render(request, "budgets/directions/form.html", context, status=change.status)


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def money(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_change_direction(request.standing, found))
    rows = lines_to_direct(found)
    form = DirectionMoneyForm(
        request.POST or None, direction=found, rows=rows, fill=request.GET.get("fill") == "left"
    )
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.set_direction_money(
                direction=found,
                amounts=form.amounts(),
                revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = DirectionMoneyForm(
                with_revision(request.POST, theirs.revision), direction=found, rows=lines_to_direct(theirs)
            )
        else:
            messages.success(request, "The money is saved.")
            return redirect(found)
    context = around_directions(request, "Money by line", found, form=form, theirs=theirs)
    return render(request, "budgets/directions/money.html", context, status=409 if theirs else 200)


@require_POST
@within_partnership(PREPARE_DIRECTIONS)
def follow(
    request: PartnershipRequest, partnership: Partnership, direction: int, effect: str
) -> HttpResponse:
    found = direction_of(request, direction)
    if effect not in Effect:
        raise Http404("A direction is varied or superseded.")
    require(may_follow_up(request.standing, found))
    draft = services.follow_direction(earlier=found, effect=Effect(effect), by=request.standing.user)
    messages.success(
        request,
        f"This draft {draft.replaces.get().get_effect_display().lower()} {found.reference}. "
        "Change what is to be different.",
    )
    return redirect("budgets:change_direction", partnership.slug, draft.pk)


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def remove(request: PartnershipRequest, partnership: Partnership, direction: int) -> HttpResponse:
    found = direction_of(request, direction)
    require(may_change_direction(request.standing, found))
    removal = sent_once_read(
        request,
        lambda typed: RevisionOnlyForm(typed, initial={"revision": found.revision}),
        lambda form: services.remove_direction(
            direction=found, revision=form.cleaned_data["revision"], by=request.standing.user
        ),
        name="draft",
    )
    if removal.is_saved:
        messages.success(request, f"Removed: {found.title}.")
        return redirect("budgets:directions", partnership.slug)
    context = around_directions(
        request, "Remove the draft", found, form=removal.form, content=direction_record(found).content
    )
    return render(request, "budgets/directions/remove.html", context, status=removal.status)
