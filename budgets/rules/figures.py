"""When figures may change, and what is a figure."""

from __future__ import annotations

from decimal import Decimal

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
