from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils import timezone

from foundation.sgds.fields import DateField, MoneyField
from foundation.sgds.forms import Form, FormHelper

from ..enums import OfferStatus
from ..models import DiligenceNote, Offer
from ..services import OfferTerms, PassedThrough
from .fields import AllocatedField

FURTHER_ROWS = 3
MOST_ROWS = 40


class OfferForm(Form):
    """A body's offer for the year: the parts that it is worked out from."""

    status = forms.ChoiceField(
        choices=OfferStatus, label="Is the body bound by it?", widget=forms.RadioSelect
    )
    received_on = DateField(label="Received on")
    base = AllocatedField(label="Base", help_text="Last year’s recurring amount, as the body has it.")
    uplift = MoneyField(
        required=False, label="Uplift", help_text="What is added to the base. Below zero for a cut."
    )
    pressures = AllocatedField(
        required=False, label="Pressures", help_text="What is added for pay, prices and demand."
    )
    savings_asked = AllocatedField(
        required=False, label="Savings asked", help_text="Taken off: enter it without a minus sign."
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        label="Note",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="For example the letter or the minute that holds the offer.",
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    NAMES = ("status", "received_on", "base", "uplift", "pressures", "savings_asked", "note", "version")

    def __init__(self, *args: Any, current: Offer | None, **kwargs: Any) -> None:
        if current is not None:
            kwargs["initial"] = {name: getattr(current, name) for name in self.NAMES}
            kwargs["initial"]["received_on"] = timezone.localdate()
        super().__init__(*args, **kwargs)

    def terms(self, funding: list[PassedThrough]) -> OfferTerms:
        chosen = self.cleaned_data
        return OfferTerms(
            status=OfferStatus(chosen["status"]),
            received_on=chosen["received_on"],
            base=chosen["base"],
            uplift=chosen["uplift"] or Decimal(0),
            pressures=chosen["pressures"] or Decimal(0),
            savings_asked=chosen["savings_asked"] or Decimal(0),
            note=chosen["note"],
            funding=funding,
        )


class PassedThroughForm(Form):
    """One sum of national funding; an empty row is none."""

    title = forms.CharField(max_length=200, required=False, label="Funding")
    amount = AllocatedField(required=False, label="Amount")
    conditions = forms.CharField(max_length=2000, required=False, label="Conditions")
    is_recurring = forms.BooleanField(required=False, label="Recurring")

    def clean(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        if chosen.get("title") and not chosen.get("amount") and "amount" not in self.errors:
            self.add_error("amount", "Enter the amount of this funding, above zero")
        if not chosen.get("title") and (chosen.get("amount") or chosen.get("conditions")):
            self.add_error(
                "title", "Enter the name of this funding, for example “Living wage in social care”"
            )
        return chosen

    @property
    def row_label(self) -> str:
        return str(self["title"].value() or "") or f"Row {int(str(self.prefix).rpartition('-')[2]) + 1}"


class PassedThroughFormSet(BaseFormSet):
    """The national funding of one offer."""

    def passed_through(self) -> list[PassedThrough]:
        return [
            PassedThrough(row["title"], row["amount"], row["conditions"], row["is_recurring"])
            for form in self.forms
            if (row := form.cleaned_data).get("title")
        ]


def funding_form_set(data: Any, current: Offer | None) -> PassedThroughFormSet:
    """The rows of the version that stands, and a few empty ones."""
    made = forms.formset_factory(
        PassedThroughForm, formset=PassedThroughFormSet, extra=FURTHER_ROWS, max_num=MOST_ROWS
    )
    initial = [
        {
            "title": row.title,
            "amount": row.amount,
            "conditions": row.conditions,
            "is_recurring": row.is_recurring,
        }
        for row in (current.funding.all() if current else ())
    ]
    return made(data, initial=initial, prefix="funding")  # type: ignore[return-value]


class FindingNoteForm(Form):
    text = forms.CharField(
        max_length=2000, label="What finance says to it", widget=forms.Textarea(attrs={"rows": 4})
    )
    revision = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, note: DiligenceNote | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"text": note.text, "revision": note.revision} if note else {"revision": 0}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the note")
