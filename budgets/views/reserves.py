"""Reserves of a year: what they hold, what moves, and the policy."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..charts import reserves_chart
from ..enums import ReserveFlow
from ..forms import MoneyPolicyForm, MovementForm, ReserveForm
from ..models import Budget, Reserve, ReserveMovement
from ..refusals import MoneyRefused
from ..rules import MANAGE_RESERVES, SET_MONEY_POLICY, VIEW_BUDGETS, offer_days_in_words
from ..selectors import movements_of, planned_and_past, policy_of, reserves_of
from .pages import around, budget_of, home_crumb
from .revisions import sent, sent_removal


@require_GET
@within_partnership(VIEW_BUDGETS)
def reserves(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    held = reserves_of(budget)
    return render(
        request,
        "budgets/reserves.html",
        around(
            request,
            budget,
            "Reserves",
            held=held,
            movements=movements_of(budget),
            chart=reserves_chart(held) if held.rows else None,
            planned_and_past=planned_and_past(budget, timezone.localdate()),
            may_manage=bool(request.standing.may(MANAGE_RESERVES)),
            may_set_policy=bool(request.standing.may(SET_MONEY_POLICY)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RESERVES)
def add_reserve(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = ReserveForm(request.POST or None, budget=budget)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_reserve(
                budget=budget,
                opening=form.first_held(),
                by=request.standing.user,
                **form.reserve_fields(),
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Added: {added}.")
            return redirect("budgets:reserves", partnership.slug, year)
    return render(request, "budgets/reserve_form.html", around(request, budget, "Add a reserve", form=form))


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RESERVES)
def change_reserve(
    request: PartnershipRequest, partnership: Partnership, year: int, reserve: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = Reserve.objects.for_partnership(partnership).filter(pk=reserve).first()
    if found is None:
        raise Http404("There is no such reserve here.")
    change = sent(
        request,
        lambda typed: ReserveForm(typed, budget=budget, reserve=found),
        lambda form: services.change_reserve(
            reserve=found,
            revision=form.cleaned_data["revision"] or 0,
            by=request.standing.user,
            **form.reserve_fields(),
        ),
    )
    if change.is_saved:
        messages.success(request, f"Saved: {change.form.cleaned_data['name']}.")
        return redirect("budgets:reserves", partnership.slug, year)
    return render(
        request,
        "budgets/reserve_form.html",
        around(request, budget, "Change the reserve", form=change.form, reserve=found, theirs=change.theirs),
        status=change.status,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RESERVES)
def move_reserve(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = MovementForm(request.POST or None, budget=budget, initial={"reserve": request.GET.get("reserve")})
    if request.method == "POST" and form.is_valid():
        try:
            moved = services.move_reserve(budget=budget, by=request.standing.user, **form.movement_fields())
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Recorded: {moved}.")
            return redirect("budgets:reserves", partnership.slug, year)
    return render(
        request, "budgets/movement_form.html", around(request, budget, "Record a movement", form=form)
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RESERVES)
def change_movement(
    request: PartnershipRequest, partnership: Partnership, year: int, movement: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = movement_of(budget, movement)
    change = sent(
        request,
        lambda typed: MovementForm(typed, budget=budget, movement=found),
        lambda form: services.change_movement(
            movement=found,
            revision=form.cleaned_data["revision"] or 0,
            by=request.standing.user,
            **form.movement_fields(),
        ),
    )
    if change.is_saved:
        messages.success(request, f"Saved: {found}.")
        return redirect("budgets:reserves", partnership.slug, year)
    return render(
        request,
        "budgets/movement_form.html",
        around(
            request, budget, "Change the movement", form=change.form, movement=found, theirs=change.theirs
        ),
        status=change.status,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(MANAGE_RESERVES)
def remove_movement(
    request: PartnershipRequest, partnership: Partnership, year: int, movement: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = movement_of(budget, movement)
    removal = sent_removal(
        request,
        found,
        lambda form: services.remove_movement(movement=found, by=request.standing.user, **form.cleaned_data),
        name="movement",
        submit="Remove the movement",
    )
    if removal.is_saved:
        messages.success(request, "The movement is removed.")
        return redirect("budgets:reserves", partnership.slug, year)
    if removal.theirs:
        found = movement_of(budget, found.pk)
    return render(
        request,
        "budgets/movement_remove.html",
        around(request, budget, "Remove the movement", form=removal.form, movement=found),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(SET_MONEY_POLICY)
def money_policy(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    policy = policy_of(partnership)
    change = sent(
        request,
        lambda typed: MoneyPolicyForm(typed, policy=policy),
        lambda form: services.set_money_policy(
            partnership=partnership, by=request.standing.user, **form.cleaned_data
        ),
    )
    if change.is_saved:
        messages.success(request, "Saved: the policy on reserves, savings and offers.")
        return redirect("budgets:list", partnership.slug)
    crumbs = [
        home_crumb(partnership),
        {"label": "Money", "url": reverse("budgets:list", args=[partnership.slug])},
        {"label": "Policy on reserves, savings and offers", "url": ""},
    ]
    return render(
        request,
        "budgets/money_policy.html",
        {
            "form": change.form,
            "crumbs": crumbs,
            "theirs": change.theirs,
            "their_days": offer_days_in_words(change.theirs or policy),
        },
        status=change.status,
    )


def movement_of(budget: Budget, pk: int) -> ReserveMovement:
    """The movement of this year that can be changed, or 404: what a reserve first held is not one."""
    found = movements_of(budget).exclude(flow=ReserveFlow.OPENING).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such movement in this year.")
    found.budget = budget
    return found
