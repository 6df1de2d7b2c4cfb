from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from foundation.documents.models import Document
from foundation.documents.tasks import enqueue
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..documents import public_address
from ..forms import SnapshotForm
from ..models import Plan
from ..rules import MAKE_PDF, READ_PLAN, may_correct_plan, may_edit_plan
from ..selectors.plans import (
    files_of,
    newest_number,
    plan_named,
    variant_documents,
    version_numbered,
    versions_of,
)
from ..selectors.snapshots import named_snapshots
from ..variants import variants_of
from .frame import render_in_workspace


@require_safe
@within_partnership(READ_PLAN)
def version_list(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    return render_versions(request, plan_named(partnership, plan))


def render_versions(
    request: PartnershipRequest, plan: Plan, sent: SnapshotForm | None = None, status: int = 200
) -> HttpResponse:
    """What was published of the plan and what was kept of its draft, with the form that keeps it as it stands now."""
    may_keep = may_edit_plan(request.standing, plan)
    context = {
        "versions": versions_of(plan),
        "snapshots": named_snapshots(plan),
        "form": (sent or SnapshotForm()) if may_keep else None,
    }
    return render_in_workspace(request, plan, "versions", context, "Versions", status=status)


@require_safe
@within_partnership(READ_PLAN)
def version(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    shown = version_numbered(found, number)
    edition = shown.snapshot.edition
    made = variant_documents(shown)
    context = {
        "forms": [
            {"variant": variant, "document": made.get(variant.key)} for variant in variants_of(edition)
        ],
        "version": shown,
        "edition": edition,
        "is_intact": shown.snapshot.is_intact and shown.sha256 == shown.snapshot.sha256,
        "files": files_of(shown),
        "address": public_address(edition),
        "may_make_pdf": request.standing.may(MAKE_PDF),
        "may_correct": shown.number == newest_number(found) and may_correct_plan(request.standing, found),
    }
    labels = (("Versions", f"{found.get_absolute_url()}versions/"), f"Version {number}")
    return render_in_workspace(request, found, "version", context, *labels)


@require_POST
@within_partnership(MAKE_PDF)
def draft_pdf(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    return _made(services.request_plan_pdf(plan=plan_named(partnership, plan), by=request.standing.user))


@require_POST
@within_partnership(MAKE_PDF)
def draft_word(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    return _made(services.request_plan_word(plan=plan_named(partnership, plan), by=request.standing.user))


@require_POST
@within_partnership(MAKE_PDF)
def version_pdf(
    request: PartnershipRequest, partnership: Partnership, plan: str, number: int
) -> HttpResponse:
    shown = version_numbered(plan_named(partnership, plan), number)
    return _made(services.request_version_pdf(version=shown, by=request.standing.user))


@require_POST
@within_partnership(MAKE_PDF)
def version_word(
    request: PartnershipRequest, partnership: Partnership, plan: str, number: int
) -> HttpResponse:
    shown = version_numbered(plan_named(partnership, plan), number)
    return _made(services.request_version_word(version=shown, by=request.standing.user))


@require_POST
@within_partnership(MAKE_PDF)
def version_variants(
    request: PartnershipRequest, partnership: Partnership, plan: str, number: int
) -> HttpResponse:
    shown = version_numbered(plan_named(partnership, plan), number)
    for document in services.request_variants(version=shown, by=request.standing.user):
        enqueue(document)
    messages.success(request, "The PDFs of the shorter forms are being made.")
    return redirect(shown)


def enqueue_all(documents: list[Document]) -> None:
    """Workers are told of the files of a version: of the first before all others."""
    for place, document in enumerate(documents):
        enqueue(document, nobody_waits=place > 0)


def _made(document: Document) -> HttpResponse:
    enqueue(document)
    return redirect(document)
