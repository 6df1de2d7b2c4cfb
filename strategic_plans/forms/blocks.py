from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from foundation.sgds.forms import FilterForm, Form

from ..blocks import Reference


class OfferFilter(FilterForm):
    q = forms.CharField(label="Search in their names", required=False, max_length=100)


class PlaceBlockForm(Form):
    """The figures that shall stand in a text. The page writes the choices itself, in groups."""

    reference = forms.CharField(
        label="Figures", error_messages={"required": "Choose what shall be shown"}, max_length=200
    )

    def clean_reference(self) -> Reference:
        reference = Reference.read(self.cleaned_data["reference"])
        if reference is None:
            raise ValidationError("Choose what shall be shown from the list")
        return reference
