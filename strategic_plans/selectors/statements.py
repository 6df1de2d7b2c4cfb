"""Annual financial statements: what one would say today, and those that were signed (2014 Act s.39)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from budgets.enums import Dimension, FundKind
from budgets.models import Budget, LocalityShare
from budgets.selectors import SpendTotal, budget_summary, totals_by
from budgets.selectors.localities import locality_methods
from budgets.selectors.savings import savings_of
from budgets.selectors.set_aside import set_aside_panel
from partnerships.models import Partnership

from ..editions import BudgetPart
from ..enums import PlanState
from ..models import FinancialStatement, Plan, PlanVersion, PriorityFunding
from ..statements import NOTHING, SpendRow, Statement

AREA_WIDE = "Area-wide, not attributable to a locality"
NO_PRIORITY = "No priority of the plan"


@dataclass(frozen=True)
class YearOfStatement:
    """A year's budget and the newest statement that was signed for it."""

    budget: Budget
    statement: FinancialStatement | None

    @property
    def is_published(self) -> bool:
        return self.statement is not None and hasattr(self.statement, "publication")


def statements_of(partnership: Partnership) -> QuerySet[FinancialStatement]:
    """All signed statements, newest first, with who signed and published them."""
    return (
        FinancialStatement.objects.for_partnership(partnership)
        .select_related("plan__partnership", "budget__partnership", "signed_by", "publication__published_by")
        .order_by("-budget__year", "-number")
    )


def years_of_statements(partnership: Partnership) -> list[YearOfStatement]:
    """Each year with a budget, newest first. Two queries."""
    newest: dict[int, FinancialStatement] = {}
    for statement in statements_of(partnership):
        newest.setdefault(statement.budget_id, statement)
    return [
        YearOfStatement(budget, newest.get(budget.pk))
        for budget in Budget.objects.for_partnership(partnership)
    ]


def published_statement(partnership: Partnership, year: int) -> FinancialStatement | None:
    """The newest statement of the year that is public."""
    public = statements_of(partnership).filter(publication__isnull=False)
    found: FinancialStatement | None = public.filter(budget__year=year).first()
    return found


def plan_in_force(partnership: Partnership) -> Plan | None:
    """The published plan that the statement is about; None before one is published."""
    found: Plan | None = (
        Plan.objects.filter(partnership=partnership, state=PlanState.PUBLISHED)
        .select_related("partnership")
        .order_by("-period_start", "-pk")
        .first()
    )
    return found


def statement_now(
    plan: Plan,
    budget: Budget,
    *,
    assumptions: str = "",
    difference_reason: str = "",
    signed_by: str = "",
    signed_on: date | None = None,
) -> Statement:
    """What the statement of the year says with the figures as they stand."""
    lines = budget.lines.all()
    summary = budget_summary(budget)
    spend = summary.spend
    version = PlanVersion.objects.filter(plan=plan).select_related("snapshot").order_by("-number").first()
    said = _said_in(version, budget.year_label)
    return Statement(
        partnership=plan.partnership.name,
        plan=plan.title,
        plan_version=version.number if version else None,
        year=budget.year_label,
        payment=spend.without_set_aside,
        set_aside=spend.set_aside,
        bodies=_rows(totals_by(lines, Dimension.BODY)),
        categories=_rows(totals_by(lines, Dimension.CATEGORY)),
        localities=_by_locality(budget, spend),
        priorities=_by_priority(plan, budget, spend),
        reserves_used=summary.reserves.used,
        reserves_put_by=summary.reserves.transferred_in,
        set_aside_words=set_aside_panel(budget).words,
        assumptions=assumptions,
        plan_payment=said.allocated_payment if said else None,
        plan_set_aside=said.allocated_set_aside if said else None,
        difference_reason=difference_reason,
        signed_by=signed_by,
        signed_on=signed_on,
        gap_words=" ".join(filter(None, (summary.balance_words, savings_of(budget).gap_words))),
        locality_words="; ".join(locality_methods(budget)),
    )


def _said_in(version: PlanVersion | None, year: str) -> BudgetPart | None:
    if version is None:
        return None
    return next((part for part in version.snapshot.edition.budgets if part.year == year), None)


def _rows(totals: Iterable[SpendTotal]) -> tuple[SpendRow, ...]:
    return tuple(SpendRow(total.label, total.without_set_aside, total.set_aside) for total in totals)


def _by_locality(budget: Budget, spend: SpendTotal) -> tuple[SpendRow, ...]:
    aside = Q(line__fund=FundKind.SET_ASIDE)
    rows = (
        LocalityShare.objects.filter(line__budget=budget)
        .order_by("locality__name")
        .values("locality__name")
        .annotate(paid=Sum("amount", filter=~aside), aside=Sum("amount", filter=aside))
    )
    found = [SpendRow(row["locality__name"], row["paid"] or NOTHING, row["aside"] or NOTHING) for row in rows]
    return (*found, _rest(AREA_WIDE, found, spend))


def _by_priority(plan: Plan, budget: Budget, spend: SpendTotal) -> tuple[SpendRow, ...]:
    """Shares are per cent of lines, each rounded to the penny as the plan shows it; the rest stands last."""
    sums: dict[str, dict[bool, Decimal]] = defaultdict(lambda: {True: NOTHING, False: NOTHING})
    funding = PriorityFunding.objects.filter(priority__plan=plan, line__budget=budget)
    for row in funding.select_related("priority", "line").order_by("priority__number"):
        sums[row.priority.title][row.line.fund == FundKind.SET_ASIDE] += row.amount
    found = [SpendRow(title, parts[False], parts[True]) for title, parts in sums.items()]
    return (*found, _rest(NO_PRIORITY, found, spend))


def _rest(label: str, found: list[SpendRow], spend: SpendTotal) -> SpendRow:
    """What none of the rows has, so that the table adds up to the whole."""
    return SpendRow(
        label,
        spend.without_set_aside - sum((row.payment for row in found), NOTHING),
        spend.set_aside - sum((row.set_aside for row in found), NOTHING),
    )
