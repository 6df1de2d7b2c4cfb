from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.forms import Form, FormHelper

from ..enums import Likelihood
from ..models import Risk
from ..services.risks import RISK_RECORDED
from .fields import AllocatedField


class RiskForm(Form):
    title = forms.CharField(
        max_length=200, label="Risk", help_text="For example: prescribing grows faster than planned."
    )
    lowest = AllocatedField(
        label="Lowest cost", help_text="If it happens. Enter 0 where it may cost nothing."
    )
    highest = AllocatedField(label="Highest cost", help_text="What it may cost this year at most.")
    likelihood = forms.ChoiceField(choices=Likelihood, label="Likelihood", widget=forms.RadioSelect)
    mitigation = forms.CharField(
        max_length=2000,
        label="What is done about it",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, risk: Risk | None = None, **kwargs: Any) -> None:
        if risk is not None:
            kwargs["initial"] = {name: getattr(risk, name) for name in (*RISK_RECORDED, "revision")}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the risk" if risk else "Add the risk")

    def risk_fields(self) -> dict[str, Any]:
        """The answers as `add_risk` and `change_risk` take them."""
        answers = {name: self.cleaned_data[name] for name in RISK_RECORDED}
        return answers | {"likelihood": Likelihood(answers["likelihood"])}
