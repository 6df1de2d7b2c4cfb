"""The values of one indicator in one partnership beside Scotland's: what charts, sentences and reports are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from foundation.sgds.formats import number

from .enums import Better, IndicatorSet, ReportingStatus
from .periods import following

# Reports set the latest value against the five years before it (SSI 2014/326 reg 8).
YEARS_COMPARED = 5


@dataclass(frozen=True)
class IndicatorFacts:
    """What an indicator is, without its values."""

    code: str
    slug: str
    title: str
    short_title: str
    indicator_set: IndicatorSet
    unit: str
    decimals: int
    better: Better
    interval_years: int
    is_survey: bool
    is_total: bool
    status: ReportingStatus
    status_note: str
    source: str

    def figure(self, value: Decimal) -> str:
        """The value with only the sign that belongs to it: 72.3%, £27.65, 1,204."""
        written = number(value, self.decimals)
        if self.unit == "%":
            return f"{written}%"
        return f"£{written}" if self.unit.startswith("£") else written

    def written(self, value: Decimal) -> str:
        """The value with its unit in words: 72.3%, £27.65 per hour, 103.4 per 1,000 discharges."""
        unit = "" if self.unit == "%" else self.unit.removeprefix("£").strip()
        return f"{self.figure(value)} {unit}".strip()


@dataclass(frozen=True)
class Point:
    """One period's newest published value; no value where the publisher withheld it, with the note that says why."""

    period: str
    starts_on: date
    value: Decimal | None
    release: str
    attribution: str = ""
    release_url: str = ""
    is_provisional: bool = False
    breaks_series: bool = False
    note: str = ""


@dataclass(frozen=True)
class IndicatorSeries:
    """All points of one indicator in one partnership, in order of time, with Scotland's beside them."""

    indicator: IndicatorFacts
    area: str
    points: tuple[Point, ...] = ()
    scotland: tuple[Point, ...] = ()
    as_at: date | None = None
    gap: str = ""  # why there are no points, where that is known

    @cached_property
    def valued(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.value is not None)

    @property
    def latest(self) -> Point | None:
        return self.valued[-1] if self.valued else None

    @property
    def comparable(self) -> tuple[Point, ...]:
        """The values since the last break in the series, the one that broke it included."""
        start = 0
        for place, point in enumerate(self.valued):
            if point.breaks_series:
                start = place
        return self.valued[start:]

    @property
    def is_broken(self) -> bool:
        """Whether there are earlier values that the latest must not be compared with."""
        return len(self.comparable) < len(self.valued)

    @property
    def baseline(self) -> Point | None:
        """What the latest value is set against: the earliest comparable one of the five years before, or the last."""
        earlier = self.comparable[:-1]
        if not earlier:
            return None
        first_year = self.comparable[-1].starts_on.year - YEARS_COMPARED
        return next((point for point in earlier if point.starts_on.year >= first_year), earlier[-1])

    @property
    def missing(self) -> tuple[str, ...]:
        """The periods without a value between the first and the latest."""
        if not self.valued:
            return ()
        held = {point.period for point in self.valued}
        return tuple(period for period in self.expected_periods() if period not in held)

    def expected_periods(self) -> tuple[str, ...]:
        """The periods from the first to the latest value, one for each interval at which the indicator is published."""
        if not self.valued:
            return ()
        first, last = self.valued[0], self.valued[-1]
        if " Q" in first.period:
            return tuple(point.period for point in self.valued)
        years = last.starts_on.year - first.starts_on.year
        return tuple(
            following(first.period, step) for step in range(0, years + 1, self.indicator.interval_years)
        )

    def scotland_in(self, period: str) -> Point | None:
        """Scotland's value of the same period, if one is held."""
        return next(
            (point for point in self.scotland if point.period == period and point.value is not None), None
        )

    @property
    def releases(self) -> tuple[tuple[str, str, str], ...]:
        """The published files that the values come from: name, attribution, address; each once."""
        named = {(p.release, p.attribution, p.release_url): None for p in (*self.points, *self.scotland)}
        return tuple(named)
