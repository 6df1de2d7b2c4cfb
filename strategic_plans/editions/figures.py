"""What the plan takes from elsewhere: indicators and their sources, the money, what was heard and promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.frozen import since


@dataclass(frozen=True, kw_only=True)
class PointPart:
    """One period's value as it was published; None where the publisher withheld it."""

    period: str
    starts_on: date
    value: Decimal | None
    release: str
    is_provisional: bool
    breaks_series: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class IndicatorPart:
    """An indicator with its values here and in Scotland, and what they say in a sentence."""

    code: str
    slug: str
    title: str
    short_title: str
    indicator_set: str
    unit: str
    decimals: int
    better: str
    interval_years: int
    is_survey: bool
    is_total: bool
    status: str
    status_note: str
    source: str
    sentence: str
    points: tuple[PointPart, ...]
    scotland: tuple[PointPart, ...]

    @property
    def anchor(self) -> str:
        return f"indicator-{self.slug}"


@dataclass(frozen=True, kw_only=True)
class SourcePart:
    """A published file that figures were taken from, with the words that its licence asks for."""

    name: str
    attribution: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ContributionPart:
    """`kind` in words: Payment, Set aside, Lead agency's own resource."""

    body: str
    kind: str
    amount: Decimal
    is_set_aside: bool
    is_notional: bool


@dataclass(frozen=True, kw_only=True)
class LinePart:
    title: str
    group: str
    category: str
    delivered_by: str
    is_set_aside: bool
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class BudgetPart:
    year: str
    is_agreed: bool
    source: str
    contributions: tuple[ContributionPart, ...]
    lines: tuple[LinePart, ...]

    @property
    def anchor(self) -> str:
        return f"budget-{self.year.replace('/', '-')}"

    @property
    def payments(self) -> Decimal:
        """Everything but the set-aside, which is never added to it without being named."""
        return sum((part.amount for part in self.contributions if not part.is_set_aside), Decimal(0))

    @property
    def set_aside(self) -> Decimal:
        return sum((part.amount for part in self.contributions if part.is_set_aside), Decimal(0))

    @property
    def resources(self) -> Decimal:
        return self.payments + self.set_aside

    @property
    def allocated_payment(self) -> Decimal:
        return sum((line.amount for line in self.lines if not line.is_set_aside), Decimal(0))

    @property
    def allocated_set_aside(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.is_set_aside), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class PromisePart:
    """`key` is the promise's own, by which its state of today is found."""

    text: str
    due_on: date
    state: str
    key: int = since(3, 0)

    @property
    def ends_plainly(self) -> bool:
        """Whether its text lacks the full stop that a sentence behind it needs."""
        return not self.text.rstrip().endswith((".", "!", "?"))


@dataclass(frozen=True, kw_only=True)
class ActivityPart:
    held_on: date
    place: str
    locality: str
    method: str
    groups: tuple[str, ...]
    attendance: int | None
    heard: str
    promises: tuple[PromisePart, ...]

    @property
    def where(self) -> str:
        return self.locality or "The whole area"


@dataclass(frozen=True, kw_only=True)
class EngagementPart:
    """What was heard and promised: totals over all activities since `since`, and the activities told one by one."""

    since: date | None
    activities_count: int
    attendance: int
    groups: tuple[str, ...]
    activities: tuple[ActivityPart, ...]
