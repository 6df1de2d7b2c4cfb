"""The pound trail of a year."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from ..forms.trail import TrailForm
from ..rules import VIEW_BUDGETS
from ..selectors.directions import day_of_year, readable_directions, readable_keys
from ..selectors.trail import trail_lines, trail_rows, trail_total
from .pages import around, budget_of

LINES_A_PAGE = 25


@require_GET
@within_partnership(VIEW_BUDGETS)
def trail(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    readable = readable_directions(request.standing).issued()
    form = TrailForm(request.GET, budget=budget, directions=readable.order_by("reference"))
    start = form.start()
    day = day_of_year(budget, form.cleaned_data.get("day"))
    lines = trail_lines(budget, start, day)
    page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "budgets/trail.html",
        around(
            request,
            budget,
            "Pound trail",
            form=form,
            start=start,
            day=day,
            page=page,
            total=trail_total(lines),
            rows=trail_rows(budget, page.object_list, day),
            readable=readable_keys(request.standing),
        ),
    )
