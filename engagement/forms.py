"""Checking what people write about engagement. Whatever they typed stays in its box."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.forms.boundfield import BoundWidget
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import FilterForm, Form, FormHelper, offer
from foundation.sgds.widgets import CharacterCountTextarea
from localities.models import Locality
from partnerships.models import Partnership, User

from .enums import Method, PromiseState
from .models import LONGEST_TEXT, Activity, Group, Promise
from .rules import Reach
from .selectors import WHOLE_AREA, ActivityFilter, possible_owners
from .services import PromiseGiven

MOST_RADIOS = 8
NO_NAMES = "Write what was said, not who said it: no names, addresses or health details of single people."


def writable_localities(partnership: Partnership, reach: Reach, keeping: int | None) -> QuerySet[Locality]:
    """The localities of today that the person writes for, and the one that the record has already."""
    own = Locality.objects.for_partnership(partnership).order_by("name")
    if not reach.everywhere:
        own = own.filter(pk__in=reach.locality_ids)
    today = own.on(timezone.localdate())
    return own.filter(Q(pk__in=today.values("pk")) | Q(pk=keeping))


class ActivityForm(Form):
    """Where, when, who, what. The same questions log an activity and change its record."""

    locality = forms.ModelChoiceField(
        queryset=Locality.objects.none(), label="Where", error_messages={"required": "Choose where it was"}
    )
    place = forms.CharField(
        max_length=120, label="Place", help_text="For example: Craigmillar library, or Monday lunch club."
    )
    held_on = DateField(label="When")
    groups = forms.ModelMultipleChoiceField(
        queryset=Group.objects.none(),
        label="Who was heard",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one group: who was heard?"},
    )
    heard = forms.CharField(
        max_length=LONGEST_TEXT,
        label="What we heard",
        widget=CharacterCountTextarea(attrs={"rows": 6}, threshold=80),
        help_text=NO_NAMES,
        error_messages={"required": "Write what you heard, in a sentence or two"},
    )
    method = forms.ChoiceField(choices=Method, initial=Method.MEETING, required=False, label="How")
    attendance = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=100_000,
        label="How many people",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "ds_input--fixed-5"}),
        error_messages={
            "invalid": "Enter the number of people in figures, for example 24",
            "min_value": "Enter the number of people, 0 or more",
            "max_value": "Enter a smaller number of people, up to 100,000",
        },
    )

    def __init__(
        self, *args: Any, partnership: Partnership, reach: Reach, keeping: int | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        localities = writable_localities(partnership, reach, keeping)
        places: Any = self.fields["locality"]
        places.required = not reach.everywhere
        places.empty_label = "The whole area" if reach.everywhere else None
        offered = list(localities)
        if len(offered) <= MOST_RADIOS:
            places.widget = forms.RadioSelect()
        offer(self, "locality", localities)
        if len(offered) == 1 and not reach.everywhere:
            places.initial = offered[0]
        offer(self, "groups", Group.objects.all())

    def clean_method(self) -> str:
        return self.cleaned_data["method"] or Method.MEETING

    def prescribed_boxes(self) -> list[BoundWidget]:
        return [box for box in self["groups"].subwidgets if box.data["value"].instance.is_prescribed]

    def other_boxes(self) -> list[BoundWidget]:
        return [box for box in self["groups"].subwidgets if not box.data["value"].instance.is_prescribed]

    def others_open(self) -> bool:
        """Whether one of the groups under the fold is chosen, so that it must not be hidden."""
        return any(box.data["selected"] for box in self.other_boxes())

    def activity_fields(self) -> dict[str, Any]:
        """The answers as `log_activity` and `change_activity` take them."""
        return {name: self.cleaned_data[name] for name in ActivityForm.base_fields}


class LogForm(ActivityForm):
    """An activity that has just been, with the promise if one was made."""

    submission = forms.UUIDField(widget=forms.HiddenInput)
    promised = forms.ChoiceField(
        choices=[("no", "No"), ("yes", "Yes")],
        initial="no",
        label="Was anything promised?",
        widget=forms.RadioSelect,
    )
    promise_text = forms.CharField(
        max_length=500,
        label="What was promised",
        error_messages={"required": "Write what was promised"},
    )
    promise_due_on = DateField(
        label="By when", error_messages={"required": "Enter the day by which it was promised"}
    )

    refused_as = {"text": "promise_text", "due_on": "promise_due_on"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"held_on": timezone.localdate(), "submission": uuid.uuid4()} | kwargs.get(
            "initial", {}
        )
        super().__init__(*args, **kwargs)
        if self.is_bound:
            for name in ("promise_text", "promise_due_on"):
                self.fields[name].required = self.data.get("promised") == "yes"

    def clean(self) -> dict[str, Any]:
        answers = self.cleaned_data
        if answers.get("promised") == "no" and answers.get("promise_text"):
            self.add_error(
                "promised", "You wrote a promise below. Choose “Yes” to keep it, or empty the box."
            )
        return answers

    def promise(self) -> PromiseGiven | None:
        if self.cleaned_data["promised"] == "no":
            return None
        return PromiseGiven(self.cleaned_data["promise_text"], self.cleaned_data["promise_due_on"])


class ChangeActivityForm(ActivityForm):
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        names = [name for name in ActivityForm.base_fields if name != "groups"]
        kwargs["initial"] = {name: getattr(activity, name) for name in [*names, "revision"]} | {
            "groups": [group.pk for group in activity.groups.all()]
        }
        super().__init__(*args, keeping=activity.locality_id, **kwargs)


class PromiseForm(Form):
    text = forms.CharField(
        max_length=500, label="What was promised", widget=CharacterCountTextarea(threshold=80)
    )
    due_on = DateField(label="By when")
    owner = forms.ModelChoiceField(
        queryset=User.objects.none(), label="Who sees to it", empty_label="Choose one"
    )
    revision = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, partnership: Partnership, promise: Promise | None = None, **kwargs: Any
    ) -> None:
        if promise is not None:
            kwargs["initial"] = {
                name: getattr(promise, name) for name in ("text", "due_on", "owner", "revision")
            }
        super().__init__(*args, **kwargs)
        offer(self, "owner", possible_owners(partnership))
        self.helper = FormHelper(submit="Save the promise" if promise else "Add the promise")


class OfPromiseForm(Form):
    """One question about a promise."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    submit = ""

    def __init__(self, *args: Any, promise: Promise, **kwargs: Any) -> None:
        super().__init__(*args, initial={"revision": promise.revision}, **kwargs)
        self.helper = FormHelper(submit=self.submit)


class DoneForm(OfPromiseForm):
    done_on = DateField(label="Done on", initial=timezone.localdate)
    submit = "Mark as done"


class TellBackForm(OfPromiseForm):
    told_back_on = DateField(label="Told back on", initial=timezone.localdate)
    how = forms.CharField(
        max_length=300,
        label="How the people were told",
        help_text="For example: at the next lunch club; letter to the tenants’ group; notice in the library.",
    )
    submit = "Told back"


class ReopenPromiseForm(OfPromiseForm):
    reason = forms.CharField(
        max_length=500,
        label="Reason",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stays in the audit trail.",
    )
    submit = "Open the promise again"


class PlaceFilterForm(FilterForm):
    locality = forms.ChoiceField(required=False, label="Where")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places: Any = self.fields["locality"]
        localities = Locality.objects.for_partnership(partnership).order_by("name")
        places.choices = [
            ("", "Everywhere"),
            (WHOLE_AREA, "The whole area"),
            *localities.values_list("slug", "name"),
        ]


class ActivityFilterForm(PlaceFilterForm):
    q = forms.CharField(required=False, max_length=200, label="Words")
    group = forms.ModelChoiceField(
        queryset=Group.objects.all(), to_field_name="number", required=False, label="Group"
    )
    method = forms.ChoiceField(choices=[("", "Any"), *Method.choices], required=False, label="How")
    since = DateField(required=False, label="From")
    until = DateField(required=False, label="To")

    field_order = ["q", "locality", "group", "method", "since", "until"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["group"]
        groups.choices = [("", "Any group"), *Group.objects.values_list("number", "short_name")]

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first. Change one of them.")
        return self.cleaned_data

    def filters(self) -> ActivityFilter:
        """The filters that can be read; one that cannot is told beside its box and filters nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        return ActivityFilter(
            words=chosen.get("q") or "",
            locality=chosen.get("locality") or "",
            group=chosen.get("group"),
            method=chosen.get("method") or "",
            since=chosen.get("since"),
            until=chosen.get("until"),
        )


class PromiseFilterForm(PlaceFilterForm):
    state = forms.ChoiceField(
        choices=[("", "Not kept yet"), *PromiseState.choices, ("all", "All")], required=False, label="Show"
    )
    mine = forms.BooleanField(required=False, label="Only those that I see to")

    field_order = ["state", "locality", "mine"]

    def filters(self, user: User) -> dict[str, Any]:
        self.is_valid()
        chosen = self.cleaned_data
        return {
            "state": chosen.get("state") or "",
            "locality": chosen.get("locality") or "",
            "owner": user if chosen.get("mine") else None,
        }
