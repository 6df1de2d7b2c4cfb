from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict

from foundation.sgds.forms import FilterForm, Form, FormHelper, offer
from partnerships.models import Body

from ..enums import Agreement
from ..models import Budget
from ..selectors import Figure, bodies_of
from .fields import AllocatedField


def ticked_figures(posted: QueryDict) -> dict[str, Decimal]:
    """The figures that were ticked, each with the amount that stood beside the box: `line-12:1250.50`."""
    seen = {}
    for text in posted.getlist("figure"):
        key, _, amount = text.partition(":")
        try:
            seen[key] = Decimal(amount)
        except InvalidOperation:
            continue
    return seen


class AgreementFilterForm(FilterForm):
    state = forms.ChoiceField(choices=[("", "Any"), *Agreement.choices], required=False, label="State")
    body = forms.ModelChoiceField(
        queryset=Body.objects.none(), required=False, label="Whose figure", empty_label="Any body"
    )

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "body", bodies_of(budget.partnership))

    def passes(self, figure: Figure) -> bool:
        """Whether the figure passes the filters; one that cannot be read filters nothing."""
        self.is_valid()
        state, body = self.cleaned_data.get("state"), self.cleaned_data.get("body")
        return (not state or figure.state == state) and (body is None or figure.body.pk == body.pk)


class DisputeForm(Form):
    amount = AllocatedField(label="The amount that you think right")
    reason = forms.CharField(
        max_length=2000,
        label="Why it is right",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For example the letter, the ledger or the minute that has it.",
    )
    seen = forms.DecimalField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, figure: Figure, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": figure.amount}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Dispute the figure")
