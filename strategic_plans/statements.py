"""The typed content of an annual financial statement: what page, public page and PDF are all made from (s.39)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.frozen import decode, digest, encode, since
from foundation.sgds.formats import money

# Format 2 has what is not covered, and how the parts of the localities were worked out.
FORMAT = 2
NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class SpendRow:
    """What is intended under one heading, in pounds, payments and set-aside apart."""

    label: str
    payment: Decimal
    set_aside: Decimal

    @property
    def total(self) -> Decimal:
        return self.payment + self.set_aside


@dataclass(frozen=True)
class Statement:
    """A year's intended spending in implementing the plan. Amounts are pounds.

    `plan_payment` and `plan_set_aside` are what the published plan says for the year; None where it says nothing.
    `sha256` of the plan's version ties the two.
    """

    partnership: str
    plan: str
    plan_version: int | None
    year: str
    payment: Decimal
    set_aside: Decimal
    bodies: tuple[SpendRow, ...]
    categories: tuple[SpendRow, ...]
    localities: tuple[SpendRow, ...]
    priorities: tuple[SpendRow, ...]
    reserves_used: Decimal
    reserves_put_by: Decimal
    set_aside_words: str
    assumptions: str
    plan_payment: Decimal | None
    plan_set_aside: Decimal | None
    difference_reason: str
    signed_by: str
    signed_on: date | None
    gap_words: str = since(2, "")
    locality_words: str = since(2, "")

    @property
    def total(self) -> Decimal:
        return self.payment + self.set_aside

    @property
    def difference(self) -> Decimal | None:
        """Statement less plan, with the set-aside; None where the plan has no figures for the year."""
        if self.plan_payment is None or self.plan_set_aside is None:
            return None
        return self.total - self.plan_payment - self.plan_set_aside

    @property
    def ties(self) -> bool:
        """Whether payments and set-aside are each what the plan says, to the penny."""
        return (self.plan_payment, self.plan_set_aside) == (self.payment, self.set_aside)

    @property
    def plan_words(self) -> str:
        """How the statement stands to the plan's figures, to the penny."""
        if self.plan_payment is None or self.plan_set_aside is None:
            return f"The published plan has no figures for {self.year}."
        if self.ties:
            return "The published plan says the same, to the penny."
        apart = [
            f"{money(abs(mine - plans))} {'more' if mine > plans else 'less'} {what}"
            for what, mine, plans in (
                ("in payments", self.payment, self.plan_payment),
                ("set aside", self.set_aside, self.plan_set_aside),
            )
            if mine != plans
        ]
        return f"The statement has {' and '.join(apart)} than the published plan."

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **encode(self, FORMAT)}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Statement:
        found: Statement = decode(cls, content)
        return found


def statement_hash(content: dict[str, Any]) -> str:
    """The fingerprint that stands beside a statement's content."""
    return digest(content)
