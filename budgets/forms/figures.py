"""What every grid of figures has: boxes, what the person had before them, and what two people changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from foundation.sgds.forms import Form

from ..refusals import AllocationRefused, Conflict, LinesChangedMeanwhile
from .fields import amount_in


@dataclass(frozen=True)
class GridCell:
    """One box of a grid; `text` is what stands in it."""

    name: str
    label: str
    text: str
    errors: Collection[Any]
    column: str

    @property
    def id(self) -> str:
        return f"id_{self.name}"


def cell_of(form: forms.BaseForm, name: str, column: str = "") -> GridCell:
    """The form's field as it stands in a grid, in a column if that is named, with its errors once it was sent."""
    box = form[name]
    text = box.field.widget.format_value(box.value()) or ""
    return GridCell(name, str(box.label), text, box.errors if form.is_bound else (), column)


@dataclass(frozen=True)
class Choice:
    """One figure that two people changed: the person picks theirs or their own."""

    conflict: Conflict
    box: str
    column: str

    @property
    def seen(self) -> str:
        return written(self.conflict.theirs)


@dataclass(frozen=True)
class ConflictToSettle:
    """The page with both figures. `others` counts the changes that nobody else touched; they are saved with it."""

    choices: tuple[Choice, ...]
    kept: Mapping[str, str]
    opened: str
    others: int


class FiguresForm(Form):
    """A grid as one form: for each line a box in each of the columns, named column-line.

    `opened` comes back as it was sent out and says which figures the person had before them. What differs from it is
    what they changed, so a line that only somebody else changed is left alone.
    """

    opened = forms.CharField(widget=forms.HiddenInput)

    COLUMNS: ClassVar[Mapping[str, str]]
    was: Mapping[int, Any]

    def clean(self) -> dict[str, Any]:
        if not self.was:
            raise ValidationError(
                "The page did not arrive whole, so nothing is saved. Go back, reload it and try again."
            )
        return self.cleaned_data

    def changes(self) -> Sequence[Any]:
        """The lines whose figures the person changed: `line_id`, and the figures `opened` and `wanted`."""
        raise NotImplementedError

    def written_opened(self, opened: Mapping[int, Any]) -> str:
        """The figures that a page was opened with, to be sent along and back."""
        raise NotImplementedError

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
                Choice(conflict, f"{conflict.column}-{conflict.line.pk}", self.COLUMNS[conflict.column])
                for conflict in meanwhile.conflicts
            ),
            kept={
                f"{column}-{change.line_id}": written(getattr(change.wanted, column))
                for change in changes
                for column in self.COLUMNS
            },
            opened=self.written_opened({change.line_id: change.opened for change in changes}),
            others=sum(
                (change.line_id, column) not in contested
                and getattr(change.wanted, column) != getattr(change.opened, column)
                for change in changes
                for column in self.COLUMNS
            ),
        )

    def refuse_cells(self, refusal: AllocationRefused) -> None:
        """Each fault stands at its cell."""
        for line_id, faults in refusal.faults.items():
            for column, text in faults.items():
                name = f"{column}-{line_id}"
                self.add_error(name if name in self.fields else None, text)


def written(figure: Decimal | None) -> str:
    return "" if figure is None else str(figure)
