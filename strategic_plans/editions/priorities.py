"""What the plan promises: priorities with the outcomes that they serve, their money and their actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.frozen import since
from foundation.sgds.formats import date_uk

from ..enums import ActionStatus


@dataclass(frozen=True, kw_only=True)
class OutcomePart:
    number: int
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PrinciplePart:
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class OutcomeLink:
    number: int
    explanation: str


@dataclass(frozen=True, kw_only=True)
class FundingPart:
    """A share, in per cent, of a line of a year's integrated budget, and what it comes to in pounds."""

    line: str
    year: str
    line_amount: Decimal
    share: Decimal
    amount: Decimal


def period_in_words(starts_on: date | None, due_on: date | None) -> str:
    """From when to when, as far as it is known; nothing when no day is."""
    if starts_on and due_on:
        return f"{date_uk(starts_on)} to {date_uk(due_on)}"
    if due_on:
        return f"By {date_uk(due_on)}"
    return f"From {date_uk(starts_on)}" if starts_on else ""


@dataclass(frozen=True, kw_only=True)
class ActionPart:
    """What is promised under a priority. `label` is its number (2.3); no places: the whole area."""

    label: str
    title: str
    what: str
    owner: str
    starts_on: date | None
    due_on: date | None
    status: str
    cost: Decimal | None
    paid_from: str
    localities: tuple[str, ...]

    @property
    def is_under_way(self) -> bool:
        """Whether something was reported on it already: it was carried over from the plan before."""
        return self.status != ActionStatus.NOT_STARTED.label

    @property
    def when(self) -> str:
        return period_in_words(self.starts_on, self.due_on)

    @property
    def where(self) -> str:
        return ", ".join(self.localities) or "The whole area"


@dataclass(frozen=True, kw_only=True)
class PriorityPart:
    number: int
    title: str
    rationale: str
    outcomes: tuple[OutcomeLink, ...]
    principles: tuple[str, ...]
    indicators: tuple[str, ...]
    funding: tuple[FundingPart, ...]
    evidence_of_need: str = since(2, "")
    localities: tuple[str, ...] = since(2, ())
    actions: tuple[ActionPart, ...] = since(2, ())

    @property
    def anchor(self) -> str:
        return f"priority-{self.number}"

    @property
    def amount(self) -> Decimal:
        return sum((part.amount for part in self.funding), Decimal(0))
