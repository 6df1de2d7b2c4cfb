"""Virements and allocations in the year, written down row by row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import Form, FormHelper
from partnerships.models import Body

from ..enums import FundKind
from ..models import Budget, BudgetLine
from ..selectors import PossibleContribution
from .fields import AllocatedField

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 2, 2, 40
NOTHING = Decimal(0)
RECURRING = [("yes", "Recurring: it stays in later years"), ("no", "Non-recurring: this year only")]


class MovementForm(Form):
    """Rows over the lines of a budget; rows that are left empty do not count."""

    is_recurring = forms.TypedChoiceField(
        label="Is it recurring?",
        choices=RECURRING,
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Why the money moves",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It stands in the report.",
    )
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS, required=False)

    # Rows may stay empty, which the page says once.
    hides_optional = True

    line_boxes: dict[str, str] = {}
    amount_label = "Amount"

    def __init__(self, *args: Any, budget: Budget, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {line.pk: line for line in self.offered(budget)}
        self.count = self._rows_wanted()
        self.initial["rows"] = self.count
        choices = [("", "Choose a line"), *((key, self.label_of(line)) for key, line in self.lines.items())]
        for number in range(self.count):
            for name, label in self.line_boxes.items():
                self.fields[f"{name}-{number}"] = forms.TypedChoiceField(
                    choices=choices, coerce=int, empty_value=None, required=False, label=label
                )
            self.fields[f"amount-{number}"] = self.amount_box()
        self.helper = FormHelper()
        self.helper.form_tag = False

    def _rows_wanted(self) -> int:
        try:
            count = int(self.data.get("rows", FIRST_ROWS)) if self.is_bound else FIRST_ROWS
        except ValueError:
            count = FIRST_ROWS
        more = MORE_ROWS if "more" in self.data else 0
        return max(1, min(count + more, MOST_ROWS))

    @property
    def has_income(self) -> bool:
        return any(line.is_income for line in self.lines.values())

    def offered(self, budget: Budget) -> Iterator[BudgetLine]:
        yield from budget.lines.select_related("delivered_by")

    def amount_box(self) -> MoneyField:
        return AllocatedField(label=self.amount_label, required=False)

    @staticmethod
    def label_of(line: BudgetLine) -> str:
        kind = ", set aside" if line.fund == FundKind.SET_ASIDE else ", income" if line.is_income else ""
        return f"{line.title} ({line.delivered_by}{kind})"

    def row_boxes(self) -> list[list[forms.BoundField]]:
        names = [*self.line_boxes, "amount"]
        return [[self[f"{name}-{number}"] for name in names] for number in range(self.count)]

    def clean(self) -> dict[str, Any]:
        rows = [[f"{name}-{number}" for name in (*self.line_boxes, "amount")] for number in range(self.count)]
        is_empty = not any(self.cleaned_data.get(name) for names in rows for name in names)
        for names in rows:
            filled = [name for name in names if self.cleaned_data.get(name) not in {None, NOTHING}]
            if (filled or (is_empty and names is rows[0])) and len(filled) < len(names):
                for name in set(names) - set(filled) - set(self.errors):
                    self.add_error(
                        name,
                        "Enter the amount of this row" if name.startswith("amount") else "Choose the line",
                    )
        return self.cleaned_data

    def filled_rows(self) -> Iterator[tuple[list[BudgetLine], Decimal]]:
        """The lines and the amount of each row that was filled in."""
        for number in range(self.count):
            amount = self.cleaned_data.get(f"amount-{number}")
            if amount:
                yield (
                    [self.lines[self.cleaned_data[f"{name}-{number}"]] for name in self.line_boxes],
                    amount,
                )


class VirementForm(MovementForm):
    """Each row takes from one line and gives to another, so that it cannot but net to zero."""

    line_boxes = {"source": "From", "target": "To"}

    def clean(self) -> dict[str, Any]:
        super().clean()
        for number in range(self.count):
            source = self.cleaned_data.get(f"source-{number}")
            if source and source == self.cleaned_data.get(f"target-{number}"):
                self.add_error(
                    f"target-{number}", "Choose another line than the one that the money comes from"
                )
        return self.cleaned_data

    def entries(self) -> dict[BudgetLine, Decimal]:
        """What each line gets or gives, in pounds."""
        entries: dict[BudgetLine, Decimal] = {}
        for (source, target), amount in self.filled_rows():
            entries[source] = entries.get(source, NOTHING) - amount
            entries[target] = entries.get(target, NOTHING) + amount
        return entries


class FundingForm(MovementForm):
    """An allocation that a partner adds: who, how much, and which lines get it."""

    line_boxes = {"line": "Line"}

    source = forms.ChoiceField(label="Who adds it")
    name = forms.CharField(
        max_length=200, label="Name", help_text="As the letter calls it: Primary care improvement fund."
    )
    reference_of_partner = forms.CharField(
        max_length=120, required=False, label="Reference of the letter, if there is one"
    )
    amount = MoneyField(
        label="Amount for the year", help_text="Below zero where the partner takes money back."
    )
    is_ring_fenced = forms.BooleanField(
        required=False, label="It is ring-fenced: it may be used for its purpose only"
    )

    field_order = (
        "source",
        "name",
        "reference_of_partner",
        "amount",
        "is_ring_fenced",
        "is_recurring",
        "reason",
        "rows",
    )
    refused_as = {"body": "source", "kind": "source"}

    def __init__(self, *args: Any, possible: list[PossibleContribution], **kwargs: Any) -> None:
        self.possible = {f"{row.body.pk}-{row.kind}": row for row in possible}
        super().__init__(*args, **kwargs)
        source: Any = self.fields["source"]
        source.choices = [
            ("", "Choose one"),
            *((key, f"{row.body}, {row.kind.label.lower()}") for key, row in self.possible.items()),
        ]

    def amount_box(self) -> MoneyField:
        return MoneyField(label="Amount", required=False)

    def fields_of(self) -> dict[str, Any]:
        chosen = self.possible[self.cleaned_data["source"]]
        body: Body = chosen.body
        names = ("name", "reference_of_partner", "amount", "is_ring_fenced", "is_recurring", "reason")
        return {"body": body, "kind": chosen.kind, **{name: self.cleaned_data[name] for name in names}}

    def entries(self) -> dict[BudgetLine, Decimal]:
        """What each line gets, in pounds."""
        entries: dict[BudgetLine, Decimal] = {}
        for (line,), amount in self.filled_rows():
            entries[line] = entries.get(line, NOTHING) + amount
        return entries


class ApprovalForm(Form):
    # Asked only where the board decides, and then the service wants it.
    hides_optional = True

    minute_reference = forms.CharField(
        required=False, max_length=160, label="Reference of the board’s minute"
    )


class RefusalForm(Form):
    decision = forms.CharField(label="Why", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
