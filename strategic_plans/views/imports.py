"""Bringing a Word document into a draft: choose it, look through what was found, apply."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.incoming.pages import progress_part
from foundation.sgds.formats import count_in_words
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..enums import ImportState
from ..forms import PlacementForm, WordFileForm
from ..imports.proposals import Preview, preview_of
from ..models import Plan, WordImport
from ..rules import EDIT_PLAN
from ..selectors.imports import import_of, open_import, picture_of
from ..tasks import read_soon, render_ahead_soon
from .frame import CONFLICT, NOT_ACCEPTED, plan_to_edit, render_in_workspace, sections_url

WRITE = ["GET", "HEAD", "POST"]
TITLE = "Bring in a Word document"


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def new(request: PartnershipRequest, partnership: Partnership, plan: str) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    form = WordFileForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            started = services.start_import(
                plan=found, file=form.cleaned_data["file"], by=request.standing.user
            )
        except services.PlanFrozen as refusal:
            messages.info(request, str(refusal))
            return redirect(found)
        read_soon(started.pk)
        return redirect(started)
    context = {"form": form, "waiting": open_import(found, request.standing.user)}
    status = NOT_ACCEPTED if form.errors else 200
    labels = (("Arrange the sections", sections_url(found)), TITLE)
    return render_in_workspace(request, found, "import_new", context, *labels, status=status)


@require_http_methods(WRITE)
@within_partnership(EDIT_PLAN)
def word_import(
    request: PartnershipRequest, partnership: Partnership, plan: str, word_import: UUID
) -> HttpResponse:
    """The file where it stands: on its way, refused, to be looked through, or in the plan."""
    found = plan_to_edit(request, partnership, plan)
    row = _mine(request, found, word_import)
    if row.state == ImportState.READ:
        return _look_through(request, found, row)
    if request.method == "POST":
        messages.info(request, f"Nothing was changed: “{row}” is not waiting to be applied.")
        return redirect(row)
    template = {
        ImportState.WAITING: "import_waiting",
        ImportState.REFUSED: "import_refused",
        ImportState.APPLIED: "import_applied",
    }[ImportState(row.state)]
    context = {"import": row, "step": row.where_it_is}
    response = render_in_workspace(request, found, template, context, *_labels(found, row))
    patch_cache_control(response, no_store=True)
    return response


@require_safe
@within_partnership(EDIT_PLAN)
def progress(
    request: PartnershipRequest, partnership: Partnership, plan: str, word_import: UUID
) -> HttpResponse:
    """The part of the page that tells where the reading is."""
    found = plan_to_edit(request, partnership, plan)
    row = _mine(request, found, word_import)
    return progress_part(request, row, "strategic_plans/import_progress.html", {"plan": found})


@require_POST
@within_partnership(EDIT_PLAN)
def discard(
    request: PartnershipRequest, partnership: Partnership, plan: str, word_import: UUID
) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    row = _mine(request, found, word_import)
    if row.state == ImportState.APPLIED:
        messages.info(
            request, f"“{row}” is in the plan already. Earlier texts are in each section’s history."
        )
        return redirect(row)
    services.discard_import(word_import=row)
    messages.success(request, f"Nothing of “{row}” is kept.")
    return redirect(sections_url(found))


@require_safe
@within_partnership(EDIT_PLAN)
def part(
    request: PartnershipRequest, partnership: Partnership, plan: str, word_import: UUID, number: int
) -> HttpResponse:
    """One part of the file, to read before it is applied."""
    found = plan_to_edit(request, partnership, plan)
    row = _mine(request, found, word_import)
    parts = preview_of(row, found).read.parts if row.state == ImportState.READ else ()
    if not 1 <= number <= len(parts):
        raise Http404("The file has no such part.")
    base = reverse("strategic_plans:word_import", args=[partnership.slug, found.slug, row.pk])
    context = {"import": row, "part": parts[number - 1], "number": number, "pictures": f"{base}pictures/"}
    labels = (*_labels(found, row)[:1], (row.file_name, row.get_absolute_url()), parts[number - 1].title)
    return render_in_workspace(request, found, "import_part", context, *labels)


@require_safe
@within_partnership(EDIT_PLAN)
def picture(
    request: PartnershipRequest, partnership: Partnership, plan: str, word_import: UUID, number: int
) -> HttpResponse:
    found = plan_to_edit(request, partnership, plan)
    shown = picture_of(_mine(request, found, word_import), number)
    response = HttpResponse(bytes(shown.data), content_type=shown.media_type)
    patch_cache_control(response, private=True, max_age=3600)
    return response


def _look_through(request: PartnershipRequest, plan: Plan, row: WordImport) -> HttpResponse:
    """What was found and where it goes; what is sent is applied, all or nothing."""
    preview = preview_of(row, plan)
    form = PlacementForm(request.POST if request.method == "POST" else None, preview=preview)
    if request.method != "POST" or not form.is_valid():
        return _preview_page(request, plan, preview, form, status=NOT_ACCEPTED if form.errors else 200)
    try:
        sections = services.apply_import(
            word_import=row,
            placements=form.placements(),
            seen=form.revisions_seen(),
            words=form.words(),
            by=request.standing.user,
        )
    except services.SectionsChanged as conflict:
        again = PlacementForm(_seen_again(request, preview), preview=preview)
        return _preview_page(request, plan, preview, again, changed=conflict.titles, status=CONFLICT)
    except (services.ImportOver, services.PlanFrozen) as over:
        messages.info(request, str(over))
        return redirect(row)
    except ValidationError as refusal:
        form.refuse(refusal)
        return _preview_page(request, plan, preview, form, status=NOT_ACCEPTED)
    messages.success(
        request, f"{count_in_words(len(sections), 'section').capitalize()} brought in from “{row}”."
    )
    render_ahead_soon(plan)
    return redirect(row)


def _seen_again(request: PartnershipRequest, preview: Preview) -> dict[str, str]:
    """What the person sent, with the revisions that this page shows them: sent again, it is meant knowingly."""
    fresh = PlacementForm(preview=preview)["seen"].value()
    return {**request.POST.dict(), "seen": fresh}


def _preview_page(
    request: PartnershipRequest,
    plan: Plan,
    preview: Preview,
    form: PlacementForm,
    *,
    changed: Sequence[str] = (),
    status: int,
) -> HttpResponse:
    row = preview.word_import
    context = {"import": row, "preview": preview, "form": form, "changed": changed}
    return render_in_workspace(request, plan, "import_preview", context, *_labels(plan, row), status=status)


def _mine(request: PartnershipRequest, plan: Plan, pk: UUID) -> WordImport:
    return import_of(plan, request.standing.user, pk)


def _labels(plan: Plan, row: WordImport) -> tuple[tuple[str, str], str]:
    return (
        TITLE,
        reverse("strategic_plans:new_import", args=[plan.partnership.slug, plan.slug]),
    ), row.file_name
