"""The whole allocation as one form."""

from __future__ import annotations

import copy
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from foundation.sgds.fields import MoneyField
from foundation.sgds.forms import Form

from ..models import BudgetLine
from ..refusals import AllocationRefused, Conflict, LineFigures, LinesChangedMeanwhile
from ..services import LineChange
from .fields import AllocatedField, amount_in, readable


@dataclass(frozen=True)
class GridCell:
    """One box of the grid; `text` is what stands in it."""

    column: str
    name: str
    label: str
    text: str
    errors: Collection[Any]

    @property
    def id(self) -> str:
        return f"id_{self.name}"


@dataclass(frozen=True)
class GridRow:
    line: BudgetLine
    cells: tuple[GridCell, ...]
    variance: Decimal | None


COLUMNS = {"amount": "Budget", "actual": "Spent"}


Opened = dict[int, LineFigures]


@dataclass(frozen=True)
class Choice:
    """One figure that two people changed: the person picks theirs or their own."""

    conflict: Conflict
    box: str
    column: str

    @property
    def seen(self) -> str:
        return _written(self.conflict.theirs)


@dataclass(frozen=True)
class ConflictToSettle:
    """The page with both figures. `others` counts the changes that nobody else touched; they are saved with it."""

    choices: tuple[Choice, ...]
    kept: Mapping[str, str]
    opened: str
    others: int


class AllocationForm(Form):
    """The whole grid as one form: for each line a box for its budget and a box for what was spent.

    `opened` comes back as it was sent out and says which figures the person had before them. What differs from it is
    what they changed, so a line that only somebody else changed is left alone.
    """

    opened = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None = None, *, lines: Sequence[BudgetLine]) -> None:
        self.was = read_opened(data.get("opened", "")) if data is not None else opened_figures(lines)
        self.lines = [line for line in lines if line.pk in self.was]
        self.gone = set(self.was) - {line.pk for line in lines}
        super().__init__(data, initial={"opened": written_opened(self.was)})
        amount, actual = AllocatedField(), MoneyField(required=False)
        for line in self.lines:
            for column, field in (("amount", amount), ("actual", actual)):
                # A field of its own for each cell, made from one: two thousand lines stay quick.
                cell = copy.copy(field)
                cell.label = f"{COLUMNS[column]}, {line.title}, {line.delivered_by}"
                cell.error_messages = {
                    **field.error_messages,
                    "required": f"Enter the budget of {line.title}, or 0 for none",
                }
                cell.initial = getattr(line, column)
                self.fields[f"{column}-{line.pk}"] = cell

    def clean(self) -> dict[str, Any]:
        if not self.was:
            raise ValidationError(
                "The page did not arrive whole, so nothing is saved. Go back, reload it and try again."
            )
        for line_id in sorted(self.gone):
            typed = str(self.data.get(f"amount-{line_id}", "")).strip()
            if typed and amount_in(typed) != self.was[line_id].amount:
                self.add_error(
                    None,
                    f"Somebody removed a line while you worked on it. You had typed {typed} for it, and that is not "
                    "saved. Add the line again if it is still needed.",
                )
        return self.cleaned_data

    def changes(self) -> list[LineChange]:
        """The lines whose figures the person changed, with the figures that they saw."""
        changes = []
        for line in self.lines:
            wanted = LineFigures(*(self._wanted(line.pk, column) for column in COLUMNS))
            opened = LineFigures(*(self._seen(line.pk, column) for column in COLUMNS))
            if wanted != opened:
                changes.append(LineChange(line.pk, opened, wanted))
        return changes

    def _wanted(self, line_id: int, column: str) -> Any:
        if self.data.get(f"pick-{column}-{line_id}") == "theirs":
            return self._seen(line_id, column)
        return self.cleaned_data[f"{column}-{line_id}"]

    def _seen(self, line_id: int, column: str) -> Any:
        """The figure before the person: as opened, or as the conflict page showed it once they have chosen."""
        if self.data.get(f"pick-{column}-{line_id}") in {"theirs", "mine"}:
            return amount_in(self.data.get(f"seen-{column}-{line_id}", ""))
        return getattr(self.was[line_id], column)

    def conflict(self, meanwhile: LinesChangedMeanwhile) -> ConflictToSettle:
        """What the page with both figures asks, and all else that was typed, to be sent again with the answer."""
        changes = self.changes()
        contested = {(conflict.line.pk, conflict.column) for conflict in meanwhile.conflicts}
        return ConflictToSettle(
            choices=tuple(
                Choice(conflict, f"{conflict.column}-{conflict.line.pk}", COLUMNS[conflict.column])
                for conflict in meanwhile.conflicts
            ),
            kept={
                f"{column}-{change.line_id}": _written(getattr(change.wanted, column))
                for change in changes
                for column in COLUMNS
            },
            opened=written_opened({change.line_id: change.opened for change in changes}),
            others=sum(
                (change.line_id, column) not in contested
                and getattr(change.wanted, column) != getattr(change.opened, column)
                for change in changes
                for column in COLUMNS
            ),
        )

    def refuse_cells(self, refusal: AllocationRefused) -> None:
        """Each fault stands at its cell."""
        for line_id, faults in refusal.faults.items():
            for column, text in faults.items():
                name = f"{column}-{line_id}"
                self.add_error(name if name in self.fields else None, text)

    def figures(self) -> list[tuple[BudgetLine, LineFigures]]:
        """Every line with the figures in its boxes; a budget that cannot be read counts as it was opened."""
        return [
            (line, LineFigures(line.amount if amount is None else amount, actual))
            for line in self.lines
            for amount, actual in [self._readable_figures(line)]
        ]

    def rows(self) -> Iterator[GridRow]:
        for line in self.lines:
            amount, actual = self._readable_figures(line)
            variance = None if amount is None or actual is None else amount - actual
            yield GridRow(
                line, tuple(self._cell(f"{column}-{line.pk}", column) for column in COLUMNS), variance
            )

    def _readable_figures(self, line: BudgetLine) -> list[Decimal | None]:
        return [readable(self[f"{column}-{line.pk}"]) for column in COLUMNS]

    def _cell(self, name: str, column: str) -> GridCell:
        box = self[name]
        text = box.field.widget.format_value(box.value()) or ""
        return GridCell(column, name, str(box.label), text, box.errors if self.is_bound else ())


def _written(figure: Decimal | None) -> str:
    return "" if figure is None else str(figure)


def opened_figures(lines: Sequence[BudgetLine]) -> Opened:
    return {line.pk: LineFigures(line.amount, line.actual) for line in lines}


def written_opened(opened: Opened) -> str:
    """The figures that a page was opened with, to be sent along and back: {"12": ["1250.50", null]}."""
    return json.dumps(
        {
            str(pk): [str(figures.amount), None if figures.actual is None else str(figures.actual)]
            for pk, figures in opened.items()
        },
        separators=(",", ":"),
    )


def read_opened(text: str) -> Opened:
    """What `written_opened` wrote; nothing at all where it was tampered with, so that the form refuses to save."""
    try:
        return {
            int(pk): LineFigures(Decimal(amount), None if actual is None else Decimal(actual))
            for pk, (amount, actual) in json.loads(text).items()
        }
    except (ValueError, TypeError, AttributeError, InvalidOperation):
        return {}
