"""When figures may change, and what is a figure."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from partnerships.permissions import YES, Answer

from ..enums import FundKind
from ..models import Budget


def can_be_changed(budget: Budget) -> Answer:
    """Whether figures of the budget may change: an agreed budget stands still for everybody."""
    if not budget.is_agreed:
        return YES
    return Answer(
        False,
        f"The {budget.year_label} budget is agreed, so its figures stand still. It changes by virements and "
        "allocations in the year; before its first month is begun, the chief finance officer can also reopen it "
        "with a reason.",
    )


WHOLE = Decimal(100)
PENNY = Decimal("0.01")


def parts_of(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """The parts of the amount for these percentages, to the penny; what they leave of 100 % is nobody's.

    The parts add up to the rounded sum: pennies go to the parts that rounding down cut most, so that 100 % gives the
    whole amount, always.
    """
    if amount < 0:
        return [-part for part in parts_of(-amount, percents)]
    exact = [amount * percent / WHOLE for percent in percents]
    parts = [part.quantize(PENNY, ROUND_DOWN) for part in exact]
    whole = (amount * sum(percents, Decimal(0)) / WHOLE).quantize(PENNY, ROUND_HALF_UP)
    pennies = int((whole - sum(parts, Decimal(0))) / PENNY)
    most_cut = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in most_cut[:pennies]:
        parts[index] += PENNY
    return parts


def share_in(amount: Decimal | None, percent: Decimal | None) -> Decimal | None:
    """The part of the amount for this percentage, to the penny; None while either is not known."""
    if amount is None or percent is None:
        return None
    return (amount * percent / WHOLE).quantize(PENNY, ROUND_HALF_UP)


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


INCOME_IS_BELOW_ZERO = (
    "Income lowers what the year costs, so it stands below zero. Enter it with a minus sign or in brackets."
)


def has_its_sign(amount: Decimal, *, is_income: bool) -> bool:
    """Whether the amount is on the side of zero on which such a line stands. Nothing is on both."""
    return amount <= 0 if is_income else amount >= 0


def may_be_budgeted(amount: Decimal, *, is_income: bool) -> Answer:
    """Whether a line can be budgeted at this sum: income at zero or below, everything else at zero or above."""
    answer = is_amount(amount, may_be_negative=True)
    if not answer or has_its_sign(amount, is_income=is_income):
        return answer
    if is_income:
        return Answer(False, INCOME_IS_BELOW_ZERO)
    return Answer(
        False,
        "Only income is budgeted below zero. Enter the amount without a minus sign or brackets, or choose “Income” as "
        "the type of spend.",
    )


def may_be_income(fund: str) -> Answer:
    """Whether money of this kind has lines of income: what a board sets aside is what it spends (2014 Act s.1(14))."""
    if fund != FundKind.SET_ASIDE:
        return YES
    return Answer(
        False,
        "The set-aside is what the health board spends for the authority, so it has no lines of income. Choose "
        "another type of spend, or another kind of money.",
    )


def may_be_hosts_total(total: Decimal, *, is_hosted: bool, is_income: bool) -> Answer:
    """Whether a line can say that this is the host's budget for the whole service: a hosted line can."""
    if not is_hosted:
        return Answer(
            False,
            "Only a hosted line has a host with a total. Choose the side “Hosted service”, or leave the total empty.",
        )
    return may_be_budgeted(total, is_income=is_income)


def is_part_of(part: Decimal, whole: Decimal) -> bool:
    """Whether the part goes the way of the whole and no further; below zero where the whole is."""
    return min(whole, Decimal(0)) <= part <= max(whole, Decimal(0))
