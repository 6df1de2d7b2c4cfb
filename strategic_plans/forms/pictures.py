from __future__ import annotations

from typing import Any

from django import forms

from foundation.richtext.pictures import MAX_BYTES
from foundation.sgds.forms import Form


class PictureForm(Form):
    """A picture for a text, with the words for those who do not see it.

    `alt` comes out as None where nobody described the picture yet, which only a paste from elsewhere may leave so.
    """

    file = forms.FileField(
        label="Picture", error_messages={"empty": "The file is empty. Choose another file."}
    )
    alt = forms.CharField(label="Alternative text", max_length=500, required=False)
    decorative = forms.BooleanField(label="The picture is decoration", required=False)
    pasted = forms.BooleanField(required=False)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:  # read no further
            raise forms.ValidationError(
                f"The file has {file.size / 1_048_576:.0f} MB; up to {MAX_BYTES // 1_048_576} MB can be uploaded. "
                "Save the picture smaller, then upload it again."
            )
        return file

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        words, decorative = answers.get("alt", ""), answers.get("decorative")
        if words and decorative:
            self.add_error(
                "alt", "A picture that is decoration has no alternative text. Choose one of the two."
            )
        elif not words and not decorative and not answers.get("pasted") and "alt" not in self.errors:
            self.add_error(
                "alt",
                "Say what the picture shows, for people who do not see it, or say that it is decoration.",
            )
        if not words and not decorative:
            answers["alt"] = None
        return answers
