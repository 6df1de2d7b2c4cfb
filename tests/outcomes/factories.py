"""Indicators and values, made up for tests."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from outcomes.enums import Better, IndicatorSet, ReportingStatus
from outcomes.models import DataRelease, Indicator, IndicatorValue, Outcome
from outcomes.periods import read_period
from outcomes.series import IndicatorFacts, IndicatorSeries, Point


class OutcomeFactory(DjangoModelFactory):
    class Meta:
        model = Outcome

    number = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Outcome title {n}")
    text = factory.Sequence(lambda n: f"People are well in way {n}.")


class IndicatorFactory(DjangoModelFactory):
    class Meta:
        model = Indicator
        skip_postgeneration_save = True

    code = factory.Sequence(lambda n: f"T-{n}")
    slug = factory.LazyAttribute(lambda indicator: indicator.code.lower())
    title = factory.Sequence(lambda n: f"Something measured {n}")
    short_title = factory.Sequence(lambda n: f"Measure {n}")
    indicator_set = IndicatorSet.NATIONAL
    unit = "%"
    better = Better.UP
    status = ReportingStatus.REPORTED

    @factory.post_generation
    def outcomes(self, create, extracted, **_):
        if create and extracted:
            self.outcomes.set(extracted)


class DataReleaseFactory(DjangoModelFactory):
    class Meta:
        model = DataRelease

    name = factory.Sequence(lambda n: f"Release {n}")
    attribution = "Somebody. Open Government Licence v3.0."


class IndicatorValueFactory(DjangoModelFactory):
    class Meta:
        model = IndicatorValue

    indicator = factory.SubFactory(IndicatorFactory)
    partnership = None
    period = "2020/21"
    period_starts_on = factory.LazyAttribute(lambda value: read_period(value.period).starts_on)
    value = Decimal("50.0")
    release = factory.SubFactory(DataReleaseFactory)


def facts(**given) -> IndicatorFacts:
    """A percentage of counted things, higher is better, unless told otherwise."""
    usual = {
        "code": "NI-17",
        "slug": "ni-17",
        "title": "Proportion of care services graded good",
        "short_title": "Care services graded good",
        "indicator_set": IndicatorSet.NATIONAL,
        "unit": "%",
        "decimals": 1,
        "better": Better.UP,
        "interval_years": 1,
        "is_survey": False,
        "is_total": False,
        "status": ReportingStatus.REPORTED,
        "status_note": "",
        "source": "Care Inspectorate",
    }
    return IndicatorFacts(**{**usual, **given})


def point(period: str, value: object, **given) -> Point:
    figure = None if value is None else Decimal(str(value))
    return Point(period, read_period(period).starts_on, figure, given.pop("release", "A release"), **given)


def series(values: dict[str, object], scotland: dict[str, object] | None = None, **given) -> IndicatorSeries:
    """A series of Angus from {period: value}; Scotland's beside it; further words are facts of the indicator."""
    return IndicatorSeries(
        indicator=facts(**given),
        area="Angus",
        points=tuple(point(period, value) for period, value in values.items()),
        scotland=tuple(point(period, value) for period, value in (scotland or {}).items()),
    )


def years(first: int, count: int) -> list[str]:
    return [read_period(f"{year}/{(year + 1) % 100:02d}").label for year in range(first, first + count)]


DAY = date(2026, 1, 31)
