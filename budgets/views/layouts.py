"""Saved layouts of the partners' ledgers."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms.imports import LayoutForm
from ..refusals import MoneyRefused
from ..rules import ALLOCATE
from ..selectors.imports import layouts_of
from ..selectors.line_words import line_words
from ..services.layouts import layout_of
from .pages import around, budget_of

NOT_ACCEPTED = 422


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(ALLOCATE)
def ledger_layout(
    request: PartnershipRequest, partnership: Partnership, year: int, layout: int
) -> HttpResponse:
    """What a saved layout says, to be changed."""
    budget = budget_of(partnership, year)
    saved = get_object_or_404(layouts_of(partnership), pk=layout)
    known = layout_of(saved)
    form = LayoutForm(
        request.POST if request.method == "POST" else None,
        headers=list(enumerate(known.means)),
        words=line_words(budget),
        layout=known,
        name=saved.name,
        must_be_saved=True,
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.save_layout(
                partnership=partnership,
                name=form.cleaned_data["save_as"],
                layout=form.layout(known.header_row),
                saved=saved,
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Saved: {form.cleaned_data['save_as']}.")
            return redirect("budgets:new_import", partnership.slug, year)
    context = around(request, budget, saved.name, layout=saved, form=form)
    return render(request, "budgets/layout.html", context, status=NOT_ACCEPTED if form.errors else 200)


@require_POST
@within_partnership(ALLOCATE)
def remove_layout(
    request: PartnershipRequest, partnership: Partnership, year: int, layout: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    saved = get_object_or_404(layouts_of(partnership), pk=layout)
    services.remove_layout(layout=saved, by=request.standing.user)
    messages.success(request, f"Removed: {saved.name}.")
    return redirect("budgets:new_import", partnership.slug, budget.year)
