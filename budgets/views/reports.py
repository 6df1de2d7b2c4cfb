"""The report of a close, and what moved between two of them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_POST

from foundation.documents.attachments import XLSX, attachment
from foundation.documents.tasks import enqueue
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..charts import variance_chart
from ..documents.report import document_of
from ..exports import moved_csv
from ..exports.report import report_xlsx as workbook
from ..forms.closes import CompareForm
from ..models import Budget, Close
from ..rules import MAKE_REPORT, VIEW_BUDGETS
from ..selectors import close_before, close_of, closes_of
from ..selectors.comparison import Comparison, comparison_of
from ..selectors.report import report_of
from .monitoring import around_month
from .pages import around, budget_of


def close_at(partnership: Partnership, year: int, number: int, close: int) -> Close:
    """The close at this address, or 404."""
    budget = budget_of(partnership, year)
    found = close_of(budget, number, close)
    if found is None:
        raise Http404("There is no such close.")
    found.period.budget = budget
    return found


@require_GET
@within_partnership(VIEW_BUDGETS)
def report(
    request: PartnershipRequest, partnership: Partnership, year: int, number: int, close: int
) -> HttpResponse:
    found = close_at(partnership, year, number, close)
    before = close_before(found)
    return render(
        request,
        "budgets/report.html",
        around_month(
            request,
            found.period,
            f"Finance report, close {found.number}",
            close=found,
            report=report_of(found),
            moved=comparison_of(before, found) if before else None,
            chart=variance_chart(found.books),
            document=document_of(found),
            may_make=bool(request.standing.may(MAKE_REPORT)),
        ),
    )


@require_POST
@within_partnership(MAKE_REPORT)
def report_pdf(
    request: PartnershipRequest, partnership: Partnership, year: int, number: int, close: int
) -> HttpResponse:
    found = close_at(partnership, year, number, close)
    document = services.request_report(close=found, by=request.standing.user)
    enqueue(document)
    return redirect(document)


@require_GET
@within_partnership(VIEW_BUDGETS)
def report_xlsx(
    request: PartnershipRequest, partnership: Partnership, year: int, number: int, close: int
) -> HttpResponse:
    found = close_at(partnership, year, number, close)
    name = f"finance-report-{partnership.slug}-{found.period.ends_on:%Y-%m}-{found.number}.xlsx"
    return attachment(workbook(report_of(found)), name, XLSX)


@require_GET
@within_partnership(VIEW_BUDGETS)
def compare(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    closes = list(closes_of(budget))
    comparison, form = comparison_asked(request, budget, closes)
    csv_url = ""
    if comparison:
        chosen = urlencode({"older": comparison.older.pk, "newer": comparison.newer.pk})
        csv_url = f"{reverse('budgets:compare_csv', args=[partnership.slug, year])}?{chosen}"
    return render(
        request,
        "budgets/compare.html",
        around(
            request,
            budget,
            "Compare two closes",
            form=form,
            closes=closes,
            moved=comparison,
            csv_url=csv_url,
        ),
    )


@require_GET
@within_partnership(VIEW_BUDGETS)
def compare_file(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    comparison, _ = comparison_asked(request, budget, list(closes_of(budget)))
    if comparison is None:
        raise Http404("There are not two closes to compare yet.")
    return attachment(moved_csv(comparison.moves), f"moved-{partnership.slug}-{budget.year}.csv")


def comparison_asked(
    request: PartnershipRequest, budget: Budget, closes: list[Close]
) -> tuple[Comparison | None, CompareForm]:
    """The comparison that the address asks for, with the form that shows the choice."""
    form = CompareForm(request.GET, closes=closes)
    chosen = form.chosen()
    if chosen is None:
        return None, form
    rows = Close.objects.of_budget(budget).select_related("period", "closed_by").in_bulk(chosen)
    older, newer = (rows[key] for key in chosen)
    for close in (older, newer):
        close.period.budget = budget
    shown = CompareForm({"older": older.pk, "newer": newer.pk}, closes=closes)
    return comparison_of(older, newer), shown
