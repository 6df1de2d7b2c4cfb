from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_POST, require_safe

from . import registry, services, tasks
from .models import Document


def _open_to(request: HttpRequest, pk: UUID) -> tuple[Document, registry.DocumentKind]:
    """The document and its kind, if this person may have it. To anybody else it does not exist."""
    document = get_object_or_404(Document, pk=pk)
    kind = registry.find(document.kind)
    if kind is None or not kind.may_download(request.user, document):
        raise Http404
    return document, kind


def _managed_by(request: HttpRequest, pk: UUID) -> Document:
    document, kind = _open_to(request, pk)
    if not kind.is_managed_by(request.user, document):
        raise PermissionDenied(
            f"“{document.label}” can be cancelled or tried again only by the person who asked for it."
        )
    return document


def _context(request: HttpRequest, document: Document, kind: registry.DocumentKind) -> dict[str, Any]:
    return {
        "document": document,
        "kind": kind,
        "origin": kind.origin(document) if kind.origin else None,
        "faults": _faults(document, kind),
        "may_manage": kind.is_managed_by(request.user, document),
        "stage": f"{document.state}-{document.attempts}-{document.step}-{document.is_interrupted}",
    }


def _faults(document: Document, kind: registry.DocumentKind) -> list[dict[str, Any]]:
    """The faults of the file, each with the address of the place that it is near."""
    if not document.faults or not document.is_ready:
        return []
    near = {fault["near"] for fault in document.faults}
    addresses = kind.places(document, near) if kind.places else {}
    return [{**fault, "url": addresses.get(fault["near"], "")} for fault in document.faults]


@require_safe
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    document, kind = _open_to(request, pk)
    # The roof may show where one is; this package knows no more than the name.
    request.tenant = document.tenant  # type: ignore[attr-defined]
    response = render(request, "documents/detail.html", _context(request, document, kind))
    response["Cache-Control"] = "no-store"
    return response


@require_safe
def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The part of the page that changes; nothing (204) if it is as the browser has it."""
    document, kind = _open_to(request, pk)
    context = _context(request, document, kind)
    if not request.headers.get("HX-Request"):
        return redirect(document)
    if request.GET.get("stage") == context["stage"]:
        return HttpResponse(status=204)
    return render(request, "documents/progress.html", context)


@require_safe
def download(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    document, kind = _open_to(request, pk)
    if not document.is_ready:
        return redirect(document)
    etag = f'"{document.sha256}"'
    if unchanged := get_conditional_response(request, etag=etag):
        return unchanged
    try:
        file = services.open_document(document=document, by=request.user)
    except services.FileGone as fault:
        messages.error(request, str(fault))
        return redirect(document)
    response = FileResponse(
        file, as_attachment=True, filename=document.download_name, content_type=kind.content_type
    )
    response["ETag"] = etag
    response["Content-Length"] = str(document.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"  # may be kept, but the right to it is checked each time
    return response


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    document = _managed_by(request, pk)
    try:
        services.cancel_document(document=document, by=request.user)
    except services.WrongState as reason:
        messages.info(request, str(reason))
    return redirect(document)


@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    document = _managed_by(request, pk)
    try:
        services.retry_document(document=document, by=request.user)
    except services.WrongState as reason:
        messages.info(request, str(reason))
    tasks.enqueue(document)
    return redirect(document)
