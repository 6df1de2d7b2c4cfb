"""Which functions and which money are directed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.documents.attachments import attachment
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from ...exports.directions import COVERAGE_COLUMNS, coverage_csv, undirected_csv
from ...forms.directions import DayForm, ExemptionForm, OwnCostForm
from ...models import OwnCost
from ...refusals import MoneyRefused
from ...rules.directions import PREPARE_DIRECTIONS, VIEW_COVERAGE, duty_words, must_direct
from ...selectors.directions import control_total, coverage_on, day_of_year, model_on, undirected_lines
from ...services import directions as services
from ..lines import line_of
from ..pages import around, budget_of
from .frame import around_directions

LINES_A_PAGE = 50


@require_GET
@within_partnership(VIEW_COVERAGE)
def coverage(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = DayForm(request.GET)
    found = coverage_on(partnership, form.chosen())
    csv_url = f"{reverse('budgets:coverage_csv', args=[partnership.slug])}?{request.GET.urlencode()}"
    context = around_directions(
        request,
        "Coverage",
        form=form,
        coverage=found,
        duty=duty_words(found.model),
        csv_url=csv_url,
        columns=COVERAGE_COLUMNS,
        may_prepare=bool(request.standing.may(PREPARE_DIRECTIONS)),
    )
    return render(request, "budgets/directions/coverage.html", context)


@require_GET
@within_partnership(VIEW_COVERAGE)
def coverage_file(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    day = DayForm(request.GET).chosen()
    name = f"{partnership.slug}-coverage-{day.isoformat()}.csv"
    return attachment(coverage_csv(coverage_on(partnership, day)), name)


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def exempt(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = ExemptionForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            exemption = services.exempt_function(
                partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Recorded: {exemption}.")
            return redirect("budgets:coverage", partnership.slug)
    context = around_directions(request, "Record an exemption", form=form)
    return render(request, "budgets/directions/exempt.html", context)


@require_GET
@within_partnership(VIEW_COVERAGE)
def directed(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = DayForm(request.GET)
    form.is_valid()
    day = day_of_year(budget, form.cleaned_data.get("day"))
    lines = undirected_lines(budget, day)
    model = model_on(partnership, day)
    csv_url = f"{reverse('budgets:directed_csv', args=[partnership.slug, year])}?{request.GET.urlencode()}"
    return render(
        request,
        "budgets/directions/directed.html",
        around(
            request,
            budget,
            "Directed money",
            form=form,
            control=control_total(budget, day),
            must_direct=must_direct(model),
            duty=duty_words(model),
            page=Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page")),
            csv_url=csv_url,
            may_prepare=bool(request.standing.may(PREPARE_DIRECTIONS)),
        ),
    )


@require_GET
@within_partnership(VIEW_COVERAGE)
def directed_file(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = DayForm(request.GET)
    form.is_valid()
    day = day_of_year(budget, form.cleaned_data.get("day"))
    name = f"{partnership.slug}-undirected-lines-{day.isoformat()}.csv"
    return attachment(undirected_csv(undirected_lines(budget, day)), name)


@require_http_methods(["GET", "POST"])
@within_partnership(PREPARE_DIRECTIONS)
def own_cost(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    line = line_of(budget, pk)
    kept = OwnCost.objects.filter(line=line).first()
    initial = {"amount": kept.amount, "purpose": kept.purpose} if kept else {}
    form = OwnCostForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.keep_own_cost(line=line, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Saved: what the authority keeps of “{line}”.")
            return redirect("budgets:directed", partnership.slug, year)
    context = around(request, budget, "Own costs", form=form, line=line)
    return render(request, "budgets/directions/own_cost.html", context)
