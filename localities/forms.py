from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper
from foundation.sgds.widgets import CharacterCountTextarea
from partnerships.models import Membership, Partnership

from .models import Locality
from .selectors import localities_on, possible_leads

LONGEST_TEXT = 5000


class ProfileForm(Form):
    profile = forms.CharField(
        label="What this locality is like",
        help_text="Its communities, its services, what matters to people here. Leave a blank line between paragraphs.",
        max_length=LONGEST_TEXT,
        required=False,
        widget=CharacterCountTextarea(attrs={"rows": 8}, threshold=75),
    )
    rationale = forms.CharField(
        label="Why the area is divided here",
        help_text="For example natural communities, groups of GP practices, community planning areas.",
        max_length=LONGEST_TEXT,
        required=False,
        widget=CharacterCountTextarea(attrs={"rows": 6}, threshold=75),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @staticmethod
    def initial_of(locality: Locality) -> dict[str, Any]:
        """What the form opens with."""
        return {
            "profile": locality.profile,
            "rationale": locality.rationale,
            "revision": locality.revision,
        }

    def opened_again_at(self, revision: int) -> ProfileForm:
        """The valid form with what was typed, which a second press on the button would save over that revision."""
        return ProfileForm({**self.cleaned_data, "revision": revision})

    def clean_profile(self) -> str:
        return with_plain_line_ends(self.cleaned_data["profile"])

    def clean_rationale(self) -> str:
        return with_plain_line_ends(self.cleaned_data["rationale"])


def with_plain_line_ends(text: str) -> str:
    """Browsers send line ends as two characters; one is kept, so that an unchanged text stays unchanged."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class MembershipChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        membership: Membership = obj
        return f"{membership.user.name} ({membership.user.email})"


class AppointLeadForm(Form):
    locality = forms.ModelChoiceField(
        label="Locality", queryset=Locality.objects.none(), empty_label="Choose"
    )
    membership = MembershipChoice(
        label="Locality lead",
        help_text="People who hold the locality lead role in this partnership.",
        queryset=Membership.objects.none(),
        empty_label="Choose",
    )
    starts_on = DateField(label="First day", initial=timezone.localdate)
    ends_on = DateField(label="Last day", required=False, help_text="Leave empty for until further notice.")

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["locality"].queryset = localities_on(partnership).select_related("partnership")  # type: ignore[attr-defined]
        self.fields["membership"].queryset = possible_leads(partnership)  # type: ignore[attr-defined]
        self.helper = FormHelper(submit="Appoint the lead")


class EndLeadForm(Form):
    ends_on = DateField(label="Last day as lead", initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="End the appointment")
