from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Sum
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from budgets.enums import Dimension, FundKind, SpendCategory
from budgets.models import Budget, BudgetLine, Contribution, LocalityShare
from budgets.refusals import LineFigures
from budgets.selectors import (
    LineFilter,
    budget_summary,
    budget_years,
    functions_of,
    grid_totals,
    lawful_contributions,
    line_split,
    lines_of,
    lines_of_year,
    lines_shown,
    localities_of,
    locality_split,
    share_of,
    total_of,
    totals_by,
)
from budgets.selectors.home import home_line, locality_part
from budgets.words import balance_words, variance_words
from partnerships.permissions import standing_of
from tests.factories import DelegatedFunctionFactory
from tests.localities.factories import LocalityFactory

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory, LocalityShareFactory

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


@pytest.fixture
def example(budget, board, council, north, south) -> Budget:
    """Invented figures with correct arithmetic: 80m and 100m paid, 20m set aside, 203m spent."""
    for body, kind, amount in (
        (council, FundKind.PAYMENT, 80),
        (board, FundKind.PAYMENT, 100),
        (board, FundKind.SET_ASIDE, 20),
    ):
        ContributionFactory(budget=budget, body=body, kind=kind, amount=amount * MILLION)
    hospital = DelegatedFunctionFactory(
        partnership=budget.partnership, setting="hospital", is_large_hospital=True
    )
    for category, body, fund, allocated, spent, shares in (
        ("A", board, FundKind.SET_ASIDE, 20, 20, (0, 0)),
        ("A", board, FundKind.PAYMENT, 26, 26, (1, 2)),
        ("B", board, FundKind.PAYMENT, 75, 78, (20, 25)),
        ("C", council, FundKind.PAYMENT, 32, 32, (20, 12)),
        ("D", council, FundKind.PAYMENT, 3, 3, (0, 3)),
        ("E", council, FundKind.PAYMENT, 44, 44, (20, 24)),
    ):
        line = BudgetLineFactory(
            budget=budget,
            category=category,
            delivered_by=body,
            fund=fund,
            amount=allocated * MILLION,
            actual=spent * MILLION,
            function=hospital if fund == FundKind.SET_ASIDE else None,
        )
        for locality, part in zip((north, south), shares, strict=True):
            if part:
                LocalityShareFactory(line=line, locality=locality, amount=part * MILLION)
    return budget


def test_resources_are_payments_and_set_aside(example):
    summary = budget_summary(example)
    assert summary.paid_by_councils == 80 * MILLION
    assert summary.paid_by_board == 100 * MILLION
    assert summary.integrated_budget == 180 * MILLION
    assert summary.set_aside == 20 * MILLION
    assert summary.resources == 200 * MILLION


def test_the_set_aside_has_its_own_column(example, board):
    row = next(row for row in budget_summary(example).bodies if row.body == board)
    assert (row.payment.amount, row.set_aside.amount, row.total) == (
        100 * MILLION,
        20 * MILLION,
        120 * MILLION,
    )
    spend = budget_summary(example).spend
    assert (spend.payment, spend.set_aside, spend.amount) == (180 * MILLION, 20 * MILLION, 200 * MILLION)
    assert spend.without_set_aside == 180 * MILLION
    without = budget_summary(example).spend_without_set_aside
    assert (without.amount, without.set_aside) == (180 * MILLION, 0)
    assert (without.actual, without.lines) == (
        example.lines.exclude(fund="set_aside").aggregate(spent=Sum("actual"))["spent"],
        example.lines.exclude(fund="set_aside").count(),
    )


def test_shares_of_the_categories_are_of_everything_paid_or_set_aside(example):
    rows = {row.category.value: row for row in budget_summary(example).categories}
    assert {code: row.share_spent for code, row in rows.items()} == {
        "A": Decimal("23"),
        "B": Decimal("39"),
        "C": Decimal("16"),
        "D": Decimal("1.5"),
        "E": Decimal("22"),
    }
    summary = budget_summary(example)
    assert summary.share_spent == Decimal("101.5")
    assert summary.spend.variance == -3 * MILLION
    assert summary.spend.variance_word == "overspent"


def test_a_category_without_lines_is_said_all_the_same(budget):
    rows = budget_summary(budget).categories
    assert [row.category for row in rows] == list(SpendCategory)
    assert {(row.total.amount, row.total.actual, row.share, row.share_spent) for row in rows} == {
        (Decimal(0), None, None, None)
    }


def test_localities_and_what_belongs_to_none(example):
    split = locality_split(example, budget_summary(example).resources)
    assert [(row.label, row.amount, row.share) for row in split.rows] == [
        ("North", 61 * MILLION, Decimal("30.5")),
        ("South", 66 * MILLION, Decimal("33")),
        ("Area-wide, not attributable to a locality", 73 * MILLION, Decimal("36.5")),
    ]
    assert split.total == 200 * MILLION
    assert [row.lines for row in split.rows] == [4, 5, 3]


def test_a_line_is_shown_with_its_rest(line, north):
    LocalityShareFactory(line=line, locality=north, amount="250.00")
    rows = line_split(line).rows
    assert [(row.label, row.amount, row.share) for row in rows] == [
        ("North", Decimal(250), Decimal(25)),
        ("Area-wide, not attributable to a locality", Decimal(750), Decimal(75)),
    ]
    assert lines_of_year(line.budget).get().area_wide == Decimal(750)


def test_localities_of_another_time_are_left_out(budget):
    LocalityFactory(partnership=budget.partnership, name="Gone", ends_on="2026-03-31")
    LocalityFactory(partnership=budget.partnership, name="Ends within", ends_on="2026-04-01")
    LocalityFactory(partnership=budget.partnership, name="To come", starts_on="2027-04-01")
    assert [locality.name for locality in localities_of(budget)] == ["Ends within"]


def test_functions_of_another_time_or_partnership_are_left_out(budget, other_partnership):
    DelegatedFunctionFactory(partnership=budget.partnership, title="Ended", ends_on="2026-03-31")
    DelegatedFunctionFactory(partnership=other_partnership, title="Foreign")
    DelegatedFunctionFactory(partnership=budget.partnership, title="Delegated")
    assert [function.title for function in functions_of(budget)] == ["Delegated"]


# Balance


def test_balance_is_kept_pot_by_pot(budget, board, large_hospital):
    """Too much set-aside does not make up for too little payment."""
    ContributionFactory(budget=budget, amount=90)
    ContributionFactory(budget=budget, kind=FundKind.SET_ASIDE, amount=20)
    BudgetLineFactory(budget=budget, amount=100)
    BudgetLineFactory(budget=budget, amount=10, fund=FundKind.SET_ASIDE, function=large_hospital)
    summary = budget_summary(budget)
    assert summary.resources == summary.spend.amount
    assert not summary.is_balanced
    assert summary.balance_words == (
        "Unbalanced: £10 more is allocated than the payments hold and £10 of the set-aside is not allocated."
    )


def test_a_balanced_budget_says_so(budget):
    ContributionFactory(budget=budget, amount=100)
    BudgetLineFactory(budget=budget, amount=100)
    summary = budget_summary(budget)
    assert summary.is_balanced
    assert summary.balance_words.startswith("Balanced")


def test_an_empty_year_balances_and_says_that_nobody_pays(budget):
    summary = budget_summary(budget)
    assert summary.is_balanced
    assert summary.sentence == "Nobody’s contribution to 2026/27 is recorded yet."


def test_the_sentence_of_a_year(example):
    assert budget_summary(example).sentence == (
        "Angus Council pays £80,000,000 and NHS Tayside pays £100,000,000; NHS Tayside sets aside £20,000,000. "
        "That is £200,000,000 with the set-aside and £180,000,000 without it."
    )


def test_a_year_without_set_aside_has_a_shorter_sentence(budget, council):
    ContributionFactory(budget=budget, body=council, amount=5)
    assert budget_summary(budget).sentence == "Angus Council pays £5. Together that is £5."


@pytest.mark.parametrize(
    ("variance", "words"),
    [
        (None, "not recorded"),
        ("0", "on budget"),
        ("-8000000", "£8,000,000 overspent"),
        ("2.50", "£2.50 underspent"),
    ],
)
def test_a_variance_in_words(variance, words):
    assert variance_words(None if variance is None else Decimal(variance)) == words


@given(
    st.dictionaries(
        st.sampled_from(list(FundKind)),
        st.decimals(min_value=-(10**11), max_value=10**11, places=2),
        max_size=3,
    )
)
def test_a_budget_is_balanced_exactly_when_no_pot_differs(differences):
    words = balance_words(differences.items())
    assert words.startswith("Balanced") == (not any(differences.values()))


# Sums


def test_variance_compares_only_lines_whose_spend_is_known(budget):
    BudgetLineFactory(budget=budget, amount=100, actual=90)
    BudgetLineFactory(budget=budget, amount=500, actual=None)
    total = total_of(budget.lines.all())
    assert (total.amount, total.actual, total.variance) == (Decimal(600), Decimal(90), Decimal(10))
    assert total.variance_word == "underspent on 1 of 2 lines"


# Each example empties the budget itself, so that the fixture may stand for all of them.
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2),
            st.none() | st.decimals(min_value=-1000, max_value=Decimal("999999999999.99"), places=2),
            st.sampled_from([FundKind.PAYMENT, FundKind.OWN_RESOURCE]),
        ),
        max_size=6,
    )
)
def test_the_database_adds_up_to_the_penny(budget, rows):
    BudgetLine.objects.filter(budget=budget).delete()
    lines = [
        BudgetLineFactory(budget=budget, amount=amount, actual=actual, fund=fund)
        for amount, actual, fund in rows
    ]
    total = total_of(budget.lines.all())
    assert total.amount == sum((row[0] for row in rows), Decimal(0))
    known = [row[1] for row in rows if row[1] is not None]
    assert total.actual == (sum(known, Decimal(0)) if known else None)
    assert total.payment + total.own_resource + total.set_aside == total.amount
    by_fund = totals_by(budget.lines.all(), Dimension.CATEGORY)
    assert sum((part.amount for part in by_fund), Decimal(0)) == total.amount
    grid = grid_totals(budget, [(line, LineFigures(line.amount, line.actual)) for line in lines])
    assert (grid.amount, grid.spent, grid.variance) == (total.amount, total.actual, total.variance)


@pytest.mark.parametrize("dimension", Dimension)
def test_the_parts_add_up_by_whatever_they_are_grouped(example, dimension):
    BudgetLineFactory(budget=example, group="Apart", amount=7)
    totals = totals_by(example.lines.all(), dimension)
    assert sum(total.amount for total in totals) == 200 * MILLION + 7
    assert sum(total.lines for total in totals) == 7


def test_lines_without_a_heading_or_a_function_come_last(budget):
    BudgetLineFactory(budget=budget, group="")
    BudgetLineFactory(budget=budget, group="Zoo")
    function = DelegatedFunctionFactory(partnership=budget.partnership, title="Zoology")
    BudgetLineFactory(budget=budget, group="Zoo", function=function)
    assert [row.label for row in totals_by(budget.lines.all(), Dimension.HEADING)] == ["Zoo", "No heading"]
    assert [row.label for row in totals_by(budget.lines.all(), Dimension.FUNCTION)] == [
        "Zoology",
        "No single function",
    ]


@given(
    st.decimals(min_value=0, max_value=10**12, places=2), st.decimals(min_value=0, max_value=10**12, places=2)
)
def test_a_share_is_a_percentage_or_nothing(part, whole):
    share = share_of(part, whole)
    assert share is None if whole == 0 else share * whole / 100 - part < Decimal("0.01")


# Lists


def test_filters_of_the_lines(example, board, council):
    assert lines_shown(example, LineFilter()).count() == 6
    assert lines_shown(example, LineFilter(body=council)).count() == 3
    assert lines_shown(example, LineFilter(fund="set_aside")).count() == 1
    assert lines_shown(example, LineFilter(category="A", body=board)).count() == 2
    assert lines_shown(example, LineFilter(setting="hospital")).count() == 0
    line = example.lines.first()
    BudgetLine.objects.filter(pk=line.pk).update(title="Telecare 50% off", group="Homes")
    assert lines_shown(example, LineFilter(words="TELECARE")).get().pk == line.pk
    assert lines_shown(example, LineFilter(words="50%")).get().pk == line.pk
    assert lines_shown(example, LineFilter(heading="Homes")).get().pk == line.pk


def test_lawful_contributions_name_what_is_recorded(budget, board, council):
    paid = ContributionFactory(budget=budget)
    assert [(row.body, row.kind, row.recorded) for row in lawful_contributions(budget)] == [
        (council, FundKind.PAYMENT, None),
        (board, FundKind.PAYMENT, paid),
        (board, FundKind.SET_ASIDE, None),
    ]


def test_years_are_told_newest_first_in_two_queries(partnership, other_partnership):
    for year in (2024, 2025, 2026):
        budget = BudgetFactory(partnership=partnership, year=year)
        ContributionFactory(budget=budget, amount=year)
        BudgetLineFactory(budget=budget, amount=1000)
        BudgetLineFactory(budget=budget, amount=1000)
    BudgetFactory(partnership=other_partnership, year=2026)
    with CaptureQueriesContext(connection) as queries:
        years = budget_years(partnership)
    assert len(queries) == 1
    assert [year.budget.year for year in years] == [2026, 2025, 2024]
    assert years[0].sentence == (
        "£2,026 paid, £2,000 allocated. Unbalanced: £26 of the payments is not allocated."
    )


def test_lines_of_a_partnership_are_its_own(line, other_partnership):
    BudgetLineFactory(budget__partnership=other_partnership)
    assert list(lines_of(line.budget.partnership)) == [line]


@pytest.mark.parametrize("model", [Budget, BudgetLine, Contribution, LocalityShare])
def test_rows_are_visible_to_members_only(line, north, model, finance_officer, outsider, stranger):
    LocalityShareFactory(line=line, locality=north)
    ContributionFactory(budget=line.budget)
    assert model.objects.visible_to(finance_officer).exists()
    assert model.objects.for_partnership(line.budget.partnership).exists()
    for nobody in (outsider, stranger):
        assert not model.objects.visible_to(nobody).exists()


# What others show


def test_the_home_page_is_told_the_newest_year(example, finance_officer):
    standing = standing_of(finance_officer, example.partnership)
    BudgetFactory(partnership=example.partnership, year=2025)
    line = home_line(standing)
    assert line.sentence.startswith("2026/27: £180,000,000 paid and £20,000,000 set aside")
    assert line.values == (0.0, 200_000_000.0)


def test_the_home_page_without_money(partnership, finance_officer):
    assert home_line(standing_of(finance_officer, partnership)).sentence == "No budget is open yet."


def test_a_locality_is_told_its_part(example, north, finance_officer):
    part = locality_part(standing_of(finance_officer, example.partnership), north)
    assert part.context["amount"] == 61 * MILLION
    assert part.context["share"] == Decimal("30.5")
    assert part.context["lines"] == 4
