from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper

from ..selectors import PaymentRow, Payments
from .fields import AllocatedField


class PaymentsForm(Form):
    """One box a month; months that are paid are shown, not asked."""

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, payments: Payments, **kwargs: Any) -> None:
        kwargs["initial"] = {"revision": payments.schedule.revision if payments.schedule else 0}
        super().__init__(*args, **kwargs)
        self.months = [row for row in payments.rows if row.paid_on is None]
        for row in self.months:
            self.fields[f"month-{row.month}"] = AllocatedField(label=row.label, initial=row.amount)
        self.helper = FormHelper(submit="Save the months")

    def amounts(self) -> dict[int, Decimal]:
        return {row.month: self.cleaned_data[f"month-{row.month}"] for row in self.months}


class PaidForm(Form):
    paid_on = DateField(
        required=False, label="Paid on", help_text="Leave it empty if it is not paid after all."
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, payments: Payments, row: PaymentRow, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "paid_on": row.paid_on or timezone.localdate(),
            "revision": payments.schedule.revision if payments.schedule else 0,
        }
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the day")
