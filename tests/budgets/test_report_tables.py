"""What the tables of the finance report say, made from books alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgets import services
from budgets.books import SAYS_YEARS_AHEAD, Books, OutlookPart, PaymentPart, SavingPart, SetAsideUsePart
from budgets.enums import Arm, FundKind, PlanItem, Pressure, ReserveFlow, ReserveKind, Scenario
from budgets.models import Close, Period
from budgets.selectors.report import funds, lines, report_of
from budgets.services import FigureEntry

from .factories import ContributionFactory, ReserveFactory, ReserveMovementFactory
from .frozen_books import books_with, contribution_part, line_part
from .months import closed, fill


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


def test_care_groups_overlap_and_keep_the_set_aside_apart():
    both, home, ward = (
        line_part(line=1, budget=Decimal(100), care_groups=("Carers", "Dementia")),
        line_part(line=2, budget=Decimal(40), care_groups=("Dementia",)),
        line_part(line=3, budget=Decimal(7), care_groups=("Dementia",), fund=FundKind.SET_ASIDE),
    )
    table = lines.by_care_group(books_with(lines=(both, home, ward, line_part(line=4))))
    assert [(row.cells[0], row.cells[3]) for row in table.rows] == [
        ("Carers", 100),
        ("Dementia", 140),
        ("Dementia (set aside)", 7),
    ]
    assert table.sentence == (
        "Lines are told for two care groups. "
        "The largest budget, without the set-aside, is that of dementia: £140."
    )
    assert lines.by_care_group(books_with()) is None


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
    assert funds.years_ahead(books_with(outlooks=(year,))) is None
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


@pytest.fixture
def close_with_a_plan(budget, line, board, finance_officer, chief_finance_officer):
    """April is closed with a plan of five years, of which one case has figures in two, and a general reserve of £1."""
    plan = services.start_medium_term_plan(
        partnership=budget.partnership, first_year=budget.year, by=finance_officer
    )
    of_payment, aside = ({"body": board, "fund": fund} for fund in (FundKind.PAYMENT, FundKind.SET_ASIDE))
    first, second = plan.years[:2]
    services.save_outlook(
        outlook=plan.outlooks.get(scenario=Scenario.EXPECTED),
        figures=[
            FigureEntry(first, PlanItem.FUNDING, Decimal(90), **of_payment),
            FigureEntry(second, PlanItem.FUNDING, Decimal(178), **of_payment),
            FigureEntry(second, PlanItem.FUNDING, Decimal(20), **aside),
            FigureEntry(second, PlanItem.BASE, Decimal(200)),
            FigureEntry(second, PlanItem.PRESSURE, Decimal("9.5"), pressure=Pressure.PAY),
            FigureEntry(second, PlanItem.SAVINGS, Decimal(7)),
        ],
        assumptions="",
        revision=1,
        by=finance_officer,
    )
    general = ReserveFactory(partnership=budget.partnership, kind=ReserveKind.GENERAL)
    ReserveMovementFactory(reserve=general, budget=budget, flow=ReserveFlow.OPENING, amount=Decimal(1))
    ContributionFactory(budget=budget, amount=line.amount)
    agreed = services.agree_budget(budget=budget, by=chief_finance_officer)
    april = services.begin_period(budget=agreed, number=1, by=finance_officer)
    fill(april, finance_officer)
    return closed(april, finance_officer, chief_finance_officer)


@pytest.mark.django_db
def test_the_years_ahead_are_told_figure_by_figure_case_by_case(close_with_a_plan):
    books = close_with_a_plan.books
    table = funds.years_ahead(books)
    assert [head.label for head in table.heads] == [
        "What", "2026/27", "2027/28", "2028/29", "2029/30", "2030/31",
    ]  # fmt: skip
    assert [(row.cells[:3], row.style) for row in table.rows] == [
        (("Expected case: gap left", 90, Decimal("-4.5")), "part"),
        (("Base budget", None, 200), ""),
        (("Pay award", None, Decimal("9.5")), ""),
        (("Payment by NHS Tayside", 90, 178), ""),
        (("Set aside by NHS Tayside", None, 20), ""),
        (("Savings identified", None, 7), ""),
    ]
    assert books.general_reserve_words in funds.reserves(books).sentence
    assert "below the policy of 2%" in books.general_reserve_words


@pytest.mark.django_db
def test_a_month_closed_before_the_years_ahead_were_told_apart_keeps_its_fingerprint(close_with_a_plan):
    old = replace(close_with_a_plan.books, format=SAYS_YEARS_AHEAD - 1)
    content = old.to_json()
    assert "items" not in content["outlooks"][0]
    read = Books.from_json(content)
    assert (read.sha256, read.general_reserve_words) == (old.sha256, "")
    assert funds.years_ahead(read) is None
    assert funds.outlooks(read) == funds.outlooks(close_with_a_plan.books)
    assert funds.reserves(read).sentence.endswith("projected to end it at £1.")


def test_a_report_names_every_table_that_it_does_not_have():
    close = Close(period=Period(number=6), number=1, content=books_with(lines=()).to_json())
    missing = [words.split()[0] for words in report_of(close).missing]
    assert missing == ["F3", "F1b", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F13"]
