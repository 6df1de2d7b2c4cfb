"""One year at a glance, and all years in a list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum, Value

from foundation.sgds.formats import joined, money
from partnerships.enums import BodyKind
from partnerships.models import Body, Partnership
from partnerships.permissions import Standing

from ..enums import Dimension, FundKind, SpendCategory
from ..models import Budget, Contribution, ReserveMovement
from ..words import balance_words
from .reserves import SIGNED, PlannedReserves, planned_reserves
from .totals import NOTHING, SpendTotal, no_lines, share_of, together, totals_by, totals_by_fund


@dataclass(frozen=True)
class CategoryShare:
    """What is spent on one category of the annual report, and its part of everything paid or set aside.

    Source: SSI 2014/326 reg 4(1)(a), (b) and (2). Shares are percentages; None while nothing is paid.
    They need not add up to 100: spend above resources shows as more.
    """

    category: SpendCategory
    total: SpendTotal
    share: Decimal | None
    share_spent: Decimal | None


@dataclass(frozen=True)
class BodyContribution:
    """What one council or health board puts in, each kind in its own column. None: not recorded."""

    body: Body
    payment: Contribution | None
    set_aside: Contribution | None
    own_resource: Contribution | None

    @property
    def recorded(self) -> list[Contribution]:
        return [row for row in (self.payment, self.set_aside, self.own_resource) if row is not None]

    @property
    def total(self) -> Decimal:
        return sum((row.amount for row in self.recorded), NOTHING)


@dataclass(frozen=True)
class BudgetSummary:
    """The integrated budget of a year. `resources` is what the plan may count on: payments and set-aside."""

    budget: Budget
    bodies: tuple[BodyContribution, ...]
    paid: Decimal
    paid_by_councils: Decimal
    paid_by_board: Decimal
    set_aside: Decimal
    own_resource: Decimal
    spend: SpendTotal
    spend_without_set_aside: SpendTotal
    categories: tuple[CategoryShare, ...]
    reserves: PlannedReserves

    @property
    def integrated_budget(self) -> Decimal:
        """The payments, and a lead agency's own resource, without the set-aside."""
        return self.paid + self.own_resource

    @property
    def resources(self) -> Decimal:
        return self.integrated_budget + self.set_aside

    @property
    def net_budget(self) -> Decimal:
        """The resources with the reserves that the budget plans to use, less what it plans to put into them."""
        return self.resources + self.reserves.net

    @property
    def differences(self) -> tuple[tuple[FundKind, Decimal], ...]:
        """What came in less what is allocated, pot by pot; reserves count with the payments (R-FIN-04)."""
        return (
            (FundKind.PAYMENT, self.paid + self.reserves.net - self.spend.payment),
            (FundKind.SET_ASIDE, self.set_aside - self.spend.set_aside),
            (FundKind.OWN_RESOURCE, self.own_resource - self.spend.own_resource),
        )

    @property
    def is_balanced(self) -> bool:
        return not any(difference for _, difference in self.differences)

    @property
    def balance_words(self) -> str:
        return balance_words(self.differences, from_reserves=self.reserves.net)

    @property
    def share(self) -> Decimal | None:
        """Everything allocated as a percentage of everything paid or set aside."""
        return share_of(self.spend.amount, self.resources)

    @property
    def share_spent(self) -> Decimal | None:
        return None if self.spend.actual is None else share_of(self.spend.actual, self.resources)

    @property
    def has_notional_set_aside(self) -> bool:
        return any(body.set_aside and body.set_aside.is_notional for body in self.bodies)

    @property
    def sentence(self) -> str:
        """Who pays, what is set aside, and what it comes to with and without."""
        if not self.bodies:
            return f"Nobody’s contribution to {self.budget.year_label} is recorded yet."
        paying = [f"{row.body} pays {money(row.payment.amount)}" for row in self.bodies if row.payment]
        own = [
            f"{row.body} adds {money(row.own_resource.amount)} of its own"
            for row in self.bodies
            if row.own_resource
        ]
        parts = [joined([*paying, *own])] if paying or own else []
        setting_aside = [
            f"{row.body} sets aside {money(row.set_aside.amount)}" for row in self.bodies if row.set_aside
        ]
        parts += setting_aside
        words = "; ".join(parts)
        if not self.set_aside:
            return f"{words}. Together that is {money(self.resources)}."
        return (
            f"{words}. That is {money(self.resources)} with the set-aside and "
            f"{money(self.integrated_budget)} without it."
        )


def budget_summary(budget: Budget) -> BudgetSummary:
    """Everything that is added up on the year's page. Four queries, however many lines."""
    contributions = list(budget.contributions.select_related("body").order_by("body__kind", "body__name"))
    resources = sum((row.amount for row in contributions), NOTHING)
    by_fund = totals_by_fund(budget.lines.all())
    spend = together("Total", by_fund.values())
    return BudgetSummary(
        budget=budget,
        bodies=_by_body(contributions),
        paid=_added(contributions, FundKind.PAYMENT),
        paid_by_councils=_added(contributions, FundKind.PAYMENT, BodyKind.COUNCIL),
        paid_by_board=_added(contributions, FundKind.PAYMENT, BodyKind.HEALTH_BOARD),
        set_aside=_added(contributions, FundKind.SET_ASIDE),
        own_resource=_added(contributions, FundKind.OWN_RESOURCE),
        spend=spend,
        spend_without_set_aside=together(
            "Total without the set-aside",
            (total for fund, total in by_fund.items() if fund != FundKind.SET_ASIDE),
        ),
        categories=_category_shares(budget, resources),
        reserves=planned_reserves(budget),
    )


def _added(rows: Iterable[Contribution], kind: FundKind, body_kind: BodyKind | None = None) -> Decimal:
    return sum(
        (row.amount for row in rows if row.kind == kind and body_kind in {None, row.body.kind}),
        NOTHING,
    )


def _by_body(contributions: list[Contribution]) -> tuple[BodyContribution, ...]:
    found: dict[int, dict[str, Contribution]] = {}
    for row in contributions:
        found.setdefault(row.body_id, {})[row.kind] = row
    return tuple(
        BodyContribution(
            next(iter(kinds.values())).body,
            kinds.get(FundKind.PAYMENT),
            kinds.get(FundKind.SET_ASIDE),
            kinds.get(FundKind.OWN_RESOURCE),
        )
        for kinds in found.values()
    )


def _category_shares(budget: Budget, resources: Decimal) -> tuple[CategoryShare, ...]:
    totals = {total.key: total for total in totals_by(budget.lines.all(), Dimension.CATEGORY)}
    return tuple(
        CategoryShare(
            category,
            total := totals.get(category.value) or no_lines(category.label, category.value),
            share_of(total.amount, resources),
            None if total.actual is None else share_of(total.actual, resources),
        )
        for category in SpendCategory
    )


@dataclass(frozen=True)
class YearAtAGlance:
    """One year in the list of budgets."""

    budget: Budget
    paid: Decimal
    set_aside: Decimal
    allocated: Decimal
    balance: str

    @property
    def sentence(self) -> str:
        if not (self.paid or self.set_aside or self.allocated):
            return "Open, and still empty: no contribution and no line is recorded."
        if not (self.paid or self.set_aside):
            return f"{money(self.allocated)} allocated, and nobody’s payment is recorded yet."
        aside = f" and {money(self.set_aside)} set aside" if self.set_aside else ""
        return f"{money(self.paid)} paid{aside}, {money(self.allocated)} allocated. {self.balance}"


def budget_years(partnership: Partnership) -> list[YearAtAGlance]:
    """The partnership's budgets, newest first, each with its sentence. One query."""
    states: dict[int, str] = {}
    sums: defaultdict[tuple[int, str, str], Decimal] = defaultdict(lambda: NOTHING)
    for year, state, way, fund, amount in _sums_by_fund(partnership):
        states[year] = state
        sums[year, way, fund] = amount or NOTHING
    return [
        _at_a_glance(Budget(partnership=partnership, year=year, state=states[year]), sums)
        for year in sorted(states, reverse=True)
    ]


def years_of(standing: Standing) -> list[YearAtAGlance]:
    """The same, for whatever of a page asks. One query a request."""
    return standing.recall("budgets.years", lambda: budget_years(standing.partnership))


def _at_a_glance(budget: Budget, sums: Mapping[tuple[int, str, str], Decimal]) -> YearAtAGlance:
    come, gone = ({fund: sums[budget.year, way, fund] for fund in FundKind} for way in ("in", "out"))
    reserves = sums[budget.year, "reserves", FundKind.PAYMENT]
    return YearAtAGlance(
        budget=budget,
        paid=come[FundKind.PAYMENT] + come[FundKind.OWN_RESOURCE],
        set_aside=come[FundKind.SET_ASIDE],
        allocated=sum(gone.values(), NOTHING),
        balance=balance_words(
            (
                (fund, come[fund] - gone[fund] + (reserves if fund == FundKind.PAYMENT else NOTHING))
                for fund in FundKind
            ),
            from_reserves=reserves,
        ),
    )


# By year, way and fund, put together once: that takes Django longer than the answer takes the database.
_YEAR = ("budget__year", "budget__state")
_GONE: Any = (
    Budget.objects.order_by()
    .values_list("year", "state", Value("out"), "lines__fund")
    .annotate(sum=Sum("lines__amount"))
)
_COME: Any = (
    Contribution.objects.order_by().values_list(*_YEAR, Value("in"), "kind").annotate(sum=Sum("amount"))
)
_KEPT: Any = (
    ReserveMovement.objects.filter(is_budgeted=True)
    .order_by()
    .values_list(*_YEAR, Value("reserves"), Value(str(FundKind.PAYMENT)))
    .annotate(sum=-Sum(SIGNED))
)


def _sums_by_fund(partnership: Partnership) -> Any:
    """What came in and went out, and what reserves add; of an empty year a row without fund. One query."""
    return _GONE.for_partnership(partnership).union(
        _COME.for_partnership(partnership), _KEPT.filter(budget__partnership=partnership), all=True
    )
