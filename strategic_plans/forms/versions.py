from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.forms import Form, FormHelper


class PublishForm(Form):
    approval_reference = forms.CharField(
        label="Who approved this text, and where it is recorded",
        help_text="For example: Integration Joint Board of 12 March 2026, item 7",
        max_length=160,
        error_messages={"required": "Say who approved this text and where that is recorded"},
    )
    label = forms.CharField(
        label="Name of this version", max_length=80, required=False, help_text="For example: Final"
    )
    reviewed = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
