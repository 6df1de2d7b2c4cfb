"""Who may touch the money, and what the 2014 Act says about whose money may go where."""

from __future__ import annotations

from decimal import Decimal

from partnerships.enums import BodyKind, IntegrationModel, Role
from partnerships.models import Body, DelegatedFunction, Partnership
from partnerships.permissions import EVERY_ROLE, YES, Answer, permission

from .enums import FundKind
from .models import Budget

VIEW_BUDGETS = permission("budgets.view", "Reading the budget", *EVERY_ROLE, writes=False)
OPEN_BUDGET = permission(
    "budgets.open", "Opening a year's budget", Role.FINANCE_OFFICER, Role.CHIEF_FINANCE_OFFICER
)
SET_CONTRIBUTIONS = permission(
    "budgets.set_contributions",
    "Recording what a council or the health board pays",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    source="2014 Act s.14",
)
ALLOCATE = permission(
    "budgets.allocate",
    "Allocating the budget",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)
AGREE_BUDGET = permission(
    "budgets.agree",
    "Agreeing the budget",
    Role.CHIEF_FINANCE_OFFICER,
    needs_second_factor=True,
)

# What each body may put in, by model of integration (2014 Act ss.14, 18, 19). A council never sets aside.
LAWFUL_CONTRIBUTIONS: dict[IntegrationModel, dict[BodyKind, frozenset[FundKind]]] = {
    IntegrationModel.BODY_CORPORATE: {
        BodyKind.COUNCIL: frozenset({FundKind.PAYMENT}),
        BodyKind.HEALTH_BOARD: frozenset({FundKind.PAYMENT, FundKind.SET_ASIDE}),
    },
    IntegrationModel.LEAD_HEALTH_BOARD: {
        BodyKind.COUNCIL: frozenset({FundKind.PAYMENT}),
        BodyKind.HEALTH_BOARD: frozenset({FundKind.OWN_RESOURCE}),
    },
    IntegrationModel.LEAD_COUNCIL: {
        # Where several councils share one scheme, the others pay the lead council.
        BodyKind.COUNCIL: frozenset({FundKind.PAYMENT, FundKind.OWN_RESOURCE}),
        BodyKind.HEALTH_BOARD: frozenset({FundKind.PAYMENT, FundKind.SET_ASIDE}),
    },
    IntegrationModel.LEAD_BOTH: {
        BodyKind.COUNCIL: frozenset({FundKind.PAYMENT, FundKind.OWN_RESOURCE}),
        BodyKind.HEALTH_BOARD: frozenset({FundKind.PAYMENT, FundKind.SET_ASIDE, FundKind.OWN_RESOURCE}),
    },
}


def may_contribute(model: IntegrationModel | None, body: Body, kind: FundKind) -> Answer:
    """Whether the Act lets this body put in money of this kind under this model (R-FIN-01, R-FIN-03).

    No model: it is not recorded, and then nobody can tell who pays whom.
    """
    if kind == FundKind.SET_ASIDE and body.kind == BodyKind.COUNCIL:
        return Answer(
            False,
            f"{body} is a council, and a council never sets money aside: it pays. Only the health board "
            "may set aside (2014 Act s.14). Record the sum as a payment.",
        )
    if model is None:
        return Answer(
            False,
            "It is not recorded under which model of integration the partnership worked in this year, so the portal "
            "cannot tell who pays whom (2014 Act s.1(4)). Record the model in the integration scheme first.",
        )
    if kind in LAWFUL_CONTRIBUTIONS[model][BodyKind(body.kind)]:
        return YES
    if model == IntegrationModel.BODY_CORPORATE:
        return Answer(
            False,
            "An integration joint board has no lead agency: its council and health board pay, and the health "
            "board may set aside (2014 Act s.14). Record a payment instead.",
        )
    return Answer(
        False,
        f"Under the model “{model.label}”, money of the kind “{kind.label.lower()}” does not come from {body} "
        "(2014 Act ss.18, 19). Record it as the kind that the integration scheme names.",
    )


def is_constituent_authority(partnership: Partnership, body: Body) -> Answer:
    """Whether the body is a party of this partnership's scheme (2014 Act s.61)."""
    if body.pk == partnership.health_board_id or partnership.councils.filter(pk=body.pk).exists():
        return YES
    return Answer(
        False,
        f"{body} is not a constituent authority of {partnership}. Choose its council or its health board.",
    )


def may_fund(fund: FundKind, function: DelegatedFunction | None, delivered_by: Body) -> Answer:
    """Whether a line may be paid for out of this fund (R-FIN-02; 2014 Act s.1(14))."""
    if fund != FundKind.SET_ASIDE:
        return YES
    if function is None:
        return Answer(
            False,
            "Set-aside money is for the functions of a large hospital, so a set-aside line names one of them "
            "(2014 Act s.1(14)). Choose the function.",
        )
    if not function.is_large_hospital:
        return Answer(
            False,
            f"“{function}” is not marked as carried out in a large hospital, that is, for the areas of two or "
            "more councils, so its money cannot be set aside (2014 Act s.1(14)). Choose another function, or "
            "fund the line by payment.",
        )
    if delivered_by.kind != BodyKind.HEALTH_BOARD:
        return Answer(
            False,
            f"Set-aside money stays with the health board, so {delivered_by} cannot deliver a set-aside line "
            "(2014 Act s.14). Choose the health board.",
        )
    return YES


def can_be_changed(budget: Budget) -> Answer:
    """Whether figures of the budget may change: an agreed budget stands still for everybody."""
    if not budget.is_agreed:
        return YES
    return Answer(
        False,
        f"The {budget.year_label} budget is agreed, so its figures stand still. The chief finance officer can "
        "reopen it and gives a reason for it.",
    )


LARGEST_AMOUNT = Decimal("999999999999.99")  # fourteen digits, two of them pence


def is_amount(amount: Decimal, *, may_be_negative: bool = False) -> Answer:
    """Whether this is a sum in pounds and pence that a budget can hold."""
    if not amount.is_finite():
        return Answer(False, "Enter an amount in pounds and pence.")
    if amount < 0 and not may_be_negative:
        return Answer(
            False, "An allocation cannot be negative. Enter the amount without a minus sign or brackets."
        )
    if abs(amount) > LARGEST_AMOUNT:
        return Answer(
            False, f"Enter a smaller amount: a budget holds up to £{LARGEST_AMOUNT:,.0f}, fourteen digits."
        )
    if amount != amount.quantize(Decimal("0.01")):
        return Answer(False, "Enter the amount with pounds and at most two figures for pence.")
    return YES
