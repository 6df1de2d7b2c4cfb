from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.sgds.forms import FilterForm, Form, offer

from ..editions import SectionPart
from ..models import Plan, Section
from .passages import LONGEST_QUERY


class FindSectionForm(FilterForm):
    q = forms.CharField(required=False, max_length=LONGEST_QUERY, label="Words")


class BorrowForm(Form):
    """Where the copy goes: a section of its own, or the end of one that is there."""

    into = forms.ModelChoiceField(
        label="Where it goes",
        queryset=Section.objects.none(),
        required=False,
        empty_label="A new section, the last of the plan",
    )
    title = forms.CharField(
        label="Heading of the new section",
        max_length=160,
        required=False,
        help_text="Only for a new section.",
    )

    def __init__(self, *args: Any, plan: Plan, source: SectionPart, **kwargs: Any) -> None:
        super().__init__(*args, initial={"title": source.title}, **kwargs)
        offer(self, "into", plan.sections.defer("body"), lambda row: f"At the end of “{row}”")

    def clean(self) -> dict[str, Any]:
        if (
            not self.cleaned_data.get("into")
            and "into" not in self.errors
            and not self.cleaned_data.get("title")
        ):
            self.add_error("title", ValidationError("Enter the heading of the new section", code="required"))
        return self.cleaned_data
