from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.forms import FilterForm

from ..thread import Thread


class ThreadForm(FilterForm):
    """Which knot of the golden thread is followed."""

    at = forms.ChoiceField(required=False, label="Follow the thread of")

    def __init__(self, *args: Any, thread: Thread, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["at"].choices = [("", "The whole plan"), *thread.choices]  # type: ignore[attr-defined]
