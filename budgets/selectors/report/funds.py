"""The tables of what comes in, is kept and is to be saved: funding, reserves, savings, years ahead, payments."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from foundation.sgds.formats import count_in_words, date_uk, joined, money

from ...books import Books, OutlookPart, SavingPart
from ...enums import FundKind
from ..risks import risks_in_words
from ..totals import NOTHING
from .shape import (
    Head,
    Row,
    Table,
    sum_of,
    total_amount,
)

# April to December lie in the year in which the financial year begins.
LAST_IN_FIRST_YEAR = 9


def funding(books: Books) -> Table:
    """F4: what each body was to pay, what was added in the year, what it pays now."""
    kinds = {kind.value: kind.label for kind in FundKind}
    rows: list[Row] = []
    for part in books.contributions:
        added = [one for one in books.funding if (one.body, one.kind) == (part.body, part.kind)]
        name = f"{part.body}, {kinds[part.kind].lower()}"
        rows.append(Row((f"{name}: opening", "", "", "", part.opening)))
        rows += [
            Row(
                (
                    one.name,
                    one.reference,
                    "Recurring" if one.is_recurring else "Non-recurring",
                    "Yes" if one.is_ring_fenced else "No",
                    one.amount,
                )
            )
            for one in added
        ]
        rows.append(Row((f"{name}: now", "", "", "", part.amount), "part"))
    paid = [part for part in books.contributions if part.kind != FundKind.SET_ASIDE]
    rows.append(Row(("Total without the set-aside", "", "", "", total_amount(paid)), "total"))
    if len(paid) < len(books.contributions):
        rows.append(Row(("Total with the set-aside", "", "", "", total_amount(books.contributions)), "total"))
    total = sum((one.amount for one in books.funding), NOTHING)
    said = (
        f"{count_in_words(len(books.funding), 'allocation').capitalize()} in the year came to {money(total)}."
        if books.funding
        else "Nothing was added to the payments in the year."
    )
    return Table(
        "F4",
        "Funding movement",
        said,
        (Head("Payment"), Head("Reference"), Head("Recurring"), Head("Ring-fenced"), Head("Amount", "money")),
        tuple(rows),
    )


def reserves(books: Books) -> Table | None:
    """F7: what is kept from one year to the next."""
    if not books.reserves:
        return None
    rows = [
        Row(
            (
                part.name,
                part.kind,
                part.opening,
                part.used,
                part.transferred_in,
                part.closing,
                part.purpose,
                part.expires_on,
            )
        )
        for part in books.reserves
    ]
    sums = [sum_of(books.reserves, name) for name in ("opening", "used", "transferred_in", "closing")]
    rows.append(Row(("All reserves", "", *sums, "", None), "total"))
    return Table(
        "F7",
        "Reserves",
        f"Reserves begin the year at {money(sums[0])} and are projected to end it at {money(sums[3])}. "
        f"{books.general_reserve_words}".rstrip(),
        (
            Head("Name"),
            Head("Category"),
            Head("Opening", "money"),
            Head("Used", "money"),
            Head("Transferred in", "money"),
            Head("Projected closing", "money"),
            Head("Purpose"),
            Head("Expires or can be claimed back", "date"),
        ),
        tuple(rows),
    )


def risks(books: Books) -> Table | None:
    """F13: what may cost more than the budget has."""
    if not books.risks:
        return None
    return Table(
        "F13",
        "Risks",
        risks_in_words(books.risks),
        (
            Head("Risk"),
            Head("Lowest cost", "money"),
            Head("Highest cost", "money"),
            Head("Likelihood"),
            Head("Mitigation"),
        ),
        tuple(
            Row((part.title, part.lowest, part.highest, part.likelihood, part.mitigation))
            for part in books.risks
        ),
    )


def savings(books: Books) -> Table | None:
    """F8: what the year is to save, with the gap that nobody has found yet."""
    if not books.savings and books.savings_target is None:
        return None
    rows = [
        Row(
            (
                part.reference,
                part.title,
                part.lead,
                part.arm,
                part.target,
                "Recurring" if part.is_recurring else "Non-recurring",
                part.delivered,
                part.forecast,
                None if part.forecast is None else max(part.target - part.forecast, NOTHING),
                part.state,
                part.assessment,
                ", ".join(part.directions),
            )
        )
        for part in books.savings
    ]
    identified = sum_of(books.savings, "target")
    delivered = sum_of(books.savings, "delivered")
    forecast = [part for part in books.savings if part.forecast is not None]
    short = sum((row.cells[8] for row in rows if row.cells[8] is not None), NOTHING)
    sums = (sum_of(forecast, "forecast"), short) if forecast else (None, None)
    rows.append(Row(("Identified", "", "", "", identified, "", delivered, *sums, "", "", ""), "total"))
    gap = NOTHING
    if books.savings_target is not None:
        gap = max(books.savings_target - identified, NOTHING)
        rows.append(Row(("Not identified yet", "", "", "", gap, "", None, None, None, "", "", ""), "total"))
        rows.append(
            Row(("Target", "", "", "", books.savings_target, "", None, None, None, "", "", ""), "total")
        )
    missing = f" {money(gap)} is not identified yet." if gap else ""
    return Table(
        "F8",
        "Savings",
        f"{money(identified)} of savings is identified, {money(delivered)} is delivered.{missing}"
        f"{_without_forecast(books.savings)}",
        (
            Head("Reference"),
            Head("Saving"),
            Head("Lead"),
            Head("Arm"),
            Head("Target", "money"),
            Head("Recurring"),
            Head("Delivered to date", "money"),
            Head("Forecast", "money"),
            Head("Shortfall", "money"),
            Head("State"),
            Head("Impact assessment"),
            Head("Directions"),
        ),
        tuple(rows),
    )


def _without_forecast(savings: Sequence[SavingPart]) -> str:
    """What the forecast and the shortfall do not count."""
    unknown = [part for part in savings if part.forecast is None]
    if not unknown:
        return ""
    return (
        f" {count_in_words(len(unknown), 'saving').capitalize()} of {money(sum_of(unknown, 'target'))} "
        f"{'has' if len(unknown) == 1 else 'have'} no forecast yet and {'is' if len(unknown) == 1 else 'are'} in "
        "neither the forecast nor the shortfall."
    )


def outlooks(books: Books) -> Table | None:
    """F10: the years ahead by scenario, with the gap."""
    if not books.outlooks:
        return None
    last = {part.scenario: part for part in books.outlooks}
    said = "; ".join(
        f"{name.lower()} {money(abs(part.gap_so_far))} {'short' if part.gap_so_far < 0 else 'to spare'}"
        for name, part in last.items()
    )
    return Table(
        "F10",
        "Medium-term plan",
        f"All years together: {said}.",
        (
            Head("Scenario"),
            Head("Year"),
            Head("Base", "money"),
            Head("Pressures", "money"),
            Head("Funding without the set-aside", "money"),
            Head("Set aside", "money"),
            Head("Gap before savings", "money"),
            Head("Savings identified", "money"),
            Head("Gap left", "money"),
            Head("Gap left, years added up", "money"),
        ),
        tuple(
            Row(
                (
                    part.scenario,
                    part.year,
                    part.base,
                    part.pressures,
                    part.paid,
                    part.set_aside,
                    part.gap_before_savings,
                    part.savings,
                    part.gap,
                    part.gap_so_far,
                )
            )
            for part in books.outlooks
        ),
        "A gap below zero is money that is still to be found.",
    )


def years_ahead(books: Books) -> Table | None:
    """F10a: what the years ahead are made of, case by case: the base, each pressure, each body's money, savings."""
    if not any(part.items for part in books.outlooks):
        return None
    years = tuple(dict.fromkeys(part.year for part in books.outlooks))
    cases: defaultdict[str, dict[str, OutlookPart]] = defaultdict(dict)
    for part in books.outlooks:
        cases[part.scenario][part.year] = part
    rows: list[Row] = []
    for case, by_year in cases.items():
        rows.append(Row((f"{case}: gap left", *(by_year[year].gap for year in years)), "part"))
        for items in zip(*(by_year[year].items for year in years), strict=True):
            rows.append(Row((items[0].label, *(item.amount for item in items))))
    return Table(
        "F10a",
        "Years ahead, figure by figure",
        f"What F10 is made of: {joined([case.lower() for case in cases])}.",
        (Head("What"), *(Head(year, "money") for year in years)),
        tuple(rows),
        "The gap left is the funding, the set-aside with it, less base and pressures, plus the savings.",
    )


def payments(books: Books) -> Table | None:
    """F11: what each partner pays, month by month."""
    if not books.payments:
        return None
    rows: list[Row] = []
    so_far: dict[tuple[str, str], Decimal] = {}
    for part in books.payments:
        key = (part.body, part.kind)
        so_far[key] = so_far.get(key, NOTHING) + part.amount
        month = date(books.year + (part.month > LAST_IN_FIRST_YEAR), (part.month + 2) % 12 + 1, 1)
        paid = date_uk(part.paid_on) if part.paid_on else "Not paid yet"
        rows.append(Row((part.body, f"{month:%B %Y}", part.amount, so_far[key], paid)))
    paid_sum = sum((part.amount for part in books.payments if part.paid_on), NOTHING)
    return Table(
        "F11",
        "Payment schedule",
        f"{money(paid_sum)} of {money(total_amount(books.payments))} is paid.{_not_planned(books)}",
        (
            Head("Partner"),
            Head("Month"),
            Head("Amount", "money"),
            Head("Added up", "money"),
            Head("Paid"),
        ),
        tuple(rows),
    )


def _not_planned(books: Books) -> str:
    """How far the months of a schedule are from what its body pays now."""
    months: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for part in books.payments:
        months[part.body, part.kind] += part.amount
    apart = [
        (part.body, part.amount - months[part.body, part.kind])
        for part in books.contributions
        if (part.body, part.kind) in months and part.amount != months[part.body, part.kind]
    ]
    return "".join(
        f" {money(abs(rest))} of what {body} pays stands in no month."
        if rest > 0
        else f" The months of {body} come to {money(-rest)} more than it pays."
        for body, rest in apart
    )
