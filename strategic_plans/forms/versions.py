from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.forms import Form, FormHelper

from ..verification import NoCode, read_code

MOST_BYTES = 50 * 1024 * 1024


class VerifyForm(Form):
    """A code or a file to be checked: one of the two."""

    hides_optional = True

    code = forms.CharField(
        label="Code",
        required=False,
        max_length=120,
        help_text="It is printed on the cover of the PDF, for example 3F2A 91BC 77D0 12AA.",
        widget=forms.TextInput(
            attrs={"class": "ds_input--fixed-20", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    file = forms.FileField(
        label="File",
        required=False,
        max_length=200,
        help_text="Or the PDF, Word or data file as you have it, up to 50 MB. It is compared and not kept.",
    )

    def clean_code(self) -> str:
        try:
            return read_code(self.cleaned_data["code"]) if self.cleaned_data["code"] else ""
        except NoCode as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(
                "This file is larger than 50 MB, and no document of the portal is. "
                "Choose the file as it was downloaded."
            )
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("code") and not cleaned.get("file"):
            self.add_error("code", "Enter the code, or choose the file")
        return cleaned


class SnapshotForm(Form):
    """A name for the state of a draft that is to be kept."""

    label = forms.CharField(
        label="What is this snapshot for?",
        max_length=60,
        help_text="It is printed on every page, for example: For the planning group of 3 March",
        error_messages={"required": "Say what this snapshot is for, so that others know it by its name"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False


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
