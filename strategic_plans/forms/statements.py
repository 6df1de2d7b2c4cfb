from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.forms import Form, FormHelper
from foundation.sgds.widgets import CharacterCountTextarea

from ..statements import Statement


class SignForm(Form):
    assumptions = forms.CharField(
        label="Assumptions",
        help_text="What the figures rest on: pay, prices, demand, savings, funding that is not confirmed.",
        max_length=5_000,
        widget=CharacterCountTextarea(attrs={"rows": 5}, threshold=75),
    )
    difference_reason = forms.CharField(
        label="Why it differs from the published plan",
        max_length=2_000,
        required=False,
        widget=CharacterCountTextarea(attrs={"rows": 3}, threshold=75),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, statement: Statement, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": format(statement.total, "f")}
        super().__init__(*args, **kwargs)
        if statement.difference is None or statement.ties:
            del self.fields["difference_reason"]
        self.helper = FormHelper(submit="Sign the statement")
