"""A direction as it was issued: names, money and words together, frozen, so that its letter never changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.frozen import digest, encode, since, thawed

# Format 2 has the day on which the direction is expected to end.
FORMAT = 2


@dataclass(frozen=True)
class IssuedTarget:
    body: str
    part: str


@dataclass(frozen=True)
class IssuedFunction:
    title: str
    legal_basis: str


@dataclass(frozen=True)
class IssuedLine:
    title: str
    body: str
    function: str
    amount: Decimal


@dataclass(frozen=True)
class IssuedEarlier:
    """An earlier direction and what this one does to it: Varies or Supersedes."""

    effect: str
    reference: str
    title: str


@dataclass(frozen=True)
class IssuedDirection:
    """The typed content of an issued direction. Amounts are pounds."""

    partnership: str
    model: str
    reference: str
    version: int
    title: str
    text: str
    targets: tuple[IssuedTarget, ...]
    functions: tuple[IssuedFunction, ...]
    money: str
    year: str
    amount: Decimal | None
    method: str
    lines: tuple[IssuedLine, ...]
    use_of_money: str
    plan_reference: str
    measures: str
    information: str
    engagement: str
    impact: str
    approved_on: date | None
    minute_reference: str
    unconfirmed_reason: str
    starts_on: date
    review_on: date | None
    replaces: tuple[IssuedEarlier, ...]
    issued_on: date
    issued_by: str
    prepared_by: str
    expected_end_on: date | None = since(2, None)  # noqa: RUF009 - it makes a field

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **encode(self, FORMAT)}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> IssuedDirection:
        """What `to_json` wrote, in this format or an older one. Raises UnknownFormat."""
        return thawed(cls, content, newest=FORMAT, what="a direction")

    @property
    def is_joint(self) -> bool:
        """Whether several bodies must carry out all of it together (2014 Act s.26(4))."""
        return len(self.targets) > 1 and not any(target.part for target in self.targets)


def content_hash(content: dict[str, Any]) -> str:
    """The fingerprint that stands beside a direction's content."""
    return digest(content)
