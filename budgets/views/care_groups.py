"""The care groups whose money is told apart."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import CareGroupForm
from ..models import CareGroup
from ..refusals import MoneyRefused
from ..rules import EDIT_CARE_GROUPS, VIEW_BUDGETS
from ..selectors import care_groups_of
from .pages import home_crumb


@require_http_methods(["GET", "POST"])
@within_partnership(VIEW_BUDGETS)
def care_groups(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    may_edit = request.standing.may(EDIT_CARE_GROUPS)
    if request.method == "POST":
        require(may_edit)
    form = CareGroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            group = services.add_care_group(
                partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Added: {group}.")
            return redirect("budgets:care_groups", partnership.slug)
    return render(
        request,
        "budgets/care_groups.html",
        {
            "form": form,
            "groups": care_groups_of(partnership),
            "may_edit": bool(may_edit),
            "crumbs": _crumbs(partnership),
        },
    )


@require_http_methods(["GET", "POST"])
@within_partnership(EDIT_CARE_GROUPS)
def care_group(request: PartnershipRequest, partnership: Partnership, group: int) -> HttpResponse:
    found = group_of(partnership, group)
    form = CareGroupForm(request.POST or None, group=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_care_group(group=found, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Saved: {form.cleaned_data['name']}.")
            return redirect("budgets:care_groups", partnership.slug)
    return render(
        request,
        "budgets/care_group.html",
        {"form": form, "group": found, "crumbs": _crumbs(partnership, found)},
    )


@require_POST
@within_partnership(EDIT_CARE_GROUPS)
def remove_care_group(request: PartnershipRequest, partnership: Partnership, group: int) -> HttpResponse:
    found = group_of(partnership, group)
    try:
        services.remove_care_group(group=found, by=request.standing.user)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Removed: {found}.")
    return redirect("budgets:care_groups", partnership.slug)


def group_of(partnership: Partnership, pk: int) -> CareGroup:
    found = CareGroup.objects.for_partnership(partnership).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such care group here.")
    return found


def _crumbs(partnership: Partnership, group: CareGroup | None = None) -> list[dict[str, str]]:
    here = reverse("budgets:care_groups", args=[partnership.slug])
    crumbs = [
        home_crumb(partnership),
        {"label": "Money", "url": reverse("budgets:list", args=[partnership.slug])},
        {"label": "Care groups", "url": here if group else ""},
    ]
    return [*crumbs, {"label": str(group), "url": ""}] if group else crumbs
