from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from foundation.richtext.forms import RichTextFormField
from foundation.sgds.forms import Form

from ..models import PlanVersion


class WrittenVariantForm(Form):
    """The plan in easy words or in Gaelic, made for one of its versions; `pictures` is where they are uploaded."""

    title = forms.CharField(
        label="Title, in the language of the text",
        max_length=160,
        error_messages={"required": "Give the text a title in its own language"},
    )
    version = forms.ChoiceField(label="It says what this version says")
    body = RichTextFormField(label="Text", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    # Names what this page keeps in the browser, so that the page after the saving can let go of it.
    page = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, versions: Iterable[PlanVersion], pictures: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"page": uuid.uuid4(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["body"].widget.attrs["data-pictures"] = pictures
        self._versions = {str(version.number): version for version in versions}
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            (number, version.name) for number, version in self._versions.items()
        ]

    @property
    def made_for(self) -> PlanVersion:
        return self._versions[self.cleaned_data["version"]]


class PublishVariantForm(Form):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
