from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory

from budgets.models import BudgetLine
from foundation.sgds.formats import money
from foundation.sgds.forms import Form, offer
from foundation.sgds.widgets import CharacterCountTextarea
from localities.models import Locality
from outcomes.enums import IndicatorSet, ReportingStatus
from outcomes.models import Indicator, Outcome, Principle

from ..models import Plan
from ..selectors.choices import fundable_lines
from ..selectors.draft_text import plan_localities
from ..services import PriorityDetails
from .plans import LONGEST_TITLE


class PrinciplesField(forms.ModelMultipleChoiceField):
    """Principles by their code and statutory words."""

    def label_from_instance(self, obj: Any) -> str:
        return f"({obj.code}) {obj.text}"


class PriorityForm(Form):
    """What a priority says, and the outcomes, principles and indicators that it is tied to."""

    title = forms.CharField(label="Title", max_length=LONGEST_TITLE)
    rationale = forms.CharField(
        label="Why this is a priority",
        help_text="What is to change, and for whom. Leave a blank line between paragraphs.",
        max_length=5_000,
        required=False,
        widget=CharacterCountTextarea(attrs={"rows": 8}, threshold=75),
    )
    evidence_of_need = forms.CharField(
        label="Evidence of need",
        help_text="What shows the need: figures with their source, and what people said. "
        "Leave a blank line between paragraphs.",
        max_length=5_000,
        required=False,
        widget=CharacterCountTextarea(attrs={"rows": 5}, threshold=75),
    )
    principles = PrinciplesField(
        label="Integration delivery principles that it has regard to",
        queryset=Principle.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    indicators = forms.MultipleChoiceField(
        label="Indicators that show whether it works", required=False, widget=forms.CheckboxSelectMultiple
    )
    localities = forms.ModelMultipleChoiceField(
        label="Localities that it is for",
        help_text="Tick none if it is for the whole area.",
        queryset=Locality.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "localities", plan_localities(plan))
        self.outcomes = list(Outcome.objects.all())
        for outcome in self.outcomes:
            self.fields[self.name_of(outcome)] = forms.CharField(
                label=str(outcome),
                help_text=outcome.text,
                max_length=1_000,
                required=False,
                widget=CharacterCountTextarea(attrs={"rows": 2}, threshold=75),
            )
        self.known = {str(indicator.pk): indicator for indicator in Indicator.objects.all()}
        self.fields["indicators"].choices = _by_set(self.known)  # type: ignore[attr-defined]

    @staticmethod
    def name_of(outcome: Outcome) -> str:
        return f"outcome_{outcome.number}"

    @property
    def outcome_fields(self) -> list[forms.BoundField]:
        return [self[self.name_of(outcome)] for outcome in self.outcomes]

    @staticmethod
    def initial_of(priority: Any) -> dict[str, Any]:
        """What the form opens with, from a row of `priorities_with_links`."""
        links = {f"outcome_{link['number']}": link["explanation"] for link in priority.outcome_array}
        return links | {
            "title": priority.title,
            "rationale": priority.rationale,
            "evidence_of_need": priority.evidence_of_need,
            "localities": [one["pk"] for one in priority.locality_array],
            "principles": [one["pk"] for one in priority.principle_array],
            "indicators": [str(one["pk"]) for one in priority.indicator_array],
            "revision": priority.revision,
        }

    def details(self, funding: dict[BudgetLine, Decimal]) -> PriorityDetails:
        """What the valid form says, with the money of the rows beside it."""
        data = self.cleaned_data
        explained = ((outcome, data[self.name_of(outcome)].strip()) for outcome in self.outcomes)
        return PriorityDetails(
            title=data["title"],
            rationale=data["rationale"],
            evidence_of_need=data["evidence_of_need"],
            localities=list(data["localities"]),
            outcomes={outcome: explanation for outcome, explanation in explained if explanation},
            principles=list(data["principles"]),
            indicators=[self.known[pk] for pk in data["indicators"]],
            funding=funding,
        )


def _by_set(indicators: dict[str, Indicator]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The indicators as choices under the names of their sets."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for pk, indicator in indicators.items():
        label = IndicatorSet(indicator.indicator_set).label
        name = str(indicator)
        if indicator.status != ReportingStatus.REPORTED:
            name = f"{name} ({ReportingStatus(indicator.status).label.lower()})"
        groups.setdefault(str(label), []).append((pk, name))
    return list(groups.items())


class FundingForm(Form):
    line = forms.ChoiceField(label="Budget line", required=False)
    share = forms.DecimalField(
        label="Share in per cent",
        required=False,
        max_digits=5,
        decimal_places=2,
        min_value=Decimal("0.01"),
        max_value=Decimal(100),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "ds_input--fixed-5"}),
        error_messages={
            "invalid": "Enter the share as a number from 0.01 to 100, for example 25",
            "min_value": "Enter a share of more than 0",
            "max_value": "Enter a share of at most 100",
        },
    )

    def __init__(self, *args: Any, lines: dict[str, BudgetLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["line"].choices = [("", "No line"), *lines_by_budget(lines)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("share") and not cleaned.get("line") and "line" not in self.errors:
            self.add_error("line", "Choose the budget line that this share is taken of")
        if cleaned.get("line") and not cleaned.get("share") and "share" not in self.errors:
            self.add_error("share", "Enter the share of this line, from 0.01 to 100 per cent")
        return cleaned

    @property
    def funding(self) -> tuple[BudgetLine, Decimal] | None:
        line = self.lines.get(self.cleaned_data.get("line", ""))
        return (line, self.cleaned_data["share"]) if line else None


def lines_by_budget(lines: dict[str, BudgetLine]) -> list[tuple[str, list[tuple[str, str]]]]:
    """The lines as choices under the names of their budgets."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for pk, line in lines.items():
        groups.setdefault(str(line.budget), []).append((pk, f"{line.title} ({money(line.amount)})"))
    return list(groups.items())


class BaseFundingFormSet(BaseFormSet):
    """The shares of budget lines; each line at most once."""

    def clean(self) -> None:
        chosen: set[str] = set()
        for form in self.forms:
            line = form.cleaned_data.get("line") if form.is_valid() else ""
            if line and line in chosen:
                form.add_error("line", "This line is named in a row above. Put both shares into one row")
            chosen.add(line)

    @property
    def funding(self) -> dict[BudgetLine, Decimal]:
        return dict(form.funding for form in self.forms if form.funding)


_FundingFormSet = formset_factory(
    FundingForm, formset=BaseFundingFormSet, extra=3, max_num=60, absolute_max=60
)


def funding_formset(plan: Plan, priority: Any = None, data: Any = None) -> BaseFundingFormSet:
    """Rows for the lines that pay for the priority (a row of `priorities_with_links`), and three empty ones."""
    parts = priority.funding_array if priority else []
    lines = {str(line.pk): line for line in fundable_lines(plan)}
    return _FundingFormSet(  # type: ignore[return-value]
        data,
        initial=[
            {"line": str(part["line"]), "share": f"{Decimal(part['share']).normalize():f}"} for part in parts
        ],
        form_kwargs={"lines": lines},
        prefix="funding",
    )
