"""Each party's own word on each figure: agreed, disputed, unconfirmed."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.sgds.formats import count_in_words, joined
from partnerships.enums import Role
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Body, Partnership
from partnerships.permissions import Standing

from .. import services
from ..forms import AgreementFilterForm, DisputeForm, figures_meant
from ..models import Budget
from ..refusals import FigureMoved, MoneyRefused
from ..rules import CONFIRM_FIGURES, VIEW_BUDGETS, bodies_shown, may_speak_for
from ..selectors import (
    Figure,
    bodies_of,
    figure_rows,
    figures_of,
    fingerprint,
    states_of,
    undisputed,
    words_on,
)
from .accounts import make_public_ahead
from .pages import around, budget_of

FIGURES_A_PAGE = 50


@require_GET
@within_partnership(VIEW_BUDGETS)
def agreement(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    figures = figures_of(budget, bodies_shown(request.standing))
    form = AgreementFilterForm(request.GET, budget=budget)
    speaks, body = party_of(request.standing, budget)
    rows = figure_rows(filter(form.passes, figures), speaks=speaks, body=body)
    page = Paginator(rows, FIGURES_A_PAGE).get_page(request.GET.get("page"))
    open_rows = undisputed(rows)
    return render(
        request,
        "budgets/agreement.html",
        around(
            request,
            budget,
            "Agreement",
            form=form,
            states=states_of(figures),
            total=len(figures),
            page=page,
            can_confirm=any(row.is_open for row in page),
            # Nothing is ticked beforehand: each word is the person's own, one by one or all that are counted.
            all_open=len(open_rows),
            all_seen=fingerprint(open_rows),
            party=body,
        ),
    )


@require_POST
@within_partnership(CONFIRM_FIGURES)
def confirm(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    speaks, body = party_of(request.standing, budget)
    passes = AgreementFilterForm(request.GET, budget=budget).passes
    figures = figures_of(budget, bodies_shown(request.standing))
    rows = figure_rows(filter(passes, figures), speaks=speaks, body=body)
    try:
        seen = figures_meant(request.POST, undisputed(rows))
        done = services.confirm_figures(budget=budget, body=body, seen=seen, standing=request.standing)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        if done.figures:
            make_public_ahead(request)
            messages.success(request, f"Confirmed: {count_in_words(len(done.figures), 'figure')}.")
        if done.moved:
            names = joined([figure.label for figure in done.moved])
            messages.warning(request, f"Not confirmed, because the amount has changed meanwhile: {names}.")
    address = reverse("budgets:agreement", args=[partnership.slug, year])
    filters = request.GET.urlencode()
    return redirect(f"{address}?{filters}" if filters else address)


@require_http_methods(["GET", "POST"])
@within_partnership(VIEW_BUDGETS)
def figure(request: PartnershipRequest, partnership: Partnership, year: int, figure: str) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = figure_of(request.standing, budget, figure)
    speaks, body = party_of(request.standing, budget)
    if request.method == "POST":
        require(request.standing.may(CONFIRM_FIGURES))
        require(may_speak_for(request.standing, found.body))
    disputes = speaks and body is not None and found.is_of(body)
    form = DisputeForm(request.POST or None, figure=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.dispute_figure(
                budget=budget,
                body=found.body,
                key=found.key,
                standing=request.standing,
                **form.cleaned_data,
            )
        except FigureMoved as moved:
            again = request.POST.copy()
            again["seen"] = str(found.amount)
            form = DisputeForm(again, figure=found)
            form.is_valid()
            form.refuse(moved)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Disputed: {found.label}.")
            return redirect("budgets:agreement", partnership.slug, year)
    return render(
        request,
        "budgets/figure.html",
        around(
            request,
            budget,
            found.label,
            figure=found,
            words=words_on(budget, found.key),
            form=form,
            disputes=disputes,
            confirms=speaks and found.is_of(body) and not found.is_confirmed_by(body),
        ),
    )


def party_of(standing: Standing, budget: Budget) -> tuple[bool, Body | None]:
    """Whether this person speaks for a party, and for which body; None is the integration authority."""
    if not standing.may(CONFIRM_FIGURES):
        return False, None
    if standing.holds(Role.CHIEF_FINANCE_OFFICER):
        return True, None
    body = next((body for body in bodies_of(budget.partnership) if body.pk in standing.body_ids), None)
    return body is not None, body


def figure_of(standing: Standing, budget: Budget, key: str) -> Figure:
    """The figure that the address means, or 404 where it is not one that this person sees."""
    for found in figures_of(budget, bodies_shown(standing)):
        if found.key == key:
            return found
    raise Http404("There is no such figure here.")
