from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from foundation.sgds.fields import DateField
from foundation.sgds.forms import Form, FormHelper

from ..enums import ClaimState, Confidence
from ..models import BudgetLine, SetAsideBasis, SetAsideFigure, SetAsideReport
from ..services.set_aside import UseOfLine
from .fields import AllocatedField

LONGEST_NOTE = 2_000
MOST_DAYS = 180


class BasisForm(Form):
    source = forms.CharField(
        max_length=300, label="Source", help_text="For example the board's finance paper of 12 March 2026."
    )
    as_of = DateField(label="Given on", initial=timezone.localdate)
    confidence = forms.ChoiceField(choices=Confidence, label="Confidence", widget=forms.RadioSelect)
    words = forms.CharField(max_length=400, label="Why this grade", widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, basis: SetAsideBasis | None, **kwargs: Any) -> None:
        if basis is not None:
            kwargs["initial"] = {
                name: getattr(basis, name) for name in ("source", "as_of", "confidence", "words")
            }
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Save")


class AskForm(Form):
    months = forms.TypedChoiceField(
        coerce=int,
        label="A report for each",
        choices=[(1, "month"), (3, "quarter"), (6, "half year"), (12, "year")],
        initial=3,
    )
    days_after = forms.IntegerField(
        min_value=1, max_value=MOST_DAYS, initial=28, label="Days after the period ends by which it is due"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit="Ask the board")


@dataclass(frozen=True)
class UseBoxes:
    """A row of the report: a line and its boxes."""

    line: BudgetLine
    used: forms.BoundField
    activity: forms.BoundField
    basis: forms.BoundField
    is_estimate: forms.BoundField


class UseForm(Form):
    """What was used of each set-aside line since the year began."""

    note = forms.CharField(
        required=False,
        max_length=LONGEST_NOTE,
        label="What readers of the figures must know",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, report: SetAsideReport, lines: list[BudgetLine], **kwargs: Any) -> None:
        self.lines = lines
        kwargs["initial"] = {"revision": report.revision, "note": report.note}
        super().__init__(*args, **kwargs)
        known = {figure.line_id: figure for figure in report.figures.all()}
        for line in lines:
            self._add_boxes(line, known.get(line.pk))

    def _add_boxes(self, line: BudgetLine, known: SetAsideFigure | None) -> None:
        self.fields[f"used-{line.pk}"] = AllocatedField(label="Used", initial=known.used if known else None)
        self.fields[f"used-{line.pk}"].error_messages["required"] = f"Enter what was used of {line}"
        self.fields[f"activity-{line.pk}"] = forms.IntegerField(
            required=False,
            min_value=0,
            max_value=2_000_000_000,
            label="Occupied bed days",
            initial=known.activity if known else None,
        )
        self.fields[f"basis-{line.pk}"] = forms.CharField(
            max_length=200, label="What was counted, of which year", initial=known.basis if known else ""
        )
        self.fields[f"basis-{line.pk}"].error_messages["required"] = (
            f"Say what was counted for {line}, and of which year"
        )
        self.fields[f"estimate-{line.pk}"] = forms.BooleanField(
            required=False, label="Estimate", initial=known.is_estimate if known else True
        )

    @property
    def boxes(self) -> Iterator[UseBoxes]:
        return (
            UseBoxes(
                line,
                self[f"used-{line.pk}"],
                self[f"activity-{line.pk}"],
                self[f"basis-{line.pk}"],
                self[f"estimate-{line.pk}"],
            )
            for line in self.lines
        )

    def figures(self) -> list[UseOfLine]:
        data = self.cleaned_data
        return [
            UseOfLine(
                line,
                data[f"used-{line.pk}"] or Decimal(0),
                data[f"activity-{line.pk}"],
                data[f"basis-{line.pk}"],
                data[f"estimate-{line.pk}"],
            )
            for line in self.lines
        ]


class ReasonForm(Form):
    reason = forms.CharField(
        label="Reason", max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, submit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper(submit=submit)


class ReopenReportForm(ReasonForm):
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SettleForm(ReasonForm):
    state = forms.ChoiceField(
        label="What became of it",
        choices=[(state.value, state.label) for state in (ClaimState.SETTLED, ClaimState.NOT_PURSUED)],
        widget=forms.RadioSelect,
    )
    field_order = ["state", "reason"]
