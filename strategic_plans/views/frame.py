"""What every page of a plan's workspace has around its content."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from partnerships.guards import PartnershipRequest, require
from partnerships.models import Partnership

from ..models import Plan
from ..rules import may_edit_plan
from ..selectors.plans import plan_named
from ..selectors.workspace import Workspace, leads_by_locality, workspace_of

CONFLICT = 409
NOT_ACCEPTED = 422


def plan_to_edit(request: PartnershipRequest, partnership: Partnership, plan: str) -> Plan:
    """The partnership's plan of this address. Raises Http404, and says why not (403) to who may not change it."""
    found = plan_named(partnership, plan)
    require(may_edit_plan(request.standing, found))
    return found


def sections_url(plan: Plan) -> str:
    """Where the sections of the plan are arranged."""
    return reverse("strategic_plans:sections", args=[plan.partnership.slug, plan.slug])


def crumbs(
    partnership: Partnership, plan: Plan | None = None, *labels: tuple[str, str] | str
) -> list[dict[str, str]]:
    """The way to the page; the last label is the page itself."""
    way = [
        {"label": "Home", "url": reverse("partnerships:home", args=[partnership.slug])},
        {"label": "Plan", "url": reverse("strategic_plans:list", args=[partnership.slug])},
    ]
    if plan is not None:
        way.append({"label": plan.title, "url": plan.get_absolute_url()})
    for label in labels:
        way.append(
            {"label": label, "url": ""} if isinstance(label, str) else {"label": label[0], "url": label[1]}
        )
    way[-1] = {**way[-1], "url": ""}
    return way


def with_leads(plan: Plan) -> Workspace:
    """The workspace with the leads of the localities named, for pages that list them."""
    return workspace_of(plan).led_by(leads_by_locality(plan))


def render_in_workspace(
    request: PartnershipRequest,
    plan: Plan,
    template: str,
    context: dict[str, Any],
    *labels: tuple[str, str] | str,
    status: int = 200,
    workspace: Workspace | None = None,
) -> HttpResponse:
    """The page within the plan's side navigation and breadcrumbs."""
    frame = workspace or workspace_of(plan)
    return render(
        request,
        f"strategic_plans/{template}.html",
        {
            "plan": plan,
            "workspace": frame,
            "parts": frame.navigation(request.path),
            "crumbs": crumbs(plan.partnership, plan, *labels),
            "may_edit": may_edit_plan(request.standing, plan),
            **context,
        },
        status=status,
    )
