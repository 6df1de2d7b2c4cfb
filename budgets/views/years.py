"""The years, one year's overview, and what each body pays."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..charts import allocation_chart
from ..forms import ContributionForm, DimensionForm, OpenBudgetForm, ReopenForm
from ..models import Budget
from ..onward import accounts
from ..refusals import ChangedMeanwhile, MoneyRefused
from ..rules import AGREE_BUDGET, OPEN_BUDGET, SET_CONTRIBUTIONS, VIEW_BUDGETS, can_be_changed
from ..selectors import (
    PossibleContribution,
    budget_summary,
    budget_years,
    contributions_shown,
    locality_split,
    possible_contributions,
    totals_by,
)
from ..selectors.due import due_in_year
from ..selectors.recovery import overspend_of
from .accounts import make_accounts_ahead
from .pages import around, budget_of, home_crumb


@require_GET
@within_partnership(VIEW_BUDGETS)
def year_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    return render(
        request,
        "budgets/list.html",
        {
            "years": budget_years(partnership),
            "accounts": accounts(),
            "may_open": bool(request.standing.may(OPEN_BUDGET)),
            "crumbs": [home_crumb(partnership), {"label": "Money", "url": ""}],
        },
    )


@require_http_methods(["GET", "POST"])
@within_partnership(OPEN_BUDGET)
def open_year(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = OpenBudgetForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            budget = services.open_budget(
                partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The {budget.year_label} budget is open.")
            return redirect(budget)
    crumbs = [
        home_crumb(partnership),
        {"label": "Money", "url": reverse("budgets:list", args=[partnership.slug])},
        {"label": "Open a year", "url": ""},
    ]
    return render(request, "budgets/open.html", {"form": form, "crumbs": crumbs})


@require_GET
@within_partnership(VIEW_BUDGETS)
def detail(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    by = DimensionForm(request.GET, initial={"by": "heading"})
    dimension = by.dimension()
    summary = budget_summary(budget)
    totals = totals_by(budget.lines.all(), dimension)
    return render(
        request,
        "budgets/detail.html",
        around(
            request,
            budget,
            summary=summary,
            by=by,
            dimension=dimension,
            totals=totals,
            chart=allocation_chart(budget, totals, dimension),
            overspend=overspend_of(budget) if budget.is_agreed else None,
            split=locality_split(budget, summary.resources),
            due=due_in_year(budget, request.standing),
        ),
    )


@require_POST
@within_partnership(AGREE_BUDGET)
def agree(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    try:
        services.agree_budget(budget=budget, by=request.standing.user)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        make_accounts_ahead(request, budget)
        messages.success(request, f"The {budget.year_label} budget is agreed. Its figures stand still now.")
    return redirect(budget)


@require_http_methods(["GET", "POST"])
@within_partnership(AGREE_BUDGET)
def reopen(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = ReopenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen_budget(
                budget=budget, by=request.standing.user, reason=form.cleaned_data["reason"]
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The {budget.year_label} budget is a draft again.")
            return redirect(budget)
    return render(request, "budgets/reopen.html", around(request, budget, "Reopen", form=form))


@require_GET
@within_partnership(VIEW_BUDGETS)
def contributions(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    return render(
        request,
        "budgets/contributions.html",
        around(
            request,
            budget,
            "Contributions",
            rows=contributions_shown(budget),
            summary=budget_summary(budget),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(SET_CONTRIBUTIONS)
def contribution(
    request: PartnershipRequest, partnership: Partnership, year: int, body: str, kind: str
) -> HttpResponse:
    budget = budget_of(partnership, year)
    sought = sought_contribution(budget, body, kind)
    require(can_be_changed(budget))
    if sought.recorded is None:
        require(sought.is_lawful)
    form = ContributionForm(request.POST or None, sought=sought)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.set_contribution(
                budget=budget,
                body=sought.body,
                kind=sought.kind,
                by=request.standing.user,
                **form.cleaned_data,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = ContributionForm(with_revision(request.POST, theirs.revision), sought=sought)
        else:
            messages.success(request, f"Saved: {sought.kind.label.lower()} by {sought.body}.")
            return redirect("budgets:contributions", partnership.slug, year)
    here = f"{sought.kind.label} by {sought.body}"
    return render(
        request,
        "budgets/contribution.html",
        around(request, budget, here, form=form, sought=sought, theirs=theirs),
        status=409 if theirs else 200,
    )


def sought_contribution(budget: Budget, body: str, kind: str) -> PossibleContribution:
    """The sum that the address means: a body of this partnership by its code, and a kind of money; otherwise 404."""
    for row in possible_contributions(budget):
        if row.body.code.lower() == body.lower() and row.kind == kind:
            return row
    raise Http404("There is no such contribution here.")
