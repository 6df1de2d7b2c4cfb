"""Filters that live in the address. An unreadable filter is said beside it and filters nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import FilterForm

from ..models import User
from ..permissions import PERMISSIONS, Permission
from ..selectors import action_words, app_words
from ..selectors.people import STATES
from .people import ROLE_FILTER


class PeopleFilterForm(FilterForm):
    q = forms.CharField(label="Name or e-mail address", required=False, max_length=120)
    role = forms.ChoiceField(label="Role", required=False, choices=ROLE_FILTER)
    state = forms.ChoiceField(label="Show", required=False, choices=list(STATES.items()))

    @property
    def chosen(self) -> dict[str, str]:
        """What to filter by; nothing that could not be read."""
        cleaned = self.cleaned_data if self.is_valid() or self.is_bound else {}
        return {
            "words": cleaned.get("q", ""),
            "role": cleaned.get("role", ""),
            "state": cleaned.get("state") or "now",
        }


class AuditFilterForm(FilterForm):
    person = forms.TypedChoiceField(label="Person", required=False, coerce=int, empty_value=None)
    action = forms.ChoiceField(label="What was done", required=False)
    since = DateField(label="From", required=False)
    until = DateField(label="To", required=False)
    q = forms.CharField(label="Words", required=False, max_length=120)

    def __init__(self, *args: Any, people: list[tuple[int, str]], actions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, action = self.fields["person"], self.fields["action"]
        assert isinstance(person, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(action, forms.ChoiceField)  # noqa: S101 - declared above
        person.choices = [("", "Everybody"), *people]
        named = sorted((f"{app_words(code)}: {action_words(code).lower()}", code) for code in actions)
        action.choices = [("", "Everything"), *[(code, words) for words, code in named]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "The last day is before the first. Change one of them.")
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """What to filter by; nothing that could not be read."""
        cleaned = self.cleaned_data if self.is_valid() or self.is_bound else {}
        return {
            "actor_id": cleaned.get("person"),
            "action": cleaned.get("action", ""),
            "since": cleaned.get("since"),
            "until": cleaned.get("until"),
            "words": cleaned.get("q", ""),
        }


class AccessForm(FilterForm):
    """ "May this person do that on this day?" Without person or act only the day counts."""

    person = forms.TypedChoiceField(label="Person", required=False, coerce=int, empty_value=None)
    act = forms.ChoiceField(label="May they do this?", required=False)
    on = DateField(label="On", required=False)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.pk: user for user in people}
        person, act = self.fields["person"], self.fields["act"]
        assert isinstance(person, forms.ChoiceField)  # noqa: S101 - declared above
        assert isinstance(act, forms.ChoiceField)  # noqa: S101 - declared above
        person.choices = [("", "Choose"), *[(user.pk, user.name) for user in people]]
        acts = sorted((wanted.act, wanted.code) for wanted in PERMISSIONS.values())
        act.choices = [("", "Choose"), *[(code, words) for words, code in acts]]

    @property
    def question(self) -> tuple[User, Permission] | None:
        """Who and what is asked about; None while one of them is open."""
        if not self.is_valid():
            return None
        person, act = self.cleaned_data.get("person"), self.cleaned_data.get("act")
        return (self.people[person], PERMISSIONS[act]) if person and act else None

    @property
    def day(self) -> date:
        asked = self.cleaned_data.get("on") if self.is_bound and self.is_valid() else None
        return asked or timezone.localdate()
