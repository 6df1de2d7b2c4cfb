"""How a sum is paid in months."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from .figures import PENNY

MONTHS_OF_A_YEAR = (
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "January",
    "February",
    "March",
)


def equal_parts(amount: Decimal, count: int) -> list[Decimal]:
    """The amount in equal parts to the penny; the last has the pennies that are left. Pounds."""
    part = (amount / count).quantize(PENNY, ROUND_DOWN)
    return [part] * (count - 1) + [amount - part * (count - 1)]


def month_words(year: int, month: int) -> str:
    """`April 2026` for month 1 of 2026/27."""
    return f"{MONTHS_OF_A_YEAR[month - 1]} {year if month <= 9 else year + 1}"
