"""What was found in a file, in sections of rows as its page shows them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..selectors.line_words import LineWords
from ..services.comparing import Change, Comparison, Fault, Proposal
from ..services.findings import cell_name


@dataclass(frozen=True)
class Section:
    """One part of what was found. `code` stands in the address and names the template of its rows."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class Shown:
    sections: tuple[Section, ...]
    current: Section | None
    rows: Sequence[Any]


@dataclass(frozen=True)
class FaultRow:
    cell: str
    fault: Fault


@dataclass(frozen=True)
class AddedRow:
    row: int
    code: str
    title: str
    body: str
    fund: str
    amount: Decimal


@dataclass(frozen=True)
class ChangedRow:
    row: int
    title: str
    pk: int | None
    changes: tuple[Change, ...]


def sections_of(found: Comparison, words: LineWords, *, chosen: str) -> Shown:
    """Every section that has rows, and the rows of the chosen one; faults come first unless somebody chose."""
    all_rows: dict[str, tuple[str, Sequence[Any], Callable[[Any], Any]]] = {
        "faults": ("Problems", found.faults, lambda fault: FaultRow(cell_name(fault), fault)),
        "changed": ("Changes", found.changed, _changed),
        "added": ("New lines", found.added, lambda each: _added(each, words)),
        "left_out": ("Rows left out", found.left_out, lambda each: each),
    }
    sections = tuple(Section(code, label, len(rows)) for code, (label, rows, _) in all_rows.items() if rows)
    current = next(
        (section for section in sections if section.code == chosen), sections[0] if sections else None
    )
    if current is None:
        return Shown(sections, None, ())
    _, rows, shown = all_rows[current.code]
    return Shown(sections, current, Lazily(rows, shown))


@dataclass(frozen=True)
class Lazily(Sequence[Any]):
    """Rows that are made for the page that shows them."""

    rows: Sequence[Any]
    shown: Callable[[Any], Any]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self.shown(row) for row in self.rows[place]]
        return self.shown(self.rows[place])


def _changed(each: Proposal) -> ChangedRow:
    return ChangedRow(each.row, each.values.own["title"], each.values.pk, each.changes)


def _added(each: Proposal, words: LineWords) -> AddedRow:
    own = each.values.own
    return AddedRow(
        each.row,
        own["code"],
        own["title"],
        str(words.written("delivered_by_id", own["delivered_by_id"])),
        str(words.written("fund", own["fund"])),
        own["amount"],
    )
