"""Whose money may go where (2014 Act ss.1(14), 14, 18, 19)."""

from decimal import Decimal

import pytest

from budgets.enums import FundKind
from budgets.rules import (
    AGREE_BUDGET,
    ALLOCATE,
    LARGEST_AMOUNT,
    OPEN_BUDGET,
    SET_CONTRIBUTIONS,
    VIEW_BUDGETS,
    is_amount,
    is_constituent_authority,
    may_contribute,
    may_fund,
)
from partnerships.enums import IntegrationModel, Role
from partnerships.models import Body, DelegatedFunction

COUNCIL = Body(kind="council", name="Angus Council")
BOARD = Body(kind="health_board", name="NHS Tayside")
PAYMENT, SET_ASIDE, OWN = FundKind.PAYMENT, FundKind.SET_ASIDE, FundKind.OWN_RESOURCE
A, B, C, D = IntegrationModel


@pytest.mark.parametrize(
    ("model", "body", "allowed"),
    [
        (A, COUNCIL, {PAYMENT}),
        (A, BOARD, {PAYMENT, SET_ASIDE}),
        (B, COUNCIL, {PAYMENT}),
        (B, BOARD, {OWN}),
        (C, COUNCIL, {PAYMENT, OWN}),
        (C, BOARD, {PAYMENT, SET_ASIDE}),
        (D, COUNCIL, {PAYMENT, OWN}),
        (D, BOARD, {PAYMENT, SET_ASIDE, OWN}),
    ],
)
def test_each_model_lets_each_body_put_in_exactly_what_the_act_says(model, body, allowed):
    assert {kind for kind in FundKind if may_contribute(model, body, kind)} == allowed


@pytest.mark.parametrize("model", [*IntegrationModel, None])
def test_a_council_never_sets_aside(model):
    answer = may_contribute(model, COUNCIL, SET_ASIDE)
    assert not answer
    assert "a council never sets money aside" in answer.reason
    assert "s.14" in answer.reason


def test_without_a_recorded_model_nobody_pays_anything():
    answer = may_contribute(None, BOARD, PAYMENT)
    assert not answer
    assert "s.1(4)" in answer.reason


def test_a_joint_board_has_no_lead_agency():
    assert "s.14" in may_contribute(A, BOARD, OWN).reason


def test_a_wrong_direction_under_a_lead_agency_cites_its_sections():
    assert "ss.18, 19" in may_contribute(B, BOARD, SET_ASIDE).reason


def test_set_aside_pays_for_large_hospitals_only():
    hospital = DelegatedFunction(title="General medicine", is_large_hospital=True)
    cottage = DelegatedFunction(title="GP beds", is_large_hospital=False)
    assert may_fund(SET_ASIDE, hospital, BOARD)
    assert "s.1(14)" in may_fund(SET_ASIDE, cottage, BOARD).reason
    assert "s.1(14)" in may_fund(SET_ASIDE, None, BOARD).reason
    assert "s.14" in may_fund(SET_ASIDE, hospital, COUNCIL).reason


@pytest.mark.parametrize("fund", [PAYMENT, OWN])
def test_other_money_pays_for_anything(fund):
    assert may_fund(fund, None, COUNCIL)
    assert may_fund(fund, DelegatedFunction(is_large_hospital=False), BOARD)


def test_only_parties_of_the_scheme_are_constituent_authorities(partnership, other_partnership):
    assert is_constituent_authority(partnership, partnership.health_board)
    assert is_constituent_authority(partnership, partnership.councils.get())
    answer = is_constituent_authority(partnership, other_partnership.health_board)
    assert not answer
    assert "NHS Grampian" in answer.reason


@pytest.mark.parametrize(
    ("amount", "negative", "holds"),
    [
        ("0", False, True),
        ("0.01", False, True),
        ("999999999999.99", False, True),
        ("1000000000000", False, False),
        ("1.005", False, False),
        ("1E+3", False, True),
        ("-0.01", False, False),
        ("-0.01", True, True),
        ("-1000000000000", True, False),
        ("NaN", False, False),
        ("Infinity", True, False),
    ],
)
def test_amounts_that_a_budget_holds(amount, negative, holds):
    assert bool(is_amount(Decimal(amount), may_be_negative=negative)) is holds


def test_the_largest_amount_has_fourteen_digits():
    assert len(LARGEST_AMOUNT.as_tuple().digits) == 14


def test_who_may_do_what():
    finance = {Role.FINANCE_OFFICER, Role.CHIEF_FINANCE_OFFICER}
    assert OPEN_BUDGET.roles == ALLOCATE.roles == SET_CONTRIBUTIONS.roles == finance
    assert AGREE_BUDGET.roles == {Role.CHIEF_FINANCE_OFFICER}
    assert AGREE_BUDGET.needs_second_factor
    assert VIEW_BUDGETS.roles == set(Role) - {Role.NATIONAL_VIEWER}
