"""Charts of indicators, the same in pages and in PDFs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foundation.sgds.charts import (
    PAGE,
    PERCENT,
    POUNDS,
    Chart,
    Role,
    Series,
    SeriesBreak,
    Sheet,
    Unit,
    line_chart,
    rate,
)

from .periods import read_period
from .sentences import sentence
from .series import IndicatorFacts, IndicatorSeries, Point

BREAK_LABEL = "Not comparable with earlier"


def indicator_chart(series: IndicatorSeries, *, sheet: Sheet = PAGE) -> Chart:
    """The partnership's line in colour over Scotland's in grey: gaps where values are missing, breaks marked.

    A number for a whole area stands alone: Scotland's number would only show that Scotland is larger.
    """
    indicator = series.indicator
    beside = () if indicator.is_total else series.scotland
    periods = periods_of(series, beside)
    lines = [line_of(series.area, series.points, periods, Role.OURS)]
    if beside:
        lines.append(line_of("Scotland", beside, periods, Role.COMPARATOR))
    return line_chart(
        title=f"{indicator.short_title}, {series.area}" + (" and Scotland" if beside else ""),
        periods=periods,
        series=lines,
        unit=unit_of(indicator),
        breaks=breaks_of([*series.points, *beside], periods),
        sentence=sentence(series),
        source="; ".join(name for name, _, _ in series.releases),
        sheet=sheet,
    )


def periods_of(series: IndicatorSeries, beside: Sequence[Point]) -> list[str]:
    """Every period with a value here or in Scotland and those missing in between, in order of time."""
    starts = {point.period: point.starts_on for point in (*series.points, *beside)}
    starts |= {period: read_period(period).starts_on for period in series.missing}
    return sorted(starts, key=starts.__getitem__)


def line_of(name: str, points: Sequence[Point], periods: Sequence[str], role: Role) -> Series:
    held = {point.period: point for point in points}
    values = [held[period].value if period in held else None for period in periods]
    provisional = [
        place for place, period in enumerate(periods) if period in held and held[period].is_provisional
    ]
    return Series(name, values, role, provisional)


def breaks_of(points: Sequence[Point], periods: Sequence[str]) -> list[SeriesBreak]:
    broken = {point.period for point in points if point.breaks_series}
    return [SeriesBreak(place, BREAK_LABEL) for place, period in enumerate(periods) if period in broken]


def unit_of(indicator: IndicatorFacts) -> Unit:
    """The unit as the chart writes it. Values of indicators are never added up, pounds per hour neither."""
    if indicator.unit == "%":
        return PERCENT
    if indicator.unit.startswith("£"):
        return replace(POUNDS, additive=False)
    return rate(indicator.unit)
