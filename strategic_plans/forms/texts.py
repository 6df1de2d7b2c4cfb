from __future__ import annotations

from typing import Any

from django import forms

from foundation.richtext.forms import RichTextFormField
from foundation.sgds.forms import Form


class TextForm(Form):
    """A section's or locality's text, with the revision that it was opened at."""

    body = RichTextFormField(required=False)
    reason = forms.CharField(
        label="What did you change, and why?",
        max_length=300,
        required=False,
        help_text="It stands in the history beside this state of the text.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, label: str = "Text", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].label = label


class RestoreForm(Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
