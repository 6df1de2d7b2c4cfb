"""The medium-term plan: the plans, one with its scenarios beside each other, one scenario's figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..charts import outlooks_chart
from ..enums import Scenario
from ..forms import OutlookForm, StartPlanForm
from ..models import MediumTermPlan, Outlook
from ..refusals import ChangedMeanwhile, MoneyRefused
from ..rules import PLAN_AHEAD, VIEW_BUDGETS
from ..selectors import medium_term_plans, plan_outlooks
from .pages import home_crumb


@require_http_methods(["GET"])
@within_partnership(VIEW_BUDGETS)
def medium_terms(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    return render(
        request,
        "budgets/medium_terms.html",
        {
            "plans": medium_term_plans(partnership),
            "may_plan": bool(request.standing.may(PLAN_AHEAD)),
            "crumbs": _crumbs(partnership, "Medium-term plans"),
        },
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PLAN_AHEAD)
def start_medium_term(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = StartPlanForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            plan = services.start_medium_term_plan(
                partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"The plan for {plan.period} is open.")
            return redirect(plan)
    return render(
        request,
        "budgets/medium_term_start.html",
        {"form": form, "crumbs": _crumbs(partnership, "Start a plan")},
    )


@require_GET
@within_partnership(VIEW_BUDGETS)
def medium_term(request: PartnershipRequest, partnership: Partnership, first_year: int) -> HttpResponse:
    plan = plan_of(partnership, first_year)
    outlooks = plan_outlooks(plan)
    filled = [outlook for outlook in outlooks if not outlook.is_empty]
    return render(
        request,
        "budgets/medium_term.html",
        {
            "plan": plan,
            "outlooks": outlooks,
            "filled": filled,
            "chart": outlooks_chart(plan, filled) if filled else None,
            "may_plan": bool(request.standing.may(PLAN_AHEAD)),
            "crumbs": _crumbs(partnership, plan.period),
        },
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PLAN_AHEAD)
def outlook(
    request: PartnershipRequest, partnership: Partnership, first_year: int, scenario: str
) -> HttpResponse:
    plan = plan_of(partnership, first_year)
    found = outlook_of(plan, scenario)
    form = OutlookForm(request.POST or None, plan=plan, outlook=found)
    theirs = None
    if request.method == "POST" and form.is_valid() and "totals" not in request.POST:
        try:
            services.save_outlook(
                outlook=found,
                figures=form.entries(),
                assumptions=form.cleaned_data["assumptions"],
                revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = next(view for view in plan_outlooks(plan) if view.outlook.pk == found.pk)
            form = OutlookForm(
                with_revision(request.POST, meanwhile.current.revision), plan=plan, outlook=found
            )
        else:
            messages.success(request, f"Saved: {found}.")
            return redirect(plan)
    crumbs = _crumbs(partnership, str(found))
    crumbs.insert(-1, {"label": plan.period, "url": plan.get_absolute_url()})
    return render(
        request,
        "budgets/outlook.html",
        {
            "plan": plan,
            "outlook": found,
            "form": form,
            "theirs": theirs,
            "only_totals": request.method == "POST" and "totals" in request.POST,
            "sources": [view.outlook for view in plan_outlooks(plan) if not view.is_empty]
            if not found.figures.all()
            else [],
            "crumbs": crumbs,
        },
        status=409 if theirs else 200,
    )


@require_POST
@within_partnership(PLAN_AHEAD)
def copy_outlook(
    request: PartnershipRequest, partnership: Partnership, first_year: int, scenario: str
) -> HttpResponse:
    plan = plan_of(partnership, first_year)
    found = outlook_of(plan, scenario)
    source = outlook_of(plan, request.POST.get("source", ""))
    try:
        services.copy_outlook(outlook=found, source=source, by=request.standing.user)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"{found} begins with the figures of the {str(source).lower()}.")
    return redirect(found)


def plan_of(partnership: Partnership, first_year: int) -> MediumTermPlan:
    """The partnership's plan from that year on, or 404."""
    found = medium_term_plans(partnership).filter(first_year=first_year).first()
    if found is None:
        raise Http404("There is no such plan here.")
    found.partnership = partnership
    return found


def outlook_of(plan: MediumTermPlan, scenario: str) -> Outlook:
    """The plan's outlook for that scenario, or 404."""
    if scenario not in Scenario.values:
        raise Http404("There is no such scenario.")
    found = (
        plan.outlooks.select_related("changed_by").prefetch_related("figures__body").get(scenario=scenario)
    )
    found.plan = plan
    return found


def _crumbs(partnership: Partnership, here: str) -> list[dict[str, Any]]:
    slug = [partnership.slug]
    crumbs = [home_crumb(partnership), {"label": "Money", "url": reverse("budgets:list", args=slug)}]
    if here != "Medium-term plans":
        crumbs.append({"label": "Medium-term plans", "url": reverse("budgets:medium_terms", args=slug)})
    return [*crumbs, {"label": here, "url": ""}]
