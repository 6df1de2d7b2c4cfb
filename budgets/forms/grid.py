"""The whole allocation as one form."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from foundation.sgds.fields import MoneyField

from ..models import BudgetLine
from ..refusals import LineFigures
from ..services import LineChange
from .fields import AllocatedField, amount_in, readable
from .figures import FiguresForm, GridCell, cell_of


@dataclass(frozen=True)
class GridRow:
    line: BudgetLine
    cells: tuple[GridCell, ...]
    variance: Decimal | None


COLUMNS = {"amount": "Budget", "actual": "Spent"}


Opened = dict[int, LineFigures]


class AllocationForm(FiguresForm):
    """The whole allocation as one form: for each line a box for its budget and a box for what was spent."""

    COLUMNS = COLUMNS

    def __init__(self, data: Mapping[str, Any] | None = None, *, lines: Sequence[BudgetLine]) -> None:
        self.was = read_opened(data.get("opened", "")) if data is not None else opened_figures(lines)
        self.lines = [line for line in lines if line.pk in self.was]
        self.gone = set(self.was) - {line.pk for line in lines}
        super().__init__(data, initial={"opened": written_opened(self.was)})
        amount, income, actual = AllocatedField(), MoneyField(), MoneyField(required=False)
        for line in self.lines:
            for column, field in (("amount", income if line.is_income else amount), ("actual", actual)):
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
        super().clean()
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

    def written_opened(self, opened: Mapping[int, LineFigures]) -> str:
        return written_opened(opened)

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
                line, tuple(cell_of(self, f"{column}-{line.pk}", column) for column in COLUMNS), variance
            )

    def _readable_figures(self, line: BudgetLine) -> list[Decimal | None]:
        return [readable(self[f"{column}-{line.pk}"]) for column in COLUMNS]


def opened_figures(lines: Sequence[BudgetLine]) -> Opened:
    return {line.pk: LineFigures(line.amount, line.actual) for line in lines}


def written_opened(opened: Mapping[int, LineFigures]) -> str:
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
