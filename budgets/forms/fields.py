"""Boxes for amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.sgds.fields import MoneyField

NO_NEGATIVE = "An allocation cannot be negative. Enter the amount without a minus sign or brackets"


class AllocatedField(MoneyField):
    """A sum that is paid, set aside or allocated: never below zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, error_messages={"min_value": NO_NEGATIVE}, **kwargs)


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
