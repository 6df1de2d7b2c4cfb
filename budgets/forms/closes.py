"""Which two closes are compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from foundation.sgds.forms import FilterForm

from ..models import Close


class CompareForm(FilterForm):
    older = forms.TypedChoiceField(label="From", coerce=int, required=False)
    newer = forms.TypedChoiceField(label="To", coerce=int, required=False)

    def __init__(self, *args: Any, closes: Sequence[Close], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(close.pk, str(close)) for close in closes]
        for name in ("older", "newer"):
            field: Any = self.fields[name]
            field.choices = choices
        self.closes = list(closes)

    def chosen(self) -> tuple[int, int] | None:
        """The keys of two closes, the earlier first: the chosen ones or the last two; None where there are not two."""
        self.is_valid()
        wanted = {self.cleaned_data.get("older"), self.cleaned_data.get("newer")} - {None, ""}
        keys = [close.pk for close in reversed(self.closes)]
        found = [key for key in keys if key in wanted] if len(wanted) == 2 else keys[-2:]
        return (found[0], found[1]) if len(found) == 2 else None
