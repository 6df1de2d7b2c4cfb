"""What the 2014 Act says about whose money may go where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from foundation.sgds.formats import date_uk, joined
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
    lawful = LAWFUL_CONTRIBUTIONS[model][BodyKind(body.kind)]
    kinds = " or ".join(f"“{one.label.lower()}”" for one in FundKind if one in lawful)
    return Answer(
        False,
        f"Under the model “{model.label}”, money of the kind “{kind.label.lower()}” does not come from {body} "
        f"(2014 Act ss.18, 19). Record it as {kinds}.",
    )


@dataclass(frozen=True)
class ModelSpan:
    """The days of a year under one model of integration; None: for these days no model is recorded."""

    model: IntegrationModel | None
    starts_on: date
    ends_on: date


def may_contribute_in(spans: Sequence[ModelSpan], body: Body, kind: FundKind) -> tuple[Answer, str]:
    """Whether the Act lets this body put in money of this kind on any day of the year, and on which days if not on all.

    The model of integration holds per day (2014 Act ss.1(4), 47): where it changes within the year, a sum can be lawful
    in one part of the year alone. The words are empty when it is lawful on every day, or on none.
    """
    answers = [(span, may_contribute(span.model, body, kind)) for span in spans]
    lawful = [span for span, answer in answers if answer]
    if not lawful:
        refusals = [answer for span, answer in answers if span.model is not None]
        return refusals[0] if refusals else may_contribute(None, body, kind), ""
    if len(lawful) == len(spans):
        return YES, ""
    parts = joined(
        [
            f"{date_uk(span.starts_on)} to {date_uk(span.ends_on)}, under the model "
            f"“{span.model.label if span.model else ''}”"
            for span in lawful
        ]
    )
    return YES, f"Lawful for a part of the year alone: {parts} (2014 Act ss.1(4), 14, 18, 19)."


def may_lead_and_pay(
    spans: Sequence[ModelSpan],
    body: Body,
    kind: FundKind,
    others: Iterable[tuple[Body, FundKind]],
    councils: int,
) -> Answer:
    """Whether the sum fits those that stand already, where a council leads (2014 Act s.1(4)(c), s.19).

    One council leads and combines what it is paid with its own resource; the other councils of the scheme pay it.
    `others` are the sums that are recorded of the year; `councils` is the number of councils in the scheme.
    """
    if body.kind != BodyKind.COUNCIL or {span.model for span in spans} != {IntegrationModel.LEAD_COUNCIL}:
        return YES
    if kind == FundKind.PAYMENT and councils == 1:
        return Answer(
            False,
            f"{body} is the lead agency and does not pay itself: its own resource is combined with what the health "
            "board pays (2014 Act s.19). Record it as the lead agency’s own resource.",
        )
    for other, theirs in others:
        if kind == FundKind.OWN_RESOURCE == theirs and other.pk != body.pk:
            return Answer(
                False,
                f"{other} is the lead agency, with a resource of its own. Another council pays the lead (2014 Act "
                "s.19). Record a payment instead.",
            )
        if other.pk == body.pk and {kind, theirs} == {FundKind.OWN_RESOURCE, FundKind.PAYMENT}:
            return Answer(
                False,
                f"{body} has money of the kind “{theirs.label.lower()}” recorded already, and a lead agency does not "
                "pay itself (2014 Act s.19). Record one of the two.",
            )
    return YES


def may_have_own_resource(spans: Iterable[ModelSpan]) -> bool:
    """Whether a lead agency has a resource of its own in the budget on any day of the year (2014 Act ss.18, 19)."""
    return any(span.model not in {None, IntegrationModel.BODY_CORPORATE} for span in spans)


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
