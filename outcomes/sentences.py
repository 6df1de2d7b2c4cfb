"""One sentence or two about a series, which never claim more than its values carry."""

from __future__ import annotations

from decimal import Decimal

from foundation.sgds.formats import count_in_words

from .enums import Better, Direction, ReportingStatus
from .series import IndicatorFacts, IndicatorSeries, Point

# Answers of a few hundred people in an area move by some points from chance alone.
CLEAR_SURVEY_POINTS = Decimal(5)
# Counted figures: a smaller movement than this share of the earlier value is not called a change.
CLEAR_SHARE = Decimal("0.03")
MOST_PERIODS_NAMED = 3

HOW_A_CHANGE_IS_JUDGED = (
    "Survey figures: a difference of less than 5 percentage points is not called a change, because the answers are "
    "those of a sample. Other figures: a difference of less than 3% of the earlier value is not called a change."
)


def differs_clearly(indicator: IndicatorFacts, value: Decimal, other: Decimal) -> bool:
    """Whether two values lie far enough apart to be called different."""
    difference = abs(value - other)
    if indicator.figure(value) == indicator.figure(other):
        return False
    if indicator.is_survey:
        return difference >= CLEAR_SURVEY_POINTS
    return difference >= CLEAR_SHARE * abs(other)


def direction(series: IndicatorSeries) -> Direction:
    """What the latest value says beside the one it is compared with."""
    latest, baseline = series.latest, series.baseline
    if latest is None or latest.value is None:
        return Direction.NO_VALUE
    if baseline is None or baseline.value is None:
        return Direction.NOT_COMPARABLE if series.is_broken else Direction.ONE_VALUE
    if not differs_clearly(series.indicator, latest.value, baseline.value):
        return Direction.NO_CLEAR_CHANGE
    rose = latest.value > baseline.value
    match series.indicator.better:
        case Better.UP:
            return Direction.BETTER if rose else Direction.WORSE
        case Better.DOWN:
            return Direction.WORSE if rose else Direction.BETTER
        case _:
            return Direction.HIGHER if rose else Direction.LOWER


def sentence(series: IndicatorSeries) -> str:
    """What the series says: the change or why none is claimed, Scotland beside it, what is missing."""
    latest = series.latest
    if latest is None:
        return why_no_value(series)
    parts = [
        change_in_words(series, latest),
        break_in_words(series),
        scotland_in_words(series, latest),
        missing_in_words(series),
    ]
    return " ".join(part for part in parts if part)


def why_no_value(series: IndicatorSeries) -> str:
    """The reason why an area has no value, as far as it is known."""
    indicator = series.indicator
    if indicator.status != ReportingStatus.REPORTED:
        return indicator.status_note or f"{indicator.status.label}."
    withheld = next((point.note for point in reversed(series.points) if point.note), "")
    if series.points:
        return f"No value was published for {series.area}{f': {withheld}' if withheld else ''}."
    return f"No value for {series.area} is held here{f': {series.gap}' if series.gap else ''}."


def change_in_words(series: IndicatorSeries, latest: Point) -> str:
    indicator, baseline = series.indicator, series.baseline
    now = value_of(latest)
    if baseline is None:
        return single_in_words(series, latest, now)
    before = value_of(baseline)
    span = count_in_words(latest.starts_on.year - baseline.starts_on.year, "year")
    preference = f"; {indicator.better.label.lower()}" if indicator.better != Better.NEITHER else ""
    if not differs_clearly(indicator, now, before):
        return unchanged_in_words(indicator, baseline, latest, span) + f"{preference}."
    word = "Up" if now > before else "Down"
    return (
        f"{word} from {indicator.figure(before)} in {named(baseline)} to {indicator.written(now)} "
        f"in {named(latest)}, over {span}{preference}."
    )


def unchanged_in_words(indicator: IndicatorFacts, baseline: Point, latest: Point, span: str) -> str:
    before, now = indicator.figure(value_of(baseline)), indicator.written(value_of(latest))
    if before == indicator.figure(value_of(latest)):
        return f"No change over {span}: {now} in {named(baseline)} and in {named(latest)}"
    return f"No clear change over {span}: {before} in {named(baseline)}, {now} in {named(latest)}"


def single_in_words(series: IndicatorSeries, latest: Point, now: Decimal) -> str:
    stated = f"{series.indicator.written(now)} in {named(latest)}"
    if series.is_broken:
        reason = f": {lowered(latest.note)}" if latest.note else ""
        return f"{stated}. Not comparable with earlier values{reason}."
    return f"{stated}, the only value held."


def break_in_words(series: IndicatorSeries) -> str:
    """A warning where values exist on both sides of a break; a single value after it says so itself."""
    if series.baseline is None or not series.is_broken:
        return ""
    return f"Values before {series.comparable[0].period} are not comparable."


def scotland_in_words(series: IndicatorSeries, latest: Point) -> str:
    """Scotland's value of the same period and on which side of it the area lies, if that is clear."""
    scotland = series.scotland_in(latest.period)
    if scotland is None:
        return f"No value for Scotland in {latest.period} is held here."
    indicator, theirs, ours = series.indicator, value_of(scotland), value_of(latest)
    if indicator.is_total:
        share = f", of which this is {ours / theirs * 100:.1f}%" if theirs else ""
        return f"Scotland as a whole: {indicator.figure(theirs)}{share}."
    if not differs_clearly(indicator, ours, theirs):
        return f"Scotland: {indicator.figure(theirs)}, not clearly different."
    side = "higher" if theirs > ours else "lower"
    return f"Scotland: {indicator.figure(theirs)}, which is {side}."


def missing_in_words(series: IndicatorSeries) -> str:
    """The periods without a value that lie inside what the sentence compares."""
    if series.baseline is None:
        return ""
    first = series.baseline.period
    missing = [period for period in series.missing if period > first]
    if not missing:
        return ""
    if len(missing) > MOST_PERIODS_NAMED:
        return f"No values for {count_in_words(len(missing), 'period')} in between."
    return f"No value for {' or '.join(missing)}."


def named(point: Point) -> str:
    return f"{point.period} (provisional)" if point.is_provisional else point.period


def value_of(point: Point) -> Decimal:
    """The point's value. Raises ValueError for a point without one, which no caller may pass."""
    if point.value is None:
        raise ValueError(f"The point of {point.period} has no value")
    return point.value


def lowered(text: str) -> str:
    """The note as it reads after a colon, without its full stop."""
    return f"{text[:1].lower()}{text[1:]}".rstrip(".")
