"""The health board's report on the use of the set-aside as it was made, frozen, so that its PDF never changes.

Amounts are pounds. Source: 2014 Act s.28(5).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.frozen import Frozen

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class ReportedLine:
    """What one specialty used from the first day of the year, and what that was worked out from."""

    specialty: str
    set_aside: Decimal
    used: Decimal
    bed_days: int | None
    basis: str
    is_estimate: bool

    @property
    def left(self) -> Decimal:
        return self.set_aside - self.used


@dataclass(frozen=True, kw_only=True)
class ReportedUse(Frozen):
    """A report with what readers must know of the set-aside: whether it is notional, its method and confidence."""

    NEWEST = FORMAT
    WHAT = "a set-aside report"

    format: int = FORMAT
    partnership: str
    year: str
    year_starts_on: date
    starts_on: date
    ends_on: date
    reported_by: str
    reported_on: date
    note: str
    sentence: str
    method: str
    confidence: str
    lines: tuple[ReportedLine, ...]
    set_aside: Decimal
    used: Decimal

    @property
    def left(self) -> Decimal:
        return self.set_aside - self.used
