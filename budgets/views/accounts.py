"""Accounting for a year: the table of reg 4, and where care is given over the years."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from foundation.documents.attachments import XLSX, attachment
from foundation.documents.tasks import enqueue
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..charts import balance_chart, categories_chart
from ..documents.accounts import COLUMNS, categories_csv, categories_xlsx, table_file
from ..models import Budget
from ..refusals import MoneyRefused
from ..rules import MAKE_MONEY_PDF, VIEW_BUDGETS
from ..selectors import accounted_years, category_table
from ..selectors.public_money import public_money
from .pages import around, budget_of


@require_GET
@within_partnership(VIEW_BUDGETS)
def categories(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    table = category_table(partnership, year)
    return render(
        request,
        "budgets/categories.html",
        around(
            request,
            budget,
            "Spend by category",
            table=table,
            this=table.this,
            chart=categories_chart(table),
            columns=COLUMNS,
            document=table_file(table),
            may_make_pdf=bool(request.standing.may(MAKE_MONEY_PDF)),
        ),
    )


@require_GET
@within_partnership(VIEW_BUDGETS)
def categories_as_csv(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    data = categories_csv(category_table(partnership, budget_of(partnership, year).year))
    return attachment(data, f"{partnership.slug}-categories-{year}.csv")


@require_GET
@within_partnership(VIEW_BUDGETS)
def categories_as_xlsx(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    data = categories_xlsx(category_table(partnership, budget_of(partnership, year).year))
    return attachment(data, f"{partnership.slug}-categories-{year}.xlsx", XLSX)


@require_POST
@within_partnership(MAKE_MONEY_PDF)
def categories_as_pdf(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    table = category_table(partnership, budget_of(partnership, year).year)
    try:
        document = services.request_category_pdf(table=table, by=request.standing.user)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("budgets:categories", partnership.slug, year)
    enqueue(document)
    return redirect(document)


def make_accounts_ahead(request: PartnershipRequest, budget: Budget) -> None:
    """The table of the year as it stands now is made, so that those who may only read find its PDF, as is what the
    public reads.
    """
    table = category_table(request.partnership, budget.year)
    if not table.this.missing:
        document = services.request_category_pdf(table=table, by=request.standing.user)
        enqueue(document, nobody_waits=True)
    make_public_ahead(request)


def make_public_ahead(request: PartnershipRequest) -> None:
    """The PDF of what the public reads of the money today is made, if anything may be told."""
    told = public_money(request.partnership)
    if told is not None:
        enqueue(services.request_public_pdf(told=told, by=request.standing.user), nobody_waits=True)


@require_GET
@within_partnership(VIEW_BUDGETS)
def balance_of_care(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    years = [one for one in accounted_years(partnership) if one.balance]
    return render(
        request,
        "budgets/balance_of_care.html",
        around(
            request,
            budget,
            "Balance of care",
            years=years,
            chart=balance_chart(years) if years else None,
        ),
    )
