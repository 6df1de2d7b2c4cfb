"""The lines of a year: list, file, one line, and everything that changes one line."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import LineFilterForm, LineForm, RemovalForm, SplitForm
from ..models import Budget, BudgetLine
from ..refusals import ChangedMeanwhile, MoneyRefused
from ..rules import ALLOCATE, VIEW_BUDGETS, bodies_shown, can_be_changed
from ..selectors import line_split, lines_of_year, lines_shown, total_of
from ..selectors.monitoring import last_closed_figure
from .files import file_of_lines
from .pages import around, budget_of

LINES_A_PAGE = 50


@require_GET
@within_partnership(VIEW_BUDGETS)
def lines(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = LineFilterForm(request.GET, budget=budget)
    shown = lines_shown(budget, form.filters())
    query = request.GET.urlencode()
    return render(
        request,
        "budgets/lines.html",
        around(
            request,
            budget,
            "Lines",
            form=form,
            page=Paginator(shown, LINES_A_PAGE).get_page(request.GET.get("page")),
            total=total_of(shown),
            files=[
                (f"{reverse(f'budgets:lines_{ending}', args=[partnership.slug, year])}?{query}", words)
                for ending, words in (("xlsx", "Excel"), ("csv", "CSV"))
            ],
        ),
    )


@require_GET
@within_partnership(VIEW_BUDGETS)
def lines_file(request: PartnershipRequest, partnership: Partnership, year: int, ending: str) -> HttpResponse:
    budget = budget_of(partnership, year)
    shown = lines_shown(budget, LineFilterForm(request.GET, budget=budget).filters())
    return file_of_lines(budget, shown, ending)


@require_GET
@within_partnership(VIEW_BUDGETS)
def line(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = line_of(budget, pk)
    return render(
        request,
        "budgets/line.html",
        around(
            request,
            budget,
            found.title,
            line=found,
            split=line_split(found),
            closed=last_closed_figure(found),
            words_url=reverse("budgets:figure", args=[partnership.slug, year, f"line-{pk}"])
            if bodies_shown(request.standing) is None
            else "",
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(ALLOCATE)
def add_line(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    form = LineForm(request.POST or None, budget=budget)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.add_line(budget=budget, by=request.standing.user, **form.line_fields())
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Added: {added}.")
            return redirect(added)
    return render(request, "budgets/line_form.html", around(request, budget, "Add a line", form=form))


@require_http_methods(["GET", "POST"])
@within_partnership(ALLOCATE)
def change_line(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    found = line_of(budget, pk)
    form = LineForm(request.POST or None, budget=budget, line=found)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.change_line(
                line=found,
                revision=form.cleaned_data["revision"] or 0,
                by=request.standing.user,
                **form.line_fields(),
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = LineForm(with_revision(request.POST, theirs.revision), budget=budget, line=found)
        else:
            messages.success(request, f"Saved: {form.cleaned_data['title']}.")
            return redirect(found)
    return render(
        request,
        "budgets/line_form.html",
        around(request, budget, "Change the line", form=form, line=found, theirs=theirs),
        status=409 if theirs else 200,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(ALLOCATE)
def split_line(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    found = line_of(budget, pk)
    form = SplitForm(request.POST or None, line=found)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            services.split_line_by_locality(
                line=found,
                shares=form.shares(),
                method=form.cleaned_data["method"],
                note=form.cleaned_data["note"],
                revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = SplitForm(with_revision(request.POST, theirs.revision), line=found)
        else:
            messages.success(request, f"Saved: the split of {found} by locality.")
            return redirect(found)
    return render(
        request,
        "budgets/split.html",
        around(
            request,
            budget,
            "Split by locality",
            form=form,
            line=found,
            theirs=theirs,
            split=line_split(found) if theirs else None,
        ),
        status=409 if theirs else 200,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(ALLOCATE)
def remove_line(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    require(can_be_changed(budget))
    found = line_of(budget, pk)
    form = RemovalForm(request.POST or None, initial={"revision": found.revision})
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_line(line=found, revision=form.cleaned_data["revision"], by=request.standing.user)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            found = meanwhile.current
            form = RemovalForm(with_revision(request.POST, found.revision))
            form.add_error(
                None, "Somebody changed the line while this page was open. Look at it again below."
            )
        else:
            messages.success(request, f"Removed: {found}.")
            return redirect("budgets:lines", partnership.slug, year)
    return render(
        request,
        "budgets/remove.html",
        around(request, budget, "Remove the line", form=form, line=found, split=line_split(found)),
    )


def line_of(budget: Budget, pk: int) -> BudgetLine:
    """The line of this budget, or 404."""
    found = (
        lines_of_year(budget)
        .select_related("changed_by", "imported_from")
        .defer("imported_from__found", "imported_from__layout")
        .prefetch_related("care_groups")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404("There is no such line in this budget.")
    found.budget = budget
    if found.imported_from is not None:
        found.imported_from.budget = budget
    return found
