"""The set-aside of a year: its honesty panel, the board's reports, what is owed."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.documents.tasks import enqueue
from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from ..documents.set_aside import use_file
from ..enums import ClaimState, Confidence
from ..forms.set_aside import AskForm, BasisForm, ReasonForm, ReopenReportForm, SettleForm, UseForm
from ..models import Budget, SetAsideReport
from ..refusals import ChangedMeanwhile, MoneyRefused
from ..rules import MAKE_MONEY_PDF, SET_CONTRIBUTIONS, VIEW_BUDGETS
from ..rules.set_aside import (
    ASK_SET_ASIDE,
    CLAIM_SET_ASIDE,
    REPORT_SET_ASIDE,
    may_report_set_aside,
    reports_for_the_board,
)
from ..selectors.set_aside import (
    owed_after,
    report_rows,
    set_aside_lines,
    set_aside_panel,
    set_aside_table,
)
from ..services import request_set_aside_pdf
from ..services import set_aside as services
from .pages import around, budget_of

HERE = "Set-aside"


@require_GET
@within_partnership(VIEW_BUDGETS)
def overview(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    standing = request.standing
    return render(
        request,
        "budgets/set_aside/overview.html",
        around(
            request,
            budget,
            HERE,
            panel=set_aside_panel(budget),
            table=set_aside_table(budget),
            rows=report_rows(budget),
            may_grade=bool(standing.may(SET_CONTRIBUTIONS)),
            may_ask=bool(standing.may(ASK_SET_ASIDE)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(SET_CONTRIBUTIONS)
def basis(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    panel = set_aside_panel(budget)
    if panel.contribution is None:
        raise Http404("No money is set aside in this year.")
    form = BasisForm(request.POST or None, basis=panel.basis)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.record_basis(
                contribution=panel.contribution,
                by=request.standing.user,
                **{**data, "confidence": Confidence(data["confidence"])},
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved.")
            return redirect("budgets:set_aside", partnership.slug, year)
    return _form_page(request, budget, form, "Where the figure comes from", panel.sentence)


@require_http_methods(["GET", "POST"])
@within_partnership(ASK_SET_ASIDE)
def ask(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_for_reports(budget=budget, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "The health board sees what it has to report, and by when.")
            return redirect("budgets:set_aside", partnership.slug, year)
    lead = (
        "The health board reports on the use of the set-aside as the authority specifies (2014 Act s.28(5))."
    )
    return _form_page(request, budget, form, "Ask for reports", lead)


@require_GET
@within_partnership(VIEW_BUDGETS)
def report(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = report_of(budget, pk)
    row = next(row for row in report_rows(budget) if row.report.pk == pk)
    return render(
        request,
        "budgets/set_aside/report.html",
        around(
            request,
            budget,
            "Report",
            report=found,
            row=row,
            table=set_aside_table(budget, found),
            owed=owed_after(found),
            document=use_file(found) if found.reported_at else None,
            may_make_pdf=bool(request.standing.may(MAKE_MONEY_PDF)),
            may_report=bool(may_report_set_aside(request.standing, found)),
            may_ask=bool(request.standing.may(ASK_SET_ASIDE)),
            may_claim=bool(request.standing.may(CLAIM_SET_ASIDE)),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(REPORT_SET_ASIDE)
def make(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = report_of(budget, pk)
    is_sent = request.method == "POST"
    # Boxes filled in while a colleague sent the report come back with what was sent, not with a refusal.
    require(
        reports_for_the_board(request.standing) if is_sent else may_report_set_aside(request.standing, found)
    )
    lines = set_aside_lines(budget)
    form = UseForm(request.POST or None, report=found, lines=lines)
    theirs = None
    if is_sent and form.is_valid():
        try:
            made = services.make_report(
                report=found,
                figures=form.figures(),
                note=form.cleaned_data["note"],
                revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = UseForm(with_revision(request.POST, theirs.revision), report=theirs, lines=lines)
        else:
            made.budget = budget
            enqueue(request_set_aside_pdf(report=made, by=request.standing.user))
            messages.success(request, "Thank you. The report is made.")
            return redirect(found)
    return render(
        request,
        "budgets/set_aside/make.html",
        around(
            request,
            budget,
            "Report",
            report=found,
            form=form,
            theirs=theirs,
            table=set_aside_table(budget, theirs) if theirs else None,
        ),
        status=409 if theirs else 200,
    )


@require_POST
@within_partnership(MAKE_MONEY_PDF)
def report_pdf(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    found = report_of(budget_of(partnership, year), pk)
    try:
        document = request_set_aside_pdf(report=found, by=request.standing.user)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(found)
    enqueue(document)
    return redirect(document)


@require_http_methods(["GET", "POST"])
@within_partnership(ASK_SET_ASIDE)
def reopen(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = report_of(budget, pk)
    form = ReopenReportForm(
        request.POST or None, submit="Open it again", initial={"revision": found.revision}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.reopen_report(report=found, by=request.standing.user, **form.cleaned_data)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile:
            form.add_error(None, "Somebody changed the report meanwhile. Look at it again first.")
        else:
            messages.success(request, "The board can report on the period again.")
            return redirect(found)
    return _form_page(request, budget, form, "Open the report again", "The board corrects its own figures.")


@require_http_methods(["GET", "POST"])
@within_partnership(CLAIM_SET_ASIDE)
def claim(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = report_of(budget, pk)
    owed = owed_after(found)
    form = ReasonForm(request.POST or None, submit="Record it")
    if request.method == "POST" and form.is_valid():
        try:
            services.raise_claim(report=found, reason=form.cleaned_data["reason"], by=request.standing.user)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Recorded.")
            return redirect(found)
    lead = owed.sentence if owed else "The whole year is not reported yet, so nothing is owed."
    return _form_page(request, budget, form, "Record what is owed", lead)


@require_http_methods(["GET", "POST"])
@within_partnership(CLAIM_SET_ASIDE)
def settle(request: PartnershipRequest, partnership: Partnership, year: int, pk: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = report_of(budget, pk)
    owed = found.claims.first()
    if owed is None:
        raise Http404("Nothing is owed after this report.")
    form = SettleForm(request.POST or None, submit="Save")
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_claim(
                claim=owed,
                state=ClaimState(form.cleaned_data["state"]),
                reason=form.cleaned_data["reason"],
                by=request.standing.user,
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved.")
            return redirect(found)
    return _form_page(request, budget, form, "Settle it", str(owed))


def report_of(budget: Budget, pk: int) -> SetAsideReport:
    """The report of this year, or 404."""
    found = budget.set_aside_reports.select_related("reported_by").filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such report in this year.")
    found.budget = budget
    return found


def _form_page(
    request: PartnershipRequest, budget: Budget, form: object, title: str, lead: str
) -> HttpResponse:
    context = around(request, budget, HERE, form=form, title=title, lead=lead)
    return render(request, "budgets/set_aside/form.html", context)
