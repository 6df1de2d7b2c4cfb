"""What was found in a file, as it is kept with the file and read back for its pages."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..imports.tables import Book
from ..selectors.line_words import OWN_KEYS, LineValues
from .comparing import Change, Comparison, Fault, Proposal

# An unmatched file shows this many of its first rows, so that a person finds the headers.
ROWS_SHOWN = 30
_DECIMALS = frozenset({"amount", "actual", "hosted_share", "hosted_total"})
# What lines say since findings are kept, oldest first, with what a line says that was kept before.
_SINCE: dict[str, Any] = {"subjective": "", "hosted_total": None}


@dataclass(frozen=True)
class Glimpse:
    """The first rows of a sheet as text: (number in the file, cells)."""

    sheet: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Unmatched:
    """A file whose columns nobody has matched yet: its beginning, and what stood against reading it."""

    glimpses: tuple[Glimpse, ...]
    problems: tuple[str, ...]
    sheet: str
    header_row: int
    means: dict[str, str]


def written_unmatched(
    book: Book, problems: tuple[str, ...], sheet: str, header_row: int, means: dict[str, str]
) -> dict[str, Any]:
    return {
        "glimpses": [
            [
                table.name,
                [
                    [row.number, ["" if cell is None else str(cell)[:80] for cell in row.cells]]
                    for row in table.rows[:ROWS_SHOWN]
                ],
            ]
            for table in book.tables
        ],
        "problems": list(problems),
        "sheet": sheet,
        "header_row": header_row,
        "means": means,
    }


def read_unmatched(found: dict[str, Any]) -> Unmatched:
    return Unmatched(
        tuple(
            Glimpse(name, tuple((number, tuple(cells)) for number, cells in rows))
            for name, rows in found["glimpses"]
        ),
        tuple(found["problems"]),
        found["sheet"],
        found["header_row"],
        found["means"],
    )


def written(found: Comparison) -> dict[str, Any]:
    """The comparison as JSON; `read_back` reads it."""
    return {
        "added": [[each.row, *_values(each.values)] for each in found.added],
        "changed": [
            [
                each.row,
                *_values(each.values),
                [[change.label, change.before, change.after] for change in each.changes],
            ]
            for each in found.changed
        ],
        "unchanged": found.unchanged,
        "not_in_file": found.not_in_file,
        "faults": [[fault.row, fault.letter, fault.header, fault.text] for fault in found.faults],
        "left_out": [list(each) for each in found.left_out],
        "notes": found.notes,
        "totals": [str(found.total_before), str(found.total_after)],
    }


def _values(values: LineValues) -> tuple[Any, ...]:
    own = [
        str(value) if isinstance(value, Decimal) else value for value in (values.own[key] for key in OWN_KEYS)
    ]
    shares = {str(pk): str(amount) for pk, amount in values.shares.items()}
    return values.pk, own, sorted(values.care_groups), shares


def read_back(found: dict[str, Any]) -> Comparison:
    before, after = found["totals"]
    return Comparison(
        added=[_proposal(each) for each in found["added"]],
        changed=[_proposal(each) for each in found["changed"]],
        unchanged=found["unchanged"],
        not_in_file=found["not_in_file"],
        faults=[Fault(*each) for each in found["faults"]],
        left_out=[(row, why) for row, why in found["left_out"]],
        notes=found["notes"],
        total_before=Decimal(before),
        total_after=Decimal(after),
    )


def _proposal(kept: list[Any]) -> Proposal:
    row, pk, own, groups, shares, *changes = kept
    unknown = list(_SINCE)[len(_SINCE) - (len(OWN_KEYS) - len(own)) :]
    keys = [key for key in OWN_KEYS if key not in unknown]
    values: dict[str, Any] = _SINCE | {
        key: Decimal(value) if key in _DECIMALS and value is not None else value
        for key, value in zip(keys, own, strict=True)
    }
    parts = {int(place): Decimal(amount) for place, amount in shares.items()}
    return Proposal(
        row,
        LineValues(values, frozenset(groups), parts, pk),
        tuple(Change(*each) for each in (changes[0] if changes else ())),
    )


def cell_name(fault: Fault) -> str:
    """C14 as Excel names it; “row 14” where it is the row as a whole."""
    return f"{fault.letter}{fault.row}" if fault.letter else f"row {fault.row}"
