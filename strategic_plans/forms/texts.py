from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.richtext.forms import RichTextFormField
from foundation.sgds.forms import Form

from ..merging import Choice, Clash


class TextForm(Form):
    """A section's or locality's text, with the revision that it was opened at.

    `pictures` is the address to which the editor uploads them; without one it offers none.
    `offers` is the address at which the editor reads which live figures can be placed.
    """

    body = RichTextFormField(required=False)
    reason = forms.CharField(
        label="What did you change, and why?",
        max_length=300,
        required=False,
        help_text="It stands in the history beside this state of the text.",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # Names what this page keeps in the browser, so that the page after the saving can let go of it.
    page = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, label: str = "Text", pictures: str = "", offers: str = "", **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"page": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["body"].label = label
        attributes = self.fields["body"].widget.attrs
        attributes |= {
            name: url for name, url in (("data-pictures", pictures), ("data-placed", offers)) if url
        }


class CopyForm(Form):
    """What is typed and not saved yet, as the page keeps it; `typed` is false while nothing was typed."""

    body = RichTextFormField(required=False)
    revision = forms.IntegerField(min_value=0)
    typed = forms.BooleanField(required=False)


class ChoicesForm(Form):
    """What shall stand in each place that both changed."""

    mine = RichTextFormField(required=False, widget=forms.HiddenInput)
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(widget=forms.HiddenInput, max_length=300, required=False)
    page = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, clashes: Iterable[Clash] = (), theirs: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for clash in clashes:
            self.fields[f"choice-{clash.number}"] = forms.ChoiceField(
                label=f"What stands in place {clash.number}?",
                choices=[
                    (Choice.THEIRS.value, f"What {theirs} saved"),
                    (Choice.MINE.value, "What you wrote"),
                    (Choice.BOTH.value, "Both, one after the other"),
                ],
                initial=Choice.BOTH.value,
                widget=forms.RadioSelect,
            )

    def choices(self) -> dict[int, Choice]:
        """The choice for each place by its number, from what was sent."""
        known = {choice.value: choice for choice in Choice}
        sent = {name.removeprefix("choice-"): value for name, value in self.data.items() if "choice-" in name}
        return {
            int(number): known[value]
            for number, value in sent.items()
            if number.isdecimal() and len(number) < 6 and value in known
        }


class RestoreForm(Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
