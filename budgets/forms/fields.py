"""Boxes for amounts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.sgds.fields import DateField, MoneyField

NO_NEGATIVE = "An allocation cannot be negative. Enter the amount without a minus sign or brackets"


class AllocatedField(MoneyField):
    """A sum that is paid, set aside or allocated: never below zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, error_messages={"min_value": NO_NEGATIVE}, **kwargs)


class DayOfTheYearField(forms.CharField):
    """A day of every year: 11 March, 11 Mar or 11/03. Its value is month and day, 03-11."""

    NO_LEAP_YEAR = 2001

    def prepare_value(self, value: Any) -> Any:
        """What stands in the box: 11 March for 03-11, and whatever somebody typed as it was typed."""
        try:
            return f"{date.fromisoformat(f'{self.NO_LEAP_YEAR}-{value}'):%-d %B}"
        except ValueError:
            return value

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        for between in " /":
            try:
                return f"{DateField().clean(f'{text}{between}{self.NO_LEAP_YEAR}'):%m-%d}"
            except ValidationError:
                continue
        raise ValidationError("Enter a day and a month that every year has, for example 11 March")


def readable(box: forms.BoundField) -> Decimal | None:
    """The amount in a box, or None where there is none or it cannot be read."""
    value = box.value()
    if value is None or isinstance(value, Decimal):
        return value
    return amount_in(str(value))


def amount_in(text: str) -> Decimal | None:
    try:
        return MoneyField(required=False).clean(text)
    except ValidationError:
        return None
