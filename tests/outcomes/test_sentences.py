from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outcomes.enums import Better, Direction, ReportingStatus
from outcomes.sentences import differs_clearly, direction, sentence

from .factories import facts, point, series, years

BETTER_WHEN_LOW = {"better": Better.DOWN, "unit": "per 1,000 discharges"}


def test_a_rise_says_from_to_over_what_time_and_which_way_is_better():
    found = series(
        {"2015/16": 107.9, "2018/19": 111.0, "2020/21": 131.7}, {"2020/21": 120.03}, **BETTER_WHEN_LOW
    )
    assert sentence(found) == (
        "Up from 107.9 in 2015/16 to 131.7 per 1,000 discharges in 2020/21, over five years; lower is better. "
        "Scotland: 120.0, which is lower. No value for 2016/17 or 2017/18 or 2019/20."
    )
    assert direction(found) == Direction.WORSE


def test_a_fall_of_something_that_should_fall_is_better():
    found = series({"2019/20": 200, "2020/21": 150}, {"2020/21": 180}, decimals=0, **BETTER_WHEN_LOW)
    assert sentence(found) == (
        "Down from 200 in 2019/20 to 150 per 1,000 discharges in 2020/21, over one year; lower is better. "
        "Scotland: 180, which is higher."
    )
    assert direction(found) == Direction.BETTER


@pytest.mark.parametrize(
    ("better", "rose", "fell"),
    [
        (Better.UP, Direction.BETTER, Direction.WORSE),
        (Better.DOWN, Direction.WORSE, Direction.BETTER),
        (Better.NEITHER, Direction.HIGHER, Direction.LOWER),
    ],
)
def test_the_direction_follows_what_is_better(better, rose, fell):
    assert direction(series({"2019/20": 50, "2020/21": 60}, better=better)) == rose
    assert direction(series({"2019/20": 60, "2020/21": 50}, better=better)) == fell


def test_where_neither_direction_is_better_none_is_named():
    found = series({"2019/20": 20, "2020/21": 30}, better=Better.NEITHER, unit="£ per hour", decimals=2)
    assert sentence(found) == (
        "Up from £20.00 in 2019/20 to £30.00 per hour in 2020/21, over one year. "
        "No value for Scotland in 2020/21 is held here."
    )
    assert "better" not in sentence(found)


def test_one_value_claims_no_change():
    found = series({"2019/20": 72.34}, {"2019/20": 80})
    assert sentence(found) == "72.3% in 2019/20, the only value held. Scotland: 80.0%, which is higher."
    assert direction(found) == Direction.ONE_VALUE


def test_equal_values_are_no_change():
    found = series({"2019/20": 72.31, "2020/21": 72.29})
    assert sentence(found).startswith(
        "No change over one year: 72.3% in 2019/20 and in 2020/21; higher is better."
    )
    assert direction(found) == Direction.NO_CLEAR_CHANGE


def test_a_small_movement_is_no_clear_change():
    found = series({"2019/20": 80.0, "2020/21": 82.3}, {"2020/21": 81})
    assert sentence(found) == (
        "No clear change over one year: 80.0% in 2019/20, 82.3% in 2020/21; higher is better. "
        "Scotland: 81.0%, not clearly different."
    )
    assert direction(found) == Direction.NO_CLEAR_CHANGE


def test_a_survey_needs_five_points_to_say_that_something_changed():
    survey = {"is_survey": True, "interval_years": 2}
    assert direction(series({"2017/18": 40, "2019/20": 36}, **survey)) == Direction.NO_CLEAR_CHANGE
    assert direction(series({"2017/18": 40, "2019/20": 35}, **survey)) == Direction.WORSE


def test_waves_of_a_two_yearly_survey_are_not_called_missing():
    found = series({"2015/16": 60, "2017/18": 70, "2019/20": 80}, is_survey=True, interval_years=2)
    assert found.missing == ()
    assert "No value for 20" not in sentence(found)
    assert sentence(series({"2015/16": 60, "2019/20": 80}, is_survey=True, interval_years=2)).endswith(
        "No value for 2017/18."
    )


def broken(values, **given):
    """A series whose last value was counted in another way."""
    found = series(values, **given)
    note = "The question was worded differently in the 2023/24 survey"
    last = replace(found.points[-1], breaks_series=True, note=note)
    return replace(found, points=(*found.points[:-1], last))


def test_a_break_in_the_series_is_never_compared_across():
    found = broken({"2017/18": 90, "2019/20": 91, "2023/24": 57.2}, is_survey=True, interval_years=2)
    assert sentence(found) == (
        "57.2% in 2023/24. Not comparable with earlier values: the question was worded differently in the 2023/24 "
        "survey. No value for Scotland in 2023/24 is held here."
    )
    assert direction(found) == Direction.NOT_COMPARABLE


def test_after_a_break_the_new_values_are_compared_among_themselves():
    found = broken({"2019/20": 90, "2020/21": 50})
    found = replace(found, points=(*found.points, point("2021/22", 60)))
    assert sentence(found).startswith(
        "Up from 50.0% in 2020/21 to 60.0% in 2021/22, over one year; higher is better. "
        "Values before 2020/21 are not comparable."
    )
    assert direction(found) == Direction.BETTER


def test_a_provisional_value_says_so():
    found = series({"2019/20": 50, "2020/21": 60})
    found = replace(found, points=(found.points[0], replace(found.points[1], is_provisional=True)))
    assert "to 60.0% in 2020/21 (provisional)," in sentence(found)


def test_values_older_than_five_years_are_not_the_ones_compared_with():
    values = dict(zip(years(2010, 11), range(10, 21), strict=True))
    assert sentence(series(values)).startswith(
        "Up from 15.0% in 2015/16 to 20.0% in 2020/21, over five years;"
    )


def test_without_a_value_in_the_last_five_years_the_last_one_before_is_used():
    found = series({"2009/10": 10, "2011/12": 20, "2020/21": 40})
    assert sentence(found).startswith("Up from 20.0% in 2011/12 to 40.0% in 2020/21, over nine years;")
    assert sentence(found).endswith("No values for eight periods in between.")


def test_a_number_for_the_whole_area_is_a_share_of_scotlands_and_not_set_against_it():
    found = series({"2024/25": 5000}, {"2024/25": 720_119}, unit="bed days", decimals=0, is_total=True)
    assert sentence(found) == (
        "5,000 bed days in 2024/25, the only value held. Scotland as a whole: 720,119, of which this is 0.7%."
    )
    nothing = series({"2024/25": 0}, {"2024/25": 0}, unit="bed days", decimals=0, is_total=True)
    assert sentence(nothing).endswith("Scotland as a whole: 0.")


@pytest.mark.parametrize(
    ("status", "note", "said"),
    [
        (
            ReportingStatus.NOT_REPORTED,
            "Not reported nationally (S6W-28791).",
            "Not reported nationally (S6W-28791).",
        ),
        (ReportingStatus.STALLED, "", "No longer published."),
        (ReportingStatus.NOT_HELD, "", "Published, but not held here yet."),
        (ReportingStatus.REPORTED, "About the source.", "No value for Angus is held here."),
    ],
)
def test_without_values_the_reason_is_said(status, note, said):
    found = series({}, {"2020/21": 50}, status=status, status_note=note)
    assert sentence(found) == said
    assert direction(found) == Direction.NO_VALUE


def test_a_withheld_value_says_why():
    found = replace(series({}), points=(point("2020/21", None, note="fewer than 50 people answered"),))
    assert sentence(found) == "No value was published for Angus: fewer than 50 people answered."
    assert direction(found) == Direction.NO_VALUE


def test_a_withheld_latest_value_leaves_the_last_published_one():
    found = replace(series({"2019/20": 50}), points=(point("2019/20", 50), point("2020/21", None)))
    assert sentence(found).startswith("50.0% in 2019/20, the only value held.")


def test_from_nothing_anything_is_a_change_and_what_reads_the_same_is_none():
    assert direction(series({"2019/20": 0, "2020/21": 1})) == Direction.BETTER
    assert not differs_clearly(facts(decimals=0), point("2019", "0.1").value, point("2019", "0.4").value)


figures = st.decimals(min_value=-100_000, max_value=100_000, places=2)


@given(st.lists(figures, min_size=1, max_size=12), st.sampled_from(Better), st.booleans())
def test_no_sentence_claims_what_its_direction_does_not(values, better, is_survey):
    found = series(
        dict(zip(years(2010, len(values)), values, strict=True)), better=better, is_survey=is_survey
    )
    said, word = sentence(found), direction(found)
    rose_or_fell = said.startswith(("Up from", "Down from"))
    assert rose_or_fell == (word in {Direction.BETTER, Direction.WORSE, Direction.HIGHER, Direction.LOWER})
    assert said.startswith("No c") == (word == Direction.NO_CLEAR_CHANGE)
    assert (word in {Direction.BETTER, Direction.WORSE}) <= (better != Better.NEITHER)
    assert found.indicator.figure(values[-1]) in said


@given(figures, figures)
def test_up_and_down_mirror_each_other(first, second):
    assume(differs_clearly(facts(), second, first) and differs_clearly(facts(), first, second))
    there = direction(series({"2019/20": first, "2020/21": second}))
    back = direction(series({"2019/20": second, "2020/21": first}))
    assert {there, back} == {Direction.BETTER, Direction.WORSE}


@given(figures)
def test_a_value_never_differs_from_itself(value):
    for is_survey in (True, False):
        assert not differs_clearly(facts(is_survey=is_survey), value, value)
