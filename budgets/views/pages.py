"""What every page of a year has around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from partnerships.guards import PartnershipRequest
from partnerships.models import Partnership
from partnerships.permissions import Standing

from ..enums import BudgetState
from ..models import Budget, Period
from ..rules import AGREE_BUDGET, ALLOCATE, DECLARE_DISAGREEMENT, SET_CONTRIBUTIONS, can_be_changed
from ..rules.directions import VIEW_COVERAGE
from ..selectors import dispute_of, savings_of
from .navigation import parts_of_year


@dataclass(frozen=True)
class Acts:
    """What this person may do with this year's budget, today and in its state."""

    allocate: bool
    set_contributions: bool
    agree: bool
    reopen: bool
    see_coverage: bool
    disagree: bool


def budget_of(partnership: Partnership, year: int) -> Budget:
    """The partnership's budget of that year, or 404. Its `is_under_way` says whether a month of it was begun."""
    months = Period.objects.filter(budget=OuterRef("pk"))
    budgets = Budget.objects.for_partnership(partnership).annotate(is_under_way=Exists(months))
    budget = budgets.filter(year=year).select_related("agreed_by").first()
    if budget is None:
        raise Http404(f"There is no budget for {year} here.")
    budget.partnership = partnership
    return budget


def acts_of(standing: Standing, budget: Budget) -> Acts:
    changeable, is_disputed = bool(can_be_changed(budget)), budget.state == BudgetState.NOT_AGREED
    return Acts(
        allocate=changeable and bool(standing.may(ALLOCATE)),
        set_contributions=changeable and bool(standing.may(SET_CONTRIBUTIONS)),
        agree=changeable and not is_disputed and bool(standing.may(AGREE_BUDGET)),
        reopen=budget.is_agreed and bool(standing.may(AGREE_BUDGET)),
        see_coverage=bool(standing.may(VIEW_COVERAGE)),
        disagree=is_disputed or (changeable and bool(standing.may(DECLARE_DISAGREEMENT))),
    )


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
