"""The books of a closed period: the typed content that is frozen when a month is closed.

Reports and comparisons are made from Books alone, never from the working rows. Their JSON is canonical, so that equal
content has equal bytes and one SHA-256. Amounts are pounds; a variance is budget less actual or forecast, so that
below zero it is an overspend.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.frozen import UnknownFormat, decode, digest, encode

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class SharePart:
    """What one locality has of a line's budget."""

    locality: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class ReasonPart:
    """Why a line is away from its budget. `cause` in words."""

    cause: str
    words: str
    is_recurring: bool
    action: str
    owner: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class LinePart:
    """A line with its whole scope and its figures at the close. `line` is its key; codes are those of the enums."""

    line: int
    code: str
    title: str
    group: str
    function: str
    delivered_by: str
    arm: str
    fund: str
    category: str
    setting: str
    hosted_by: str
    hosted_share: Decimal | None
    is_recurring: bool
    is_institutional: bool
    care_groups: tuple[str, ...]
    localities: tuple[SharePart, ...]
    locality_method: str
    original: Decimal
    budget: Decimal
    budget_to_date: Decimal | None
    actual: Decimal | None
    forecast: Decimal | None
    last_forecast: Decimal | None
    rag: str
    reason: ReasonPart | None

    @property
    def movement(self) -> Decimal:
        """What was added to the line since the budget was agreed."""
        return self.budget - self.original

    @property
    def variance_to_date(self) -> Decimal | None:
        if self.budget_to_date is None or self.actual is None:
            return None
        return self.budget_to_date - self.actual

    @property
    def variance(self) -> Decimal | None:
        """The year's budget less the forecast outturn."""
        return None if self.forecast is None else self.budget - self.forecast

    @property
    def forecast_moved(self) -> Decimal | None:
        """How far the forecast moved since the period closed before; None where there was none."""
        if self.forecast is None or self.last_forecast is None:
            return None
        return self.forecast - self.last_forecast


@dataclass(frozen=True, kw_only=True)
class ContributionPart:
    """What a body puts in. `opening` is its sum before the allocations in the year."""

    body: str
    kind: str
    opening: Decimal
    amount: Decimal
    is_notional: bool
    method: str


@dataclass(frozen=True, kw_only=True)
class FundingPart:
    """An allocation in the year that raised (or lowered) a contribution."""

    reference: str
    name: str
    body: str
    kind: str
    amount: Decimal
    is_recurring: bool
    is_ring_fenced: bool
    approved_by: str
    approved_on: date


@dataclass(frozen=True, kw_only=True)
class EntryPart:
    """What a virement did to one line."""

    line: int
    title: str
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class VirementPart:
    reference: str
    reason: str
    is_recurring: bool
    entries: tuple[EntryPart, ...]
    approved_by: str
    approved_on: date
    minute_reference: str
    direction_effect: str

    @property
    def size(self) -> Decimal:
        """What moved: the sum of what the receiving lines got."""
        return sum((entry.amount for entry in self.entries if entry.amount > 0), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class StepPart:
    """A step of the overspend ladder. Step and state in words."""

    step: str
    state: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RecoveryActionPart:
    action: str
    owner: str
    amount: Decimal
    due_on: date
    confidence: str
    progress: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RecoveryPart:
    steps: tuple[StepPart, ...]
    actions: tuple[RecoveryActionPart, ...]


@dataclass(frozen=True, kw_only=True)
class Books:
    format: int = FORMAT
    partnership: str
    slug: str
    year: int
    year_label: str
    period: int
    ends_on: date
    note: str
    lines: tuple[LinePart, ...]
    contributions: tuple[ContributionPart, ...]
    funding: tuple[FundingPart, ...]
    virements: tuple[VirementPart, ...]
    recovery: RecoveryPart | None

    def to_json(self) -> dict[str, Any]:
        """The content as plain JSON values: money as strings, dates as 2026-09-30."""
        plain: dict[str, Any] = encode(self, self.format)
        return plain

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Books:
        """The books that `to_json` wrote down, in this format or an older one. Raises UnknownFormat."""
        written = content.get("format")
        if not isinstance(written, int) or not 1 <= written <= FORMAT:
            raise UnknownFormat(f"Format {written!r} of closed books, expected 1 to {FORMAT}")
        books: Books = decode(cls, content)
        return books

    @property
    def sha256(self) -> str:
        return digest(self.to_json())
