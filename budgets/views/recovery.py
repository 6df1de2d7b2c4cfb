"""The recovery plan: its ladder and its actions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms.recovery import ActionForm, StepForm
from ..models import Budget, RecoveryAction, RecoveryPlan, RecoveryStep
from ..refusals import ChangedMeanwhile, MoneyRefused
from ..rules import PLAN_RECOVERY, VIEW_BUDGETS
from ..selectors.recovery import left_over, overspend_of, recovery_facts
from .pages import around, budget_of


@require_GET
@within_partnership(VIEW_BUDGETS)
def recovery(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    facts, overspend = recovery_facts(budget), overspend_of(budget)
    return render(
        request,
        "budgets/recovery.html",
        around(
            request,
            budget,
            "Recovery plan",
            facts=facts,
            overspend=overspend,
            left_over=left_over(overspend, facts),
            may_plan=bool(request.standing.may(PLAN_RECOVERY)),
        ),
    )


@require_POST
@within_partnership(PLAN_RECOVERY)
def begin_recovery(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    services.begin_recovery(budget=budget, by=request.standing.user)
    messages.success(request, "The recovery plan is begun. Add the actions that lower the overspend.")
    return redirect("budgets:recovery", partnership.slug, year)


@require_http_methods(["GET", "POST"])
@within_partnership(PLAN_RECOVERY)
def recovery_step(
    request: PartnershipRequest, partnership: Partnership, year: int, step: str
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = RecoveryStep.objects.filter(plan__budget=budget, step=step).first()
    if found is None:
        raise Http404("There is no such step here.")
    form = StepForm(request.POST or None, step=found)
    if request.method == "POST" and form.is_valid():
        services.set_step(step=found, by=request.standing.user, **form.cleaned_data)
        messages.success(request, f"Saved: {found}.")
        return redirect("budgets:recovery", partnership.slug, year)
    return render(
        request, "budgets/recovery_step.html", around(request, budget, str(found), form=form, step=found)
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PLAN_RECOVERY)
def add_recovery_action(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    plan = plan_of(budget)
    form = ActionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_action(plan=plan, by=request.standing.user, **form.answers())
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved: the action.")
            return redirect("budgets:recovery", partnership.slug, year)
    return render(
        request, "budgets/recovery_action.html", around(request, budget, "Add an action", form=form)
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PLAN_RECOVERY)
def change_recovery_action(
    request: PartnershipRequest, partnership: Partnership, year: int, recovery_action: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = RecoveryAction.objects.filter(plan__budget=budget, pk=recovery_action).first()
    if found is None:
        raise Http404("There is no such action here.")
    form = ActionForm(request.POST or None, found=found)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_action(
                recovery_action=found,
                revision=form.cleaned_data["revision"] or 0,
                by=request.standing.user,
                **form.answers(),
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = ActionForm(with_revision(request.POST, theirs.revision), found=theirs)
        else:
            messages.success(request, "Saved: the action.")
            return redirect("budgets:recovery", partnership.slug, year)
    return render(
        request,
        "budgets/recovery_action.html",
        around(request, budget, "Change the action", form=form, theirs=theirs),
        status=409 if theirs else 200,
    )


def plan_of(budget: Budget) -> RecoveryPlan:
    """The year's recovery plan, or 404."""
    plan = RecoveryPlan.objects.filter(budget=budget).first()
    if plan is None:
        raise Http404("This year has no recovery plan.")
    return plan
