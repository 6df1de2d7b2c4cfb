"""What the year is to save."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import Form, FormHelper, offer
from foundation.sgds.widgets import FoldedCheckboxes

from ..enums import STANDING, Arm, Assessment
from ..models import Budget, BudgetLine, Direction, Saving, SavingsTarget
from ..services.savings import RELATIONS, SAVING_RECORDED
from .fields import AllocatedField
from .line_choices import offer_lines
from .reserves import MINUTE_HELP


class SavingForm(Form):
    reference = forms.CharField(max_length=20, label="Reference", help_text="For example S7.")
    title = forms.CharField(max_length=200, label="Title", help_text="What is done to spend less.")
    lead = forms.CharField(max_length=120, label="Lead", help_text="Who answers for it.")
    arm = forms.ChoiceField(
        choices=[("", "Choose one"), *Arm.choices], label="Side of the budget that spends less"
    )
    target = AllocatedField(label="Target", help_text="What it should save this year.")
    is_recurring = forms.BooleanField(
        required=False, initial=True, label="Recurring: it saves the same again every year"
    )
    delivered = MoneyField(
        required=False, label="Delivered to date", help_text="Empty stands for nothing yet."
    )
    forecast = MoneyField(
        required=False, label="Forecast for the year", help_text="Leave it empty while nobody has made one."
    )
    note = forms.CharField(
        required=False,
        max_length=2000,
        label="What readers must know",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Why the forecast is short, and what is done about it.",
    )
    assessment = forms.ChoiceField(
        choices=Assessment,
        label="Impact assessment",
        help_text="Of the effect on people with protected characteristics and in poverty (Equality Act 2010).",
    )
    assessment_reference = forms.CharField(
        required=False,
        max_length=300,
        label="Where the assessment is kept, or why none is needed",
    )
    lines = forms.ModelMultipleChoiceField(
        queryset=BudgetLine.objects.none(),
        required=False,
        label="Lines that it takes money out of",
        widget=FoldedCheckboxes,
    )
    directions = forms.ModelMultipleChoiceField(
        queryset=Direction.objects.none(),
        required=False,
        label="Directions that carry it out",
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, budget: Budget, saving: Saving | None = None, **kwargs: Any) -> None:
        if saving is not None:
            kwargs["initial"] = {name: getattr(saving, name) for name in (*SAVING_RECORDED, "revision")}
            kwargs["initial"]["lines"] = [line.pk for line in saving.lines.all()]
            kwargs["initial"]["directions"] = [direction.pk for direction in saving.directions.all()]
        super().__init__(*args, **kwargs)
        offer_lines(self, "lines", budget)
        issued = Direction.objects.for_partnership(budget.partnership).issued()
        chosen = Q(state__in=STANDING) | Q(savings=saving) if saving else Q(state__in=STANDING)
        offer(self, "directions", issued.filter(chosen).distinct().order_by("reference"))
        self.helper = FormHelper(submit="Save the saving" if saving else "Add the saving")

    def saving_fields(self) -> dict[str, Any]:
        """The answers as `add_saving` and `change_saving` take them."""
        answers = {name: self.cleaned_data[name] for name in SAVING_RECORDED}
        chosen = {name: list(answers[name]) for name in RELATIONS}
        return answers | chosen | {"delivered": answers["delivered"] or Decimal(0)}


class SavingsTargetForm(Form):
    amount = AllocatedField(
        label="Target for the year",
        help_text="What the year must save for its budget to balance. What no saving is named for stands on every page "
        "of the year.",
    )
    minute = forms.CharField(
        required=False, max_length=200, label="Minute of the decision", help_text=MINUTE_HELP
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, target: SavingsTarget | None, **kwargs: Any) -> None:
        kwargs["initial"] = (
            {name: getattr(target, name) for name in ("amount", "minute", "revision")}
            if target
            else {"revision": 0}
        )
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the target")
