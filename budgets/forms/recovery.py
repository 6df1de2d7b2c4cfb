"""The recovery plan's actions and steps."""

from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper

from ..enums import ActionConfidence, ActionProgress, StepState
from ..models import RecoveryAction, RecoveryStep
from .fields import AllocatedField


class ActionForm(Form):
    action = forms.CharField(label="What is done", max_length=300)
    owner = forms.CharField(label="Who does it", max_length=120)
    amount = AllocatedField(label="By how much it lowers the overspend")
    due_on = DateField(label="By when")
    confidence = forms.ChoiceField(
        choices=ActionConfidence, label="How sure is the sum?", widget=forms.RadioSelect
    )
    progress = forms.ChoiceField(choices=ActionProgress, label="Progress")
    words = forms.CharField(
        required=False, label="How it stands", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    NAMES = ("action", "owner", "amount", "due_on", "confidence", "progress", "words")

    def __init__(self, *args: Any, found: RecoveryAction | None = None, **kwargs: Any) -> None:
        if found is not None:
            kwargs["initial"] = {name: getattr(found, name) for name in (*self.NAMES, "revision")}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the action")

    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.NAMES}


class StepForm(Form):
    state = forms.ChoiceField(choices=StepState, label="How far it was taken", widget=forms.RadioSelect)
    words = forms.CharField(
        required=False, label="What came of it", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, step: RecoveryStep, **kwargs: Any) -> None:
        super().__init__(*args, initial={"state": step.state, "words": step.words}, **kwargs)
        self.helper = FormHelper(submit="Save the step")
