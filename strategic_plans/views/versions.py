from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from foundation.documents.models import Document
from foundation.documents.tasks import enqueue
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..documents import public_address
from ..rules import MAKE_PDF, READ_PLAN
from ..selectors.plans import files_of, plan_named, version_numbered, versions_of
from .frame import render_in_workspace


@require_safe
@within_partnership(READ_PLAN)
def version_list(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_named(partnership, plan)
    return render_in_workspace(request, found, "versions", {"versions": versions_of(found)}, "Versions")


@require_safe
@within_partnership(READ_PLAN)
def version(request: PartnershipRequest, partnership: Partnership, plan: str, number: int) -> HttpResponse:
    found = plan_named(partnership, plan)
    shown = version_numbered(found, number)
    edition = shown.snapshot.edition
    context = {
        "version": shown,
        "edition": edition,
        "is_intact": shown.snapshot.is_intact and shown.sha256 == shown.snapshot.sha256,
        "files": files_of(shown),
        "address": public_address(edition),
        "may_make_pdf": request.standing.may(MAKE_PDF),
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


def _made(document: Document) -> HttpResponse:
    enqueue(document)
    return redirect(document)
