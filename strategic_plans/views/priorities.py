from __future__ import annotations

from typing import Any, Literal

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.sgds.formats import count_in_words
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import BaseFundingFormSet, PriorityForm, funding_formset
from ..models import Plan, Priority
from ..rules import EDIT_PLAN, READ_PLAN
from ..selectors.actions import action_rows
from ..selectors.money import money_given
from ..selectors.plans import plan_named
from ..selectors.priorities import (
    changes_since,
    outcome_coverage,
    priority_of,
    priority_rows,
    priority_to_change,
)
from ..tasks import render_ahead_soon
from .frame import CONFLICT, NOT_ACCEPTED, plan_to_edit, render_in_workspace

WRITE = ["GET", "HEAD", "POST"]


@require_safe
@within_partnership(READ_PLAN)
def priority_list(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    rows = priority_rows(found)
    context = {"priorities": rows, "coverage": outcome_coverage(rows), "budgets": money_given(found)}
    return render_in_workspace(request, found, "priorities", context, "Priorities")


@require_POST
@within_partnership(EDIT_PLAN)
def carry(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    if found.supersedes is None:
        raise Http404("This plan takes the place of none.")
    try:
        carried = services.carry_over(source=found.supersedes, target=found, by=request.standing.user)
    except services.HasPriorities as refusal:
        messages.error(request, f"{refusal} Nothing was carried over.")
    else:
        said = count_in_words(len(carried), "priority is", "priorities are").capitalize()
        messages.success(request, f"{said} carried over, with the actions that are still to be done.")
    return redirect(_list_url(found))


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def new(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    form = PriorityForm(request.POST or None, plan=found, initial={"revision": 0})
    funding = funding_formset(found, data=request.POST or None)
    if request.method == "POST" and form.is_valid() and funding.is_valid():
        try:
            priority = services.add_priority(
                plan=found, details=form.details(funding.funding), by=request.standing.user
            )
        except services.FundingOverWhole as refusal:
            _say_over(funding, refusal)
        else:
            render_ahead_soon(found)
            messages.success(request, f"Priority {priority.number} is added. Now add its actions.")
            return redirect(priority)
    return _form_page(request, found, form, funding, {"title": "Add a priority"})


@require_safe
@within_partnership(READ_PLAN)
def priority(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    row = priority_of(found, pk)
    context = {"priority": row, "actions": action_rows(found, priority=pk)}
    return render_in_workspace(
        request, found, "priority", context, ("Priorities", _list_url(found)), row.title
    )


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def change(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    priority = priority_to_change(found, pk)
    if request.method == "POST":
        return _change(request, found, priority)
    form = PriorityForm(plan=found, initial=PriorityForm.initial_of(priority))
    return _form_page(request, found, form, funding_formset(found, priority), {"priority": priority})


def _change(request: PartnershipRequest, plan: Plan, priority: Priority) -> HttpResponse:
    form = PriorityForm(request.POST, plan=plan)
    funding = funding_formset(plan, priority, request.POST)
    context: dict[str, Any] = {"priority": priority}
    if form.is_valid() and funding.is_valid():
        try:
            saved = services.change_priority(
                priority=priority,
                details=form.details(funding.funding),
                expected_revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except services.FundingOverWhole as refusal:
            _say_over(funding, refusal)
        except services.PriorityChanged as conflict:
            theirs = priority_of(plan, conflict.priority.pk)
            context |= {"theirs": theirs, "saved": changes_since(theirs, form.cleaned_data["revision"])}
            data = request.POST.copy()
            data["revision"] = str(conflict.priority.revision)
            form = PriorityForm(data, plan=plan)
        else:
            render_ahead_soon(plan)
            messages.success(request, f"Priority {saved.number} is saved.")
            return redirect(saved)
    return _form_page(request, plan, form, funding, context)


def _say_over(funding: BaseFundingFormSet, refusal: services.FundingOverWhole) -> None:
    """Each row that takes more of a line than is left says so."""
    overs = {over.line.pk: over for over in refusal.overs}
    for form in funding.forms:
        if form.funding and (over := overs.get(form.funding[0].pk)):
            form.add_error("share", str(over))


def _form_page(
    request: PartnershipRequest,
    plan: Plan,
    form: PriorityForm,
    funding: BaseFundingFormSet,
    context: dict[str, Any],
) -> HttpResponse:
    refused = form.is_bound and (not form.is_valid() or not funding.is_valid())
    status = CONFLICT if "theirs" in context else NOT_ACCEPTED if refused else 200
    title = context.get("title") or f"Priority {context['priority'].number}"
    return render_in_workspace(
        request,
        plan,
        "priority_form",
        {"form": form, "funding": funding, "title": title, **context},
        ("Priorities", _list_url(plan)),
        title,
        status=status,
    )


@require_POST
@within_partnership(EDIT_PLAN)
def move(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    priority = get_object_or_404(found.priorities, pk=pk)
    direction: Literal["up", "down"] = "up" if "up" in request.POST else "down"
    services.move_priority(priority=priority, direction=direction, by=request.standing.user)
    messages.success(request, f"“{priority.title}” has moved {direction}.")
    return redirect(_list_url(found))


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def remove(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    priority, refusal = priority_of(found, pk), ""
    if request.method == "POST":
        try:
            services.remove_priority(priority=priority, by=request.standing.user)
        except services.PriorityHasUpdates as kept:
            refusal = str(kept)
        else:
            messages.success(request, f"“{priority.title}” is removed. The audit trail keeps what it said.")
            return redirect(_list_url(found))
    context = {"priority": priority, "actions": action_rows(found, priority=pk), "refusal": refusal}
    labels = (("Priorities", _list_url(found)), (priority.title, priority.get_absolute_url()), "Remove")
    status = CONFLICT if refusal else 200
    return render_in_workspace(request, found, "priority_remove", context, *labels, status=status)


def _list_url(plan: Plan) -> str:
    return reverse("strategic_plans:priorities", args=[plan.partnership.slug, plan.slug])
