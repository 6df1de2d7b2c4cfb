"""What the 2014 Act says about whose money may go where."""

from __future__ import annotations

from partnerships.enums import BodyKind, IntegrationModel
from partnerships.models import Body, DelegatedFunction, Partnership
from partnerships.permissions import YES, Answer

from ..enums import (
    INSTITUTIONAL_CATEGORIES,
    INSTITUTIONAL_SETTINGS,
    Arm,
    FundKind,
    Setting,
    SpendCategory,
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


def arm_of(fund: FundKind, delivered_by: Body) -> Arm:
    """The side of the budget that a line belongs to when nobody says otherwise."""
    if fund == FundKind.SET_ASIDE:
        return Arm.SET_ASIDE
    return Arm.COUNCIL if delivered_by.kind == BodyKind.COUNCIL else Arm.HEALTH_BOARD


def is_institutional(category: SpendCategory, setting: Setting) -> bool:
    """Whether money of this kind is spent in a hospital or a care home when nobody says otherwise."""
    return category in INSTITUTIONAL_CATEGORIES or setting in INSTITUTIONAL_SETTINGS


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
