from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership
from partnerships.permissions import VIEW_PARTNERSHIP

from .. import services
from ..forms import NewPlanForm, PlanDetailsForm
from ..rules import EDIT_PLAN, MAKE_PDF, READ_PLAN, can_publish_plan, may_publish_plan
from ..selectors.overview import overview_of
from ..selectors.plans import plan_named, plan_to_succeed, plans_of
from .frame import CONFLICT, NOT_ACCEPTED, crumbs, plan_to_edit, render_in_workspace


@require_safe
@within_partnership(VIEW_PARTNERSHIP)
def plan_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    context = {
        "plans": plans_of(partnership),
        "may_read": request.standing.may(READ_PLAN),
        "may_start": request.standing.may(EDIT_PLAN),
        "crumbs": crumbs(partnership),
    }
    return render(request, "strategic_plans/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_PLAN)
def new(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    form = NewPlanForm(request.POST or None, before=plan_to_succeed(partnership))
    if request.method == "POST" and form.is_valid():
        carries = form.carries()
        start = services.start_successor if carries else services.start_plan
        plan = start(partnership=partnership, by=request.standing.user, **form.cleaned_data)
        said = (
            "It holds the text of the plan before." if carries else "Every section says what belongs in it."
        )
        messages.success(request, f"“{plan}” is started. {said}")
        return redirect(plan)
    context = {"form": form, "crumbs": crumbs(partnership, None, "Start a plan")}
    return render(request, "strategic_plans/new.html", context, status=NOT_ACCEPTED if form.errors else 200)


@require_safe
@within_partnership(READ_PLAN)
def workspace(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    overview = overview_of(found)
    context = {
        "checks": [check for check in overview.checks if not check.is_met],
        "is_ready": can_publish_plan(overview.checks),
        "priorities": overview.priorities,
        "weight": overview.weight,
        "may_publish": may_publish_plan(request.standing, found),
        "may_make_pdf": request.standing.may(MAKE_PDF),
    }
    return render_in_workspace(request, found, "workspace", context, workspace=overview.workspace)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(EDIT_PLAN)
def details(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    theirs, status = None, 200
    if request.method == "POST":
        form = PlanDetailsForm(request.POST)
        if form.is_valid():
            values = form.cleaned_data
            try:
                services.change_plan(
                    plan=found,
                    title=values["title"],
                    period_start=values["period_start"],
                    period_end=values["period_end"],
                    expected_revision=values["revision"],
                    by=request.standing.user,
                )
            except services.PlanDetailsChanged as conflict:
                theirs, status = conflict.plan, CONFLICT
                form = form.opened_again_at(conflict.plan.revision)
            else:
                messages.success(request, "The details of the plan are saved.")
                return redirect(found)
        else:
            status = NOT_ACCEPTED
    else:
        form = PlanDetailsForm(initial=PlanDetailsForm.initial_of(found))
    context = {"form": form, "theirs": theirs}
    return render_in_workspace(request, found, "details", context, "Title and period", status=status)
