"""Virements and allocations in the year: what waits, one of them, proposing and deciding."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms.movements import ApprovalForm, FundingForm, RefusalForm, VirementForm
from ..models import Budget, FundingChange, Virement
from ..refusals import MoneyRefused
from ..rules import APPROVE_MOVEMENT, PROPOSE_MOVEMENT, VIEW_BUDGETS, can_be_moved, may_decide
from ..selectors import lawful_contributions
from ..selectors.movements import funding_changes_of, movement_facts, virements_of
from .pages import around, budget_of


@require_GET
@within_partnership(VIEW_BUDGETS)
def movements(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    return render(
        request,
        "budgets/movements.html",
        around(
            request,
            budget,
            "Virements and allocations",
            virements=virements_of(budget),
            allocations=funding_changes_of(budget),
            may_propose=budget.is_agreed and bool(request.standing.may(PROPOSE_MOVEMENT)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PROPOSE_MOVEMENT)
def propose_virement(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_moved(budget))
    form = VirementForm(request.POST or None, budget=budget)
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        try:
            virement = services.propose_virement(
                budget=budget,
                entries=form.entries(),
                reason=form.cleaned_data["reason"],
                is_recurring=form.cleaned_data["is_recurring"],
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{virement} is proposed. Somebody else approves it.")
            return redirect(virement)
    return render(
        request,
        "budgets/propose_virement.html",
        around_movements(request, budget, "Propose a virement", form=form),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PROPOSE_MOVEMENT)
def propose_allocation(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_moved(budget))
    form = FundingForm(request.POST or None, budget=budget, possible=lawful_contributions(budget))
    if request.method == "POST" and "more" not in request.POST and form.is_valid():
        try:
            change = services.propose_funding_change(
                budget=budget, entries=form.entries(), by=request.standing.user, **form.fields_of()
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Proposed: {change}. Somebody else approves it.")
            return redirect(change)
    return render(
        request,
        "budgets/propose_allocation.html",
        around_movements(request, budget, "Propose an allocation in the year", form=form),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(VIEW_BUDGETS)
def virement(request: PartnershipRequest, partnership: Partnership, year: int, virement: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    return movement_page(request, budget, _found(Virement, budget, virement))


@require_http_methods(["GET", "POST"])
@within_partnership(VIEW_BUDGETS)
def funding_change(
    request: PartnershipRequest, partnership: Partnership, year: int, allocation: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    return movement_page(request, budget, _found(FundingChange, budget, allocation))


def _found(kind: Any, budget: Budget, number: int) -> Any:
    rows = kind.objects.filter(budget=budget, number=number)
    found = rows.select_related("proposed_by", "decided_by").first()
    if found is None:
        raise Http404("There is no such movement in this budget.")
    found.budget = budget
    return found


def movement_page(
    request: PartnershipRequest, budget: Budget, found: Virement | FundingChange
) -> HttpResponse:
    approval, refusal_form = ApprovalForm(), RefusalForm()
    if request.method == "POST":
        if "approve" in request.POST:
            require(request.standing.may(APPROVE_MOVEMENT))
            approval = ApprovalForm(request.POST)
            if approval.is_valid() and _approved(request, found, approval):
                return redirect(found)
        else:
            own = found.proposed_by_id == request.standing.user.pk
            require(request.standing.may(PROPOSE_MOVEMENT if own else APPROVE_MOVEMENT))
            refusal_form = RefusalForm(request.POST)
            if refusal_form.is_valid() and _turned_down(request, found, refusal_form):
                return redirect(found)
    return render(
        request,
        "budgets/movement.html",
        around_movements(
            request,
            budget,
            str(found),
            movement=found,
            facts=movement_facts(found),
            approval=approval,
            refusal=refusal_form,
            may_approve=found.is_proposed
            and bool(request.standing.may(APPROVE_MOVEMENT))
            and bool(may_decide(found, request.standing.user)),
            may_withdraw=found.is_proposed and found.proposed_by_id == request.standing.user.pk,
        ),
    )


def _approved(request: PartnershipRequest, found: Virement | FundingChange, form: ApprovalForm) -> bool:
    minute = form.cleaned_data["minute_reference"]
    by = request.standing.user
    try:
        if isinstance(found, Virement):
            services.approve_virement(virement=found, by=by, minute_reference=minute)
        else:
            services.approve_funding_change(change=found, by=by, minute_reference=minute)
    except MoneyRefused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, f"{found} is applied. The lines have their new amounts.")
    return True


def _turned_down(request: PartnershipRequest, found: Virement | FundingChange, form: RefusalForm) -> bool:
    try:
        services.turn_down(movement=found, by=request.standing.user, reason=form.cleaned_data["decision"])
    except MoneyRefused as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, f"{found} is turned down. Nothing has changed in the budget.")
    return True


def around_movements(request: PartnershipRequest, budget: Budget, here: str, **more: Any) -> dict[str, Any]:
    context = around(request, budget, here, **more)
    url = reverse("budgets:movements", args=[request.partnership.slug, budget.year])
    context["crumbs"].insert(-1, {"label": "Virements and allocations", "url": url})
    return context
