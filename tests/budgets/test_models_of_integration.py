"""Who may put in what, day by day, where the model of integration changes within a year."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from budgets import services
from budgets.enums import FundKind
from budgets.refusals import AgainstTheAct
from budgets.selectors import budget_summary, models_of_year, possible_contributions
from partnerships.enums import IntegrationModel
from tests.factories import BodyFactory, IntegrationModelPeriodFactory

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory

PAYMENT, SET_ASIDE, OWN = FundKind.PAYMENT, FundKind.SET_ASIDE, FundKind.OWN_RESOURCE
A, B, C, D = IntegrationModel


def period(partnership, model, starts_on, ends_on=None):
    return IntegrationModelPeriodFactory(
        partnership=partnership, model=model, starts_on=starts_on, ends_on=ends_on
    )


@pytest.fixture
def year(partnership):
    return BudgetFactory(partnership=partnership, year=2026)


def put_in(budget, body, kind, by):
    return services.set_contribution(budget=budget, body=body, kind=kind, amount=Decimal(5), by=by)


def test_the_days_of_a_year_under_each_model(partnership, year):
    period(partnership, A, date(2016, 4, 1), date(2026, 8, 31))
    period(partnership, C, date(2026, 10, 1))
    assert [(span.model, span.starts_on, span.ends_on) for span in models_of_year(year)] == [
        (A, date(2026, 4, 1), date(2026, 8, 31)),
        (None, date(2026, 9, 1), date(2026, 9, 30)),
        (C, date(2026, 10, 1), date(2027, 3, 31)),
    ]


def test_a_model_that_ends_within_the_year_or_begins_after_it(partnership, year):
    period(partnership, A, date(2016, 4, 1), date(2026, 12, 31))
    period(partnership, B, date(2027, 4, 1))
    assert [span.model for span in models_of_year(year)] == [A, None]


def test_a_sum_can_be_lawful_in_one_part_of_the_year(partnership, year, board, council, finance_officer):
    period(partnership, A, date(2016, 4, 1), date(2026, 9, 30))
    period(partnership, B, date(2026, 10, 1))
    rows = {(row.body, row.kind): row for row in possible_contributions(year)}
    assert rows[council, PAYMENT].when == ""
    assert rows[board, SET_ASIDE].when == (
        "Lawful for a part of the year alone: 1 April 2026 to 30 September 2026, under the model “Integration joint "
        "board” (2014 Act ss.1(4), 14, 18, 19)."
    )
    assert "1 October 2026 to 31 March 2027" in rows[board, OWN].when
    assert not rows[council, SET_ASIDE].is_lawful
    for body, kind in [(board, SET_ASIDE), (board, OWN), (council, PAYMENT)]:
        put_in(year, body, kind, finance_officer)
    line = BudgetLineFactory.build(delivered_by=board)
    services.add_line(
        budget=year,
        by=finance_officer,
        title="Own",
        delivered_by=board,
        category=line.category,
        setting=line.setting,
        amount=Decimal(5),
        fund=OWN,
    )


@pytest.mark.parametrize("model", list(IntegrationModel))
def test_a_council_never_sets_aside_under_any_model(partnership, year, council, finance_officer, model):
    period(partnership, model, date(2016, 4, 1))
    with pytest.raises(AgainstTheAct, match=r"never sets money aside: it pays.*2014 Act s\.14"):
        put_in(year, council, SET_ASIDE, finance_officer)


@pytest.mark.parametrize(
    ("model", "kind", "of_board", "words"),
    [
        (A, OWN, True, "no lead agency"),
        (B, PAYMENT, True, r"ss\.18, 19"),
        (B, SET_ASIDE, True, r"ss\.18, 19"),
        (B, OWN, False, r"ss\.18, 19"),
        (C, OWN, True, r"ss\.18, 19"),
        (C, PAYMENT, False, "does not pay itself"),
    ],
)
def test_the_direction_of_payment_fits_the_model(
    partnership, year, board, council, finance_officer, model, kind, of_board, words
):
    period(partnership, model, date(2016, 4, 1))
    with pytest.raises(AgainstTheAct, match=words):
        put_in(year, board if of_board else council, kind, finance_officer)
    assert not year.contributions.exists()


def test_a_change_of_model_hides_no_sum_and_the_budget_is_not_agreed_until_it_fits(
    partnership, year, board, council, finance_officer, chief_finance_officer, sign_in
):
    before = period(partnership, A, date(2016, 4, 1))
    put_in(year, council, PAYMENT, finance_officer)
    aside = put_in(year, board, SET_ASIDE, finance_officer)
    BudgetLineFactory(budget=year, delivered_by=board)
    before.model = B
    before.save()
    page = sign_in(finance_officer).get(reverse("budgets:contributions", args=["angus", 2026]))
    words = page.content.decode()
    assert "money of the kind “set aside” does not come from" in words
    assert "Then save this one as £0" in words
    with pytest.raises(AgainstTheAct, match=r"Set aside by NHS Tayside.*ss\.18, 19"):
        services.agree_budget(budget=year, by=chief_finance_officer)
    given = {"budget": year, "body": board, "kind": SET_ASIDE, "revision": aside.revision}
    with pytest.raises(AgainstTheAct):
        services.set_contribution(**given, amount=Decimal(4), by=finance_officer)
    services.set_contribution(**given, amount=Decimal(0), by=finance_officer)
    put_in(year, board, OWN, finance_officer)
    assert services.agree_budget(budget=year, by=chief_finance_officer).is_agreed


def test_the_other_councils_pay_the_lead_council(partnership, year, board, council, finance_officer):
    other = BodyFactory(kind="council", name="Fife Council")
    partnership.councils.add(other)
    period(partnership, C, date(2016, 4, 1))
    put_in(year, council, OWN, finance_officer)
    put_in(year, other, PAYMENT, finance_officer)
    put_in(year, board, PAYMENT, finance_officer)
    put_in(year, board, SET_ASIDE, finance_officer)
    with pytest.raises(AgainstTheAct, match=r"Angus Council is the lead agency.*pays the lead"):
        put_in(year, other, OWN, finance_officer)
    with pytest.raises(AgainstTheAct, match="does not pay itself"):
        put_in(year, council, PAYMENT, finance_officer)


def test_a_lead_agency_combines_what_it_is_paid_with_its_own_resource(partnership, year, board, council):
    """Both lead for the other, as in Highland: money is paid both ways, and each has its own."""
    period(partnership, D, date(2016, 4, 1))
    for body, kind, amount in [
        (council, PAYMENT, 80),
        (board, PAYMENT, 10),
        (board, OWN, 90),
        (council, OWN, 20),
        (board, SET_ASIDE, 30),
    ]:
        ContributionFactory(budget=year, body=body, kind=kind, amount=amount)
    summary = budget_summary(year)
    assert (summary.paid, summary.own_resource, summary.integrated_budget) == (90, 110, 200)
    assert summary.resources == 230


def test_resources_are_payments_and_set_aside(partnership, year, board, council):
    """The money vector of the field: 80m and 100m paid, 20m set aside."""
    period(partnership, A, date(2016, 4, 1))
    million = Decimal(1_000_000)
    ContributionFactory(budget=year, body=council, amount=80 * million)
    ContributionFactory(budget=year, body=board, amount=100 * million)
    ContributionFactory(budget=year, body=board, kind=SET_ASIDE, amount=20 * million)
    summary = budget_summary(year)
    assert (summary.resources, summary.integrated_budget) == (200 * million, 180 * million)
    assert not summary.is_balanced
