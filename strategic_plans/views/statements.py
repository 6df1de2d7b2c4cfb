"""Annual financial statements: reading, signing, publishing."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from budgets.models import Budget
from foundation.documents.attachments import XLSX, attachment
from foundation.documents.tasks import enqueue
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership

from ..forms.statements import SignForm
from ..models import FinancialStatement, Plan
from ..rules import MAKE_PDF, READ_PLAN
from ..rules.statements import PUBLISH_STATEMENT, SIGN_STATEMENT, may_publish_statement
from ..selectors.statements import (
    plan_in_force,
    statement_now,
    statements_of,
    years_of_statements,
)
from ..services import statements as services
from ..statement_documents import statement_file
from ..statement_exports import statement_xlsx
from ..statements import Statement
from .frame import crumbs

HERE = "Annual financial statements"


@require_safe
@within_partnership(READ_PLAN)
def statement_list(request: PartnershipRequest, partnership: Partnership) -> HttpResponse:
    context = {"years": years_of_statements(partnership), "crumbs": crumbs(partnership, None, HERE)}
    return render(request, "strategic_plans/statements.html", context)


@require_safe
@within_partnership(READ_PLAN)
def statement(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = _budget(partnership, year)
    signed = statements_of(partnership).filter(budget=budget).first()
    plan = plan_in_force(partnership)
    shown = _shown(signed, plan, budget)
    context = {
        "budget": budget,
        "signed": signed,
        "is_public": signed is not None and hasattr(signed, "publication"),
        "statement": shown,
        "file": statement_file(signed) if signed else None,
        "may_sign": bool(request.standing.may(SIGN_STATEMENT)) and plan is not None,
        "may_publish": signed is not None and bool(may_publish_statement(request.standing, signed)),
        "may_make_pdf": bool(request.standing.may(MAKE_PDF)),
        "crumbs": _crumbs(partnership, budget.year_label),
    }
    return render(request, "strategic_plans/statement.html", context)


@require_safe
@within_partnership(READ_PLAN)
def xlsx(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = _budget(partnership, year)
    signed = statements_of(partnership).filter(budget=budget).first()
    shown = _shown(signed, plan_in_force(partnership), budget)
    if shown is None:
        raise Http404("No plan is published yet.")
    return attachment(statement_xlsx(shown), f"financial-statement-{partnership.slug}-{year}.xlsx", XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
@within_partnership(SIGN_STATEMENT)
def sign(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = _budget(partnership, year)
    plan = plan_in_force(partnership)
    if plan is None:
        raise Http404("No plan is published yet.")
    now = statement_now(plan, budget)
    form = SignForm(request.POST or None, statement=now)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            signed = services.sign_statement(
                budget=budget,
                assumptions=data["assumptions"],
                difference_reason=data.get("difference_reason", ""),
                seen=data["seen"],
                by=request.standing.user,
            )
        except ValidationError as refusal:
            form.refuse(refusal)
        else:
            enqueue(services.request_statement_pdf(statement=signed, by=request.standing.user))
            messages.success(request, f"Signed: {signed}.")
            return redirect("strategic_plans:statement", partnership.slug, year)
    context = {
        "budget": budget,
        "statement": now,
        "form": form,
        "crumbs": _crumbs(partnership, budget.year_label),
    }
    return render(request, "strategic_plans/statement_sign.html", context)


@require_POST
@within_partnership(PUBLISH_STATEMENT)
def publish(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    signed = _signed(partnership, year)
    require(may_publish_statement(request.standing, signed))
    try:
        services.publish_statement(statement=signed, by=request.standing.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "The statement is public.")
    return redirect("strategic_plans:statement", partnership.slug, year)


@require_POST
@within_partnership(MAKE_PDF)
def pdf(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    document = services.request_statement_pdf(statement=_signed(partnership, year), by=request.standing.user)
    enqueue(document)
    return redirect(document)


def _shown(signed: FinancialStatement | None, plan: Plan | None, budget: Budget) -> Statement | None:
    """What was signed; until then what stands, which takes a published plan."""
    if signed is not None:
        return Statement.from_json(signed.content)
    return statement_now(plan, budget) if plan is not None else None


def _signed(partnership: Partnership, year: int) -> FinancialStatement:
    found = statements_of(partnership).filter(budget__year=year).first()
    if found is None:
        raise Http404("No statement of this year is signed.")
    return found


def _budget(partnership: Partnership, year: int) -> Budget:
    found = Budget.objects.for_partnership(partnership).filter(year=year).first()
    if found is None:
        raise Http404(f"There is no budget for {year} here.")
    found.partnership = partnership
    return found


def _crumbs(partnership: Partnership, here: str) -> list[dict[str, str]]:
    trail = crumbs(partnership, None, HERE)
    url = reverse("strategic_plans:statements", args=[partnership.slug])
    return [*trail[:-1], {"label": HERE, "url": url}, {"label": here, "url": ""}]
