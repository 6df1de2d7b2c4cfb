"""The figures in words, written once: pages, charts, the plan and its PDF say the same sentence."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from foundation.sgds.formats import money

from .enums import FundKind

POTS = {
    FundKind.PAYMENT: "the payments",
    FundKind.SET_ASIDE: "the set-aside",
    FundKind.OWN_RESOURCE: "the lead agency's own resource",
}


def variance_word(variance: Decimal | None) -> str:
    """What a variance means: `overspent` below zero, for variance is budget less actual."""
    if variance is None:
        return "not recorded"
    if variance == 0:
        return "on budget"
    return "overspent" if variance < 0 else "underspent"


def variance_words(variance: Decimal | None) -> str:
    """`£8,000,000 overspent` for −8,000,000: variance is budget less actual."""
    word = variance_word(variance)
    return f"{money(abs(variance))} {word}" if variance else word


def difference_words(fund: FundKind, difference: Decimal) -> str:
    """What is left of one pot, or missing in it, once its lines are added up."""
    if difference > 0:
        return f"{money(difference)} of {POTS[fund]} is not allocated"
    return f"{money(-difference)} more is allocated than {POTS[fund]} hold{'' if fund == FundKind.PAYMENT else 's'}"


def balance_words(differences: Iterable[tuple[FundKind, Decimal]]) -> str:
    """Whether money in and money allocated agree, pot by pot (R-FIN-04)."""
    apart = [difference_words(fund, difference) for fund, difference in differences if difference]
    if not apart:
        return "Balanced: every pound that is paid or set aside is allocated."
    return f"Unbalanced: {' and '.join(apart)}."
