from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.fields import DateField
from foundation.sgds.forms import FilterForm, offer
from localities.models import Locality
from partnerships.models import Body

from ..enums import FundKind
from ..models import Budget, BudgetLine, Direction
from ..selectors import bodies_of, localities_of
from ..selectors.trail import TrailStart


class TrailForm(FilterForm):
    """Where one begins to follow the money."""

    paid_by = forms.ModelChoiceField(
        Body.objects.none(), required=False, label="Paid or set aside by", empty_label="Everybody"
    )
    fund = forms.ChoiceField(required=False, label="Kind of money", choices=[("", "All"), *FundKind.choices])
    line = forms.ModelChoiceField(
        BudgetLine.objects.none(), required=False, label="Line", widget=forms.HiddenInput
    )
    direction = forms.ModelChoiceField(
        Direction.objects.none(), required=False, label="Direction", empty_label="All directions"
    )
    locality = forms.ModelChoiceField(
        Locality.objects.none(), required=False, label="Locality", empty_label="All localities"
    )
    day = DateField(required=False, label="Directions in force on")

    def __init__(self, *args: Any, budget: Budget, directions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "paid_by", bodies_of(budget.partnership))
        offer(self, "line", budget.lines.order_by("position", "title", "pk"))
        offer(self, "direction", directions)
        offer(self, "locality", localities_of(budget).defer("boundary"))

    def start(self) -> TrailStart:
        self.is_valid()
        data = self.cleaned_data
        return TrailStart(
            paid_by=data.get("paid_by"),
            fund=data.get("fund") or "",
            line=data.get("line"),
            direction=data.get("direction"),
            locality=data.get("locality"),
        )
