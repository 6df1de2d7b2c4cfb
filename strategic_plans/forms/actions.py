from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms

from budgets.models import BudgetLine
from foundation.sgds.fields import DateField, MoneyField
from foundation.sgds.forms import FilterForm, Form, FormHelper, offer
from foundation.sgds.widgets import CharacterCountTextarea
from localities.models import Locality
from partnerships.models import User

from ..enums import ActionStatus
from ..models import Action, Plan, Priority
from ..selectors.actions import (
    ME,
    NOBODY,
    WHOLE_AREA,
    ActionFilter,
    ActionRow,
    owners_of,
    possible_action_owners,
)
from ..selectors.choices import fundable_lines
from ..selectors.draft_text import plan_localities
from ..services import ActionDetails
from .plans import LONGEST_TITLE
from .priorities import lines_by_budget


class OwnerMixin(Form):
    """Who answers for an action: a person here, a body or role in words, or both."""

    owner = forms.ModelChoiceField(
        label="Person who reports on it here",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
    )
    owner_words = forms.CharField(
        label="Body or role that answers for it",
        help_text="For example: NHS Lothian, head of community nursing. The published plan prints this; "
        "only where it is empty does it print the person’s name.",
        max_length=120,
        required=False,
    )


class ActionForm(OwnerMixin):
    """What an action promises: what, who, when, where and for how much."""

    priority = forms.ModelChoiceField(
        label="Priority that it is done for", queryset=Priority.objects.none(), empty_label=None
    )
    title = forms.CharField(
        label="Title", help_text="For example: Train 40 carers in safe lifting", max_length=LONGEST_TITLE
    )
    what = forms.CharField(
        label="What will be done",
        help_text="A few sentences that somebody who was not there can check.",
        max_length=2_000,
        required=False,
        widget=CharacterCountTextarea(attrs={"rows": 5}, threshold=75),
    )
    starts_on = DateField(label="First day", required=False)
    due_on = DateField(label="Done by", required=False)
    cost = MoneyField(
        label="Cost in pounds",
        help_text="Over its whole time. Leave it empty if it costs nothing extra.",
        required=False,
        min_value=0,
        error_messages={"min_value": "Enter a cost of £0 or more"},
    )
    line = forms.ChoiceField(label="Budget line that pays", required=False)
    paid_from = forms.CharField(
        label="Where the money comes from, if no budget line pays",
        help_text="For example: Carers Act funding",
        max_length=160,
        required=False,
    )
    localities = forms.ModelMultipleChoiceField(
        label="Localities in which it is done",
        help_text="Tick none if it is done in the whole area.",
        queryset=Locality.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    field_order = [
        "priority",
        "title",
        "what",
        "owner",
        "owner_words",
        "starts_on",
        "due_on",
        "cost",
        "line",
        "paid_from",
        "localities",
        "revision",
    ]

    def __init__(self, *args: Any, plan: Plan, keeping: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {str(line.pk): line for line in fundable_lines(plan)}
        self.fields["line"].choices = [("", "No budget line"), *lines_by_budget(self.lines)]  # type: ignore[attr-defined]
        offer(self, "priority", plan.priorities.all())
        offer(self, "owner", possible_action_owners(plan.partnership, keeping))
        offer(self, "localities", plan_localities(plan))
        self.helper = FormHelper()
        self.helper.form_tag = False

    @staticmethod
    def initial_of(action: Action) -> dict[str, Any]:
        same = ("title", "what", "owner_words", "starts_on", "due_on", "cost", "paid_from", "revision")
        return {name: getattr(action, name) for name in same} | {
            "priority": action.priority_id,
            "owner": action.owner_id,
            "line": str(action.line_id or ""),
            "localities": [locality.pk for locality in action.localities.all()],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        starts, due = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts and due and due < starts:
            self.add_error("due_on", "The day by which it is done must not come before its first day")
        if cleaned.get("line") and cleaned.get("paid_from"):
            self.add_error(
                "paid_from", "A budget line pays: leave this empty, or choose “No budget line” above"
            )
        return cleaned

    def details(self) -> ActionDetails:
        """What the valid form says."""
        data = self.cleaned_data
        line: BudgetLine | None = self.lines.get(data["line"])
        same = ("title", "what", "owner", "owner_words", "starts_on", "due_on", "cost", "paid_from")
        return ActionDetails(
            **{name: data[name] for name in same}, line=line, localities=list(data["localities"])
        )


class AssignForm(OwnerMixin):
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        initial = {
            "owner": action.owner_id,
            "owner_words": action.owner_words,
            "revision": action.revision,
        }
        super().__init__(*args, initial=initial, **kwargs)
        partnership = action.priority.plan.partnership
        offer(self, "owner", possible_action_owners(partnership, action.owner_id))
        self.helper = FormHelper(submit="Save")


class UpdateForm(Form):
    """How an action stands: one choice and a sentence, to be answered with a thumb."""

    status = forms.ChoiceField(
        label="How does it stand?", choices=ActionStatus.reported(), widget=forms.RadioSelect
    )
    words = forms.CharField(
        label="What is new?",
        help_text="A sentence or two. Leave it empty if nothing has changed: that is an answer too.",
        max_length=2_000,
        required=False,
        widget=CharacterCountTextarea(attrs={"rows": 4}, threshold=75),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, action: Action, seen: int) -> None:
        super().__init__(data, initial={"status": action.status, "submission": uuid4, "seen": seen})
        self.helper = FormHelper(submit="Add the update")

    def clean_status(self) -> ActionStatus:
        return ActionStatus(self.cleaned_data["status"])


class ActionFilterForm(FilterForm):
    status = forms.ChoiceField(
        choices=[("", "Any"), ("open", "Not done yet"), *ActionStatus.choices], required=False, label="Status"
    )
    owner = forms.ChoiceField(required=False, label="Who answers for it")
    locality = forms.ChoiceField(required=False, label="Where")
    priority = forms.ChoiceField(required=False, label="Priority")

    def __init__(self, *args: Any, rows: list[ActionRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = {slug: name for row in rows for _, slug, name in row.localities}
        priorities = {str(row.priority): row.priority_label for row in rows}
        choices = {
            "owner": [("", "Anybody"), (ME, "Me"), (NOBODY, "Nobody yet"), *owners_of(rows)],
            "locality": [
                ("", "Anywhere"),
                (WHOLE_AREA, "The whole area"),
                *sorted(places.items(), key=lambda choice: choice[1]),
            ],
            "priority": [("", "Any"), *priorities.items()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]

    def chosen(self) -> ActionFilter:
        """What is filtered by; a choice that does not exist filters nothing."""
        self.is_valid()
        return ActionFilter(**{name: self.cleaned_data.get(name) or "" for name in self.fields})
