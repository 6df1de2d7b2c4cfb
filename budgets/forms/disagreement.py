from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper

from ..enums import Meanwhile
from ..models import DisputeStep


class DisagreementForm(Form):
    since = DateField(label="Not agreed since")
    about = forms.CharField(
        max_length=2000,
        label="What the partners do not agree on",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    meanwhile = forms.ChoiceField(choices=Meanwhile, label="What stands meanwhile", widget=forms.RadioSelect)
    meanwhile_words = forms.CharField(
        required=False,
        max_length=1000,
        label="What stands, in the scheme’s words",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Needed where the integration scheme itself says what stands.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"since": timezone.localdate(), "meanwhile": Meanwhile.LAST_YEAR}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Record that the budget is not agreed")


class SettlementForm(Form):
    on = DateField(label="Agreed on")
    outcome = forms.CharField(
        max_length=2000,
        label="What the partners have agreed",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="And where it is written down.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": timezone.localdate()}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="The partners have agreed")


class NewStepForm(Form):
    title = forms.CharField(max_length=300, label="What is to be done")
    due_on = DateField(required=False, label="Due on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Add the step")


class StepForm(Form):
    title = forms.CharField(max_length=300, label="What is to be done")
    due_on = DateField(required=False, label="Due on")
    done_on = DateField(required=False, label="Done on", help_text="Leave it empty until the step is taken.")
    done_by = forms.CharField(max_length=200, required=False, label="Who took it")
    outcome = forms.CharField(
        max_length=2000, required=False, label="What came of it", widget=forms.Textarea(attrs={"rows": 3})
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, step: DisputeStep, **kwargs: Any) -> None:
        kwargs["initial"] = {
            name: getattr(step, name)
            for name in ("title", "due_on", "done_on", "done_by", "outcome", "revision")
        }
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the step")
