"""What the year is to save: the list, one saving, the target."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import SavingForm, SavingsTargetForm
from ..models import Budget, Saving, SavingsTarget
from ..refusals import MoneyRefused
from ..rules import MANAGE_SAVINGS, VIEW_BUDGETS, saving_rule_words
from ..selectors import policy_of, saving_rows
from ..selectors.directions import readable_keys
from .pages import around, budget_of
from .revisions import sent, sent_removal


@require_GET
@within_partnership(VIEW_BUDGETS)
def savings(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    policy = policy_of(partnership)
    return render(
        request,
        "budgets/savings.html",
        around(
            request,
            budget,
            "Savings",
            rows=saving_rows(budget.savings.all(), policy),
            rule=saving_rule_words(policy),
            may_manage=bool(request.standing.may(MANAGE_SAVINGS)),
        ),
    )


@require_GET
@within_partnership(VIEW_BUDGETS)
def saving(request: PartnershipRequest, partnership: Partnership, year: int, saving: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = saving_of(budget, saving)
    policy = policy_of(partnership)
    return render(
        request,
        "budgets/saving.html",
        around(
            request,
            budget,
            str(found),
            row=saving_rows([found], policy)[0],
            rule=saving_rule_words(policy),
            readable=readable_keys(request.standing),
            may_manage=bool(request.standing.may(MANAGE_SAVINGS)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_SAVINGS)
def add_saving(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = SavingForm(request.POST or None, budget=budget)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_saving(budget=budget, by=request.standing.user, **form.saving_fields())
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Added: {added}.")
            return redirect("budgets:savings", partnership.slug, year)
    return render(request, "budgets/saving_form.html", around(request, budget, "Add a saving", form=form))


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_SAVINGS)
def change_saving(
    request: PartnershipRequest, partnership: Partnership, year: int, saving: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = saving_of(budget, saving)
    change = sent(
        request,
        lambda typed: SavingForm(typed, budget=budget, saving=found),
        lambda form: services.change_saving(
            saving=found,
            revision=form.cleaned_data["revision"] or 0,
            by=request.standing.user,
            **form.saving_fields(),
        ),
    )
    if change.is_saved:
        messages.success(request, f"Saved: {change.form.cleaned_data['title']}.")
        return redirect(found)
    theirs = saving_of(budget, found.pk) if change.theirs else None
    return render(
        request,
        "budgets/saving_form.html",
        around(
            request,
            budget,
            "Change the saving",
            form=change.form,
            saving=found,
            theirs=theirs,
            row=saving_rows([theirs], policy_of(partnership))[0] if theirs else None,
        ),
        status=change.status,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_SAVINGS)
def remove_saving(
    request: PartnershipRequest, partnership: Partnership, year: int, saving: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = saving_of(budget, saving)
    removal = sent_removal(
        request,
        found,
        lambda form: services.remove_saving(saving=found, by=request.standing.user, **form.cleaned_data),
        name="saving",
        submit=f"Remove {found.reference}",
    )
    if removal.is_saved:
        messages.success(request, f"Removed: {found}.")
        return redirect("budgets:savings", partnership.slug, year)
    if removal.theirs:
        found = saving_of(budget, found.pk)
    return render(
        request,
        "budgets/saving_remove.html",
        around(
            request,
            budget,
            "Remove the saving",
            form=removal.form,
            saving=found,
            row=saving_rows([found], policy_of(partnership))[0],
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_SAVINGS)
def savings_target(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    target = SavingsTarget.objects.filter(budget=budget).first()
    change = sent(
        request,
        lambda typed: SavingsTargetForm(typed, target=target),
        lambda form: services.set_savings_target(
            budget=budget, by=request.standing.user, **form.cleaned_data
        ),
    )
    if change.is_saved:
        messages.success(request, "Saved: the year’s savings target.")
        return redirect("budgets:savings", partnership.slug, year)
    return render(
        request,
        "budgets/savings_target.html",
        around(request, budget, "Savings target", form=change.form, theirs=change.theirs),
        status=change.status,
    )


def saving_of(budget: Budget, pk: int) -> Saving:
    """The saving of this year with its lines, or 404."""
    found = (
        budget.savings.select_related("changed_by")
        .prefetch_related("lines", "directions__partnership")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("There is no such saving in this year.")
    found.budget = budget
    return found
