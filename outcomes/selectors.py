"""Outcomes, indicators and their values, ready to read. Nothing here knows a request or a person."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from foundation.sgds.formats import count_in_words
from partnerships.home import Line
from partnerships.models import Partnership
from partnerships.permissions import Standing

from .enums import Better, Direction, IndicatorSet, ReportingStatus
from .models import Indicator, IndicatorValue, Outcome, Principle
from .periods import read_period
from .sentences import direction, sentence
from .series import IndicatorFacts, IndicatorSeries, Point

OF_SEVERAL_COUNCILS = "it is published for each of the councils, and rates of two councils are not averaged"


# The columns of a Point, in its order.
POINT_COLUMNS = (
    *("period", "period_starts_on", "value"),
    *("release__name", "release__attribution", "release__url"),
    *("is_provisional", "breaks_series", "note"),
)
# Put together once: that takes Django longer than the answer takes the database. Plain rows: a page reads hundreds.
NEWEST_VALUES: Any = IndicatorValue.objects.newest_vintages().values_list(
    "indicator_id", "partnership_id", *POINT_COLUMNS
)
CORE_INDICATORS = Indicator.objects.filter(indicator_set=IndicatorSet.NATIONAL)


@dataclass(frozen=True)
class ValueRow:
    """One period of the table of values. `point` carries note and release: ours, or Scotland's where we have none."""

    period: str
    figure: str
    scotland: str
    point: Point | None
    is_missing: bool


@dataclass(frozen=True)
class Finding:
    """One indicator as lists show it: its series, and what the series says in a word and in a sentence."""

    series: IndicatorSeries

    @property
    def indicator(self) -> IndicatorFacts:
        return self.series.indicator

    @cached_property
    def direction(self) -> Direction:
        return direction(self.series)

    @cached_property
    def sentence(self) -> str:
        return sentence(self.series)

    @property
    def why_no_value(self) -> str:
        """The reporting status in a few words, where that is the reason; else the sentence."""
        status = self.indicator.status
        return self.sentence if status == ReportingStatus.REPORTED else str(status.label)

    @property
    def latest(self) -> Point | None:
        return self.series.latest

    @property
    def latest_figure(self) -> str:
        return self.figure_of(self.latest)

    @property
    def scotland(self) -> Point | None:
        """Scotland's value of the period that the latest value is for."""
        return self.series.scotland_in(self.latest.period) if self.latest else None

    @property
    def scotland_figure(self) -> str:
        return self.figure_of(self.scotland)

    @property
    def rows(self) -> list[ValueRow]:
        """Every period, latest first, with what is held here and in Scotland."""
        here = {point.period: point for point in self.series.points}
        there = {point.period: point for point in self.series.scotland}
        starts = {period: point.starts_on for period, point in {**there, **here}.items()}
        starts |= {period: read_period(period).starts_on for period in self.series.missing}
        return [
            ValueRow(
                period=period,
                figure=self.figure_of(here.get(period)),
                scotland=self.figure_of(there.get(period)),
                point=here.get(period) or there.get(period),
                is_missing=period not in here,
            )
            for period in sorted(starts, key=starts.__getitem__, reverse=True)
        ]

    def figure_of(self, point: Point | None) -> str:
        return self.indicator.figure(point.value) if point and point.value is not None else ""


@dataclass(frozen=True)
class OutcomeFindings:
    """An outcome with its indicators: those that have values here, and those that have none with the reason."""

    outcome: Outcome
    findings: tuple[Finding, ...]

    @property
    def key(self) -> str:
        """The name of its table in a page."""
        return f"outcome-{self.outcome.number}-values"

    @property
    def valued(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.latest)

    @property
    def unvalued(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.latest)


def indicator_series(
    indicator: Indicator, partnership: Partnership, *, as_at: date | None = None
) -> IndicatorSeries:
    """The newest values of one indicator, here and in Scotland; those known at the end of a day if one is given."""
    series = series_of([indicator], partnership, as_at=as_at)[indicator.pk]
    if not series.points and series.scotland and partnership.councils.count() > 1:
        return replace(series, gap=OF_SEVERAL_COUNCILS)
    return series


def series_of(
    indicators: Iterable[Indicator],
    partnership: Partnership,
    *,
    as_at: date | None = None,
    beside_scotland: bool = True,
) -> dict[int, IndicatorSeries]:
    """The series of many indicators by the indicators' keys, in one query.

    Scotland's values are left out where nobody compares: they are half of the rows.
    """
    wanted = list(indicators)
    values = NEWEST_VALUES.filter(indicator__in=[indicator.pk for indicator in wanted])
    if beside_scotland:
        values = values.for_partnership_and_scotland(partnership)
    else:
        values = values.for_partnership(partnership)
    if as_at is not None:
        values = values.as_at(as_at)
    points: dict[tuple[int, bool], list[Point]] = defaultdict(list)
    for indicator_id, partnership_id, *columns in values:
        points[indicator_id, partnership_id is None].append(Point(*columns))
    for series in points.values():
        series.sort(key=lambda point: point.starts_on)
    return {
        indicator.pk: IndicatorSeries(
            indicator=facts_of(indicator),
            area=partnership.short_name,
            points=tuple(points[indicator.pk, False]),
            scotland=tuple(points[indicator.pk, True]),
            as_at=as_at,
        )
        for indicator in wanted
    }


def findings_of(indicators: Iterable[Indicator], partnership: Partnership) -> list[Finding]:
    """A finding for each indicator, in the order given, in one query."""
    wanted = list(indicators)
    series = series_of(wanted, partnership)
    return [Finding(series[indicator.pk]) for indicator in wanted]


def by_list(findings: Iterable[Finding]) -> list[tuple[IndicatorSet, list[Finding]]]:
    """The findings by the published list of their indicators, lists and findings in the order given."""
    lists: dict[IndicatorSet, list[Finding]] = {}
    for finding in findings:
        lists.setdefault(finding.indicator.indicator_set, []).append(finding)
    return list(lists.items())


def facts_of(indicator: Indicator) -> IndicatorFacts:
    return IndicatorFacts(
        code=indicator.code,
        slug=indicator.slug,
        title=indicator.title,
        short_title=indicator.short_title,
        indicator_set=IndicatorSet(indicator.indicator_set),
        unit=indicator.unit,
        decimals=indicator.decimals,
        better=Better(indicator.better),
        interval_years=indicator.interval_years,
        is_survey=indicator.is_survey,
        is_total=indicator.is_total,
        status=ReportingStatus(indicator.status),
        status_note=indicator.status_note,
        source=indicator.source,
    )


def outcomes_with_findings(partnership: Partnership) -> list[OutcomeFindings]:
    """The nine outcomes, each with what its indicators say of the partnership. Three queries, whatever there is."""
    outcomes = list(
        Outcome.objects.prefetch_related(Prefetch("indicators", queryset=Indicator.objects.all()))
    )
    every = {indicator.pk: indicator for outcome in outcomes for indicator in outcome.indicators.all()}
    series = series_of(every.values(), partnership)
    return [
        OutcomeFindings(outcome, tuple(Finding(series[i.pk]) for i in outcome.indicators.all()))
        for outcome in outcomes
    ]


def findings_once(outcomes: Iterable[OutcomeFindings]) -> list[Finding]:
    """Each finding of the outcomes once, though its indicator speaks of several."""
    return list(
        {finding.indicator.code: finding for about in outcomes for finding in about.findings}.values()
    )


def outcome_with_findings(outcome: Outcome, partnership: Partnership) -> OutcomeFindings:
    """One outcome with what its indicators say of the partnership."""
    return OutcomeFindings(outcome, tuple(findings_of(outcome.indicators.all(), partnership)))


def principles() -> QuerySet[Principle]:
    """The thirteen integration delivery principles in the Act's order."""
    return Principle.objects.all()


def indicators_filtered(
    *, indicator_set: str = "", outcome: Outcome | None = None, status: str = ""
) -> QuerySet[Indicator]:
    """The indicators of a set, for an outcome, in a reporting status; empty words leave the question open."""
    indicators = Indicator.objects.prefetch_related("outcomes")
    if indicator_set:
        indicators = indicators.filter(indicator_set=indicator_set)
    if outcome is not None:
        indicators = indicators.filter(outcomes=outcome)
    if status:
        indicators = indicators.filter(status=status)
    return indicators


@dataclass(frozen=True)
class SupersededValue:
    """A value that a later release replaced."""

    period: str
    figure: str
    release: str
    recorded_at: datetime


def superseded_values(indicator: Indicator, partnership: Partnership) -> list[SupersededValue]:
    """The partnership's earlier vintages, newest first: what reports of their time were right to say."""
    values = IndicatorValue.objects.filter(indicator=indicator).for_partnership(partnership)
    newest = values.newest_vintages().values("pk")
    facts = facts_of(indicator)
    return [
        SupersededValue(
            period=value.period,
            figure=facts.figure(value.value) if value.value is not None else "no value",
            release=value.release.name,
            recorded_at=value.release.recorded_at,
        )
        for value in values.exclude(pk__in=newest)
        .select_related("release")
        .order_by("-release__recorded_at", "-period_starts_on")
    ]


def outcomes_sentence(findings: Iterable[Finding]) -> str:
    """How the core indicators stand as a whole, in one sentence."""
    held = list(findings)
    valued = [finding for finding in held if finding.latest]
    if not valued:
        return "No values of the core indicators are held yet."
    counts = Counter(finding.direction for finding in valued)
    better, worse = counts[Direction.BETTER], counts[Direction.WORSE]
    others = len(valued) - better - worse
    said = (
        f"Of {count_in_words(len(valued), 'core indicator')} with values, {count_word(better)} better "
        f"and {count_word(worse)} worse than up to five years before"
    )
    if others:
        said += f"; {count_word(others)} without a clear change"
    without = len(held) - len(valued)
    return f"{said}. {without} of {len(held)} have no value here." if without else f"{said}."


def count_word(count: int) -> str:
    """`none is`, `one is`, `three are`."""
    if count == 0:
        return "none is"
    return f"{count_in_words(count, ' ', ' ').strip()} {'is' if count == 1 else 'are'}"


def home_line(standing: Standing) -> Line:
    """The outcomes at a glance, for the partnership's home page. Two queries."""
    core = list(CORE_INDICATORS.all())
    series = series_of(core, standing.partnership, beside_scotland=False)
    return Line(
        label="Outcomes",
        sentence=outcomes_sentence(Finding(series[indicator.pk]) for indicator in core),
        url=reverse("outcomes:list", args=[standing.partnership.slug]),
    )
