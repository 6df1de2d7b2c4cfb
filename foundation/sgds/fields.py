"""Form fields that read what people write: dates in words or figures, money with commas."""

import datetime
import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from .widgets import DateWidget, MoneyWidget

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
DAY_FIRST = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
MONTH_IN_WORDS = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]+)\.?,?[ -](\d{4})", re.ASCII | re.IGNORECASE
)

MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "—": "-"})
SHORTENED_AMOUNT = re.compile(
    r"-?£?\d[\d,. ]*\s*(k|m|mn|bn|thousand|million|billion)\.?", re.ASCII | re.IGNORECASE
)
AMOUNT = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
CREDIT = re.compile(r"^(.+?)(?:-|CR)$", re.IGNORECASE)


def read_date(text: str) -> datetime.date:
    """The date that somebody wrote as 31/03/2027, 31 March 2027, 31 Mar 2027 or 2027-03-31.

    Raises ValueError when it is none of these or no such day exists.
    """
    text = " ".join(text.split())
    if match := DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := YEAR_FIRST.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := MONTH_IN_WORDS.fullmatch(text):
        day, month, year = int(match[1]), month_number(match[2]), int(match[3])
    else:
        raise ValueError("not written as a date")
    return datetime.date(year, month, day)


def month_number(word: str) -> int:
    """1 for January, jan or Jan. Raises ValueError for any other word."""
    word = word.lower()
    for number, name in enumerate(MONTHS, start=1):
        if word in {name, name[:3]} or (word == "sept" and number == 9):
            return number
    raise ValueError(f"{word} is no month")


class DateField(forms.DateField):
    """A date in one box, as people write it. The error keeps what was typed."""

    widget = DateWidget
    default_error_messages = {
        "invalid": "Enter a real date, for example 31 March 2027 or 31/03/2027",
    }

    def to_python(self, value: Any) -> datetime.date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return read_date(value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MoneyField(forms.DecimalField):
    """Pounds and pence: 61,204,000, £61,204,000.50 or -1,000. Brackets, 1,000- and 1,000 CR mean a negative amount, as
    ledgers write it, and - alone is nil.

    An amount such as £61.2m is refused in words, because nobody can tell which pounds it stands for.
    """

    widget = MoneyWidget
    default_error_messages = {
        "invalid": "Enter the amount in pounds and pence, for example 61,204,000 or 1,250.50",
        "shortened": "Enter the amount in full, in pounds, for example 61,204,000 instead of £61.2m",
        "max_decimal_places": "Enter the amount with pounds and at most two figures for pence",
    }

    def __init__(self, *, max_digits: int = 14, decimal_places: int = 2, **kwargs: Any) -> None:
        super().__init__(max_digits=max_digits, decimal_places=decimal_places, **kwargs)
        largest = f"£{10 ** (max_digits - decimal_places) - 1:,}"
        for code in ("max_digits", "max_whole_digits"):
            self.error_messages[code] = f"Enter a smaller amount: this box takes up to {largest}"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs say int
        if not isinstance(value, str):
            return super().to_python(value)
        text = "".join(value.split()).translate(MINUS_SIGNS)
        if not text:
            return None
        if text.startswith("(") and text.endswith(")"):
            text = f"-{text[1:-1]}"
        text = text.replace("£", "", 1)
        if text == "-":
            return Decimal(0)
        text = CREDIT.sub(r"-\1", text)
        if SHORTENED_AMOUNT.fullmatch(text):
            raise ValidationError(self.error_messages["shortened"], code="shortened")
        if not AMOUNT.fullmatch(text):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return Decimal(text.replace(",", ""))
