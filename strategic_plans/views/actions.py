from __future__ import annotations

from typing import Any, Literal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership
from partnerships.permissions import Answer

from .. import services
from ..forms import ActionFilterForm, ActionForm, AssignForm, UpdateForm
from ..models import Action, Plan
from ..rules import (
    EDIT_PLAN,
    READ_PLAN,
    UPDATE_ACTIONS,
    may_assign_actions,
    may_update_action,
)
from ..selectors.actions import action_of, action_rows, actions_shown, progress_sentence, updates_of
from ..selectors.plans import plan_named
from .frame import CONFLICT, NOT_ACCEPTED, plan_to_edit, render_in_workspace

WRITE = ["GET", "HEAD", "POST"]


@require_safe
@within_partnership(READ_PLAN)
def action_list(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    rows = action_rows(found)
    form = ActionFilterForm(request.GET, rows=rows)
    context = {
        "form": form,
        "rows": actions_shown(rows, form.chosen(), request.standing.user.pk),
        "are_there": bool(rows),
        "sentence": progress_sentence(rows),
    }
    return render_in_workspace(request, found, "actions", context, "Actions")


@require_safe
@within_partnership(READ_PLAN)
def action(request: PartnershipRequest, partnership: Partnership, plan: str, action: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    row = action_of(found, action)
    context = {
        "action": row,
        "status": row.status_on(request.standing.on),
        "updates": updates_of(row),
        "may_update": _may_update(request, found, row),
        "may_assign": may_assign_actions(request.standing, found),
    }
    return render_in_workspace(request, found, "action", context, _way(found), row.title)


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def new(request: PartnershipRequest, partnership: Partnership, plan: str, pk: int) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    priority = get_object_or_404(found.priorities, pk=pk)
    priority.plan = found
    form = ActionForm(request.POST or None, plan=found, initial={"priority": pk, "revision": 0})
    if request.method == "POST" and form.is_valid():
        added = services.add_action(
            priority=form.cleaned_data["priority"], details=form.details(), by=request.standing.user
        )
        messages.success(request, f"Action {added.label} is added.")
        return redirect(added.priority)
    context = {"form": form, "back": priority.get_absolute_url(), "title": "Add an action"}
    return _form_page(request, found, "action_form", context, "Add an action")


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def change(request: PartnershipRequest, partnership: Partnership, plan: str, action: int) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    row, theirs = action_of(found, action), None
    form = ActionForm(
        request.POST or None, plan=found, keeping=row.owner_id, initial=ActionForm.initial_of(row)
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.change_action(
                action=row,
                details=form.details(),
                priority=form.cleaned_data["priority"],
                expected_revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except services.ActionChanged as conflict:
            theirs = conflict.action
            again = with_revision(request.POST, theirs.revision)
            form = ActionForm(again, plan=found, keeping=row.owner_id)
        else:
            messages.success(request, f"Action {saved.label} is saved.")
            return redirect(saved)
    title = f"Change action {row.label}"
    context = {"form": form, "back": row.get_absolute_url(), "theirs": theirs, "action": row, "title": title}
    return _form_page(request, found, "action_form", context, (row.title, row.get_absolute_url()), "Change")


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def assign(request: PartnershipRequest, partnership: Partnership, plan: str, action: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    require(may_assign_actions(request.standing, found))
    row, theirs = action_of(found, action), None
    form = AssignForm(request.POST or None, action=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.assign_action(
                action=row,
                owner=form.cleaned_data["owner"],
                owner_words=form.cleaned_data["owner_words"],
                expected_revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except services.ActionChanged as conflict:
            theirs = conflict.action
            form = AssignForm(with_revision(request.POST, theirs.revision), action=row)
        else:
            messages.success(request, "Who answers for the action is saved.")
            return redirect(row)
    context = {"form": form, "action": row, "theirs": theirs}
    return _form_page(
        request, found, "action_owner", context, (row.title, row.get_absolute_url()), "Who answers for it"
    )


@require_http_methods(WRITE)
@within_partnership(UPDATE_ACTIONS)
def update(request: PartnershipRequest, partnership: Partnership, plan: str, action: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    row = action_of(found, action)
    require(_may_update(request, found, row))
    latest, theirs = updates_of(row).first(), None
    form = UpdateForm(request.POST or None, action=row, seen=latest.pk if latest else 0)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_update(action=row, by=request.standing.user, **form.cleaned_data)
        except services.UpdateNeedsWords as refusal:
            form.add_error("words", str(refusal))
        except services.UpdatedMeanwhile as meanwhile:
            theirs = meanwhile.latest
            again = request.POST.copy()
            again["seen"] = str(theirs.pk)
            form = UpdateForm(again, action=row, seen=theirs.pk)
        else:
            messages.success(
                request, "Your update is added. It stands under your name and is not changed any more."
            )
            return redirect(row)
    context = {
        "form": form,
        "action": row,
        "status": row.status_on(request.standing.on),
        "latest": latest,
        "theirs": theirs,
    }
    return _form_page(
        request, found, "action_update", context, (row.title, row.get_absolute_url()), "Add an update"
    )


@require_POST
@within_partnership(EDIT_PLAN)
def move(request: PartnershipRequest, partnership: Partnership, plan: str, action: int) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    row = action_of(found, action)
    direction: Literal["up", "down"] = "up" if "up" in request.POST else "down"
    services.move_action(action=row, direction=direction, by=request.standing.user)
    messages.success(request, f"“{row.title}” has moved {direction}.")
    return redirect(row.priority)


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def remove(request: PartnershipRequest, partnership: Partnership, plan: str, action: int) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    row, refusal = action_of(found, action), ""
    if request.method == "POST":
        try:
            services.remove_action(action=row, by=request.standing.user)
        except services.ActionHasUpdates as kept:
            refusal = str(kept)
        else:
            messages.success(request, f"“{row.title}” is removed. The audit trail keeps what it said.")
            return redirect(row.priority)
    return render_in_workspace(
        request,
        found,
        "action_remove",
        {"action": row, "refusal": refusal},
        _way(found),
        (row.title, row.get_absolute_url()),
        "Remove",
        status=CONFLICT if refusal else 200,
    )


def _may_update(request: PartnershipRequest, plan: Plan, action: Action) -> Answer:
    places = {locality.pk for locality in action.localities.all()}
    return may_update_action(request.standing, plan, owner=action.owner_id, localities=places)


def _form_page(
    request: PartnershipRequest,
    plan: Plan,
    template: str,
    context: dict[str, Any],
    *labels: tuple[str, str] | str,
) -> HttpResponse:
    """The form's page: 409 beside what somebody else saved, 422 with errors, the page for the first time."""
    refused = context["form"].is_bound and context["form"].errors
    status = CONFLICT if context.get("theirs") else NOT_ACCEPTED if refused else 200
    return render_in_workspace(request, plan, template, context, _way(plan), *labels, status=status)


def _way(plan: Plan) -> tuple[str, str]:
    return "Actions", reverse("strategic_plans:actions", args=[plan.partnership.slug, plan.slug])
