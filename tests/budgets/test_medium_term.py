from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets import services
from budgets.enums import FundKind, PlanItem, Pressure, Scenario
from budgets.models import MediumTermPlan, OutlookFigure
from budgets.refusals import (
    ChangedMeanwhile,
    MoneyRefused,
    NotAnAmount,
    OutsideThePartnership,
    YearIsOpenAlready,
)
from budgets.rules import gap_of, unidentified_of
from budgets.selectors import plan_outlooks
from budgets.services import FigureEntry
from foundation.audit.models import Entry
from tests.factories import PartnershipFactory

pytestmark = pytest.mark.django_db

MILLION = 1_000_000


@pytest.fixture
def plan(partnership, joint_board, finance_officer) -> MediumTermPlan:
    return services.start_medium_term_plan(partnership=partnership, first_year=2026, by=finance_officer)


@pytest.fixture
def expected(plan):
    return plan.outlooks.get(scenario=Scenario.EXPECTED)


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


def second_year(council, board):
    """The worked year of the vectors: funding 198.0m, base 200.0m, pressures 9.5m, savings 7.0m."""
    return [
        FigureEntry(2027, PlanItem.FUNDING, Decimal(80 * MILLION), body=council, fund=FundKind.PAYMENT),
        FigureEntry(2027, PlanItem.FUNDING, Decimal(98 * MILLION), body=board, fund=FundKind.PAYMENT),
        FigureEntry(2027, PlanItem.FUNDING, Decimal(20 * MILLION), body=board, fund=FundKind.SET_ASIDE),
        FigureEntry(2027, PlanItem.BASE, Decimal(200 * MILLION)),
        FigureEntry(2027, PlanItem.PRESSURE, Decimal(10 * MILLION), pressure=Pressure.PAY),
        FigureEntry(2027, PlanItem.PRESSURE, Decimal(-500_000), pressure=Pressure.AGENCY),
        FigureEntry(2027, PlanItem.SAVINGS, Decimal(7 * MILLION)),
    ]


def save(outlook, figures, by, **more):
    return services.save_outlook(
        outlook=outlook, figures=figures, by=by, **({"assumptions": "", "revision": outlook.revision} | more)
    )


def test_the_vector_of_the_gap():
    gap = gap_of(
        funding=Decimal("198.0"), base=Decimal("200.0"), pressures=Decimal("9.5"), savings=Decimal("7.0")
    )
    assert (gap, unidentified_of(gap)) == (Decimal("-4.5"), Decimal("4.5"))
    assert unidentified_of(Decimal(3)) == 0


def test_a_scenario_adds_its_figures_up_and_keeps_the_set_aside_apart(
    plan, expected, council, board, finance_officer
):
    entries = [
        *second_year(council, board),
        FigureEntry(2028, PlanItem.BASE, Decimal(MILLION)),
    ]
    save(expected, entries, finance_officer, assumptions="Pay 3%")
    view = next(v for v in plan_outlooks(plan) if v.outlook == expected)
    year = view.years[1]
    assert (year.paid, year.set_aside, year.funding) == (178 * MILLION, 20 * MILLION, 198 * MILLION)
    assert (year.pressures, year.gap, year.unidentified) == (9_500_000, -4_500_000, 4_500_000)
    assert view.cumulative == (0, -4_500_000, -5_500_000, -5_500_000, -5_500_000)
    assert "the five years together are £5,500,000 short" in view.words
    assert [v.outlook.scenario for v in plan_outlooks(plan)] == ["worst", "expected", "best"]
    entry = Entry.objects.get(action="budgets.outlook_saved")
    assert entry.after["figures"]["2027 pressure agency"] == "-500000.00"


def test_saving_again_replaces_every_figure(plan, expected, council, board, finance_officer):
    save(expected, second_year(council, board), finance_officer)
    expected.refresh_from_db()
    save(expected, [FigureEntry(2026, PlanItem.BASE, Decimal(5))], finance_officer)
    assert OutlookFigure.objects.get().amount == 5


def test_what_is_refused(plan, expected, partnership, finance_officer):
    with pytest.raises(YearIsOpenAlready, match="2026/27 to 2030/31"):
        services.start_medium_term_plan(partnership=partnership, first_year=2026, by=finance_officer)
    with pytest.raises(MoneyRefused):
        services.start_medium_term_plan(partnership=partnership, first_year=2014, by=finance_officer)
    with pytest.raises(MoneyRefused, match="no figure for 2031"):
        save(expected, [FigureEntry(2031, PlanItem.BASE, Decimal(1))], finance_officer)
    with pytest.raises(NotAnAmount):
        save(expected, [FigureEntry(2026, PlanItem.SAVINGS, Decimal(-1))], finance_officer)
    stranger = PartnershipFactory().health_board
    with pytest.raises(OutsideThePartnership):
        save(
            expected,
            [FigureEntry(2026, PlanItem.FUNDING, Decimal(1), body=stranger, fund=FundKind.PAYMENT)],
            finance_officer,
        )
    with pytest.raises(ChangedMeanwhile):
        save(expected, [], finance_officer, revision=9)
    assert not OutlookFigure.objects.exists()


@pytest.mark.parametrize(
    "figure",
    [
        {"item": PlanItem.PRESSURE},
        {"item": PlanItem.BASE, "pressure": Pressure.PAY},
        {"item": PlanItem.FUNDING, "fund": FundKind.PAYMENT},
        {"item": PlanItem.SAVINGS, "amount": Decimal(-1)},
    ],
)
def test_the_database_knows_what_a_figure_is(expected, figure):
    with pytest.raises(IntegrityError), transaction.atomic():
        OutlookFigure.objects.create(outlook=expected, year=2026, **({"amount": Decimal(1)} | figure))


def test_an_empty_scenario_begins_with_another(plan, expected, council, board, finance_officer):
    save(expected, second_year(council, board), finance_officer)
    worst = plan.outlooks.get(scenario=Scenario.WORST)
    services.copy_outlook(outlook=worst, source=expected, by=finance_officer)
    assert worst.figures.count() == 7
    with pytest.raises(MoneyRefused):
        services.copy_outlook(outlook=worst, source=expected, by=finance_officer)


# The pages


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", *more])


def test_an_officer_plans_five_years_without_a_script(partnership, joint_board, finance, council):
    finance.post(at("start_medium_term"), {"first_year": "2027"})
    url = at("outlook", 2027, "expected")
    answers = {
        "base-2027": "200,000,000",
        "pressure-pay-2027": "£9,500,000",
        f"funding-{council.pk}-payment-2027": "198,000,000",
        "savings-2027": "7,000,000",
        "assumptions": "Pay rises by 3%.",
        "revision": "1",
    }
    worked_out = finance.post(url, answers | {"totals": "1"}).content.decode()
    assert "−£4,500,000" in worked_out
    assert not OutlookFigure.objects.exists()
    assert finance.post(url, answers).status_code == 302
    page = finance.get(at("medium_term", 2027)).content.decode()
    assert "£4,500,000 is still to be found in 2027/28" in page
    assert "Pay rises by 3%." in page
    again = finance.post(url, answers | {"assumptions": "Mine"})
    assert again.status_code == 409
    assert "Mine" in again.content.decode()
    assert "Pay rises by 3%." in again.content.decode()


def test_a_box_that_cannot_be_read_keeps_what_was_typed(plan, finance):
    page = finance.post(at("outlook", 2026, "worst"), {"base-2026": "about 5m", "revision": "1"})
    text = page.content.decode()
    assert "about 5m" in text
    assert "Enter the amount in pounds and pence" in text
    assert not OutlookFigure.objects.exists()


def test_queries_do_not_grow_with_the_figures(plan, expected, council, board, finance, finance_officer):
    def count():
        with CaptureQueriesContext(connection) as queries:
            finance.get(at("medium_term", 2026))
        return len(queries)

    count()
    save(expected, second_year(council, board)[:1], finance_officer)
    one = count()
    expected.refresh_from_db()
    save(expected, second_year(council, board), finance_officer)
    assert count() == one <= 15


def test_who_may(plan, auditor, sign_in):
    reader = sign_in(auditor)
    assert reader.get(at("medium_term", 2026)).status_code == 200
    assert reader.get(at("outlook", 2026, "worst")).status_code == 403
    assert sign_in(auditor).get(at("medium_term", 2030)).status_code == 404
