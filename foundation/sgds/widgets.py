"""Form widgets with the design system's markup, which the crispy pack wraps."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms


class DateWidget(forms.DateInput):
    """One text box; with JavaScript the design system adds its calendar button."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})}, format="%d/%m/%Y")

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime.date):
            return value.strftime("%d/%m/%Y")
        return None if value in (None, "") else str(value)


class MoneyWidget(forms.TextInput):
    """A text box after a £ sign; a stored amount appears with thousands separators, typed text as typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"inputmode": "decimal", "autocomplete": "off", **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, (Decimal, int)):
            amount = Decimal(value)
            return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
        return None if value in (None, "") else str(value)


class FoldedCheckboxes(forms.CheckboxSelectMultiple):
    """Checkboxes whose groups open one by one, for a long list of which little is chosen."""


class CharacterCountTextarea(forms.Textarea):
    """A text area that says how many characters are left, and never cuts off what was typed or pasted.

    The limit is the form field's max_length; `threshold` is the share of it, in per cent, from which on
    the count is shown.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, *, threshold: int = 0) -> None:
        super().__init__(attrs={"rows": 5, **(attrs or {})})
        self.threshold = threshold
