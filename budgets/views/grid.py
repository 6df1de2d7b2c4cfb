"""The whole allocation in one table."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import AllocationForm
from ..models import Budget
from ..refusals import AllocationRefused, LinesChangedMeanwhile, MoneyRefused
from ..rules import ALLOCATE, can_be_changed
from ..selectors import grid_totals, lines_of_year
from .pages import around, budget_of, tell_saved


@require_http_methods(["GET", "POST"])
@within_partnership(ALLOCATE)
def allocate(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    lines = list(lines_of_year(budget))
    if request.method == "GET":
        return grid_page(request, budget, AllocationForm(lines=lines))

    form = AllocationForm(request.POST, lines=lines)
    if "totals" in request.POST:
        return grid_page(request, budget, form, only_totals=True)
    if not form.is_valid():
        return grid_page(request, budget, form)
    try:
        saved = services.allocate_lines(budget=budget, changes=form.changes(), by=request.standing.user)
    except AllocationRefused as refusal:
        form.refuse_cells(refusal)
    except MoneyRefused as refusal:
        form.refuse(refusal)
    except LinesChangedMeanwhile as meanwhile:
        return render(
            request,
            "budgets/conflict.html",
            around(request, budget, "Two people changed the same figures", conflict=form.conflict(meanwhile)),
            status=409,
        )
    else:
        tell_saved(request, saved)
        return redirect("budgets:allocate", partnership.slug, year)
    return grid_page(request, budget, form)


def grid_page(
    request: PartnershipRequest, budget: Budget, form: AllocationForm, *, only_totals: bool = False
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "rows": list(form.rows()),
        "totals": grid_totals(budget, form.figures()),
        "only_totals": only_totals,
    }
    return render(request, "budgets/allocate.html", around(request, budget, "Allocate", **context))
