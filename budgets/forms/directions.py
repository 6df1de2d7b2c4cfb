from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from foundation.sgds.fields import DateField, MoneyField
from foundation.sgds.forms import FilterForm, Form, FormHelper, offer
from foundation.sgds.widgets import CharacterCountTextarea, FoldedCheckboxes
from partnerships.models import Body, DelegatedFunction, Partnership

from ..enums import DirectionState, Effect, MoneyStated, Progress
from ..models import Budget, BudgetLine, Direction, Revocation
from ..selectors import bodies_of
from ..selectors.directions import DirectionFilter, LineToDirect, standing_directions
from ..services.directions import DirectionFields
from .fields import AllocatedField
from .functions import offer_functions

LONGEST_TEXT = 20_000
LONGEST_NOTE = 5_000


def _note(label: str, help_text: str = "", rows: int = 3, longest: int = LONGEST_NOTE) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=longest,
        widget=CharacterCountTextarea(attrs={"rows": rows}, threshold=75),
    )


class DirectionFilterForm(FilterForm):
    words = forms.CharField(required=False, max_length=100, label="Words")
    on = DateField(required=False, label="In force on")
    body = forms.ModelChoiceField(Body.objects.none(), required=False, label="To", empty_label="Everybody")
    function = forms.ModelChoiceField(
        DelegatedFunction.objects.none(), required=False, label="Function", empty_label="All functions"
    )
    state = forms.ChoiceField(required=False, label="Status", choices=[("", "All"), *DirectionState.choices])

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "body", bodies_of(partnership))
        offer_functions(self, "function", DelegatedFunction.objects.for_partnership(partnership))

    def filters(self) -> DirectionFilter:
        self.is_valid()
        data = self.cleaned_data
        return DirectionFilter(
            words=data.get("words") or "",
            in_force_on=data.get("on"),
            body=data.get("body"),
            function=data.get("function"),
            state=data.get("state") or "",
        )


# What a draft's form opens with, from columns of the same name.
COPIED = (
    *(
        "title",
        "text",
        "money",
        "budget",
        "amount",
        "method",
        "use_of_money",
        "starts_on",
        "review_on",
        "expected_end_on",
    ),
    *("plan_reference", "measures", "information", "engagement", "impact"),
    *("approved_on", "minute_reference", "revision"),
)


class DirectionForm(Form):
    """What a direction says. Everything but the title may wait until it is prepared."""

    title = forms.CharField(max_length=200, label="Title")
    text = _note(
        "What must be done",
        "The words of the direction. Leave a blank line between paragraphs.",
        rows=10,
        longest=LONGEST_TEXT,
    )
    bodies = forms.ModelMultipleChoiceField(
        Body.objects.none(),
        required=False,
        label="Who must carry it out",
        widget=forms.CheckboxSelectMultiple,
    )
    functions = forms.ModelMultipleChoiceField(
        DelegatedFunction.objects.none(),
        required=False,
        label="Delegated functions that it is about",
        widget=FoldedCheckboxes,
    )
    money = forms.ChoiceField(
        choices=MoneyStated, initial=MoneyStated.AMOUNT, label="Money", widget=forms.RadioSelect
    )
    budget = forms.ModelChoiceField(
        Budget.objects.none(), required=False, label="Year that the money belongs to", empty_label="No year"
    )
    amount = AllocatedField(
        required=False,
        label="Amount",
        help_text="Leave it empty if you choose budget lines on the next page: it is then their sum.",
    )
    method = _note("Method by which the payment is worked out", "Only if no amount is stated.")
    use_of_money = _note("How the money is to be used")
    starts_on = DateField(required=False, label="First day")
    review_on = DateField(
        required=False,
        label="Review by",
        help_text="It stays in force until it is varied, superseded or revoked. It does not end with the year.",
    )
    expected_end_on = DateField(
        required=False,
        label="Expected to end on",
        help_text="Leave it empty where no end is in sight. It does not end by itself: once the day is past, the "
        "register says so until somebody completes, varies or revokes it.",
    )
    supersedes = forms.ModelMultipleChoiceField(
        Direction.objects.none(),
        required=False,
        label="Directions that it supersedes",
        help_text="They end the day before this one begins.",
        widget=forms.CheckboxSelectMultiple,
    )
    plan_reference = forms.CharField(
        max_length=300,
        required=False,
        label="What it carries out of the strategic plan",
        help_text="For example the priority or the action.",
    )
    measures = _note("Outcomes and how they are measured")
    information = _note("Information to be given to the authority, and when", "2014 Act s.27(2).")
    engagement = _note("Who was involved and consulted")
    impact = _note("Impact assessments")
    approved_on = DateField(required=False, label="Approved by the authority on")
    minute_reference = forms.CharField(max_length=160, required=False, label="Minute or report")
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    refused_as = {"targets": "bodies", "replaces": "supersedes"}

    def __init__(
        self, *args: Any, partnership: Partnership, direction: Direction | None = None, **kwargs: Any
    ) -> None:
        parts = dict(direction.targets.values_list("body", "part")) if direction else {}
        replaced = list(direction.replaces.select_related("earlier")) if direction else []
        self.varied = [link.earlier for link in replaced if link.effect == Effect.VARIES]
        if direction is not None:
            superseded = [link.earlier_id for link in replaced if link.effect == Effect.SUPERSEDES]
            kwargs["initial"] = {
                **{name: getattr(direction, name) for name in COPIED},
                "bodies": list(parts),
                "functions": list(direction.functions.values_list("pk", flat=True)),
                "supersedes": superseded,
                **kwargs.get("initial", {}),
            }
        super().__init__(*args, **kwargs)
        self.listed = list(bodies_of(partnership))
        bodies: Any = self.fields["bodies"]
        bodies.queryset = bodies_of(partnership)
        bodies.choices = [(body.pk, body.name) for body in self.listed]
        offer_functions(self, "functions", DelegatedFunction.objects.for_partnership(partnership))
        offer(self, "budget", Budget.objects.for_partnership(partnership), lambda budget: budget.year_label)
        offer(
            self,
            "supersedes",
            standing_directions(partnership).exclude(pk__in=[earlier.pk for earlier in self.varied]),
        )
        for body in self.listed:
            self.fields[self._part_name(body)] = forms.CharField(
                required=False,
                max_length=300,
                label=f"Only this area or task, for {body}",
                initial=parts.get(body.pk, ""),
            )

    @staticmethod
    def _part_name(body: Body) -> str:
        return f"part_{body.pk}"

    @property
    def part_boxes(self) -> Iterator[forms.BoundField]:
        return (self[self._part_name(body)] for body in self.listed)

    def direction_fields(self) -> DirectionFields:
        """What the valid form says."""
        data = self.cleaned_data
        return DirectionFields(
            title=data["title"],
            text=data["text"],
            targets={body: data[self._part_name(body)] for body in data["bodies"]},
            functions=list(data["functions"]),
            money=MoneyStated(data["money"]),
            budget=data["budget"],
            amount=None if data["money"] == MoneyStated.METHOD else data["amount"],
            method=data["method"],
            use_of_money=data["use_of_money"],
            plan_reference=data["plan_reference"],
            measures=data["measures"],
            information=data["information"],
            engagement=data["engagement"],
            impact=data["impact"],
            approved_on=data["approved_on"],
            minute_reference=data["minute_reference"],
            starts_on=data["starts_on"],
            review_on=data["review_on"],
            expected_end_on=data["expected_end_on"],
            replaces={
                **dict.fromkeys(self.varied, Effect.VARIES),
                **dict.fromkeys(data["supersedes"], Effect.SUPERSEDES),
            },
        )


@dataclass(frozen=True)
class LineBox:
    """A row of the money table: the line and the box of its amount."""

    row: LineToDirect
    box: forms.BoundField


class DirectionMoneyForm(Form):
    """What a draft takes of each line; empty or nothing means not from there."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, direction: Direction, rows: list[LineToDirect], fill: bool = False, **kwargs: Any
    ) -> None:
        self.rows = rows
        kwargs["initial"] = {"revision": direction.revision}
        super().__init__(*args, **kwargs)
        for row in rows:
            left = row.left or None
            box = MoneyField if row.line.is_income else AllocatedField
            self.fields[self._name(row)] = box(
                required=False,
                label="This direction",
                initial=row.here if row.here is not None or not fill else left,
            )

    @staticmethod
    def _name(row: LineToDirect) -> str:
        return f"line-{row.line.pk}"

    @property
    def boxes(self) -> list[LineBox]:
        return [LineBox(row, self[self._name(row)]) for row in self.rows]

    def amounts(self) -> dict[BudgetLine, Decimal]:
        return {row.line: self.cleaned_data[self._name(row)] or Decimal(0) for row in self.rows}


class RevisionOnlyForm(Form):
    """A button that says which state of the record the person has seen."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class IssueForm(RevisionOnlyForm):
    unconfirmed_reason = _note(
        "Why it is issued although not all of its money is confirmed",
        "It stands in the letter and in the audit trail.",
    )

    def __init__(self, *args: Any, asks_reason: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_reason:
            self.fields["unconfirmed_reason"].required = True
        else:
            del self.fields["unconfirmed_reason"]
        self.helper = FormHelper(submit="Issue the direction")


class ReturnForm(RevisionOnlyForm):
    reason = forms.CharField(
        label="What must be put right", max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Give it back")


class RevokeForm(Form):
    """What is prepared for the chief officer to decide; `revision` 0 says that nothing was."""

    from_day = DateField(label="Not in force from", initial=timezone.localdate)
    minute_reference = forms.CharField(max_length=160, label="Minute of the decision")
    reason = forms.CharField(
        label="Reason", max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 4})
    )

    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, revocation: Revocation | None, **kwargs: Any) -> None:
        kwargs["initial"] = (
            {
                name: getattr(revocation, name)
                for name in ("from_day", "minute_reference", "reason", "revision")
            }
            if revocation
            else {"revision": 0}
        )
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Send it to the chief officer")


class DecideForm(RevisionOnlyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Revoke the direction")


class CompleteForm(Form):
    on = DateField(label="Completed on", initial=timezone.localdate)
    reason = forms.CharField(
        label="What was done",
        help_text="And how one can see it.",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Record it as completed")


class ProgressForm(Form):
    progress = forms.ChoiceField(choices=Progress, label="How it goes", widget=forms.RadioSelect)
    words = forms.CharField(
        label="In your own words",
        help_text="What was done, what is still to do, and what stands in the way.",
        widget=CharacterCountTextarea(attrs={"rows": 5}, threshold=75),
        validators=[MaxLengthValidator(LONGEST_NOTE)],
    )
    reported_on = DateField(label="As it stood on", initial=timezone.localdate)
    refused_as = {"on": "reported_on"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Send the report")


class ExemptionForm(Form):
    function = forms.ModelChoiceField(
        DelegatedFunction.objects.none(), label="Function", empty_label="Choose a function"
    )
    order = forms.CharField(
        max_length=200, label="Order of the Scottish Ministers", help_text="For example SSI 2020/12."
    )
    starts_on = DateField(label="From")
    ends_on = DateField(required=False, label="To")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_functions(self, "function", DelegatedFunction.objects.for_partnership(partnership))
        self.helper = FormHelper(submit="Record the exemption")


class DayForm(FilterForm):
    day = DateField(required=False, label="On")

    def chosen(self) -> Any:
        """The day that was chosen, today without one."""
        self.is_valid()
        return self.cleaned_data.get("day") or timezone.localdate()


class OwnCostForm(Form):
    amount = AllocatedField(
        label="Kept by the authority", help_text="Nothing means that all of it is directed."
    )
    purpose = forms.CharField(
        max_length=200, required=False, label="What it is for", help_text="For example external audit."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save")
