import re
from dataclasses import replace

from django.template import Context, Template

from outcomes.charts import indicator_chart, periods_of
from outcomes.enums import Better

from .factories import point, series


def drawn(chart) -> str:
    return Template("{% load sgds %}{% chart chart %}").render(Context({"chart": chart}))


def test_the_chart_carries_our_sentence_both_lines_and_the_release():
    chart = indicator_chart(series({"2019/20": 50, "2020/21": 60}, {"2019/20": 55, "2020/21": 56}))
    assert chart.title == "Care services graded good, Angus and Scotland"
    assert chart.sentence.startswith("Up from 50.0% in 2019/20 to 60.0% in 2020/21")
    assert chart.source == "A release"
    assert chart.table.headers == ("Period", "Angus", "Scotland")
    html = drawn(chart)
    assert "<svg" in html
    assert not re.search(r"\sstyle=|<script|\son\w+=", html)


def test_missing_periods_are_gaps_and_not_bridged():
    found = series({"2017/18": 50, "2020/21": 60}, {"2018/19": 55})
    assert periods_of(found, found.scotland) == ["2017/18", "2018/19", "2019/20", "2020/21"]
    chart = indicator_chart(found)
    assert [row[1] for row in chart.table.rows] == ["50%", "not recorded", "not recorded", "60%"]
    ours = [mark for mark in chart.marks if mark.kind == "stroke" and mark.width == 3]
    assert ours == []


def test_waves_of_a_survey_stand_side_by_side_without_invented_years():
    found = series({"2015/16": 50, "2017/18": 55, "2019/20": 60}, interval_years=2)
    assert periods_of(found, ()) == ["2015/16", "2017/18", "2019/20"]


def test_a_break_is_marked_and_the_line_stops():
    found = series({"2019/20": 50, "2020/21": 60})
    found = replace(found, points=(found.points[0], replace(found.points[1], breaks_series=True)))
    html = drawn(indicator_chart(found))
    assert "Not comparable with earlier" in html
    assert not [mark for mark in indicator_chart(found).marks if mark.kind == "stroke" and mark.width == 3]


def test_provisional_values_are_told_apart():
    found = series({"2019/20": 50})
    found = replace(found, points=(*found.points, point("2020/21", 60, is_provisional=True)))
    assert "60% (provisional)" in [row[1] for row in indicator_chart(found).table.rows]


def test_a_number_for_the_whole_area_is_drawn_without_scotlands():
    found = series({"2020/21": 500}, {"2020/21": 70_000}, unit="bed days", is_total=True)
    assert indicator_chart(found).table.headers == ("Period", "Angus (bed days)")


def test_without_any_value_a_chart_still_says_why():
    found = series({}, status_note="", better=Better.DOWN)
    assert "No value for Angus is held here." in drawn(indicator_chart(found))


def test_scotland_alone_is_drawn_where_we_have_nothing():
    chart = indicator_chart(series({}, {"2019/20": 55, "2020/21": 56}))
    assert [row[2] for row in chart.table.rows] == ["55%", "56%"]


def test_pounds_and_rates_are_written_in_their_unit():
    hourly = indicator_chart(series({"2020/21": "27.65"}, unit="£ per hour"))
    assert hourly.table.rows[0][1] == "£27.65"
    rate = indicator_chart(series({"2020/21": "120.03"}, unit="per 1,000 discharges"))
    assert "120.03" in rate.table.rows[0][1]
