"""The working rows of a period as the books that are frozen when it is closed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from ..books import (
    Books,
    ContributionPart,
    EntryPart,
    FundingPart,
    LinePart,
    ReasonPart,
    RecoveryActionPart,
    RecoveryPart,
    SharePart,
    StepPart,
    VirementPart,
)
from ..enums import MovementState
from ..models import Budget, BudgetLine, Close, FundingChange, Period, RecoveryPlan, VarianceReason
from .closes import latest_close
from .monitoring import PeriodLine, period_lines, rules_for
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
    last = {part.line: part.forecast for part in before.books.lines} if before else {}
    return Books(
        partnership=str(budget.partnership),
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
    )


def _with_new_figures(books: Books, period: Period, rows: list[PeriodLine]) -> Books:
    now = {row.line.pk: row for row in rows}
    lines = tuple(
        replace(
            part,
            budget_to_date=now[part.line].budget_to_date,
            actual=now[part.line].actual,
            forecast=now[part.line].forecast,
            rag=now[part.line].rag.value,
            reason=_reason(now[part.line].reason),
        )
        for part in books.lines
    )
    return replace(books, note=period.note, lines=lines)


def _lines(rows: list[PeriodLine], last: dict[int, Decimal | None]) -> tuple[LinePart, ...]:
    keys = [row.line.pk for row in rows]
    related = BudgetLine.objects.filter(pk__in=keys).select_related("hosted_by")
    scope = {
        line.pk: line
        for line in related.prefetch_related("care_groups", "locality_shares__locality").order_by()
    }
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
        hosted_by=scope.hosted_by.name if scope.hosted_by else "",
        hosted_share=line.hosted_share,
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
        )
        for row in budget.contributions.select_related("body").order_by("body__kind", "body__name", "kind")
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
            approved_by=str(row.decided_by),
            approved_on=timezone.localdate(row.decided_at),
        )
        for row in rows.order_by("number")
    )


def _virements(budget: Budget) -> tuple[VirementPart, ...]:
    rows = budget.virements.filter(state=MovementState.APPLIED).select_related("decided_by")
    return tuple(
        VirementPart(
            reference=row.reference,
            reason=row.reason,
            is_recurring=row.is_recurring,
            entries=tuple(
                EntryPart(line=entry.line_id, title=entry.line.title, amount=entry.amount)
                for entry in row.entries.all()
            ),
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
