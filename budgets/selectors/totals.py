"""Lines added up. Sums are made by the database; amounts are pounds, as Decimal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from ..enums import Dimension, FundKind, Setting, SpendCategory
from ..models import BudgetLine
from ..words import variance_word

NOTHING = Decimal("0.00")


MONEY = DecimalField(max_digits=20, decimal_places=2)


@dataclass(frozen=True)
class SpendTotal:
    """Lines added up. `settled` is the part of `amount` whose lines have an actual, so that both compare. `original` is
    what was agreed, None before; `lines_moved` have another amount since."""

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
    original: Decimal | None = None
    lines_moved: int = 0

    @property
    def movement(self) -> Decimal | None:
        """What virements and allocations have changed since the budget was agreed."""
        return None if self.original is None else self.amount - self.original

    @property
    def without_set_aside(self) -> Decimal:
        return self.amount - self.set_aside

    @property
    def variance(self) -> Decimal | None:
        """Budget less actual of the lines whose spend is recorded; negative is an overspend."""
        return None if self.actual is None else self.settled - self.actual

    @property
    def variance_word(self) -> str:
        """`overspent`; where spend is recorded for some lines only, `overspent on 3 of 13 lines`."""
        word = variance_word(self.variance)
        if 0 < self.lines_settled < self.lines:
            return f"{word} on {self.lines_settled} of {self.lines} lines"
        return word


def share_of(part: Decimal, whole: Decimal) -> Decimal | None:
    """The part as a percentage of the whole; None when there is no whole."""
    return part * 100 / whole if whole else None


def added_up(what: str, **where: object) -> Coalesce:
    return Coalesce(Sum(what, filter=Q(**where) if where else None), NOTHING, output_field=MONEY)


_TOTALS = {
    "payment": added_up("amount", fund=FundKind.PAYMENT),
    "set_aside": added_up("amount", fund=FundKind.SET_ASIDE),
    "own_resource": added_up("amount", fund=FundKind.OWN_RESOURCE),
    "allocated": added_up("amount"),
    "spent": Sum("actual"),
    "settled": added_up("amount", actual__isnull=False),
    "lines": Count("pk"),
    "lines_settled": Count("actual"),
    "agreed": Sum("original"),
    "lines_moved": Count("pk", filter=Q(original__isnull=False) & ~Q(original=F("amount"))),
}


_SUMMED = [field.name for field in fields(SpendTotal) if field.name not in {"label", "key"}]


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


def totals_by_fund(lines: QuerySet[BudgetLine]) -> dict[FundKind, SpendTotal]:
    """The lines added up by where the money comes from. One query."""
    rows: Iterable[Any] = lines.order_by().values("fund").annotate(**_TOTALS)
    return {
        FundKind(row["fund"]): _spend_total(FundKind(row["fund"]).label, row["fund"], row) for row in rows
    }


def together(label: str, totals: Iterable[SpendTotal]) -> SpendTotal:
    """The totals as one. What none of them says, it does not say."""
    parts = [no_lines(label, ""), *totals]
    sums: dict[str, Any] = {}
    for name in _SUMMED:
        said = [value for part in parts if (value := getattr(part, name)) is not None]
        sums[name] = sum(said[1:], said[0]) if said else None
    return SpendTotal(label=label, key="", **sums)


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
        original=row["agreed"],
        lines_moved=row["lines_moved"],
    )


def no_lines(label: str, key: str) -> SpendTotal:
    return SpendTotal(label, key, NOTHING, NOTHING, NOTHING, NOTHING, None, NOTHING, 0, 0)
