"""States of a draft that somebody kept under a name."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from foundation.documents.tasks import enqueue
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import SnapshotForm
from ..models import Plan
from ..reading import Reading, compared_chapters
from ..rules import EDIT_PLAN, MAKE_PDF, READ_PLAN, may_edit_plan
from ..selectors.plans import files_of_named, plan_named
from ..selectors.snapshots import named_snapshot, pair_of
from .frame import NOT_ACCEPTED, crumbs, render_in_workspace
from .versions import render_versions


@require_POST
@within_partnership(EDIT_PLAN)
def take(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    require(may_edit_plan(request.standing, found))
    form = SnapshotForm(request.POST)
    if not form.is_valid():
        return render_versions(request, found, form, status=NOT_ACCEPTED)
    named = services.name_snapshot(plan=found, label=form.cleaned_data["label"], by=request.standing.user)
    messages.success(request, f"The draft is kept as it stands: “{named.label}”.")
    return redirect(named)


@require_safe
@within_partnership(READ_PLAN)
def snapshot(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    named = named_snapshot(found, number)
    context = {
        "named": named,
        "is_intact": named.snapshot.is_intact,
        "files": files_of_named(named),
        "may_make_pdf": request.standing.may(MAKE_PDF),
    }
    return render_in_workspace(request, found, "snapshot", context, *_way(found, f"Snapshot {number}"))


@require_safe
@within_partnership(READ_PLAN)
def changes(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    """What the draft, another snapshot or a version says in other words than this snapshot."""
    found = plan_named(partnership, plan)
    named = named_snapshot(found, number)
    pair = pair_of(named, request.GET.get("with", ""))
    way = _way(found, (f"Snapshot {number}", named.get_absolute_url()), "What changed")
    context = {
        "plan": found,
        "named": named,
        "pair": pair,
        "chapters": compared_chapters(*pair.editions()) if pair else [],
        "crumbs": crumbs(partnership, found, *way),
    }
    return render(request, "strategic_plans/snapshot_changes.html", context)


@require_safe
@within_partnership(READ_PLAN)
def contents(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    reading = _reading(plan_named(partnership, plan), number)
    return render(
        request, "strategic_plans/public/plan.html", {"reading": reading, "edition": reading.edition}
    )


@require_safe
@within_partnership(READ_PLAN)
def chapter(
    request: PartnershipRequest, partnership: Partnership, plan: str, number: int, chapter: str
) -> HttpResponse:
    context = _reading(plan_named(partnership, plan), number).chapter_context(chapter)
    if context is None:
        raise Http404("The plan has no such part.")
    return render(request, "strategic_plans/public/chapter.html", context)


@require_POST
@within_partnership(MAKE_PDF)
def pdf(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    named = named_snapshot(plan_named(partnership, plan), number)
    document = services.request_named_pdf(named=named, by=request.standing.user)
    enqueue(document)
    return redirect(document)


@require_POST
@within_partnership(MAKE_PDF)
def word(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    named = named_snapshot(plan_named(partnership, plan), number)
    document = services.request_named_word(named=named, by=request.standing.user)
    enqueue(document)
    return redirect(document)


def _way(plan: Plan, *labels: tuple[str, str] | str) -> tuple[tuple[str, str] | str, ...]:
    return (("Versions", f"{plan.get_absolute_url()}versions/"), *labels)


def _reading(plan: Plan, number: int) -> Reading:
    named = named_snapshot(plan, number)
    where = [plan.partnership.slug, plan.slug, number]
    return Reading(
        edition=named.snapshot.edition,
        fingerprint=named.snapshot.sha256,
        contents_url=reverse("strategic_plans:snapshot_contents", args=where),
        chapter_url=lambda key: reverse("strategic_plans:snapshot_chapter", args=[*where, key]),
        is_preview=True,
        named=named,
        back_url=named.get_absolute_url(),
    )
