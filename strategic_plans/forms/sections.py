from __future__ import annotations

from typing import Any

from django import forms

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, offer
from partnerships.models import User

from ..models import Plan, Section
from ..selectors.plans import possible_owners
from ..services import SectionDetails


class SectionForm(Form):
    """A section, its text apart: what belongs in it, its place, who looks after it and by when."""

    title = forms.CharField(label="Heading", max_length=160)
    prompt = forms.CharField(
        label="What belongs in it",
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For those who write it. It is not printed.",
    )
    after = forms.ModelChoiceField(
        label="Its place",
        queryset=Section.objects.none(),
        required=False,
        empty_label="First of all sections",
    )
    owner = forms.ModelChoiceField(
        label="Who looks after it",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody in particular",
    )
    due_on = DateField(label="Written by", required=False, help_text="The owner sees it among what is due.")
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)

    def __init__(self, *args: Any, plan: Plan, section: Section | None = None, **kwargs: Any) -> None:
        others = plan.sections.exclude(pk=section.pk) if section else plan.sections.all()
        if section is not None:
            before = [row for row in others if row.position < section.position]
            kwargs["initial"] = {
                **SectionDetails.of(section).values(),
                "after": before[-1] if before else None,
                "revision": section.details_revision,
            }
        else:
            kwargs["initial"] = {"after": others.last()}
        super().__init__(*args, **kwargs)
        offer(self, "after", others, lambda row: f"After “{row}”")
        offer(self, "owner", possible_owners(plan.partnership))

    def details(self) -> SectionDetails:
        names = SectionDetails.__dataclass_fields__
        return SectionDetails(**{name: self.cleaned_data[name] for name in names})
