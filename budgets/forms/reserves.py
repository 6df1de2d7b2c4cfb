"""Reserves, what moves in and out of them, and the policy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper, offer

from ..enums import ReserveFlow, ReserveKind
from ..models import Budget, MoneyPolicy, Reserve, ReserveMovement
from ..selectors import reserves_on
from ..services.reserves import MOVEMENT_RECORDED, RESERVE_RECORDED
from .fields import AllocatedField, DayOfTheYearField

MINUTE_HELP = "For example: Board of 4 March 2027, item 6."


class ReserveForm(Form):
    name = forms.CharField(max_length=120, label="Name")
    kind = forms.ChoiceField(
        choices=[("", "Choose one"), *ReserveKind.choices],
        label="Kind",
        help_text="Ring-fenced: its funder says what it is for. Earmarked: the board says so.",
    )
    purpose = forms.CharField(
        max_length=2000,
        label="Purpose",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it may be used for, and what happens if it is not.",
    )
    expires_on = DateField(
        required=False,
        label="Expires, or can be clawed back, on",
        help_text="Leave it empty where there is no such day. For example 31 March 2027.",
    )
    opening = AllocatedField(required=False, label="Held when the year began")
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, budget: Budget, reserve: Reserve | None = None, **kwargs: Any) -> None:
        if reserve is not None:
            kwargs["initial"] = {name: getattr(reserve, name) for name in (*RESERVE_RECORDED, "revision")}
        super().__init__(*args, **kwargs)
        if reserve is not None:
            del self.fields["opening"]
        else:
            self.fields["opening"].label = f"Held when {budget.year_label} began"
            self.fields[
                "opening"
            ].help_text = "Typed once. Every later year opens with what the year before closed at."
        self.helper = FormHelper(submit="Save the reserve" if reserve else "Add the reserve")

    def reserve_fields(self) -> dict[str, Any]:
        """The answers as `add_reserve` and `change_reserve` take them."""
        return {name: self.cleaned_data[name] for name in RESERVE_RECORDED}

    def first_held(self) -> Decimal:
        """What it held at first, in pounds; an empty box is nothing."""
        return self.cleaned_data["opening"] or Decimal(0)


class MovementForm(Form):
    reserve = forms.ModelChoiceField(
        queryset=Reserve.objects.none(), label="Reserve", empty_label="Choose one"
    )
    flow = forms.ChoiceField(
        choices=[
            ("", "Choose one"),
            (ReserveFlow.USED, "Used: it leaves the reserve"),
            (ReserveFlow.IN, "Transferred in: it goes into the reserve"),
        ],
        label="What happens",
    )
    amount = AllocatedField(label="Amount")
    is_budgeted = forms.BooleanField(
        required=False,
        label="Decided with the year’s budget",
        help_text="It is then part of the net budget: what the year may spend.",
    )
    moved_on = DateField(
        required=False, label="Made on", help_text="Leave it empty while the movement is only planned."
    )
    reason = forms.CharField(max_length=1000, label="Reason", widget=forms.Textarea(attrs={"rows": 3}))
    minute = forms.CharField(
        required=False, max_length=200, label="Minute of the decision", help_text=MINUTE_HELP
    )
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, budget: Budget, movement: ReserveMovement | None = None, **kwargs: Any
    ) -> None:
        if movement is not None:
            kwargs["initial"] = {name: getattr(movement, name) for name in (*MOVEMENT_RECORDED, "revision")}
        super().__init__(*args, **kwargs)
        offer(self, "reserve", reserves_on(budget))
        self.helper = FormHelper(submit="Save the movement" if movement else "Record the movement")

    def movement_fields(self) -> dict[str, Any]:
        """The answers as `move_reserve` and `change_movement` take them."""
        return {name: self.cleaned_data[name] for name in MOVEMENT_RECORDED}


class RemovalWithReasonForm(Form):
    """Something is removed: why, and in which revision it was read."""

    reason = forms.CharField(
        max_length=500,
        label="Reason for removing it",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays in the audit trail.",
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, submit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit=submit)


class PercentField(forms.DecimalField):
    """A share in per cent, from 0 to 100."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, **kwargs)


class MoneyPolicyForm(Form):
    general_reserve = PercentField(
        label="General reserve, per cent of the net budget",
        help_text="The least that the board wants to hold for what nobody foresees. Most boards say 2.",
    )
    on_track_from = PercentField(
        label="A saving is on track from, per cent of its target",
        help_text="Its forecast is at least this much of what it should save.",
    )
    at_risk_from = PercentField(
        label="A saving is at risk from, per cent of its target", help_text="Below this it is off track."
    )
    council_offers_by = DayOfTheYearField(
        label="A council’s offer is in time until",
        help_text="Day and month before the year begins. Councils set their budgets by 11 March.",
    )
    board_offers_by = DayOfTheYearField(
        label="The health board’s offer is in time until",
        help_text="Day and month before the year begins, 31 March at the latest.",
    )
    minute = forms.CharField(
        required=False, max_length=200, label="Minute of the decision", help_text=MINUTE_HELP
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, policy: MoneyPolicy, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(policy, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the policy")
