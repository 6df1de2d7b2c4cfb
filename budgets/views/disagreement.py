"""A year on which the partners do not agree: its state, what stands meanwhile, the scheme's steps."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..enums import Meanwhile
from ..forms import DisagreementForm, NewStepForm, SettlementForm, StepForm
from ..models import DisputeStep
from ..refusals import MoneyRefused, StepChangedMeanwhile
from ..rules import DECLARE_DISAGREEMENT, KEEP_DISPUTE_STEPS, VIEW_BUDGETS, can_be_changed
from ..selectors import dispute_of, past_disagreements, standing_meanwhile
from .pages import around, budget_of


@require_http_methods(["GET", "POST"])
@within_partnership(VIEW_BUDGETS)
def disagreement(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    dispute = dispute_of(budget)
    may_keep = request.standing.may(KEEP_DISPUTE_STEPS)
    if request.method == "POST":
        require(may_keep)
    form = NewStepForm(request.POST or None)
    if request.method == "POST" and dispute is not None and form.is_valid():
        try:
            services.add_dispute_step(
                disagreement=dispute.disagreement, by=request.standing.user, **form.cleaned_data
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Added: the step.")
            return redirect("budgets:disagreement", partnership.slug, year)
    may_declare = bool(request.standing.may(DECLARE_DISAGREEMENT))
    return render(
        request,
        "budgets/disagreement.html",
        around(
            request,
            budget,
            "Agreement not reached",
            form=form,
            stands=standing_meanwhile(budget, dispute.disagreement) if dispute else [],
            past=past_disagreements(budget),
            may_keep=bool(may_keep),
            may_declare=may_declare and bool(can_be_changed(budget)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(DECLARE_DISAGREEMENT)
def declare_disagreement(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    form = DisagreementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        chosen = {**form.cleaned_data, "meanwhile": Meanwhile(form.cleaned_data["meanwhile"])}
        try:
            services.declare_disagreement(budget=budget, by=request.standing.user, **chosen)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, f"Recorded: the {budget.year_label} budget is not agreed by the partners."
            )
            return redirect("budgets:disagreement", partnership.slug, year)
    return render(
        request,
        "budgets/disagreement_form.html",
        around(request, budget, "Record that it is not agreed", form=form),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(DECLARE_DISAGREEMENT)
def settle_disagreement(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    if request.method == "GET" and dispute_of(budget) is None:
        return redirect("budgets:disagreement", partnership.slug, year)
    form = SettlementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_disagreement(budget=budget, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(
                request, "Recorded: the partners have agreed. Agree the budget now, on the overview."
            )
            return redirect(budget)
    return render(
        request,
        "budgets/disagreement_form.html",
        around(request, budget, "Record that the partners have agreed", form=form),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(KEEP_DISPUTE_STEPS)
def dispute_step(request: PartnershipRequest, partnership: Partnership, year: int, step: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = get_object_or_404(
        DisputeStep.objects.select_related("changed_by"), disagreement__budget=budget, pk=step
    )
    form = StepForm(request.POST or None, step=found)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_dispute_step(step=found, by=request.standing.user, **form.cleaned_data)
        except StepChangedMeanwhile as meanwhile:
            theirs = found
            form = StepForm(with_revision(request.POST, found.revision), step=found)
            form.is_valid()
            form.refuse(meanwhile)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved: the step.")
            return redirect("budgets:disagreement", partnership.slug, year)
    return render(
        request,
        "budgets/dispute_step.html",
        around(request, budget, "Step of the dispute", form=form, step=found, theirs=theirs),
        status=409 if theirs else 200,
    )
