"""What may cost more than the year's budget has: the list, and each risk."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import RiskForm
from ..models import Budget, Risk
from ..refusals import MoneyRefused
from ..rules import MANAGE_RISKS, VIEW_BUDGETS
from ..selectors import risks_in_words
from .pages import around, budget_of
from .revisions import sent, sent_removal


@require_GET
@within_partnership(VIEW_BUDGETS)
def risks(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    rows = list(budget.risks.all())
    return render(
        request,
        "budgets/risks.html",
        around(
            request,
            budget,
            "Risks",
            rows=rows,
            sentence=risks_in_words(rows),
            may_manage=bool(request.standing.may(MANAGE_RISKS)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RISKS)
def add_risk(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = RiskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_risk(budget=budget, by=request.standing.user, **form.risk_fields())
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Added: {added}.")
            return redirect("budgets:risks", partnership.slug, year)
    return render(request, "budgets/risk_form.html", around(request, budget, "Add a risk", form=form))


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RISKS)
def change_risk(request: PartnershipRequest, partnership: Partnership, year: int, risk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = risk_of(budget, risk)
    change = sent(
        request,
        lambda typed: RiskForm(typed, risk=found),
        lambda form: services.change_risk(
            risk=found,
            revision=form.cleaned_data["revision"] or 0,
            by=request.standing.user,
            **form.risk_fields(),
        ),
    )
    if change.is_saved:
        messages.success(request, f"Saved: {change.form.cleaned_data['title']}.")
        return redirect("budgets:risks", partnership.slug, year)
    return render(
        request,
        "budgets/risk_form.html",
        around(request, budget, "Change the risk", form=change.form, risk=found, theirs=change.theirs),
        status=change.status,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RISKS)
def remove_risk(request: PartnershipRequest, partnership: Partnership, year: int, risk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = risk_of(budget, risk)
    removal = sent_removal(
        request,
        found,
        lambda form: services.remove_risk(risk=found, by=request.standing.user, **form.cleaned_data),
        name="risk",
        submit="Remove the risk",
    )
    if removal.is_saved:
        messages.success(request, f"Removed: {found}.")
        return redirect("budgets:risks", partnership.slug, year)
    if removal.theirs:
        found = risk_of(budget, found.pk)
    return render(
        request,
        "budgets/risk_remove.html",
        around(request, budget, "Remove the risk", form=removal.form, risk=found),
    )


def risk_of(budget: Budget, pk: int) -> Risk:
    """The risk of this year, or 404."""
    found = budget.risks.select_related("changed_by").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such risk in this year.")
    found.budget = budget
    return found
