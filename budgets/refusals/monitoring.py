"""What monitoring, closes and movements refuse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .lines import MoneyRefused


class PeriodRefused(MoneyRefused):
    """A period that cannot be begun, prepared, closed or unlocked as it stands."""


class PeriodIsClosed(MoneyRefused):
    """Figures of a closed period stand still; only a named unlock lets somebody change them."""


class MovementRefused(MoneyRefused):
    """A virement or an allocation that cannot be proposed or applied."""


@dataclass(frozen=True)
class Figures:
    """What a line's row says in a period. Pounds; None while it is not known.

    `hosted_outturn` is what the host expects the whole of a hosted service to cost.
    """

    budget_to_date: Decimal | None = None
    actual: Decimal | None = None
    forecast: Decimal | None = None
    hosted_outturn: Decimal | None = None


@dataclass(frozen=True)
class Missing:
    """Something that a close waits for: the fact, and the key of the line where it can be put right."""

    words: str
    line_id: int
    is_reason: bool = False


class CloseIsNotReady(Exception):
    """The period cannot be prepared or closed: `missing` says what it waits for."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(f"{len(missing)} things are missing")
        self.missing = list(missing)
