"""The pound trail, followed from its parts and on into the plan."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from budgets.enums import FundKind
from budgets.selectors.trail import TrailStart, trail_lines, trail_rows, trail_total
from tests.browser.checks import markup_faults
from tests.factories import DelegatedFunctionFactory

from .directing import issued
from .factories import BudgetLineFactory, LocalityShareFactory

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)


@pytest.fixture
def nursing(partnership):
    return DelegatedFunctionFactory(partnership=partnership, title="District nursing")


@pytest.fixture
def home_care(budget, council):
    return BudgetLineFactory(
        budget=budget, title="Care at home", delivered_by=council, amount=Decimal("300.00")
    )


@pytest.fixture
def direction(budget, line, nursing, finance_officer, chief_officer):
    return issued(budget, nursing, finance_officer, chief_officer, {line: Decimal("800.00")})


def titles(budget, **start):
    return [line.title for line in trail_lines(budget, TrailStart(**start), APRIL)]


def test_every_pound_of_a_line_has_a_place_and_a_direction_or_none(budget, line, direction, north, board):
    LocalityShareFactory(line=line, locality=north, amount=Decimal("250.00"))
    row = trail_rows(budget, trail_lines(budget, TrailStart(), APRIL), APRIL)[0]
    assert row.paid_by == board.name
    assert [(place.label, place.amount) for place in row.places] == [
        ("North", Decimal("250.00")),
        ("Area-wide, not attributable", Decimal("750.00")),
    ]
    assert sum(place.amount for place in row.places) == line.amount
    assert [directed.direction for directed in row.directed] == [direction]
    assert row.undirected == Decimal("200.00")


def test_the_trail_begins_at_any_of_its_parts(
    budget, line, home_care, direction, north, council, large_hospital
):
    LocalityShareFactory(line=home_care, locality=north, amount=Decimal("10.00"))
    BudgetLineFactory(budget=budget, title="Wards", fund=FundKind.SET_ASIDE, function=large_hospital)
    assert titles(budget, paid_by=council) == ["Care at home"]
    assert titles(budget, fund=FundKind.SET_ASIDE) == ["Wards"]
    assert titles(budget, line=line) == ["District nursing"]
    assert titles(budget, direction=direction) == ["District nursing"]
    assert titles(budget, locality=north) == ["Care at home"]
    total = trail_total(trail_lines(budget, TrailStart(), APRIL))
    assert (total.without_set_aside, total.set_aside) == (Decimal("1300.00"), Decimal("100.00"))


def test_a_line_leads_on_to_the_priority_that_it_pays_for(ready_plan, officer, sign_in):
    line = ready_plan.partnership.budgets.get().lines.first()
    address = reverse("budgets:trail", args=["angus", line.budget.year])
    of_line, whole = (
        sign_in(officer).get(address, start).content.decode() for start in ({"line": line.pk}, {})
    )
    priority = ready_plan.priorities.get()
    assert priority.get_absolute_url() in of_line
    assert markup_faults(of_line) == markup_faults(whole) == []
    folded = f"Priority, draft plan: {priority.title}</summary>"
    assert folded in whole
    assert folded not in of_line


def test_the_number_of_queries_does_not_depend_on_the_lines(
    budget, line, direction, django_assert_max_num_queries
):
    for number in range(3):
        BudgetLineFactory(budget=budget, title=f"More {number}")
    with django_assert_max_num_queries(8):
        assert len(trail_rows(budget, trail_lines(budget, TrailStart(), APRIL), APRIL)) == 4
