"""How figures and dates are written for people: £61,204,000, −£1,000, 4.2%, 31 March 2027."""

import datetime
import math
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

NOT_RECORDED = "not recorded"
MINUS = "−"
# Beyond a 1 with this many noughts a figure is a fault, and writing it out would fill the page.
LARGEST_POWER = 30
WIDE = Context(prec=2 * LARGEST_POWER)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def decimal_of(value: Any) -> Decimal | None:
    """The figure as a Decimal; None for nothing, for text that is no figure, for NaN and for infinity."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    try:
        figure = Decimal(str(value))
    except InvalidOperation:
        return None
    return figure if figure.is_finite() and figure.adjusted() < LARGEST_POWER else None


def rounded(figure: Decimal, places: int) -> Decimal:
    """Rounded half away from zero, as accounts are."""
    return figure.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=WIDE)


def signed(figure: Decimal, written: str) -> str:
    """The written absolute figure with a true minus sign before it when the figure is below zero."""
    return f"{MINUS}{written}" if figure < 0 else written


def money(value: Any) -> str:
    """`£61,204,000`, with pence only where there are any: `£1,250.50`. Nothing: `not recorded`."""
    figure = decimal_of(value)
    if figure is None:
        return NOT_RECORDED
    figure = rounded(figure, 2)
    places = 0 if figure == figure.to_integral_value() else 2
    return signed(figure, f"£{abs(figure):,.{places}f}")


def money_thousands(value: Any) -> str:
    """Thousands of pounds without the unit, which belongs in the header: `61,204`."""
    return scaled(value, 1_000, 0)


def money_millions(value: Any) -> str:
    """Millions of pounds with the unit: `£61.2m`."""
    written = scaled(value, 1_000_000, 1)
    if written == NOT_RECORDED:
        return written
    negative = written.startswith(MINUS)
    return f"{MINUS if negative else ''}£{written.lstrip(MINUS)}m"


def scaled(value: Any, divisor: int, places: int) -> str:
    figure = decimal_of(value)
    if figure is None:
        return NOT_RECORDED
    figure = rounded(figure / divisor, places)
    return signed(figure, f"{abs(figure):,.{places}f}")


def number(value: Any, places: int | None = None) -> str:
    """`61,204`, `3.75`; with `places` always that many decimals."""
    figure = decimal_of(value)
    if figure is None:
        return NOT_RECORDED
    if places is not None:
        figure = rounded(figure, places)
        return signed(figure, f"{abs(figure):,.{places}f}")
    written = f"{abs(figure):,f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return signed(figure, written)


def percent(value: Any, places: int = 1) -> str:
    """`4.2%` for 4.2: the figure is already a percentage. Whole figures lose the decimal: `85%`."""
    figure = decimal_of(value)
    if figure is None:
        return NOT_RECORDED
    figure = rounded(figure, places)
    if figure == figure.to_integral_value():
        places = 0
    return signed(figure, f"{abs(figure):,.{places}f}%")


def share(value: Any, places: int = 1) -> str:
    """`85.0%`: a percentage in a column, always with its decimals, so that they stand below each other."""
    written = number(value, places)
    return written if written == NOT_RECORDED else f"{written}%"


def date_uk(value: Any) -> str:
    """`31 March 2027`; a moment in time is first turned to Europe/London. Nothing: `not recorded`."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    if isinstance(value, datetime.date):
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return NOT_RECORDED


def count_in_words(count: int, one: str, many: str = "") -> str:
    """`no activities`, `one activity`, `nine activities`, `1,204 activities`."""
    noun = one if count == 1 else (many or f"{one}s")
    figure = NUMBER_WORDS[count] if 0 <= count < len(NUMBER_WORDS) else f"{count:,}"
    return f"{figure} {noun}"


def joined(parts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`; nothing of nothing."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
