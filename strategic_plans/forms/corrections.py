from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.richtext.forms import RichTextFormField
from foundation.sgds.forms import Form

from ..chapters import Chapter

PREFIX = "text-"


class CorrectionForm(Form):
    """The texts of some parts of a published version, and why they are put right."""

    reason = forms.CharField(
        label="Why is it corrected?",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Readers see this beside the new version, for example: The address of the Forfar hub was wrong",
        error_messages={"required": "Say why the text is corrected"},
    )

    def __init__(self, *args: Any, chapters: Iterable[Chapter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for chapter in chapters:
            self.fields[f"{PREFIX}{chapter.key}"] = RichTextFormField(
                label=chapter.heading,
                required=False,
                initial="".join(paragraph.html for paragraph in chapter.paragraphs),
            )
        self.order_fields([name for name in self.fields if name != "reason"])

    @property
    def text_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    @property
    def texts(self) -> dict[str, str]:
        """What was written, by the keys of the parts."""
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }
