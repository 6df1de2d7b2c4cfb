"""The read model of the money. Sums are made by the database; amounts are pounds, as Decimal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from foundation.sgds.formats import money
from localities.models import Locality
from partnerships.enums import BodyKind, IntegrationModel
from partnerships.models import Body, DelegatedFunction, IntegrationModelPeriod, Partnership

from .enums import Dimension, FundKind, Setting, SpendCategory
from .models import Budget, BudgetLine, Contribution, LocalityShare
from .rules import LAWFUL_CONTRIBUTIONS
from .words import balance_words, joined, variance_words

NOTHING = Decimal("0.00")


# One budget


@dataclass(frozen=True)
class SpendTotal:
    """Lines added up. `settled` is the part of `amount` whose lines have an actual, so that both compare."""

    label: str
    key: str
    payment: Decimal
    set_aside: Decimal
    own_resource: Decimal
    amount: Decimal
    actual: Decimal | None
    settled: Decimal
    lines: int
    lines_settled: int

    @property
    def without_set_aside(self) -> Decimal:
        return self.amount - self.set_aside

    @property
    def variance(self) -> Decimal | None:
        """Budget less actual of the lines whose spend is recorded; negative is an overspend."""
        return None if self.actual is None else self.settled - self.actual

    @property
    def variance_words(self) -> str:
        words = variance_words(self.variance)
        if 0 < self.lines_settled < self.lines:
            return f"{words} on {self.lines_settled} of {self.lines} lines"
        return words


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
    categories: tuple[CategoryShare, ...]

    @property
    def integrated_budget(self) -> Decimal:
        """The payments, and a lead agency's own resource, without the set-aside."""
        return self.paid + self.own_resource

    @property
    def resources(self) -> Decimal:
        return self.integrated_budget + self.set_aside

    @property
    def differences(self) -> tuple[tuple[FundKind, Decimal], ...]:
        """What came in less what is allocated, pot by pot."""
        return (
            (FundKind.PAYMENT, self.paid - self.spend.payment),
            (FundKind.SET_ASIDE, self.set_aside - self.spend.set_aside),
            (FundKind.OWN_RESOURCE, self.own_resource - self.spend.own_resource),
        )

    @property
    def is_balanced(self) -> bool:
        return not any(difference for _, difference in self.differences)

    @property
    def balance_words(self) -> str:
        return balance_words(self.differences)

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
    """Everything that is added up on the year's page. Three queries, however many lines."""
    contributions = list(budget.contributions.select_related("body").order_by("body__kind", "body__name"))
    resources = sum((row.amount for row in contributions), NOTHING)
    spend = total_of(budget.lines.all())
    return BudgetSummary(
        budget=budget,
        bodies=_by_body(contributions),
        paid=_added(contributions, FundKind.PAYMENT),
        paid_by_councils=_added(contributions, FundKind.PAYMENT, BodyKind.COUNCIL),
        paid_by_board=_added(contributions, FundKind.PAYMENT, BodyKind.HEALTH_BOARD),
        set_aside=_added(contributions, FundKind.SET_ASIDE),
        own_resource=_added(contributions, FundKind.OWN_RESOURCE),
        spend=spend,
        categories=_category_shares(budget, resources),
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
            total := totals.get(category.value) or _empty(category.label, category.value),
            share_of(total.amount, resources),
            None if total.actual is None else share_of(total.actual, resources),
        )
        for category in SpendCategory
    )


def share_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """The part as a percentage of the whole; None when there is no whole."""
    return part * 100 / whole if whole else None


# Lines added up


def _sum(what: str, **where: object) -> Coalesce:
    return Coalesce(Sum(what, filter=Q(**where) if where else None), NOTHING, output_field=_MONEY)


_MONEY = DecimalField(max_digits=20, decimal_places=2)
_TOTALS = {
    "payment": _sum("amount", fund=FundKind.PAYMENT),
    "set_aside": _sum("amount", fund=FundKind.SET_ASIDE),
    "own_resource": _sum("amount", fund=FundKind.OWN_RESOURCE),
    "allocated": _sum("amount"),
    "spent": Sum("actual"),
    "settled": _sum("amount", actual__isnull=False),
    "lines": Count("pk"),
    "lines_settled": Count("actual"),
}
_GROUPED_BY = {
    Dimension.HEADING: ("group", "group"),
    Dimension.FUNCTION: ("function_id", "function__title"),
    Dimension.BODY: ("delivered_by_id", "delivered_by__name"),
    Dimension.CATEGORY: ("category", "category"),
    Dimension.SETTING: ("setting", "setting"),
}
_UNNAMED = {Dimension.HEADING: "No heading", Dimension.FUNCTION: "No single function"}


def total_of(lines: QuerySet[BudgetLine]) -> SpendTotal:
    """All the lines as one sum."""
    return _spend_total("Total", "", lines.aggregate(**_TOTALS))


def totals_by(lines: QuerySet[BudgetLine], dimension: Dimension) -> list[SpendTotal]:
    """The lines added up by heading, function, body, category or setting; what has none comes last."""
    key, name = _GROUPED_BY[dimension]
    rows = lines.order_by().values(key, name).annotate(**_TOTALS).order_by(F(name).asc(nulls_last=True), key)
    named = sorted(rows, key=lambda row: row[name] in {None, ""})
    return [
        _spend_total(_label(dimension, row[name]), "" if row[key] is None else str(row[key]), row)
        for row in named
    ]


def _label(dimension: Dimension, value: str | None) -> str:
    if not value:
        return _UNNAMED[dimension]
    if dimension is Dimension.CATEGORY:
        return f"{value} {SpendCategory(value).label}"
    return str(Setting(value).label) if dimension is Dimension.SETTING else value


def _spend_total(label: str, key: str, row: dict[str, Any]) -> SpendTotal:
    return SpendTotal(
        label=label,
        key=key,
        payment=row["payment"],
        set_aside=row["set_aside"],
        own_resource=row["own_resource"],
        amount=row["allocated"],
        actual=row["spent"],
        settled=row["settled"],
        lines=row["lines"],
        lines_settled=row["lines_settled"],
    )


def _empty(label: str, key: str) -> SpendTotal:
    return SpendTotal(label, key, NOTHING, NOTHING, NOTHING, NOTHING, None, NOTHING, 0, 0)


# By locality


@dataclass(frozen=True)
class LocalityTotal:
    """What is budgeted for one locality; `locality` None is what belongs to no single one. Share in per cent."""

    locality: Locality | None
    amount: Decimal
    share: Decimal | None
    lines: int

    @property
    def label(self) -> str:
        return self.locality.name if self.locality else "Area-wide, not attributable to a locality"


@dataclass(frozen=True)
class LocalitySplit:
    """The year's allocation by locality, area-wide last, and how the parts were worked out."""

    rows: tuple[LocalityTotal, ...]
    total: Decimal
    methods: tuple[str, ...]


def locality_split(budget: Budget, resources: Decimal) -> LocalitySplit:
    """Every locality's part of the year's allocation, with what is area-wide in a row of its own.

    `resources` is everything paid or set aside, in pounds: shares are of that (SSI 2014/326 reg 6(2)).
    """
    localities = localities_of(budget).annotate(
        budgeted=Coalesce(
            Sum("budget_shares__amount", filter=Q(budget_shares__line__budget=budget)),
            NOTHING,
            output_field=_MONEY,
        ),
        lines_shared=Count("budget_shares", filter=Q(budget_shares__line__budget=budget)),
    )
    rows = [
        LocalityTotal(
            locality, locality.budgeted, share_of(locality.budgeted, resources), locality.lines_shared
        )
        for locality in localities
    ]
    whole = lines_of_year(budget).aggregate(
        total=_sum("amount"), shared_area=Count("pk", filter=Q(area_wide__gt=0))
    )
    left = whole["total"] - sum((row.amount for row in rows), NOTHING)
    rows.append(LocalityTotal(None, left, share_of(left, resources), whole["shared_area"]))
    methods = budget.lines.exclude(locality_method="").order_by("locality_method")
    return LocalitySplit(
        tuple(rows), whole["total"], tuple(methods.values_list("locality_method", flat=True).distinct())
    )


def localities_of(budget: Budget) -> QuerySet[Locality]:
    """The localities that exist at some time in the budget's year."""
    return (
        Locality.objects.for_partnership(budget.partnership)
        .filter(
            Q(starts_on__lte=budget.ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=budget.starts_on))
        )
        .order_by("name")
    )


# Lists and choices


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
        aside = f" and {money(self.set_aside)} set aside" if self.set_aside else ""
        return f"{money(self.paid)} paid{aside}, {money(self.allocated)} allocated. {self.balance}"


def budget_years(partnership: Partnership) -> list[YearAtAGlance]:
    """The partnership's budgets, newest first, each with its sentence. One query."""
    rows = Budget.objects.for_partnership(partnership).select_related("partnership")
    for fund in FundKind:
        rows = rows.annotate(
            **{
                f"in_{fund}": _beside(Contribution.objects.filter(kind=fund)),
                f"out_{fund}": _beside(BudgetLine.objects.filter(fund=fund)),
            }
        )
    years = []
    for row in rows:
        come, gone = ({fund: getattr(row, f"{way}_{fund}") for fund in FundKind} for way in ("in", "out"))
        years.append(
            YearAtAGlance(
                budget=row,
                paid=come[FundKind.PAYMENT] + come[FundKind.OWN_RESOURCE],
                set_aside=come[FundKind.SET_ASIDE],
                allocated=sum(gone.values(), NOTHING),
                balance=balance_words((fund, come[fund] - gone[fund]) for fund in FundKind),
            )
        )
    return years


def _beside(rows: QuerySet[Contribution] | QuerySet[BudgetLine]) -> Coalesce:
    """The amounts of each budget's rows, without multiplying them by the rows of another table."""
    summed = rows.filter(budget=OuterRef("pk")).order_by().values("budget").annotate(sum=Sum("amount"))
    return Coalesce(Subquery(summed.values("sum")), NOTHING, output_field=_MONEY)


def lines_of(partnership: Partnership) -> QuerySet[BudgetLine]:
    """All budget lines of the partnership, newest year first, with what their labels need."""
    return (
        BudgetLine.objects.for_partnership(partnership)
        .select_related("budget", "delivered_by", "function")
        .order_by("-budget__year", "position", "title", "pk")
    )


def lines_of_year(budget: Budget) -> QuerySet[BudgetLine]:
    """The year's lines in their order, with the part of each that no locality has."""
    shared = LocalityShare.objects.filter(line=OuterRef("pk")).order_by().values("line")
    return budget.lines.select_related("delivered_by", "function").annotate(
        area_wide=F("amount")
        - Coalesce(Subquery(shared.annotate(sum=Sum("amount")).values("sum")), NOTHING, output_field=_MONEY),
        variance=F("amount") - F("actual"),
    )


def model_of_integration(budget: Budget) -> IntegrationModel | None:
    """The model that the partnership worked under when the year began, or came to within it; None: not recorded."""
    periods = IntegrationModelPeriod.objects.for_partnership(budget.partnership)
    found = periods.on(budget.starts_on).first() or periods.on(budget.ends_on).first()
    return IntegrationModel(found.model) if found else None


def bodies_of(partnership: Partnership) -> QuerySet[Body]:
    """The health board and the councils of the partnership's scheme."""
    return Body.objects.filter(
        Q(pk=partnership.health_board_id) | Q(pk__in=partnership.councils.values("pk"))
    ).order_by("kind", "name")


def functions_of(budget: Budget) -> QuerySet[DelegatedFunction]:
    """The functions that the scheme delegates at some time in the budget's year."""
    return (
        DelegatedFunction.objects.for_partnership(budget.partnership)
        .filter(
            Q(starts_on__lte=budget.ends_on) & (Q(ends_on__isnull=True) | Q(ends_on__gte=budget.starts_on))
        )
        .order_by("delegated_by", "setting", "title")
    )


@dataclass(frozen=True)
class LawfulContribution:
    """A sum that the Act lets a body put in, and what is recorded for it."""

    body: Body
    kind: FundKind
    recorded: Contribution | None


def lawful_contributions(budget: Budget) -> list[LawfulContribution]:
    """Every sum that the council, or the board, may put in under the year's model, recorded or not.

    Empty while the model of integration is not recorded. Source: 2014 Act ss.14, 18, 19.
    """
    model = model_of_integration(budget)
    if model is None:
        return []
    recorded = {(row.body_id, row.kind): row for row in budget.contributions.all()}
    return [
        LawfulContribution(body, kind, recorded.get((body.pk, kind)))
        for body in bodies_of(budget.partnership)
        for kind in FundKind
        if kind in LAWFUL_CONTRIBUTIONS[model][BodyKind(body.kind)]
    ]
