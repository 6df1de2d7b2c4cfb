"""Pictures of the money, for the pages and for the plan's PDF."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.sgds.charts import (
    POUNDS,
    Chart,
    Role,
    Series,
    bar_chart,
    grouped_bar_chart,
    line_chart,
    stacked_bar_chart,
)
from foundation.sgds.formats import date_uk, money, percent

from .accounted import AccountedYear, CategoryTable
from .books import Books
from .enums import Dimension, FundKind, Scenario
from .models import Budget, MediumTermPlan
from .selectors import OutlookView, ReservesOfYear, SpendTotal, balance_sentence
from .told import PublicMoney
from .words import variance_words

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


def outlooks_chart(plan: MediumTermPlan, outlooks: Sequence[OutlookView]) -> Chart:
    """What each scenario leaves missing or spare, year by year; the expected case is ours, the others compare."""
    return line_chart(
        title=f"Gap by year, {plan.period}",
        periods=[year.label for year in outlooks[0].years],
        series=[
            Series(
                str(view.outlook),
                [year.gap for year in view.years],
                Role.OURS if view.outlook.scenario == Scenario.EXPECTED else Role.COMPARATOR,
            )
            for view in outlooks
        ],
        unit=POUNDS,
        from_zero=True,
        sentence="The five years together: "
        + "; ".join(f"{view.label} {view.together}" for view in outlooks)
        + ".",
        period_name="Year",
    )


def categories_chart(table: CategoryTable) -> Chart | None:
    """What was spent on each category in the reporting year, the set-aside told apart; None without figures."""
    this = table.this
    if this.missing:
        return None
    return stacked_bar_chart(
        title=f"Spent by category, {this.label}",
        categories=[f"{row.code} {row.label}" for row in this.rows],
        series=[
            Series("Payments", [row.paid_for for row in this.rows]),
            Series("Set aside", [row.set_aside for row in this.rows]),
        ]
        if this.total.set_aside
        else [Series("Payments", [row.paid_for for row in this.rows])],
        unit=POUNDS,
        sentence=_spent_words(this),
        source=this.source,
        category_name="Category",
    )


def _spent_words(this: AccountedYear) -> str:
    """What was spent, and once the year is closed how that compares with its plan."""
    spent, share = money(this.total.spent), percent(this.total.share)
    if this.spent_to:
        return f"Up to {date_uk(this.spent_to)} {spent} was spent, {share} of what is paid or set aside for the year."
    return (
        f"{spent} was spent, {share} of what was paid or set aside: "
        f"{variance_words(this.total.variance)} against what was planned."
    )


def balance_chart(years: Sequence[AccountedYear]) -> Chart:
    """The community against hospitals and care homes, year by year, the set-aside in a bar of its own."""
    told = [(year.label, year.balance) for year in years if year.balance]
    return grouped_bar_chart(
        title="Where care is given, year by year",
        categories=[label for label, _ in told],
        series=[
            Series("In the community", [balance.community for _, balance in told]),
            Series("In hospitals and care homes", [balance.institutional for _, balance in told]),
            Series("Set aside", [balance.set_aside for _, balance in told]),
        ],
        unit=POUNDS,
        sentence=balance_sentence(years),
        category_name="Year",
    )


def public_chart(told: PublicMoney) -> Chart:
    """What each kind of care gets out of every £100, last year beside it where that is published."""
    labels = [row.label for row in told.rows]
    now = [row.per_hundred for row in told.rows]
    largest = max(told.rows, key=lambda row: row.per_hundred)
    words = f"The largest part goes to {largest.label[:1].lower()}{largest.label[1:]}."
    if not told.last_label:
        return bar_chart(
            title=f"Out of every £100 in {told.year_label}",
            categories=labels,
            values=now,
            unit=POUNDS,
            sentence=words,
            category_name="What it is for",
            value_name=told.year_label,
        )
    return grouped_bar_chart(
        title="Out of every £100, and the year before",
        categories=labels,
        series=[
            Series(told.year_label, now, Role.OURS),
            Series(told.last_label, [row.last_year for row in told.rows], Role.COMPARATOR),
        ],
        unit=POUNDS,
        sentence=words,
        category_name="What it is for",
    )


def variance_chart(books: Books) -> Chart | None:
    """The lines that are expected to end furthest from their budget; below zero is an overspend. None without any."""
    away = [(line.variance, line) for line in books.lines if line.variance]
    if not away:
        return None
    furthest = sorted(away, key=lambda pair: -abs(pair[0]))[:MOST_BARS]
    shown = [line for _, line in sorted(furthest, key=lambda pair: pair[0])]
    aside = {line.line for line in books.set_aside_lines}
    return bar_chart(
        title=f"Lines furthest from their budget in {books.year_label}",
        categories=[f"{line.title}{' (set aside)' if line.line in aside else ''}" for line in shown],
        values=[line.variance for line in shown],
        unit=POUNDS,
        sentence="Variance is budget less projected outturn: bars to the left of the line are overspends.",
        source=f"Books of {books.partnership}, closed for {books.ends_on:%B %Y}",
        category_name="Line",
        value_name="Projected variance",
    )
