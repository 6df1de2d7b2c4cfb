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


def reserves_words(net: Decimal) -> str:
    """What planned movements of reserves do to the money that can be allocated; empty when they do nothing."""
    if not net:
        return ""
    return f"{money(net)} from reserves" if net > 0 else f"{money(-net)} into reserves"


def balance_words(
    differences: Iterable[tuple[FundKind, Decimal]], *, from_reserves: Decimal = Decimal(0)
) -> str:
    """Whether money in and money allocated agree, pot by pot (R-FIN-04).

    `from_reserves` is what the budget plans to use of reserves less what it puts into them; `differences` count it.
    """
    apart = [difference_words(fund, difference) for fund, difference in differences if difference]
    counted = f", with {reserves_words(from_reserves)} counted" if from_reserves else ""
    if not apart:
        return f"Balanced: every pound that is paid or set aside is allocated{counted}."
    return f"Unbalanced: {' and '.join(apart)}{counted}."
