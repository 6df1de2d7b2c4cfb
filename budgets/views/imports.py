"""Bringing a file of lines into a budget: choose it, match its columns where needed, look through it, apply."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.incoming.pages import progress_part
from foundation.sgds.formats import count_in_words
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..enums import ImportState
from ..exports import faults_csv
from ..forms.imports import HeaderRowForm, LayoutForm, LineFileForm
from ..imports.matching import template_layout
from ..models import Budget, LineImport
from ..refusals import MoneyRefused
from ..rules import ALLOCATE, VIEW_BUDGETS, can_be_changed
from ..selectors.imports import applied_before, import_of, imports_of, layouts_of, open_imports
from ..selectors.line_words import line_words
from ..services.findings import read_back, read_unmatched
from ..services.layouts import layout_from
from ..tasks import read_soon
from .files import CSV, attachment, template_of_lines
from .findings import sections_of
from .pages import around, budget_of

WRITE = ["GET", "HEAD", "POST"]
ROWS_A_PAGE = 50
NOT_ACCEPTED = 422
TITLE = "Bring in a file"


@require_http_methods(WRITE)
@within_partnership(ALLOCATE)
def new_import(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    form = LineFileForm(request, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        started = services.start_import(
            budget=budget,
            file=form.cleaned_data["file"],
            layout=form.cleaned_data["layout"],
            by=request.standing.user,
        )
        read_soon(started.pk)
        return redirect(started)
    context = {
        "form": form,
        "applied": imports_of(budget)[:20],
        "waiting": open_imports(budget)[:10],
        "layouts": layouts_of(partnership),
    }
    return _page(request, budget, "import_new", context, status=NOT_ACCEPTED if form.errors else 200)


@require_safe
@within_partnership(ALLOCATE)
def lines_template(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    return template_of_lines(budget_of(partnership, year))


@require_http_methods(WRITE)
@within_partnership(VIEW_BUDGETS)
def line_import(
    request: PartnershipRequest, partnership: Partnership, year: int, line_import: UUID
) -> HttpResponse:
    """The file where it stands: on its way, refused, its columns to be matched, to be looked through, or applied."""
    budget = budget_of(partnership, year)
    row = import_of(budget, line_import)
    if not row.is_applied:
        require(request.standing.may(ALLOCATE))
    if request.method == "POST":
        require(request.standing.may(ALLOCATE))
        return _apply(request, row)
    if row.state == ImportState.UNMATCHED:
        return redirect("budgets:match_columns", partnership.slug, year, row.pk)
    if row.state in {ImportState.READ, ImportState.APPLIED}:
        return _findings_page(request, budget, row)
    template = "import_waiting" if row.is_waiting else "import_refused"
    response = _page(request, budget, template, {"import": row, "step": row.where_it_is})
    patch_cache_control(response, no_store=True)
    return response


@require_safe
@within_partnership(ALLOCATE)
def import_progress(
    request: PartnershipRequest, partnership: Partnership, year: int, line_import: UUID
) -> HttpResponse:
    """The part of the page that tells where the reading is."""
    budget = budget_of(partnership, year)
    row = import_of(budget, line_import)
    return progress_part(request, row, "budgets/import_progress.html", {"budget": budget})


@require_http_methods(WRITE)
@within_partnership(ALLOCATE)
def match_columns(
    request: PartnershipRequest, partnership: Partnership, year: int, line_import: UUID
) -> HttpResponse:
    """What the columns of the file mean, said by a person."""
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    row = import_of(budget, line_import)
    if row.state != ImportState.UNMATCHED:
        return redirect(row)
    found, words = read_unmatched(row.found), line_words(budget)
    data = request.POST if request.method == "POST" else None
    place = HeaderRowForm(data, found=found)
    sheet, header_row = place.chosen()
    form = LayoutForm(
        data if data is not None and "show" not in data else None,
        headers=place.headers(),
        samples=place.samples(),
        words=words,
        layout=layout_from(row.layout) if row.layout else template_layout(words.columns),
        name=row.layout_name,
    )
    if form.is_bound and place.is_valid() and form.is_valid():
        services.match_columns(
            line_import=row,
            sheet=sheet,
            layout=form.layout(header_row),
            save_as=form.cleaned_data["save_as"],
            by=request.standing.user,
        )
        read_soon(row.pk)
        return redirect(row)
    context = {"import": row, "found": found, "place": place, "form": form}
    return _page(request, budget, "import_columns", context, status=NOT_ACCEPTED if form.errors else 200)


@require_POST
@within_partnership(ALLOCATE)
def discard_import(
    request: PartnershipRequest, partnership: Partnership, year: int, line_import: UUID
) -> HttpResponse:
    row = import_of(budget_of(partnership, year), line_import)
    if row.is_applied:
        messages.info(request, f"“{row}” is in the budget already, so it is kept.")
        return redirect(row)
    services.discard_import(line_import=row)
    messages.success(request, f"Nothing of “{row}” is kept.")
    return redirect("budgets:new_import", partnership.slug, year)


@require_safe
@within_partnership(ALLOCATE)
def import_faults(
    request: PartnershipRequest, partnership: Partnership, year: int, line_import: UUID
) -> HttpResponse:
    """What stands against the file, as a file."""
    row = import_of(budget_of(partnership, year), line_import)
    if row.state != ImportState.READ:
        raise Http404("This file is not waiting to be looked through.")
    name = f"{partnership.slug}-import-problems-{row.pk}.csv"
    return attachment(faults_csv(read_back(row.found).faults), name, CSV)


@require_safe
@within_partnership(VIEW_BUDGETS)
def imported_file(
    request: PartnershipRequest, partnership: Partnership, year: int, line_import: UUID
) -> HttpResponseBase:
    """The file as it was sent, once its lines stand in the budget."""
    row = import_of(budget_of(partnership, year), line_import)
    if not row.is_applied:
        raise Http404("This file was not applied.")
    return FileResponse(
        default_storage.open(str(row.file.name)),
        as_attachment=True,
        filename=row.file_name,
        content_type="application/octet-stream",
    )


def _apply(request: PartnershipRequest, row: LineImport) -> HttpResponse:
    try:
        done = services.apply_import(line_import=row, by=request.standing.user)
    except services.BudgetMoved as moved:
        messages.warning(request, moved.message)
        read_soon(row.pk)
    except MoneyRefused as refusal:
        messages.error(request, refusal.message)
    else:
        parts = [(done.added, "added"), (done.changed, "changed")]
        told = " and ".join(f"{count_in_words(count, 'line')} {what}" for count, what in parts if count)
        messages.success(request, f"{told[:1].upper()}{told[1:]} from “{row}”.")
    return redirect(row)


def _findings_page(request: PartnershipRequest, budget: Budget, row: LineImport) -> HttpResponse:
    """What the file would do, or did: one part at a time, with counts of all."""
    found = read_back(row.found)
    shown = sections_of(found, line_words(budget), chosen=request.GET.get("show", ""))
    context = {
        "import": row,
        "found": found,
        "shown": shown,
        "page": Paginator(shown.rows, ROWS_A_PAGE).get_page(request.GET.get("page")),
        "earlier": None if row.is_applied else applied_before(row),
    }
    return _page(request, budget, "import_findings", context)


def _page(
    request: PartnershipRequest, budget: Budget, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    here = TITLE if template == "import_new" else str(context["import"])
    return render(
        request, f"budgets/{template}.html", around(request, budget, here, **context), status=status
    )
