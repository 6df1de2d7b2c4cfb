"""What the tables of the finance report say, made from books alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from budgets.books import OutlookPart, PaymentPart, SavingPart, SetAsideUsePart
from budgets.enums import Arm, FundKind
from budgets.selectors.report import funds, lines

from .frozen_books import books_with, contribution_part, line_part


@pytest.mark.parametrize(
    ("forecasts", "words"),
    [
        (((100, ""), (110, "green")), "No line is expected to end over budget."),
        (((111, "amber"), (90, "green")), "One line of 2 is expected to end over budget."),
        (
            ((111, "amber"), (150, "red")),
            "Two lines of 2 are expected to end over budget; one of them is marked “Overspending”.",
        ),
    ],
)
def test_the_report_counts_every_line_over_budget_and_names_those_that_are_marked(forecasts, words):
    parts = [
        line_part(line=key, forecast=Decimal(forecast), rag=rag)
        for key, (forecast, rag) in enumerate(forecasts)
    ]
    assert lines.by_service(books_with(lines=tuple(parts))).sentence.endswith(words)


def test_the_set_aside_says_what_the_board_reported_and_up_to_which_day():
    ward, clinic = (
        line_part(
            line=key, fund=FundKind.SET_ASIDE, arm=Arm.SET_ASIDE, budget=Decimal(100), actual=Decimal(50)
        )
        for key in (1, 2)
    )
    use = SetAsideUsePart(
        line=1,
        ends_on=date(2026, 6, 30),
        used=Decimal(26),
        activity=523,
        basis="Bed days of 2024/25",
        is_estimate=True,
    )
    table = lines.set_aside(books_with(lines=(ward, clinic), set_aside_use=(use,)))
    reported = [head.label for head in table.heads][6:]
    assert reported == [
        "Used, as the board reported",
        "Reported up to",
        "Occupied bed days",
        "Basis and year of the data",
    ]
    assert [row.cells[6:] for row in table.rows] == [
        (Decimal(26), date(2026, 6, 30), 523, "Bed days of 2024/25 (estimate)"),
        (None, None, None, ""),
        (None, None, None, ""),
    ]


def saving(reference: str, target: int, forecast: int | None) -> SavingPart:
    return SavingPart(
        reference=reference,
        title="A saving",
        lead="Somebody",
        arm="Council",
        target=Decimal(target),
        is_recurring=True,
        delivered=Decimal(0),
        forecast=None if forecast is None else Decimal(forecast),
        state="At risk",
        assessment="Assessed",
    )


def test_savings_without_a_forecast_are_named_and_not_counted_as_short():
    savings = (saving("S1", 100, 70), saving("S2", 50, 60), saving("S3", 40, None))
    table = funds.savings(books_with(savings=savings, savings_target=Decimal(250)))
    identified = table.rows[3].cells
    assert (identified[0], identified[4], identified[7], identified[8]) == ("Identified", 190, 130, 30)
    assert table.sentence.endswith(
        "One saving of £40 has no forecast yet and is in neither the forecast nor the shortfall."
    )
    nothing_known = funds.savings(books_with(savings=(saving("S3", 40, None),))).rows[1].cells
    assert nothing_known[7:9] == (None, None)


def test_a_gap_is_told_before_and_after_the_savings():
    year = OutlookPart(
        scenario="Expected case",
        year="2027/28",
        base=Decimal("200.0"),
        pressures=Decimal("9.5"),
        paid=Decimal("178.0"),
        set_aside=Decimal("20.0"),
        savings=Decimal("7.0"),
        gap=Decimal("-4.5"),
        gap_so_far=Decimal("-4.5"),
    )
    table = funds.outlooks(books_with(outlooks=(year,)))
    told = dict(zip([head.label for head in table.heads], table.rows[0].cells, strict=True))
    assert told["Gap before savings"] == Decimal("-11.5")
    assert told["Gap before savings"] + told["Savings identified"] == told["Gap left"]


@pytest.mark.parametrize(
    ("months", "words"),
    [
        ((100, 100), "£100 of £200 is paid."),
        ((100, 70), "£100 of £170 is paid. £30 of what NHS pays stands in no month."),
        ((100, 130), "£100 of £230 is paid. The months of NHS come to £30 more than it pays."),
    ],
)
def test_months_that_do_not_come_to_the_payment_are_said(months, words):
    payments = tuple(
        PaymentPart(
            body="NHS",
            kind=FundKind.PAYMENT,
            month=month,
            amount=Decimal(amount),
            paid_on=date(2026, 4, 15) if month == 1 else None,
        )
        for month, amount in enumerate(months, start=1)
    )
    other = contribution_part(body="Council", amount=Decimal(80))
    books = books_with(contributions=(contribution_part(), other), payments=payments)
    assert funds.payments(books).sentence == words
