from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..chapters import chapters_of
from ..forms import PublishForm
from ..models import Plan
from ..rules import PUBLISH_PLAN, READ_PLAN, Check, can_publish_plan, may_publish_plan
from ..rules.publishing import CheckState
from ..selectors.checks import checks_of
from ..selectors.draft_text import draft_text
from ..selectors.editions import draft_edition
from ..selectors.plans import plan_named
from ..selectors.workspace import workspace_in
from .frame import CONFLICT, NOT_ACCEPTED, crumbs, render_in_workspace
from .versions import enqueue_all


@require_safe
@within_partnership(READ_PLAN)
def check(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    text = draft_text(found)
    checks = checks_of(found, text)
    context = {
        "missing": [check for check in checks if check.blocks],
        "advised": [check for check in checks if check.state is CheckState.ADVICE],
        "met": [check for check in checks if check.is_met],
        "is_ready": can_publish_plan(checks),
        "may_publish": may_publish_plan(request.standing, found),
    }
    workspace = workspace_in(found, text)
    return render_in_workspace(request, found, "check", context, "Can we publish?", workspace=workspace)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(PUBLISH_PLAN)
def publish(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    require(may_publish_plan(request.standing, found))
    if request.method != "POST":
        return _publish_page(request, found)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _publish_page(request, found, form, status=NOT_ACCEPTED)
    values = form.cleaned_data
    try:
        version = services.publish_plan(
            plan=found,
            by=request.standing.user,
            approval_reference=values["approval_reference"],
            label=values["label"],
            reviewed_sha256=values["reviewed"],
        )
    except services.PlanNotReady as refusal:
        return _publish_page(request, found, form, refusal.missing, CONFLICT)
    except services.PlanChangedSinceReview:
        return _publish_page(request, found, form, status=CONFLICT)
    enqueue_all(services.request_version_files(version=version, by=request.standing.user))
    messages.success(
        request, f"“{found}” is published as version {version.number}. Its files are being made."
    )
    return redirect(version)


def _publish_page(
    request: PartnershipRequest,
    plan: Plan,
    sent: PublishForm | None = None,
    missing: tuple[Check, ...] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Exactly what would become public now. A form that was sent keeps what was typed and is read again."""
    text = draft_text(plan)
    edition = draft_edition(plan, text)
    if missing is None:
        missing = tuple(check for check in checks_of(plan, text) if check.blocks)
    typed = {name: sent[name].value() for name in ("approval_reference", "label")} if sent else {}
    form = sent if sent and sent.errors else PublishForm(initial=typed | {"reviewed": edition.sha256})
    context = {
        "missing": missing,
        "edition": edition,
        "chapters": chapters_of(edition),
        "form": form,
        "is_changed": bool(sent and not sent.errors and not missing),
    }
    # Without the side navigation: one question, and nothing beside it.
    frame = {"plan": plan, "crumbs": crumbs(plan.partnership, plan, "Publish")}
    return render(request, "strategic_plans/publish.html", context | frame, status=status)
