"""The payment schedule of a year."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.sgds.forms import with_revision
from partnerships.guards import PartnershipRequest, within_partnership
from partnerships.models import Partnership

from .. import services
from ..forms import PaidForm, PaymentsForm
from ..models import Budget, PaymentSchedule
from ..refusals import MoneyRefused, ScheduleChangedMeanwhile
from ..rules import PLAN_PAYMENTS, VIEW_BUDGETS
from ..selectors import Payments, payments_of
from .pages import around, budget_of


@require_GET
@within_partnership(VIEW_BUDGETS)
def payments(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    return render(
        request,
        "budgets/payments.html",
        around(
            request,
            budget,
            "Payment schedule",
            rows=payments_of(budget),
            may_plan=bool(request.standing.may(PLAN_PAYMENTS)),
        ),
    )


@require_POST
@within_partnership(PLAN_PAYMENTS)
def plan_payments(
    request: PartnershipRequest, partnership: Partnership, year: int, body: str
) -> HttpResponse:
    found = payments_by(budget_of(partnership, year), body)
    try:
        services.plan_payments(contribution=found.contribution, by=request.standing.user)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Planned: the payments by {found.contribution.body}.")
    return redirect("budgets:payments", partnership.slug, year)


@require_http_methods(["GET", "POST"])
@within_partnership(PLAN_PAYMENTS)
def change_payments(
    request: PartnershipRequest, partnership: Partnership, year: int, body: str
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = payments_by(budget, body)
    schedule = schedule_of(found)
    form = PaymentsForm(request.POST or None, payments=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_payments(
                schedule=schedule,
                amounts=form.amounts(),
                revision=form.cleaned_data["revision"],
                by=request.standing.user,
            )
        except ScheduleChangedMeanwhile as meanwhile:
            form = PaymentsForm(with_revision(request.POST, schedule.revision), payments=found)
            form.is_valid()
            form.refuse(meanwhile)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Saved: the payments by {found.contribution.body}.")
            return redirect("budgets:payments", partnership.slug, year)
    here = f"Payments by {found.contribution.body}"
    return render(
        request, "budgets/payments_form.html", around(request, budget, here, form=form, found=found)
    )


@require_http_methods(["GET", "POST"])
@within_partnership(PLAN_PAYMENTS)
def mark_paid(
    request: PartnershipRequest, partnership: Partnership, year: int, body: str, month: int
) -> HttpResponse:
    budget = budget_of(partnership, year)
    found = payments_by(budget, body)
    schedule = schedule_of(found)
    row = next((row for row in found.rows if row.month == month), None)
    if row is None:
        raise Http404("There is no such month.")
    form = PaidForm(request.POST or None, payments=found, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.mark_paid(schedule=schedule, month=month, by=request.standing.user, **form.cleaned_data)
        except ScheduleChangedMeanwhile as meanwhile:
            form = PaidForm(with_revision(request.POST, schedule.revision), payments=found, row=row)
            form.is_valid()
            form.refuse(meanwhile)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Saved: {row.label}, {found.contribution.body}.")
            return redirect("budgets:payments", partnership.slug, year)
    return render(
        request,
        "budgets/payment_paid.html",
        around(request, budget, f"{row.label}, {found.contribution.body}", form=form, found=found, row=row),
    )


def payments_by(budget: Budget, body: str) -> Payments:
    """The payment by the body of that code, or 404."""
    for found in payments_of(budget):
        if found.contribution.body.code.lower() == body.lower():
            return found
    raise Http404("There is no payment by this body.")


def schedule_of(found: Payments) -> PaymentSchedule:
    if found.schedule is None:
        raise Http404("Nobody has planned these payments yet.")
    return found.schedule
