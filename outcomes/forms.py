from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from foundation.sgds.fields import DateField
from foundation.sgds.forms import FilterForm

from .enums import IndicatorSet, ReportingStatus
from .models import Indicator, Outcome
from .selectors import indicators_filtered


class OutcomeChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        outcome: Outcome = obj
        return f"{outcome.number} {outcome.title}"


class IndicatorFilterForm(FilterForm):
    """The filters of the list of indicators."""

    set = forms.ChoiceField(
        label="Published list", choices=[("", "All lists"), *IndicatorSet.choices], required=False
    )
    outcome = OutcomeChoice(
        label="Outcome",
        queryset=Outcome.objects.all(),
        to_field_name="number",
        empty_label="All outcomes",
        required=False,
    )
    status = forms.ChoiceField(
        label="Reporting", choices=[("", "All"), *ReportingStatus.choices], required=False
    )

    def indicators(self) -> QuerySet[Indicator]:
        """What the filters ask for; one that cannot be understood is left open, and its error stands on the page."""
        self.is_valid()
        chosen = self.cleaned_data
        return indicators_filtered(
            indicator_set=chosen.get("set", ""),
            outcome=chosen.get("outcome"),
            status=chosen.get("status", ""),
        )


class AsAtForm(FilterForm):
    as_at = DateField(label="Show the values known on", required=False)
