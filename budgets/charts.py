"""Pictures of the money, for the pages and for the plan's PDF."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.sgds.charts import POUNDS, Chart, Role, Series, grouped_bar_chart, stacked_bar_chart
from foundation.sgds.formats import money

from .enums import Dimension, FundKind
from .models import Budget
from .selectors import LocalitySplit, ReservesOfYear, SpendTotal

MOST_BARS = 15
COLUMNS = {
    FundKind.PAYMENT: "payment",
    FundKind.SET_ASIDE: "set_aside",
    FundKind.OWN_RESOURCE: "own_resource",
}


def allocation_chart(budget: Budget, totals: Sequence[SpendTotal], dimension: Dimension) -> Chart:
    """What the year's money is for, one bar each, the set-aside told apart from the payments.

    The largest MOST_BARS are drawn; the table under the totals has all of them.
    """
    shown = sorted(totals, key=lambda total: total.amount, reverse=True)[:MOST_BARS]
    left_out = len(totals) - len(shown)
    return stacked_bar_chart(
        title=f"Allocated in {budget.year_label} by {dimension.label.lower()}",
        categories=[total.label for total in shown],
        series=[
            Series(fund.label, [getattr(total, column) for total in shown])
            for fund, column in COLUMNS.items()
            if any(getattr(total, column) for total in shown)
        ],
        unit=POUNDS,
        sentence=_largest(shown) + (f" The {left_out} smallest are not drawn." if left_out else ""),
        source=budget.source,
        category_name=dimension.label,
    )


def _largest(totals: Sequence[SpendTotal]) -> str:
    if not totals:
        return "Nothing is allocated yet."
    top = totals[0]
    aside = f", of which {money(top.set_aside)} is set aside" if top.set_aside else ""
    return f"Most is allocated to {top.label}: {money(top.amount)}{aside}."


def locality_chart(budget: Budget, split: LocalitySplit) -> Chart:
    """What each locality has of the year's allocation, with what belongs to none of them."""
    return stacked_bar_chart(
        title=f"Allocated in {budget.year_label} by locality",
        categories=[row.label for row in split.rows],
        series=[Series("Allocated", [row.amount for row in split.rows])],
        unit=POUNDS,
        source=budget.source,
        category_name="Locality",
    )


def reserves_chart(held: ReservesOfYear) -> Chart:
    """What each reserve opens and closes the year with."""
    return grouped_bar_chart(
        title=f"Reserves in {held.budget.year_label}",
        categories=[row.label for row in held.rows],
        series=[
            Series("At the beginning", [row.opening for row in held.rows], Role.COMPARATOR),
            Series("At the end", [row.closing for row in held.rows], Role.OURS),
        ],
        unit=POUNDS,
        sentence=(
            f"All reserves together go from {money(held.total.opening)} to {money(held.total.closing)} in the year, "
            "with what is planned."
        ),
        category_name="Reserve",
    )
