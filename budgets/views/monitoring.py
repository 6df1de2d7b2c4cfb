"""The year month by month: the list of months, one month, its grid, reasons, close and unlock; the rules."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from foundation.documents.tasks import enqueue
from foundation.sgds.forms import with_revision
from partnerships.enums import Role
from partnerships.guards import PartnershipRequest, require, within_partnership
from partnerships.models import Partnership
from partnerships.permissions import Answer, Standing

from .. import services
from ..forms.monitoring import BeginForm, PeriodForm, PrepareForm, RulesForm, UnlockForm, VarianceReasonForm
from ..models import Budget, Period, Unlock
from ..refusals import (
    AllocationRefused,
    ChangedMeanwhile,
    CloseIsNotReady,
    LinesChangedMeanwhile,
    MoneyRefused,
)
from ..rules import (
    BEGIN_PERIOD,
    CLOSE_PERIOD,
    ENTER_FIGURES,
    SET_MONITORING_RULES,
    VIEW_BUDGETS,
    may_enter,
    may_use_unlock,
    takes_figures,
)
from ..selectors.monitoring import (
    PeriodLine,
    advice_on,
    missing_for_close,
    months_of,
    next_number,
    period_lines,
    period_of,
    period_totals,
    rules_for,
    unlock_of,
    waits_of,
)
from ..services import Enterer
from .accounts import make_accounts_ahead
from .pages import around, budget_of, tell_saved

Crumb = dict[str, str]


def enterer_of(standing: Standing) -> Enterer:
    return Enterer(
        standing.user,
        standing.holds(Role.FINANCE_OFFICER, Role.CHIEF_FINANCE_OFFICER),
        standing.body_ids,
    )


def bodies_seen(standing: Standing) -> frozenset[int] | None:
    """The bodies whose lines this person sees month by month: a partner's officer their own, everybody else all."""
    return standing.body_ids if standing.roles == {Role.PARTNER_OFFICER} else None


def around_month(request: PartnershipRequest, period: Period, here: str = "", **more: Any) -> dict[str, Any]:
    """The context of a page of one month: breadcrumbs through the list of months."""
    budget = period.budget
    context = around(request, budget, here or str(period), period=period, **more)
    slug, year = request.partnership.slug, budget.year
    months: Crumb = {"label": "Months", "url": reverse("budgets:months", args=[slug, year])}
    month: Crumb = {"label": period.month_label, "url": period.get_absolute_url() if here else ""}
    context["crumbs"] = [
        *context["crumbs"][:-1],
        months,
        month,
        *([{"label": here, "url": ""}] if here else []),
    ]
    return context


def month_of(partnership: Partnership, year: int, number: int) -> Period:
    """The begun month with this number, or 404."""
    period = period_of(budget_of(partnership, year), number)
    if period is None:
        raise Http404("This month was not begun.")
    return period


def is_open_to(standing: Standing, unlock: Unlock | None) -> bool:
    return unlock is None or bool(may_use_unlock(unlock, standing.user.pk))


def open_rows(rows: list[PeriodLine], unlock: Unlock | None) -> list[PeriodLine]:
    """The lines that take figures: those that an unlock names, all where it names none."""
    named = unlock.named if unlock else frozenset()
    return [row for row in rows if not named or row.line.pk in named]


@require_GET
@within_partnership(VIEW_BUDGETS)
def months(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    return months_page(request, budget_of(partnership, year))


def months_page(request: PartnershipRequest, budget: Budget, form: BeginForm | None = None) -> HttpResponse:
    rows = months_of(budget)
    following = next_number(rows)
    may_begin = budget.is_agreed and following and request.standing.may(BEGIN_PERIOD)
    return render(
        request,
        "budgets/months.html",
        around(
            request,
            budget,
            "Months",
            months=rows,
            waiting=next((row.period for row in rows if row.period and not row.period.is_closed), None),
            form=(form or BeginForm(months=rows, initial={"number": following})) if may_begin else None,
            may_set_rules=bool(request.standing.may(SET_MONITORING_RULES)),
            has_closes=any(month.closes for month in rows),
        ),
    )


@require_POST
@within_partnership(BEGIN_PERIOD)
def begin_month(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    form = BeginForm(request.POST, months=months_of(budget))
    if form.is_valid():
        try:
            period = services.begin_period(
                budget=budget, number=form.cleaned_data["number"], by=request.standing.user
            )
        except MoneyRefused as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{period.month_label} is open for figures.")
            return redirect("budgets:figures", partnership.slug, year, period.number)
    return redirect("budgets:months", partnership.slug, year)


@require_GET
@within_partnership(VIEW_BUDGETS)
def month(request: PartnershipRequest, partnership: Partnership, year: int, number: int) -> HttpResponse:
    return month_page(request, month_of(partnership, year, number))


def month_page(request: PartnershipRequest, period: Period, status: int = 200, **more: Any) -> HttpResponse:
    partnership = request.partnership
    rules = rules_for(partnership)
    rows = period_lines(period, rules, bodies_seen(request.standing))
    may = request.standing.may
    missing = missing_for_close(rows) if not period.is_closed else []
    unlock = unlock_of(period)
    enters = not period.is_closed and bool(may(ENTER_FIGURES)) and is_open_to(request.standing, unlock)
    return render(
        request,
        "budgets/month.html",
        around_month(
            request,
            period,
            lines=rows,
            totals=period_totals(rows),
            missing=missing,
            waits=waits_of(missing),
            to_explain=[row for row in rows if row.needs_reason or row.reason],
            closes=period.closes.select_related("prepared_by", "closed_by").defer("content"),
            unlock=unlock,
            may_enter=enters,
            lines_to_explain={row.line.pk for row in open_rows(rows, unlock)} if enters else set(),
            may_prepare=not period.is_closed and bool(may(BEGIN_PERIOD)),
            may_close=bool(may(CLOSE_PERIOD)),
            prepared_by_me=period.prepared_by_id == request.standing.user.pk,
            rules=rules,
            **more,
        ),
        status=status,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(ENTER_FIGURES)
def figures(request: PartnershipRequest, partnership: Partnership, year: int, number: int) -> HttpResponse:
    period = month_of(partnership, year, number)
    enterer = enterer_of(request.standing)
    rows = period_lines(period, rules_for(partnership), None if enterer.is_finance else enterer.bodies)
    unlock = unlock_of(period)
    rows = open_rows(rows, unlock)
    if request.method == "GET":
        open_now = takes_figures(period, unlock, request.standing.user.pk)
        if period.is_closed:
            return to_closed_month(request, period, open_now)
        require(open_now)
        return figures_page(request, period, PeriodForm(rows=rows), rows)

    form = PeriodForm(request.POST, rows=rows)
    if "totals" in request.POST or not form.is_valid():
        return figures_page(request, period, form, rows)
    try:
        saved = services.enter_figures(period=period, changes=form.changes(), by=enterer)
    except AllocationRefused as refusal:
        form.refuse_cells(refusal)
    except MoneyRefused as refusal:
        form.refuse(refusal)
    except LinesChangedMeanwhile as meanwhile:
        return render(
            request,
            "budgets/figures_conflict.html",
            around_month(request, period, "Two people", conflict=form.conflict(meanwhile)),
            status=409,
        )
    else:
        tell_saved(request, saved)
        return redirect("budgets:figures", partnership.slug, year, number)
    return figures_page(request, period, form, rows)


def to_closed_month(request: PartnershipRequest, period: Period, refused: Answer) -> HttpResponse:
    """Who comes by an old address is told before they type that the month stands still, on the page that can help."""
    messages.warning(request, refused.reason)
    return redirect(period)


def figures_page(
    request: PartnershipRequest, period: Period, form: PeriodForm, rows: list[PeriodLine]
) -> HttpResponse:
    return render(
        request,
        "budgets/figures.html",
        around_month(
            request,
            period,
            "Figures",
            form=form,
            rows=list(form.rows()),
            hosted_rows=list(form.hosted_rows()),
            totals=period_totals(rows),
        ),
    )


@require_http_methods(["GET", "POST"])
@within_partnership(ENTER_FIGURES)
def reason(
    request: PartnershipRequest, partnership: Partnership, year: int, number: int, line: int
) -> HttpResponse:
    period = month_of(partnership, year, number)
    rows = period_lines(period, rules_for(partnership))
    found = next((row for row in rows if row.line.pk == line), None)
    if found is None:
        raise Http404("There is no such line in this budget.")
    enterer = enterer_of(request.standing)
    require(may_enter(found.line, is_finance=enterer.is_finance, bodies=enterer.bodies))
    if request.method == "GET" and period.is_closed:
        return to_closed_month(request, period, takes_figures(period, None, request.standing.user.pk))
    form = VarianceReasonForm(request.POST or None, reason=found.reason)
    theirs = None
    if request.method == "POST" and form.is_valid():
        try:
            written = services.write_reason(
                period=period,
                line=found.line,
                revision=form.cleaned_data["revision"],
                by=enterer,
                **form.answers(),
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        except ChangedMeanwhile as meanwhile:
            theirs = meanwhile.current
            form = VarianceReasonForm(with_revision(request.POST, theirs.revision), reason=theirs)
        else:
            messages.success(request, f"Saved: the reason for {found.line}.")
            if advice_on(written) and "advised" not in request.GET:
                return redirect(request.path + "?advised=1")
            return redirect(period.get_absolute_url() + "#reasons")
    return render(
        request,
        "budgets/reason.html",
        around_month(request, period, "Reason", row=found, form=form, theirs=theirs),
        status=409 if theirs else 200,
    )


@require_http_methods(["GET", "POST"])
@within_partnership(BEGIN_PERIOD)
def prepare(request: PartnershipRequest, partnership: Partnership, year: int, number: int) -> HttpResponse:
    period = month_of(partnership, year, number)
    form = PrepareForm(request.POST or None, period=period)
    if request.method == "POST" and form.is_valid():
        try:
            services.prepare_close(period=period, by=request.standing.user, note=form.cleaned_data["note"])
        except CloseIsNotReady as waiting:
            return month_page(request, period, status=409, refused=waiting.missing)
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{period.month_label} is prepared. Somebody else closes it now.")
            return redirect(period)
    return render(
        request, "budgets/prepare.html", around_month(request, period, "Prepare the close", form=form)
    )


@require_POST
@within_partnership(CLOSE_PERIOD)
def close(request: PartnershipRequest, partnership: Partnership, year: int, number: int) -> HttpResponse:
    period = month_of(partnership, year, number)
    try:
        closed = services.close_period(period=period, by=request.standing.user)
    except CloseIsNotReady as waiting:
        return month_page(request, period, status=409, refused=waiting.missing)
    except MoneyRefused as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect(period)
    enqueue(services.request_report(close=closed, by=request.standing.user))
    make_accounts_ahead(request, period.budget)
    messages.success(
        request, f"{period.month_label} is closed. Its report is ready, and its PDF is being made."
    )
    return redirect(closed)


@require_http_methods(["GET", "POST"])
@within_partnership(CLOSE_PERIOD)
def unlock(request: PartnershipRequest, partnership: Partnership, year: int, number: int) -> HttpResponse:
    period = month_of(partnership, year, number)
    form = UnlockForm(request.POST or None, period=period, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            services.unlock_period(period=period, by=request.standing.user, **form.answers())
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"{period.month_label} is unlocked.")
            return redirect(period)
    return render(request, "budgets/unlock.html", around_month(request, period, "Unlock", form=form))


@require_http_methods(["GET", "POST"])
@within_partnership(SET_MONITORING_RULES)
def monitoring_rules(request: PartnershipRequest, partnership: Partnership, year: int) -> HttpResponse:
    budget = budget_of(partnership, year)
    rules = rules_for(partnership)
    form = RulesForm(request.POST or None, rules=rules)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_monitoring_rules(
                partnership=partnership, by=request.standing.user, **form.cleaned_data
            )
        except ChangedMeanwhile:
            rules = rules_for(partnership)
            form = RulesForm(with_revision(request.POST, rules.revision), rules=rules)
            form.add_error(
                None, "Somebody else saved the rules while this page was open. Look at yours and save again."
            )
        except MoneyRefused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Saved: the rules of monitoring.")
            return redirect("budgets:months", partnership.slug, year)
    return render(
        request,
        "budgets/monitoring_rules.html",
        around(request, budget, "Rules of monitoring", form=form),
    )
