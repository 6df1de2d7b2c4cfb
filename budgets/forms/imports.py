"""Choosing a file of lines, and saying what its columns mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.files.base import File
from django.http import HttpRequest

from foundation.sgds.forms import Form, FormHelper, offer
from partnerships.models import Partnership

from ..enums import Setting, Sign, SpendCategory, Unit
from ..imports.amounts import Convention
from ..imports.matching import LEAVE_OUT, Layout
from ..imports.tables import MOST_BYTES, column_letter
from ..models import LedgerLayout
from ..selectors.imports import layouts_of
from ..selectors.line_words import LineWords
from ..services.findings import Glimpse, Unmatched
from ..shape import plain

TOO_LARGE = (
    f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Budget lines need far less: delete sheets and pictures "
    "that do not belong to them, or divide it into several files."
)


class LineFileForm(Form):
    """A file of budget lines to be read. What is in it is judged when it is read."""

    file = forms.FileField(
        label="File",
        max_length=200,
        allow_empty_file=True,  # refused when it is read, in words
        help_text="A workbook (.xlsx) or a CSV file of up to 20 MB, without macros and without a password.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
        error_messages={
            "required": "Choose the file with the lines",
            "max_length": "The name of this file is too long. Give it a name of up to 200 characters.",
        },
    )
    layout = forms.ModelChoiceField(
        queryset=LedgerLayout.objects.none(),
        required=False,
        label="Whose layout it has",
        empty_label="Find out by its headers",
        help_text="The portal knows its own template and the saved layouts of the partners’ ledgers.",
    )

    def __init__(self, request: HttpRequest, *, partnership: Partnership) -> None:
        posted = request.method == "POST"
        super().__init__(request.POST if posted else None, request.FILES if posted else None)
        if getattr(request, "upload_too_large", False):
            self.fields["file"].error_messages["required"] = TOO_LARGE
        offer(self, "layout", layouts_of(partnership))
        self.helper = FormHelper(submit="Read the file")

    def clean_file(self) -> File[bytes]:
        file: File[bytes] = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return file


@dataclass(frozen=True)
class ColumnRow:
    """One column of the file, with the first values in it and the box that says what it means."""

    letter: str
    header: str
    values: tuple[str, ...]
    box: forms.BoundField


class LayoutForm(Form):
    """What the headers of a kind of file mean, and how it writes its figures."""

    save_as = forms.CharField(
        max_length=80,
        required=False,
        label="Save these answers as",
        help_text="For example “Council ledger”. The next file with these headers is then read without asking.",
    )
    unit = forms.ChoiceField(choices=Unit, label="One in the file stands for", widget=forms.RadioSelect)
    sign = forms.ChoiceField(choices=Sign, label="How spending is written", widget=forms.RadioSelect)
    delivered_by_id = forms.ChoiceField(required=False, label="Delivered by")
    category = forms.ChoiceField(
        required=False,
        choices=[("", "The file says it"), *((c.value, f"{c.value} {c.label}") for c in SpendCategory)],
        label="Category",
    )
    setting = forms.ChoiceField(
        required=False, choices=[("", "The file says it"), *Setting.choices], label="Setting"
    )

    FIXED = ("delivered_by_id", "category", "setting")

    def __init__(
        self,
        data: Any = None,
        *,
        headers: Sequence[tuple[int, str]],
        words: LineWords,
        layout: Layout,
        samples: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
        name: str = "",
        must_be_saved: bool = False,
    ) -> None:
        convention = layout.convention
        initial = {"unit": convention.unit, "sign": convention.sign, "save_as": name, **layout.fixed}
        super().__init__(data, initial=initial)
        self.headers, self.samples = headers, samples
        if must_be_saved:
            self.fields["save_as"].required = True
            self.fields["save_as"].label = "Name of the layout"
        bodies = [("", "The file says it"), *((body, body) for body in words.offered["delivered_by_id"])]
        self.fields["delivered_by_id"].choices = bodies  # type: ignore[attr-defined]  # a ChoiceField
        choices = [(LEAVE_OUT, "Leave it out"), *((column.key, column.header) for column in words.columns)]
        for at, header in headers:
            self.fields[f"means-{at}"] = forms.ChoiceField(
                required=False,
                choices=choices,
                label=f"What “{header}” means",
                initial=layout.means.get(plain(header), LEAVE_OUT),
            )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        taken: dict[str, str] = {}
        for at, header in self.headers:
            key = answers.get(f"means-{at}")
            if key and key in taken:
                self.add_error(
                    f"means-{at}",
                    f"“{taken[key]}” means the same. Choose another meaning for one of the two.",
                )
            elif key:
                taken[key] = header
        if not self.errors and not {"code", "title"} & taken.keys():
            self.add_error(None, "Say which column has the code of the line, or its title.")
        return answers

    def columns(self) -> Iterator[ColumnRow]:
        for at, header in self.headers:
            yield ColumnRow(column_letter(at), header, self.samples.get(at, ()), self[f"means-{at}"])

    def layout(self, header_row: int) -> Layout:
        answers = self.cleaned_data
        return Layout(
            {plain(header): answers[f"means-{at}"] for at, header in self.headers},
            Convention(Unit(answers["unit"]), Sign(answers["sign"])),
            header_row,
            {key: answers[key] for key in self.FIXED if answers[key]},
        )


class HeaderRowForm(Form):
    """Where the headers stand in a file whose columns are to be matched."""

    place = forms.ChoiceField(label="Row with the headers")

    def __init__(self, data: Any = None, *, found: Unmatched) -> None:
        self.found = found
        first = f"{found.sheet}!{found.header_row}" if found.header_row else None
        super().__init__(data, initial={"place": first})
        choices = [
            (f"{glimpse.sheet}!{number}", _told(glimpse, number, cells, many=len(found.glimpses) > 1))
            for glimpse in found.glimpses
            for number, cells in glimpse.rows
        ]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fallback = first or (choices[0][0] if choices else "")

    def chosen(self) -> tuple[str, int]:
        """The sheet and row that the person chose, or where the portal thinks that the headers stand."""
        place = self.cleaned_data.get("place") if self.is_valid() else None
        sheet, _, row = (place or self.fallback).rpartition("!")
        return sheet, int(row or 0)

    def headers(self) -> list[tuple[int, str]]:
        sheet, header_row = self.chosen()
        for glimpse in self.found.glimpses:
            for number, cells in glimpse.rows:
                if glimpse.sheet == sheet and number == header_row:
                    return [(at, " ".join(cell.split())) for at, cell in enumerate(cells) if plain(cell)]
        return []

    def samples(self) -> dict[int, tuple[str, ...]]:
        """The first values under each header."""
        sheet, header_row = self.chosen()
        rows = [
            cells
            for glimpse in self.found.glimpses
            if glimpse.sheet == sheet
            for number, cells in glimpse.rows
            if number > header_row
        ]
        width = max((len(cells) for cells in rows), default=0)
        return {
            at: tuple([cells[at] for cells in rows if at < len(cells) and cells[at]][:3])
            for at in range(width)
        }


def _told(glimpse: Glimpse, number: int, cells: Sequence[str], *, many: bool) -> str:
    where = f"{glimpse.sheet}, row {number}" if many else f"Row {number}"
    held = [cell for cell in cells if cell]
    return f"{where}: {' | '.join(held)[:70]}"
