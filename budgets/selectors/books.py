"""The working rows of a period as the books that are frozen when it is closed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from ..books import (
    SAYS_HOSTS_OUTTURN,
    Books,
    ContributionPart,
    EntryPart,
    FundingPart,
    LinePart,
    OutlookItemPart,
    OutlookPart,
    PaymentPart,
    ReasonPart,
    RecoveryActionPart,
    RecoveryPart,
    ReservePart,
    RiskPart,
    SavingPart,
    SetAsideUsePart,
    SharePart,
    StepPart,
    VirementPart,
)
from ..enums import MovementState
from ..models import (
    Budget,
    BudgetLine,
    Close,
    FundingChange,
    Instalment,
    Period,
    RecoveryPlan,
    SetAsideBasis,
    SetAsideFigure,
    VarianceReason,
    Virement,
)
from .closes import latest_close
from .medium_term import medium_term_plans, plan_outlooks
from .monitoring import PeriodLine, period_lines, rules_for
from .policy import policy_of
from .reserves import ReservesOfYear, reserves_of
from .savings import saving_rows, savings_of
from .totals import NOTHING


def books_of(period: Period) -> Books:
    """The period as its close freezes it.

    Closing a period again changes its figures and reasons only: budgets, contributions and movements stay as its close
    before had them, because what came later belongs to a later period.
    """
    budget = period.budget
    rows = period_lines(period, rules_for(budget.partnership))
    again = Close.objects.filter(period=period).order_by("-number").first()
    if again is not None:
        return _with_new_figures(again.books, period, rows)
    before = latest_close(budget)
    held = reserves_of(budget)
    last = {part.line: part.forecast for part in before.books.lines} if before else {}
    return Books(
        partnership=budget.partnership.name,
        slug=budget.partnership.slug,
        year=budget.year,
        year_label=budget.year_label,
        period=period.number,
        ends_on=period.ends_on,
        note=period.note,
        lines=_lines(rows, last),
        contributions=_contributions(budget),
        funding=_funding(budget),
        virements=_virements(budget),
        recovery=_recovery(budget),
        reserves=_reserves(held),
        general_reserve_words=held.general_words,
        savings=_savings(budget),
        savings_target=savings_of(budget).target,
        set_aside_use=_set_aside_use(budget),
        outlooks=_outlooks(budget),
        payments=_payments(budget),
        risks=_risks(budget),
    )


def _with_new_figures(books: Books, period: Period, rows: list[PeriodLine]) -> Books:
    now = {row.line.pk: row for row in rows}
    lines = tuple(
        replace(
            part,
            budget_to_date=now[part.line].budget_to_date,
            actual=now[part.line].actual,
            forecast=now[part.line].forecast,
            hosted_outturn=now[part.line].hosted_outturn,
            rag=now[part.line].rag.value,
            reason=_reason(now[part.line].reason),
        )
        for part in books.lines
    )
    # A close of the format before lacks nothing but the hosts' outturns, and those have just been said.
    written = SAYS_HOSTS_OUTTURN if books.format == SAYS_HOSTS_OUTTURN - 1 else books.format
    return replace(books, format=written, note=period.note, lines=lines)


def _lines(rows: list[PeriodLine], last: dict[int, Decimal | None]) -> tuple[LinePart, ...]:
    keys = [row.line.pk for row in rows]
    related = BudgetLine.objects.filter(pk__in=keys).order_by()
    scope = {line.pk: line for line in related.prefetch_related("care_groups", "locality_shares__locality")}
    return tuple(_line(row, scope[row.line.pk], last.get(row.line.pk)) for row in rows)


def _line(row: PeriodLine, scope: BudgetLine, last: Decimal | None) -> LinePart:
    line = row.line
    return LinePart(
        line=line.pk,
        code=line.code,
        title=line.title,
        group=line.group,
        function=line.function.title if line.function else "",
        delivered_by=line.delivered_by.name,
        arm=line.arm,
        fund=line.fund,
        category=line.category,
        setting=line.setting,
        subjective=line.subjective,
        hosted_by=line.hosted_by.name if line.hosted_by else "",
        hosted_share=line.hosted_share,
        hosted_total=line.hosted_total,
        hosted_outturn=row.hosted_outturn,
        is_recurring=line.is_recurring,
        is_institutional=line.is_institutional,
        care_groups=tuple(group.name for group in scope.care_groups.all()),
        localities=tuple(
            SharePart(locality=share.locality.name, amount=share.amount)
            for share in scope.locality_shares.all()
        ),
        locality_method=line.locality_method,
        original=row.budget if line.original is None else line.original,
        budget=row.budget,
        budget_to_date=row.budget_to_date,
        actual=row.actual,
        forecast=row.forecast,
        last_forecast=last,
        rag=row.rag.value,
        reason=_reason(row.reason),
    )


def _reason(reason: VarianceReason | None) -> ReasonPart | None:
    if reason is None:
        return None
    return ReasonPart(
        cause=reason.get_cause_display(),
        words=reason.words,
        is_recurring=reason.is_recurring,
        action=reason.action,
        owner=reason.owner,
        due_on=reason.due_on,
    )


def _contributions(budget: Budget) -> tuple[ContributionPart, ...]:
    rows = FundingChange.objects.filter(budget=budget, state=MovementState.APPLIED).order_by()
    added = {
        (body, kind): total
        for body, kind, total in rows.values_list("body", "kind").annotate(total=Sum("amount"))
    }
    return tuple(
        ContributionPart(
            body=row.body.name,
            kind=row.kind,
            opening=row.amount - added.get((row.body_id, row.kind), NOTHING),
            amount=row.amount,
            is_notional=row.is_notional,
            method=row.method,
            **_basis(getattr(row, "basis", None)),
        )
        for row in budget.contributions.select_related("body", "basis").order_by(
            "body__kind", "body__name", "kind"
        )
    )


def _basis(basis: SetAsideBasis | None) -> dict[str, Any]:
    """How far the sum can be relied on, where the health board has said it."""
    if basis is None:
        return {}
    return {
        "source": basis.source,
        "as_of": basis.as_of,
        "confidence": basis.confidence,
        "confidence_words": basis.words,
    }


def _reserves(held: ReservesOfYear) -> tuple[ReservePart, ...]:
    return tuple(
        ReservePart(
            name=row.label,
            kind=row.reserve.get_kind_display(),
            purpose=row.reserve.purpose,
            expires_on=row.reserve.expires_on,
            opening=row.opening,
            used=row.used,
            transferred_in=row.transferred_in,
            closing=row.closing,
        )
        for row in held.rows
        if row.reserve
    )


def _savings(budget: Budget) -> tuple[SavingPart, ...]:
    savings = budget.savings.order_by("reference").prefetch_related("directions")
    rows = saving_rows(savings, policy_of(budget.partnership))
    return tuple(
        SavingPart(
            reference=row.saving.reference,
            title=row.saving.title,
            lead=row.saving.lead,
            arm=row.saving.get_arm_display(),
            target=row.saving.target,
            is_recurring=row.saving.is_recurring,
            delivered=row.saving.delivered,
            forecast=row.saving.forecast,
            state=row.state.label,
            assessment=row.saving.assessment_words,
            directions=tuple(sorted(one.reference for one in row.saving.directions.all())),
        )
        for row in rows
    )


def _outlooks(budget: Budget) -> tuple[OutlookPart, ...]:
    """The years ahead, by the first medium-term plan that begins in this year or later."""
    plans = medium_term_plans(budget.partnership).filter(first_year__gte=budget.year)
    plan = plans.order_by("first_year").first()
    return tuple(
        OutlookPart(
            scenario=str(view.outlook),
            year=year.label,
            base=year.base,
            pressures=year.pressures,
            paid=year.paid,
            set_aside=year.set_aside,
            savings=year.savings,
            gap=year.gap,
            gap_so_far=so_far,
            items=tuple(OutlookItemPart(label=row.label, amount=row.figures[place]) for row in view.rows),
        )
        for view in (plan_outlooks(plan) if plan else ())
        if not view.is_empty
        for place, (year, so_far) in enumerate(zip(view.years, view.cumulative, strict=True))
    )


def _payments(budget: Budget) -> tuple[PaymentPart, ...]:
    """The payment schedules, body by body and month by month."""
    rows = Instalment.objects.filter(schedule__contribution__budget=budget)
    order = ("schedule__contribution__body__name", "schedule__contribution__kind", "month")
    return tuple(
        PaymentPart(
            body=row.schedule.contribution.body.name,
            kind=row.schedule.contribution.kind,
            month=row.month,
            amount=row.amount,
            paid_on=row.paid_on,
        )
        for row in rows.select_related("schedule__contribution__body").order_by(*order)
    )


def _risks(budget: Budget) -> tuple[RiskPart, ...]:
    return tuple(
        RiskPart(
            title=row.title,
            lowest=row.lowest,
            highest=row.highest,
            likelihood=row.get_likelihood_display(),
            mitigation=row.mitigation,
        )
        for row in budget.risks.all()
    )


def _set_aside_use(budget: Budget) -> tuple[SetAsideUsePart, ...]:
    """What the board's last report says, line by line."""
    rows = SetAsideFigure.objects.filter(report__budget=budget, report__reported_at__isnull=False)
    last = {row.line_id: row for row in rows.select_related("report").order_by("report__ends_on")}
    return tuple(
        SetAsideUsePart(
            line=row.line_id,
            ends_on=row.report.ends_on,
            used=row.used,
            activity=row.activity,
            basis=row.basis,
            is_estimate=row.is_estimate,
        )
        for row in last.values()
    )


def _funding(budget: Budget) -> tuple[FundingPart, ...]:
    rows = budget.funding_changes.filter(state=MovementState.APPLIED).select_related("body", "decided_by")
    return tuple(
        FundingPart(
            reference=row.reference_of_partner or row.reference,
            name=row.name,
            body=row.body.name,
            kind=row.kind,
            amount=row.amount,
            is_recurring=row.is_recurring,
            is_ring_fenced=row.is_ring_fenced,
            reason=row.reason,
            entries=_entries(row),
            approved_by=str(row.decided_by),
            approved_on=timezone.localdate(row.decided_at),
        )
        for row in rows.prefetch_related("entries__line").order_by("number")
    )


def _entries(movement: Virement | FundingChange) -> tuple[EntryPart, ...]:
    return tuple(
        EntryPart(line=entry.line_id, title=entry.line.title, amount=entry.amount)
        for entry in movement.entries.all()
    )


def _virements(budget: Budget) -> tuple[VirementPart, ...]:
    rows = budget.virements.filter(state=MovementState.APPLIED).select_related("decided_by")
    return tuple(
        VirementPart(
            reference=row.reference,
            reason=row.reason,
            is_recurring=row.is_recurring,
            entries=_entries(row),
            approved_by=str(row.decided_by),
            approved_on=timezone.localdate(row.decided_at),
            minute_reference=row.minute_reference,
            direction_effect=row.direction_effect,
        )
        for row in rows.prefetch_related("entries__line").order_by("number")
    )


def _recovery(budget: Budget) -> RecoveryPart | None:
    plan = RecoveryPlan.objects.filter(budget=budget).prefetch_related("steps", "actions").first()
    if plan is None:
        return None
    return RecoveryPart(
        steps=tuple(
            StepPart(step=step.get_step_display(), state=step.get_state_display(), words=step.words)
            for step in plan.steps.all()
        ),
        actions=tuple(
            RecoveryActionPart(
                action=row.action,
                owner=row.owner,
                amount=row.amount,
                due_on=row.due_on,
                confidence=row.get_confidence_display(),
                progress=row.get_progress_display(),
                words=row.words,
            )
            for row in plan.actions.all()
        ),
    )
