"""When figures may change, and what is a figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from partnerships.permissions import YES, Answer

from ..models import Budget


def can_be_changed(budget: Budget) -> Answer:
    """Whether figures of the budget may change: an agreed budget stands still for everybody."""
    if not budget.is_agreed:
        return YES
    return Answer(
        False,
        f"The {budget.year_label} budget is agreed, so its figures stand still. The chief finance officer can "
        "reopen it and gives a reason for it.",
    )


WHOLE = Decimal(100)
PENNY = Decimal("0.01")


def parts_of(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """The parts of the amount for these percentages, to the penny; what they leave of 100 % is nobody's.

    The parts add up to the rounded sum: pennies go to the parts that rounding down cut most, so that 100 % gives the
    whole amount, always.
    """
    exact = [amount * percent / WHOLE for percent in percents]
    parts = [part.quantize(PENNY, ROUND_DOWN) for part in exact]
    whole = (amount * sum(percents, Decimal(0)) / WHOLE).quantize(PENNY, ROUND_HALF_UP)
    pennies = int((whole - sum(parts, Decimal(0))) / PENNY)
    most_cut = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in most_cut[:pennies]:
        parts[index] += PENNY
    return parts


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
