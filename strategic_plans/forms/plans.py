from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper

from ..enums import StartReason
from ..models import Plan

LONGEST_TITLE = 160
CARRY, ANEW = "carry", "anew"


class PeriodMixin(Form):
    period_start = DateField(
        label="First day of the plan",
        help_text="The day on which it takes effect. Leave it empty while it is not decided.",
        required=False,
    )
    period_end = DateField(label="Last day of the plan", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end <= start:
            self.add_error("period_end", "The last day of the plan must come after its first day")
        return cleaned


class NewPlanForm(PeriodMixin):
    title = forms.CharField(
        label="Title", max_length=LONGEST_TITLE, help_text="For example: Strategic plan 2026 to 2029"
    )
    reason = forms.ChoiceField(label="Why a plan is started", choices=StartReason, widget=forms.RadioSelect)

    begin = forms.ChoiceField(label="What it begins with", widget=forms.RadioSelect, required=False)

    field_order = ["title", "period_start", "period_end", "reason", "begin"]

    def __init__(self, *args: Any, before: Plan | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Start the plan")
        if before is None:
            del self.fields["begin"]
            return
        begin: Any = self.fields["begin"]
        begin.required = True
        begin.initial = CARRY
        begin.choices = [
            (CARRY, f"The sections and texts of “{before}”, its priorities and what is still to be done"),
            (ANEW, "The outline alone: every section says what belongs in it"),
        ]

    def carries(self) -> bool:
        return self.cleaned_data.pop("begin", "") == CARRY

    def clean_reason(self) -> StartReason:
        return StartReason(self.cleaned_data["reason"])


class PlanDetailsForm(PeriodMixin):
    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    field_order = ["title", "period_start", "period_end", "revision"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @staticmethod
    def initial_of(plan: Plan) -> dict[str, Any]:
        return {
            "title": plan.title,
            "period_start": plan.period_start,
            "period_end": plan.period_end,
            "revision": plan.revision,
        }

    def opened_again_at(self, revision: int) -> PlanDetailsForm:
        """The same form with what was typed, which a second press on the button would save over that revision."""
        return PlanDetailsForm({**self.data.dict(), "revision": revision})  # type: ignore[attr-defined]
