from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import FilterForm, Form, FormHelper, offer
from partnerships.models import Body

from ..enums import Agreement
from ..models import Budget
from ..refusals import FigureMoved
from ..selectors import Figure, FigureRow, bodies_of, fingerprint
from .fields import AllocatedField


def figures_meant(posted: QueryDict, rows: Sequence[FigureRow]) -> dict[str, Decimal]:
    """The figures to confirm, each with the amount that the person saw: the ticked ones, or all rows on every page.

    Raises FigureMoved where all were meant and `rows` are not the ones that the page counted.
    """
    seen = [row.seen for row in rows] if "all" in posted else posted.getlist("figure")
    if "all" in posted and posted["all"] != fingerprint(rows):
        raise FigureMoved("Figures have changed since you opened the page. Look at them, and confirm again.")
    meant = {}
    for text in seen:
        key, _, amount = text.partition(":")
        try:
            meant[key] = Decimal(amount)
        except InvalidOperation:
            continue
    return meant


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
        if figure.is_income:
            self.fields["amount"] = MoneyField(label=self.fields["amount"].label)
        self.helper = FormHelper(submit="Dispute the figure")
