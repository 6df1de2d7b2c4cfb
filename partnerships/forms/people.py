"""Inviting people, giving and ending roles, joining."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper
from foundation.sgds.widgets import CharacterCountTextarea

from ..account_forms import HOW_TO_CHOOSE
from ..enums import Role
from ..models import LONGEST_SUPPORT, Body, Membership, Partnership, User
from ..rules import ROLES_TO_GIVE, bodies_of, faults_of_role
from ..selectors import support_people

LONGEST_REASON = 300


class RoleFields(Form):
    """A role with its body and days, as one partnership can give it."""

    role = forms.ChoiceField(
        label="Role",
        choices=[("", "Choose"), *[(role.value, role.label) for role in ROLES_TO_GIVE]],
        help_text="What each role may do stands on the page “Who may do what”.",
    )
    body = forms.ModelChoiceField(
        label="Council or health board",
        queryset=Body.objects.none(),
        required=False,
        empty_label="None",
        help_text="Only for a partner officer: the body for which the person works.",
    )
    starts_on = DateField(label="First day", initial=timezone.localdate)
    ends_on = DateField(
        label="Last day",
        required=False,
        help_text="Leave empty for “until further notice”. An auditor needs one, at most twelve months on.",
    )

    def __init__(self, *args: Any, partnership: Partnership, submit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = bodies_of(partnership)
        field = self.fields["body"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = Body.objects.filter(pk__in=[body.pk for body in self.bodies])
        self.helper = FormHelper(submit=submit)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"role", "starts_on"} <= cleaned.keys() and "ends_on" in cleaned and "body" in cleaned:
            faults = faults_of_role(
                role=cleaned["role"],
                body=cleaned["body"],
                bodies=self.bodies,
                starts_on=cleaned["starts_on"],
                ends_on=cleaned["ends_on"],
            )
            for field, words in faults.items():
                self.add_error(field, words)
        return cleaned


class InviteForm(RoleFields):
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(
        label="E-mail address",
        help_text="Their address at work. The invitation goes there, and they sign in with it.",
        error_messages={"invalid": "Enter an e-mail address like name@example.gov.uk"},
    )

    field_order = ["name", "email", "role", "body", "starts_on", "ends_on"]

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())


class RoleForm(RoleFields):
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        help_text="Kept with the role and in the audit trail.",
    )


AT_ONCE, LATER = "at_once", "later"


class EndRoleForm(Form):
    when = forms.ChoiceField(
        label="When does the role end?",
        choices=[(AT_ONCE, "At once"), (LATER, "At the end of a day")],
        widget=forms.RadioSelect,
        initial=LATER,
    )
    ends_on = DateField(
        label="Last day", required=False, help_text="If at the end of a day: today or a later day."
    )
    reason = forms.CharField(
        label="Reason", max_length=LONGEST_REASON, help_text="Kept with the role and in the audit trail."
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        self.helper = FormHelper(submit="End the role")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == LATER and "ends_on" in cleaned:
            if cleaned["ends_on"] is None:
                self.add_error("ends_on", "Enter the last day, or choose “At once”.")
            elif cleaned["ends_on"] < timezone.localdate():
                self.add_error(
                    "ends_on", "That day has passed. Enter today or a later day, or choose “At once”."
                )
        return cleaned

    @property
    def last_day(self) -> date:
        """Yesterday when the role ends at once."""
        if self.cleaned_data["when"] == AT_ONCE:
            return timezone.localdate() - timedelta(days=1)
        last: date = self.cleaned_data["ends_on"]
        return last


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.email})"


class SupportForm(Form):
    user = PersonChoice(label="Support person", queryset=User.objects.none(), empty_label="Choose")
    hours = forms.IntegerField(
        label="For how many hours?",
        min_value=1,
        max_value=int(LONGEST_SUPPORT.total_seconds() // 3600),
        initial=2,
        help_text="From 1 to 8, beginning now.",
        error_messages={
            "min_value": "Enter a number of hours from 1 to 8",
            "max_value": "Enter a number of hours from 1 to 8",
            "invalid": "Enter a number of hours from 1 to 8",
        },
    )
    reason = forms.CharField(
        label="Reason",
        max_length=LONGEST_REASON,
        widget=CharacterCountTextarea(attrs={"rows": 3}),
        help_text="Kept in the audit trail with every page that they open.",
    )

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = User.objects.filter(pk__in=[user.pk for user in support_people(partnership)])
        self.helper = FormHelper(submit="Give support access")


class AcceptForm(Form):
    """Name and password of somebody who joins."""

    name = forms.CharField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Enter your name"},
    )
    password1 = forms.CharField(
        label="Password",
        strip=False,
        help_text=HOW_TO_CHOOSE,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Password, once more",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.helper = FormHelper(submit="Accept and go on")

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password1")
        if password and cleaned.get("password2") and password != cleaned["password2"]:
            self.add_error("password2", "The two passwords differ. Enter the same one twice.")
        if password:
            try:
                validate_password(password, User(email=self.email, name=cleaned.get("name", "")))
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return cleaned


ROLE_FILTER = [("", "All roles"), *[(role.value, role.label) for role in Role if role in ROLES_TO_GIVE]]
