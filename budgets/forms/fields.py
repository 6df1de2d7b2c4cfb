"""What the money's forms share. Whatever people typed stays in its box."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import Form

NO_NEGATIVE = "An allocation cannot be negative. Enter the amount without a minus sign or brackets"


class AllocatedField(MoneyField):
    """A sum that is paid, set aside or allocated: never below zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, error_messages={"min_value": NO_NEGATIVE}, **kwargs)


class RefusableForm(Form):
    """A form that can show why a service refused, beside the boxes that the refusal is about."""

    def refuse(self, refusal: ValidationError) -> None:
        """The refusal's texts stand at their fields; what belongs to none stands above the form."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for field, texts in refusal.message_dict.items():
            for text in texts:
                self.add_error(field if field in self.fields else None, text)


def offer(form: forms.BaseForm, name: str, rows: QuerySet[Any], label: Callable[[Any], str] = str) -> None:
    """The field offers exactly these rows, so that nobody can choose another partnership's."""
    field: Any = form.fields[name]
    field.queryset = rows
    field.label_from_instance = label


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
