"""What every page of a year has around it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from partnerships.guards import PartnershipRequest
from partnerships.models import Partnership

from ..models import Budget, Period
from ..selectors import dispute_of, savings_of
from .acts import acts_of
from .navigation import parts_of_year


def budget_of(partnership: Partnership, year: int) -> Budget:
    """The partnership's budget of that year, or 404. Its `is_under_way` says whether a month of it was begun."""
    months = Period.objects.filter(budget=OuterRef("pk"))
    budgets = Budget.objects.for_partnership(partnership).annotate(is_under_way=Exists(months))
    budget = budgets.filter(year=year).select_related("agreed_by").first()
    if budget is None:
        raise Http404(f"There is no budget for {year} here.")
    budget.partnership = partnership
    return budget


def home_crumb(partnership: Partnership) -> dict[str, str]:
    """Where every page's breadcrumbs begin."""
    return {"label": "Home", "url": reverse("partnerships:home", args=[partnership.slug])}


def around(request: PartnershipRequest, budget: Budget, here: str = "", **more: Any) -> dict[str, Any]:
    """The context of a page of the year: breadcrumbs, parts, what one may do. `here` is the page's own name."""
    slug, year = request.partnership.slug, budget.year
    acts = acts_of(request.standing, budget)
    crumbs = [
        home_crumb(request.partnership),
        {"label": "Money", "url": reverse("budgets:list", args=[slug])},
        {"label": budget.year_label, "url": budget.get_absolute_url() if here else ""},
    ]
    if here:
        crumbs.append({"label": here, "url": ""})
    return {
        "budget": budget,
        "acts": acts,
        "crumbs": crumbs,
        "parts": parts_of_year(slug, year, request.path, acts),
        "savings": savings_of(budget),
        "dispute": dispute_of(budget),
        **more,
    }


def tell_saved(request: PartnershipRequest, saved: int) -> None:
    """The person is told how many lines were saved, and when."""
    at = timezone.localtime().strftime("%H:%M")
    lines = count_in_words(saved, "line").capitalize()
    messages.success(request, f"{lines} saved at {at}." if saved else "Nothing was changed.")
