from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.forms import FilterForm, Form, FormHelper, offer
from partnerships.models import Partnership

from ..enums import Dimension, FundKind
from ..models import FIRST_YEAR, Budget
from ..selectors import PossibleContribution
from .fields import AllocatedField

YEARS_AHEAD = 5


class OpenBudgetForm(Form):
    year = forms.TypedChoiceField(label="Financial year", coerce=int)
    lines_from = forms.ModelChoiceField(
        queryset=Budget.objects.none(),
        required=False,
        label="Take over lines and amounts from",
        empty_label="No other year: start empty",
        help_text="You can change every line and amount afterwards. What was spent is not taken over.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        opened = list(Budget.objects.for_partnership(partnership))
        taken = {budget.year for budget in opened}
        today = timezone.localdate()
        current = today.year if (today.month, today.day) >= (4, 1) else today.year - 1
        years: Any = self.fields["year"]
        years.choices = [
            (year, f"{year}/{(year + 1) % 100:02d}")
            for year in range(current + YEARS_AHEAD, FIRST_YEAR - 1, -1)
            if year not in taken
        ]
        wanted = (current + 1, current, *range(current + 2, current + YEARS_AHEAD + 1))
        years.initial = next((year for year in wanted if year not in taken), None)
        offer(
            self, "lines_from", Budget.objects.for_partnership(partnership), lambda budget: budget.year_label
        )
        self.helper = FormHelper(submit="Open the year")


class ContributionForm(Form):
    amount = AllocatedField(label="Amount for the year")
    is_notional = forms.BooleanField(
        required=False,
        label="The figure is notional: the board’s own estimate, with no activity counted behind it",
    )
    method = forms.CharField(
        required=False,
        max_length=2000,
        label="How the sum was worked out",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="The integration scheme sets the method (2014 Act s.1(3)(d) and (e)).",
    )
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, sought: PossibleContribution, **kwargs: Any) -> None:
        recorded = sought.recorded
        if recorded is not None:
            initial = {
                name: getattr(recorded, name) for name in ("amount", "is_notional", "method", "revision")
            }
            kwargs["initial"] = {**initial, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if sought.kind != FundKind.SET_ASIDE:
            del self.fields["is_notional"]
        self.helper = FormHelper(submit="Save the contribution")


class ReopenForm(Form):
    reason = forms.CharField(
        max_length=500,
        label="Reason for reopening the budget",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays in the audit trail.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Reopen the budget")


class DimensionForm(FilterForm):
    by = forms.ChoiceField(choices=Dimension, required=False, label="Add up by")

    def dimension(self) -> Dimension:
        self.is_valid()
        return Dimension(self.cleaned_data.get("by") or Dimension.HEADING)
