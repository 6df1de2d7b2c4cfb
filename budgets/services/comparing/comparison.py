"""What a file of lines would do to a budget, and what stands against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from ...selectors.line_words import LineValues


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot stand in one cell, and how to put it right. `letter` is the column's, empty for a whole row."""

    row: int
    letter: str
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a line says, before and after."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row that adds a line, or changes the line `pk`: with all that the line then says."""

    row: int
    values: LineValues
    changes: tuple[Change, ...] = ()


@dataclass
class Comparison:
    """What the file would do. `left_out` are rows that are no lines, `notes` what a person must know beside it."""

    added: list[Proposal] = field(default_factory=list)
    changed: list[Proposal] = field(default_factory=list)
    unchanged: int = 0
    not_in_file: int = 0
    faults: list[Fault] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    rounded: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    total_before: Decimal = Decimal(0)
    total_after: Decimal = Decimal(0)
