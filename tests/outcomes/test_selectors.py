from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from outcomes import selectors
from outcomes.enums import Direction, IndicatorSet, ReportingStatus
from outcomes.models import IndicatorValue
from outcomes.sentences import sentence
from tests.factories import BodyFactory

from .factories import DataReleaseFactory, IndicatorFactory, IndicatorValueFactory, OutcomeFactory, series


@pytest.fixture
def outcome(db):
    return OutcomeFactory(number=2)


@pytest.fixture
def indicator(outcome):
    return IndicatorFactory(code="NI-14", outcomes=[outcome])


def held(indicator, partnership, **values):
    for period, value in values.items():
        IndicatorValueFactory(
            indicator=indicator,
            partnership=partnership,
            period=period.removeprefix("y").replace("_", "/"),
            value=Decimal(value),
        )


def test_a_series_holds_ours_and_scotlands_in_order_of_time_and_nobody_elses(
    indicator, partnership, other_partnership
):
    held(indicator, partnership, y2020_21=60, y2018_19=40)
    held(indicator, None, y2019_20=55)
    held(indicator, other_partnership, y2020_21=1)
    found = selectors.indicator_series(indicator, partnership)
    assert [(point.period, point.value) for point in found.points] == [("2018/19", 40), ("2020/21", 60)]
    assert [point.period for point in found.scotland] == ["2019/20"]
    assert (found.area, found.missing) == ("Angus", ("2019/20",))


def test_many_series_cost_one_query(indicator, partnership, django_assert_num_queries):
    more = [indicator, *(IndicatorFactory() for _ in range(3))]
    held(indicator, partnership, y2020_21=60)
    with django_assert_num_queries(1):
        found = selectors.series_of(more, partnership)
    assert set(found) == {row.pk for row in more}


def test_all_outcomes_cost_three_queries_whatever_there_is(indicator, partnership, django_assert_num_queries):
    for number in (4, 5, 6):
        held(IndicatorFactory(outcomes=[OutcomeFactory(number=number)]), partnership, y2020_21=60)
    with django_assert_num_queries(3):
        found = selectors.outcomes_with_findings(partnership)
        assert [about.outcome.number for about in found] == [2, 4, 5, 6]
        assert [len(about.valued) for about in found] == [0, 1, 1, 1]
        assert [len(about.unvalued) for about in found] == [1, 0, 0, 0]


def test_as_at_counts_the_whole_day_in_london(indicator, partnership):
    late = timezone.make_aware(timezone.datetime(2026, 7, 1, 23, 59))
    IndicatorValueFactory(
        indicator=indicator, partnership=partnership, release=DataReleaseFactory(recorded_at=late)
    )
    day = late.date()
    assert selectors.indicator_series(indicator, partnership, as_at=day).points
    assert not selectors.indicator_series(indicator, partnership, as_at=day - timedelta(days=1)).points


def test_superseded_values_are_those_a_later_release_replaced(indicator, partnership):
    old = DataReleaseFactory(name="Old", recorded_at=timezone.now() - timedelta(days=9))
    for value, release in ((50, old), (51, DataReleaseFactory(name="New"))):
        IndicatorValueFactory(indicator=indicator, partnership=partnership, value=value, release=release)
    (found,) = selectors.superseded_values(indicator, partnership)
    assert (found.figure, found.release, found.period) == ("50.0%", "Old", "2020/21")


def test_people_see_the_values_of_their_partnerships_and_scotlands(
    indicator, partnership, officer, outsider, stranger
):
    held(indicator, partnership, y2020_21=60)
    held(indicator, None, y2020_21=50)
    assert [value.value for value in IndicatorValue.objects.visible_to(officer).order_by("value")] == [50, 60]
    assert [value.value for value in IndicatorValue.objects.visible_to(outsider)] == [50]
    assert [value.value for value in IndicatorValue.objects.visible_to(stranger)] == [50]
    assert [value.value for value in IndicatorValue.objects.for_partnership(partnership)] == [60]


def test_filters_narrow_by_list_outcome_and_status(indicator, outcome):
    other = IndicatorFactory(indicator_set=IndicatorSet.MINISTERIAL, status=ReportingStatus.STALLED)
    assert set(selectors.indicators_filtered()) == {indicator, other}
    assert set(selectors.indicators_filtered(indicator_set="ministerial")) == {other}
    assert set(selectors.indicators_filtered(outcome=outcome)) == {indicator}
    assert set(selectors.indicators_filtered(status="stalled")) == {other}
    assert not selectors.indicators_filtered(outcome=outcome, status="stalled")


def test_a_finding_says_latest_scotland_and_direction_of_the_same_period():
    finding = selectors.Finding(series({"2019/20": 50, "2020/21": 60}, {"2019/20": 70}))
    assert (finding.latest_figure, finding.scotland_figure, finding.direction) == (
        "60.0%",
        "",
        Direction.BETTER,
    )


def test_the_table_of_values_names_every_period_also_the_missing():
    finding = selectors.Finding(series({"2018/19": 50, "2020/21": 60}, {"2017/18": 70, "2020/21": 65}))
    assert [(row.period, row.figure, row.scotland, row.is_missing) for row in finding.rows] == [
        ("2020/21", "60.0%", "65.0%", False),
        ("2019/20", "", "", True),
        ("2018/19", "50.0%", "", False),
        ("2017/18", "", "70.0%", True),
    ]


def test_the_summary_counts_each_indicator_once_and_claims_nothing_for_the_rest():
    better = selectors.Finding(series({"2019/20": 50, "2020/21": 60}))
    single = selectors.Finding(series({"2020/21": 60}))
    empty = selectors.Finding(series({}))
    assert selectors.outcomes_sentence([better, single, empty, empty]) == (
        "Of two core indicators with values, one is better and none is worse than up to five years before; "
        "one is without a clear change. 2 of 4 have no value here."
    )
    assert selectors.outcomes_sentence([better]) == (
        "Of one core indicator with values, one is better and none is worse than up to five years before."
    )
    assert selectors.outcomes_sentence([empty]) == "No values of the core indicators are held yet."


def test_a_partnership_of_two_councils_without_a_rate_says_why(indicator, partnership):
    held(indicator, None, y2020_21=50)
    assert sentence(selectors.indicator_series(indicator, partnership)) == "No value for Angus is held here."
    partnership.councils.add(BodyFactory())
    assert "rates of two councils are not averaged" in sentence(
        selectors.indicator_series(indicator, partnership)
    )
