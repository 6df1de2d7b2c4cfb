"""The record of the integration scheme."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django import forms
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper
from foundation.sgds.widgets import CharacterCountTextarea

from ..enums import BodyKind, FunctionSetting, IntegrationModel, Post
from ..models import DelegatedFunction, IntegrationModelPeriod, IntegrationScheme, Partnership, PostHolder
from ..rules import may_be_large_hospital
from ..services.schemes import HOLDER_FIELDS, SCHEME_FIELDS

LONGEST_POLICY = 5000


class Revised(Form):
    """A form of a row that somebody else may save meanwhile."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def opened_again_at(self, revision: int) -> Self:
        """The same form with what was typed, which a second press on the button would save over that revision."""
        data = self.data.copy()  # type: ignore[attr-defined]  # a bound form has a QueryDict
        data["revision"] = str(revision)
        return type(self)(data)


class SchemeForm(Revised):
    approved_on = DateField(label="Approved by Scottish Ministers", required=False)
    effective_on = DateField(label="Takes effect", required=False)
    published_on = DateField(label="Published", required=False)
    last_review_on = DateField(
        label="Last review that decided no change",
        required=False,
        help_text="The five years to the next review run from that day (2014 Act s.44(5)).",
    )
    url = forms.URLField(
        label="Where it is published",
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text="The address of the scheme on the web.",
        error_messages={"invalid": "Enter an address like https://www.example.gov.uk/scheme"},
    )
    reporting_frequency = forms.CharField(
        label="How often money is reported to the board",
        required=False,
        max_length=120,
        help_text="For example: quarterly.",
    )
    variance_policy = forms.CharField(
        label="Overspends and underspends",
        required=False,
        max_length=LONGEST_POLICY,
        widget=CharacterCountTextarea(attrs={"rows": 5}, threshold=75),
        help_text="What the scheme says happens with a variance, in the year and at its end.",
    )
    virement_policy = forms.CharField(
        label="Moving money between budgets",
        required=False,
        max_length=LONGEST_POLICY,
        widget=CharacterCountTextarea(attrs={"rows": 5}, threshold=75),
    )
    dispute_policy = forms.CharField(
        label="Settling disputes",
        required=False,
        max_length=LONGEST_POLICY,
        widget=CharacterCountTextarea(attrs={"rows": 5}, threshold=75),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @staticmethod
    def initial_of(scheme: IntegrationScheme) -> dict[str, Any]:
        return {name: getattr(scheme, name) for name in (*SCHEME_FIELDS, "revision")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in ("variance_policy", "virement_policy", "dispute_policy"):
            if name in cleaned:
                cleaned[name] = cleaned[name].replace("\r\n", "\n").replace("\r", "\n")
        approved, effective = cleaned.get("approved_on"), cleaned.get("effective_on")
        if approved and effective and effective < approved:
            self.add_error(
                "effective_on", "A scheme takes effect when it is approved or later. Change one day."
            )
        return cleaned


class StartDayForm(Form):
    day = DateField(label="Functions are delegated from")
    is_exact = forms.BooleanField(
        label="This is the day of the order",
        required=False,
        help_text="Leave it empty while only the latest day that the law allowed is known.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the day")

    @staticmethod
    def initial_of(partnership: Partnership) -> dict[str, Any]:
        return {"day": partnership.integration_start_day, "is_exact": partnership.is_start_day_exact}

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if not date(2014, 4, 1) <= day <= timezone.localdate():
            raise forms.ValidationError(
                "Enter a day between 1 April 2014, when the Act was passed, and today."
            )
        return day


class ModelForm(Form):
    model = forms.ChoiceField(
        label="Model", choices=[("", "Choose"), *IntegrationModel.choices], help_text="2014 Act s.1(4)."
    )
    starts_on = DateField(label="From")

    def __init__(self, *args: Any, current: IntegrationModelPeriod | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.helper = FormHelper(submit="Record the change of model")


class FunctionForm(Form):
    title = forms.CharField(label="Function", max_length=300)
    legal_basis = forms.CharField(
        label="Law that confers it", max_length=300, help_text="Act and section, for example: 1968 Act s.22."
    )
    limits = forms.CharField(
        label="How far it is delegated",
        max_length=300,
        required=False,
        help_text="Leave empty if the whole of it is.",
    )
    delegated_by = forms.ChoiceField(label="Delegated by", choices=[("", "Choose"), *BodyKind.choices])
    setting = forms.ChoiceField(label="Setting", choices=[("", "Choose"), *FunctionSetting.choices])
    age_scope = forms.CharField(label="For whom", max_length=60, initial="Adults aged 18 and over")
    is_large_hospital = forms.BooleanField(
        label="Carried out in a hospital for the areas of two or more councils",
        required=False,
        help_text="Then a sum is set aside for it (2014 Act s.1(14)).",
    )
    starts_on = DateField(label="Delegated from", initial=timezone.localdate)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Add the function")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        fits = may_be_large_hospital(cleaned.get("delegated_by", ""), cleaned.get("setting", ""))
        if cleaned.get("is_large_hospital") and not fits:
            self.add_error(
                "is_large_hospital",
                "Money is set aside only for functions that the health board carries out in a hospital.",
            )
        return cleaned


class EndFunctionForm(Form):
    ends_on = DateField(label="Last day of the delegation")

    def __init__(self, *args: Any, function: DelegatedFunction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.function = function
        self.helper = FormHelper(submit="End the delegation")

    def clean_ends_on(self) -> date:
        day: date = self.cleaned_data["ends_on"]
        if day < self.function.starts_on:
            raise forms.ValidationError("The function was not delegated yet on that day. Enter a later one.")
        return day


class LargeHospitalForm(Form):
    is_large_hospital = forms.TypedChoiceField(
        label="Is it carried out in a hospital for the areas of two or more councils?",
        choices=[("yes", "Yes: a sum is set aside for it"), ("no", "No: it is paid for")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Where does the scheme say so?", max_length=300, help_text="Kept in the audit trail."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save the answer")


class PostHolderForm(Revised):
    post = forms.ChoiceField(label="Post", choices=[("", "Choose"), *Post.choices])
    name = forms.CharField(label="Name", max_length=120)
    is_interim = forms.BooleanField(label="Interim", required=False)
    starts_on = DateField(label="In post from")
    ends_on = DateField(label="Last day in post", required=False, help_text="Leave empty if still in post.")

    field_order = ["post", "name", "is_interim", "starts_on", "ends_on", "revision"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False

    @staticmethod
    def initial_of(holder: PostHolder | None) -> dict[str, Any]:
        if holder is None:
            return {"revision": 1}
        return {name: getattr(holder, name) for name in (*HOLDER_FIELDS, "revision")}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", "The last day is before the first day.")
        return cleaned
