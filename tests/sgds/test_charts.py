"""Charts: the drawing stays inside its box whatever the figures, and says in words and in a table what it shows."""

import itertools
import json
import math
from decimal import Decimal

import pytest
from django.template import engines
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as markup

from foundation.sgds.charts import (
    CARD,
    NUMBER,
    PERCENT,
    POUNDS,
    Reference,
    Role,
    Series,
    SeriesBreak,
    bar_chart,
    grouped_bar_chart,
    line_chart,
    rate,
    run_chart,
    sparkline,
    stacked_bar_chart,
)
from foundation.sgds.charts.marks import Box, Spot, Stroke, Words
from foundation.sgds.charts.runs import signals_of
from foundation.sgds.charts.scales import enclosing, ticks
from foundation.sgds.charts.text import text_width, wrapped
from foundation.sgds.gallery import charts as gallery_charts
from foundation.sgds.gallery import odd_charts
from tests.browser.checks import markup_faults

HOSTILE = '"><script>alert(1)</script>&'
YEARS = ["2020/21", "2021/22", "2022/23", "2023/24"]
MONTHS = [f"Month {number}" for number in range(1, 25)]


def rendered(chart, *, pdf=False):
    source = "{% load sgds %}{% chart chart pdf=pdf %}"
    return engines["django"].from_string(source).render({"chart": chart, "pdf": pdf})


def drawing(chart, *, pdf=False):
    """The chart's SVG, parsed as strictly as a PDF renderer does."""
    source = rendered(chart, pdf=pdf)
    return etree.fromstring(source[source.index("<svg") : source.index("</svg>") + 6])


def points(mark):
    if isinstance(mark, Stroke):
        return mark.points
    if isinstance(mark, Box):
        return ((mark.x, mark.y), (mark.x + mark.width, mark.y + mark.height))
    return ((mark.x, mark.y),)


def assert_sound(chart):
    """Every coordinate is a finite number inside the box, and the SVG is well formed."""
    for mark in chart.marks:
        for x, y in points(mark):
            assert math.isfinite(x)
            assert math.isfinite(y)
            assert -0.01 <= x <= chart.width + 0.01, mark
            assert -0.01 <= y <= chart.height + 0.01, mark
        if isinstance(mark, Box):
            assert mark.width >= 0
            assert mark.height >= 0
    assert chart.sentence.endswith(".")
    root = drawing(chart)
    assert root.get("role") == "img"
    assert all(len(row) == len(chart.table.headers) for row in chart.table.rows)


# What every chart holds


@pytest.mark.parametrize("chart", [*gallery_charts(), *odd_charts()], ids=lambda chart: chart.title)
def test_every_chart_of_the_gallery_is_sound_and_keeps_the_policy(chart):
    assert_sound(chart)
    for source in (rendered(chart), rendered(chart, pdf=True)):
        assert markup_faults(source) == []
        assert "<script>alert" not in source


def test_a_page_has_title_sentence_drawing_and_a_folded_table():
    chart = bar_chart(title="Budget", categories=["Council", "Board"], values=[2, 1], source="Our books")
    page = markup.fromstring(rendered(chart))
    assert page.xpath("string(//figcaption/p[1])") == "Budget"
    assert page.xpath("string(//figcaption/p[2])") == chart.sentence
    assert page.xpath("string(//svg/title)") == "Budget"
    assert page.xpath("string(//svg/desc)") == chart.sentence
    assert page.xpath("//details//table/tbody/tr/td/text()") == ["2", "1"]
    assert "Our books" in page.text_content()


def test_a_pdf_has_the_table_open_and_the_whole_message_in_the_title():
    chart = bar_chart(title="Budget", categories=["Council", "Board"], values=[2, 1])
    page = markup.fromstring(rendered(chart, pdf=True))
    assert page.xpath("string(//svg/title)") == f"Budget. {chart.sentence}"
    assert not page.xpath("//details")
    assert page.xpath("//table/tbody/tr")
    assert not page.xpath("//*[@tabindex]")


def test_the_drawing_is_the_same_in_page_and_pdf():
    for chart in gallery_charts():
        shapes = [
            [
                (
                    element.tag,
                    {name: value for name, value in element.attrib.items() if chart.key not in value},
                )
                for element in drawing(chart, pdf=pdf).iter()
                if etree.QName(element).localname not in {"svg", "title", "desc"}
            ]
            for pdf in (False, True)
        ]
        assert shapes[0] == shapes[1]


def test_ids_differ_between_charts_and_between_page_and_pdf():
    one = bar_chart(title="Same title", categories=["A"], values=[1])
    other = bar_chart(title="Same title", categories=["A"], values=[2])
    source = rendered(one) + rendered(other) + rendered(one, pdf=True)
    ids = markup.fromstring(f"<div>{source}</div>").xpath("//@id")
    assert len(ids) == len(set(ids))


def test_names_are_escaped_everywhere():
    chart = grouped_bar_chart(
        title=HOSTILE, categories=[HOSTILE], series=[Series(HOSTILE, [1]), Series("b", [2])], source=HOSTILE
    )
    for pdf in (False, True):
        source = rendered(chart, pdf=pdf)
        assert "<script" not in source
        assert markup.fromstring(source).xpath("string(//svg/title)").startswith(HOSTILE)


# Bars


def boxes(chart):
    return [mark for mark in chart.marks if isinstance(mark, Box) and mark.fill != "#fff"]


def texts(chart):
    return [mark.text for mark in chart.marks if isinstance(mark, Words)]


def test_bars_start_at_zero_and_keep_their_proportions():
    one, two = boxes(bar_chart(title="t", categories=["a", "b"], values=[50, 100]))
    assert one.x == two.x
    assert two.width == pytest.approx(2 * one.width)


def test_a_bar_below_zero_lies_on_the_other_side_of_the_line():
    below, above = boxes(bar_chart(title="t", categories=["a", "b"], values=[-50, 100]))
    assert below.x + below.width == pytest.approx(above.x)


def test_a_missing_figure_is_said_and_not_drawn_as_nothing():
    chart = bar_chart(title="t", categories=["a", "b"], values=[None, 0])
    assert len(boxes(chart)) == 1
    assert "not recorded" in texts(chart)
    assert chart.table.rows == (("a", "not recorded"), ("b", "0"))


def test_too_few_values_are_gaps_and_too_many_are_left_out():
    assert bar_chart(title="t", categories=["a", "b"], values=[1]).table.rows[1] == ("b", "not recorded")
    assert len(bar_chart(title="t", categories=["a"], values=[1, 2, 3]).table.rows) == 1


def test_ours_is_coloured_and_the_others_are_grey():
    chart = bar_chart(title="t", categories=["Angus", "Moray"], values=[1, 2], ours="Angus")
    assert [box.fill for box in boxes(chart)] == ["#0065bd", "#6b6b6b"]


def test_the_reference_is_drawn_and_named_and_never_strikes_a_figure_through():
    chart = bar_chart(title="t", categories=["a"], values=[100], reference=Reference(104, "Scotland"))
    assert "Scotland 104" in texts(chart)
    (line,) = [mark for mark in chart.marks if isinstance(mark, Stroke) and mark.dashes]
    grounds = [mark for mark in chart.marks if isinstance(mark, Box) and mark.fill == "#fff"]
    assert grounds
    assert grounds[0].x < line.points[0][0] < grounds[0].x + grounds[0].width


def test_bars_of_several_series_differ_in_colour_and_in_filling():
    chart = grouped_bar_chart(title="t", categories=["a"], series=[Series(str(n), [n + 1]) for n in range(6)])
    looks = [(box.fill, box.pattern) for box in boxes(chart)[-6:]]
    assert len({fill for fill, _ in looks}) == 6
    assert len({pattern for _, pattern in looks}) == 6
    root = drawing(chart)
    used = {value for value in root.xpath("//@fill") if value.startswith("url(")}
    defined = {f"url(#{name})" for name in root.xpath("//*[local-name()='pattern']/@id")}
    assert used == defined


def test_series_are_named_beside_the_first_bars_where_that_fits_and_in_a_legend_elsewhere():
    beside = grouped_bar_chart(
        title="t", categories=["a", "b"], series=[Series("North", [1, 9]), Series("South", [2, 8])]
    )
    assert "1 North" in texts(beside)
    assert "North" not in texts(beside)
    legend = grouped_bar_chart(
        title="t", categories=["a", "b"], series=[Series("North", [9, 1]), Series("South", [8, 2])]
    )
    assert "North" in texts(legend)


def test_parts_of_a_stack_lie_end_to_end_and_add_up():
    chart = stacked_bar_chart(
        title="t", categories=["a"], series=[Series("x", [30]), Series("y", [70])], unit=POUNDS
    )
    first, second = boxes(chart)[-2:]
    assert second.x == pytest.approx(first.x + first.width + 1)
    assert chart.table.headers[-1] == "Total"
    assert chart.table.rows[0] == ("a", "£30", "£70", "£100")
    assert "£100" in texts(chart)


def test_a_stack_says_that_a_part_is_missing():
    chart = stacked_bar_chart(
        title="t", categories=["a"], series=[Series("x", [30]), Series("y", [None])], unit=POUNDS
    )
    assert "£30 (1 not recorded)" in texts(chart)


# Lines


def solid(chart):
    return [
        mark
        for mark in chart.marks
        if isinstance(mark, Stroke) and mark.colour == "#0065bd" and not mark.dashes
    ]


def ours(*values, **more):
    return Series("Angus", values, Role.OURS, **more)


def test_a_missing_year_leaves_a_gap():
    whole = line_chart(title="t", periods=YEARS, series=[ours(1, 2, 3, 4)])
    gapped = line_chart(title="t", periods=YEARS, series=[ours(1, 2, None, 4)])
    assert [len(line.points) for line in solid(whole)] == [4]
    assert [len(line.points) for line in solid(gapped)] == [2]
    assert len([mark for mark in gapped.marks if isinstance(mark, Spot)]) == 3


def test_a_provisional_year_is_dashed_ringed_and_said():
    chart = line_chart(title="t", periods=YEARS, series=[ours(1, 2, 3, 4, provisional={3})])
    dashed = [mark for mark in chart.marks if isinstance(mark, Stroke) and mark.dashes]
    assert len(dashed) == 1
    assert len(solid(chart)[0].points) == 3
    assert [mark.shape for mark in chart.marks if isinstance(mark, Spot)] == ["dot", "dot", "dot", "ring"]
    assert chart.table.rows[3] == ("2023/24", "4 (provisional)")
    assert "(provisional)" in chart.sentence


def test_a_provisional_year_in_the_middle_is_dashed_on_both_sides():
    chart = line_chart(title="t", periods=YEARS, series=[ours(1, 2, 3, 4, provisional={1})])
    dashed = [mark for mark in chart.marks if isinstance(mark, Stroke) and mark.dashes]
    assert len(dashed) == 2
    assert [len(line.points) for line in solid(chart)] == [2]


def test_the_line_stops_where_counting_changed_and_nothing_is_compared_across():
    chart = line_chart(
        title="t", periods=YEARS, series=[ours(1, 2, 3, 4)], breaks=[SeriesBreak(3, "New survey")]
    )
    assert [len(line.points) for line in solid(chart)] == [3]
    assert "New survey" in texts(chart)
    assert chart.table.rows[3][0] == "2023/24 (New survey)"
    assert "not comparable with 2022/23" in chart.sentence


def test_the_target_is_a_dashed_level_named_beside_it():
    chart = line_chart(
        title="t", periods=YEARS, series=[ours(1, 2, 3, 4)], target=Reference(5, "Target"), unit=PERCENT
    )
    (level,) = [mark for mark in chart.marks if isinstance(mark, Stroke) and mark.dashes]
    assert level.points[0][1] == level.points[1][1]
    assert "Target 5%" in texts(chart)
    assert chart.table.headers == ("Period", "Angus", "Target")
    assert "1 percentage point below the target of 5%" in chart.sentence


def test_comparators_are_grey_and_lie_below_ours():
    chart = line_chart(
        title="t", periods=YEARS, series=[ours(1, 2, 3, 4), Series("Scotland", [2, 2, 2, 2], Role.COMPARATOR)]
    )
    colours = [mark.colour for mark in chart.marks if isinstance(mark, Stroke) and len(mark.points) == 4]
    assert colours == ["#6b6b6b", "#0065bd"]


def test_names_at_the_ends_do_not_overlap():
    rows = [Series(f"Locality {number}", [1, 1, 1, 1 + number / 1000]) for number in range(8)]
    chart = line_chart(title="t", periods=YEARS, series=rows)
    levels = sorted(
        mark.y for mark in chart.marks if isinstance(mark, Words) and mark.text.startswith("Locality")
    )
    assert all(later - earlier >= 16 for earlier, later in itertools.pairwise(levels))


def test_crowded_periods_are_thinned_out_and_the_last_one_stays():
    chart = line_chart(title="t", periods=MONTHS, series=[ours(*range(24))])
    shown = [text for text in texts(chart) if text.startswith("Month")]
    assert len(shown) < 12
    assert shown[-1] == "Month 24"


# Sentences


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ([], "No figures are recorded."),
        ([None, None], "No figures are recorded."),
        ([5, None], "a: £5, the only figure recorded."),
        ([5, 5], "All 2 figures are £5."),
        ([60, 40], "Highest: a, £60, 60% of £100. Lowest: b, £40."),
        ([-60, 40], "Highest: b, £40. Lowest: a, −£60."),
        ([6, 4, None], "Highest: a, £6, 60% of £10. Lowest: b, £4; 1 figure not recorded."),
    ],
)
def test_what_bars_say(values, sentence):
    assert (
        bar_chart(title="t", categories=["a", "b", "c"][: len(values)], values=values, unit=POUNDS).sentence
        == sentence
    )


def test_rates_are_never_added_up():
    chart = stacked_bar_chart(
        title="t",
        categories=["a"],
        series=[Series("x", [30]), Series("y", [70])],
        unit=rate("per 1,000 people"),
    )
    assert "100" not in chart.sentence
    assert "Total" not in chart.table.headers


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((1, 2, 3, 4), "Angus: 4 in 2023/24, up from 3 in 2022/23."),
        ((4, 3, 2, 1), "Angus: 1 in 2023/24, down from 2 in 2022/23."),
        ((1, 1, 1, 1), "Angus: 1 in 2023/24, the same as in 2022/23."),
        ((1, 2, None, None), "Angus: 2 in 2021/22, up from 1 in 2020/21; nothing recorded since 2021/22."),
        ((None, None, None, 4), "Angus: 4 in 2023/24."),
        ((None, None, None, None), "No figures are recorded."),
    ],
)
def test_what_lines_say(values, sentence):
    assert line_chart(title="t", periods=YEARS, series=[ours(*values)]).sentence == sentence


def test_figures_of_one_chart_share_their_decimals():
    chart = line_chart(title="t", periods=YEARS, series=[ours(92.25, 92, 91.5, 90)], unit=PERCENT)
    assert [row[1] for row in chart.table.rows] == ["92.25%", "92.00%", "91.50%", "90.00%"]
    whole = line_chart(title="t", periods=YEARS, series=[ours(92, 92, 91, 90)], unit=PERCENT)
    assert [row[1] for row in whole.table.rows] == ["92%", "92%", "91%", "90%"]


# Run charts


def found(*values):
    middle = 10
    return [(signal.name, signal.way, len(signal.positions)) for signal in signals_of(list(values), middle)]


def test_six_on_one_side_of_the_median_are_a_shift_and_five_are_not():
    assert found(11, 12, 11, 12, 11, 12) == [("shift", "above", 6)]
    assert found(11, 12, 11, 12, 11, 9) == []
    assert found(9, 8, 9, 8, 9, 8, 9) == [("shift", "below", 7)]


def test_a_figure_on_the_median_neither_counts_nor_ends_a_shift():
    assert found(11, 12, 11, 10, 12, 11, 12) == [("shift", "above", 6)]


def test_five_rising_are_a_trend_and_equal_neighbours_count_once():
    assert found(8, 9, 11, 12, 13) == [("trend", "rising", 5)]
    assert found(8, 9, 9, 11, 12, 13) == [("trend", "rising", 5)]
    assert found(8, 9, 9, 11, 12) == []
    assert found(13, 12, 11, 9, 8, 9) == [("trend", "falling", 5)]


def test_a_gap_ends_neither_a_shift_nor_a_trend():
    assert found(8, 9, None, 11, 12, 13) == [("trend", "rising", 5)]


def test_a_turn_begins_a_new_trend_with_the_turning_figure():
    assert found(8, 9, 11, 12, 13, 12, 11, 9, 8) == [("trend", "rising", 5), ("trend", "falling", 5)]


def test_a_run_chart_without_signal_claims_no_change():
    chart = run_chart(title="t", periods=MONTHS, values=[10, 12] * 12)
    assert (
        chart.sentence == "No clear change: the figures vary around the median, 11, as chance would have it."
    )
    assert "Median 11" in texts(chart)


def test_a_run_chart_names_the_latest_signal_and_marks_its_figures():
    chart = run_chart(
        title="t", periods=MONTHS[:12], values=[10, 12, 10, 12, 10, 12, 5, 6, 5, 6, 5, 6], baseline=6
    )
    assert chart.sentence == (
        "A shift: 6 figures in a row below the median of the first 6 figures, 11, from Month 7 to Month 12."
    )
    assert [mark.shape for mark in chart.marks if isinstance(mark, Spot)].count("diamond") == 6
    assert "Shift" in texts(chart)
    assert chart.table.rows[-1][-1] == "shift, below"


def test_few_figures_are_no_ground_for_a_claim():
    assert run_chart(title="t", periods=MONTHS[:3], values=[1, 2, 3]).sentence.startswith(
        "Too few figures (3)"
    )
    assert run_chart(title="t", periods=[], values=[]).sentence == "No figures are recorded."


# Odd figures of every kind

FIGURES = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(allow_nan=True, allow_infinity=True),
    st.decimals(allow_nan=True, allow_infinity=True),
)
NAMES = st.text(max_size=60)
UNITS = st.sampled_from([NUMBER, POUNDS, PERCENT, rate("per 100,000 people")])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, FIGURES), max_size=8), UNITS, FIGURES)
def test_bars_survive_any_figures(pairs, unit, level):
    names, values = [name for name, _ in pairs], [value for _, value in pairs]
    assert_no_failure(
        bar_chart(
            title="t", categories=names, values=values, unit=unit, reference=Reference(level, "Scotland")
        )
    )
    series = [Series("One", values), Series("Two", values[::-1])]
    assert_no_failure(grouped_bar_chart(title="t", categories=names, series=series, unit=unit))
    assert_no_failure(stacked_bar_chart(title="t", categories=names, series=series, unit=unit))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(NAMES, FIGURES), max_size=12),
    UNITS,
    FIGURES,
    st.sets(st.integers(0, 12)),
    st.integers(-1, 13),
)
def test_lines_survive_any_figures(pairs, unit, level, provisional, stop):
    names, values = [name for name, _ in pairs], [value for _, value in pairs]
    row = Series("Angus", values, Role.OURS, provisional)
    other = Series("Scotland", values[::-1], Role.COMPARATOR)
    target, breaks = Reference(level, "Target"), [SeriesBreak(stop)]
    assert_no_failure(
        line_chart(title="t", periods=names, series=[row, other], unit=unit, target=target, breaks=breaks)
    )
    assert_no_failure(run_chart(title="t", periods=names, values=values, unit=unit))
    sparkline(values)


def assert_no_failure(chart):
    """As `assert_sound`, for names that no XML document may hold as well."""
    for mark in chart.marks:
        for x, y in points(mark):
            assert -0.01 <= x <= chart.width + 0.01, mark
            assert -0.01 <= y <= chart.height + 0.01, mark
    assert "<svg" in rendered(chart)


# The parts underneath


@given(st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_ticks_enclose_what_they_measure(one, other):
    low, high = min(one, other), max(one, other)
    lines = ticks(low, high)
    room = (high - low) * 1e-6 + abs(high) * 1e-6 + abs(low) * 1e-6
    assert lines[0] <= low + room
    assert lines[-1] >= high - room
    assert 2 <= len(lines) <= 14


def test_a_scale_begins_at_zero_where_zero_is_near():
    assert enclosing([20, 90], from_zero=False)[0] == 0
    assert enclosing([90, 95], from_zero=False)[0] > 80
    assert enclosing([90, 95], from_zero=True)[0] == 0
    assert enclosing([], from_zero=False) == [0, 1]


@given(st.text(), st.floats(10, 300), st.integers(1, 4))
def test_wrapped_words_fit_the_room(text, room, most):
    lines = wrapped(text, room, most=most)
    assert 1 <= len(lines) <= most
    for line in lines:
        assert text_width(line) <= room or line == "…"


def test_a_sparkline_has_gaps_and_says_nothing_when_nothing_is_known():
    assert sparkline([None, None]).marks == ()
    assert [type(mark) for mark in sparkline([1, 2, None, 3, 4]).marks] == [Stroke, Stroke, Spot]
    source = (
        engines["django"]
        .from_string("{% load sgds %}{% spark spark %}")
        .render({"spark": sparkline([Decimal(1), 2])})
    )
    assert 'aria-hidden="true"' in source


def test_a_card_is_a_smaller_drawing_of_the_same_words_and_figures():
    whole = line_chart(title="t", periods=YEARS, series=[ours(1, 2, 3, 4)])
    card = line_chart(title="t", periods=YEARS, series=[ours(1, 2, 3, 4)], sheet=CARD)
    assert (card.sentence, card.table) == (whole.sentence, whole.table)
    assert card.width == CARD.width < whole.width
    assert card.height < whole.height
    points = [point for mark in card.marks if mark.kind == "stroke" for point in mark.points]
    assert all(0 <= x <= card.width and 0 <= y <= card.height for x, y in points)


# Figures for programs that draw a chart themselves


def test_every_chart_tells_the_figures_that_it_draws():
    chart = line_chart(
        title="Stays",
        periods=YEARS,
        series=[
            Series("Angus", [1.5, None, 2.25, 3], Role.OURS, provisional=[3]),
            Series("Scotland", [2, 2, 2, 2], Role.COMPARATOR),
        ],
        unit=PERCENT,
        target=Reference(4, "Target"),
    )
    figures = chart.figures
    assert (figures.kind, figures.categories, figures.pattern) == ("lines", tuple(YEARS), '#,##0.00"%"')
    assert [(row.name, row.values) for row in figures.rows] == [
        ("Angus", (1.5, None, 2.25, 3.0)),
        ("Scotland", (2.0, 2.0, 2.0, 2.0)),
        ("Target", (4.0, 4.0, 4.0, 4.0)),
    ]
    assert [row.provisional for row in figures.rows] == [(3,), (), ()]
    assert [row.is_level for row in figures.rows] == [False, False, True]
    bars = bar_chart(title="Money", categories=["A", "B"], values=[Decimal(5), None], unit=POUNDS, ours="A")
    assert bars.figures.rows[0].values == (5.0, None)
    assert bars.figures.rows[0].set_apart == (1,)
    assert bars.figures.pattern == '"£"#,##0'
    stacked = stacked_bar_chart(title="Parts", categories=["A"], series=[Series("x", [1]), Series("y", [2])])
    assert stacked.figures.kind == "stacks"
    assert len({row.colour for row in stacked.figures.rows}) == 2


def test_no_row_of_figures_leads_over_a_change_in_counting():
    chart = line_chart(
        title="Stays",
        periods=YEARS,
        series=[Series("Angus", [1, 2, 3, None]), Series("Scotland", [None, None, 5, 6])],
        breaks=[SeriesBreak(2), SeriesBreak(0), SeriesBreak(9)],
    )
    assert [(row.name, row.values) for row in chart.figures.rows] == [
        ("Angus", (1.0, 2.0, None, None)),
        ("Angus from 2022/23", (None, None, 3.0, None)),
        ("Scotland from 2022/23", (None, None, 5.0, 6.0)),
    ]


def test_an_undrawn_chart_has_its_figures_in_place_of_the_drawing():
    chart = bar_chart(title=HOSTILE, categories=["A"], values=[1])
    source = "{% load sgds %}{% chart chart pdf=True undrawn=undrawn %}"
    html = engines["django"].from_string(source).render({"chart": chart, "undrawn": True})
    figure = markup.fragment_fromstring(html)
    said = json.loads(figure.get("data-figures"))
    assert (said["title"], said["words"]) == (HOSTILE, chart.message)
    assert said["rows"][0]["values"] == [1.0]
    assert "<svg" not in html
    assert "<table" in html
    assert "data-figures" not in engines["django"].from_string(source).render({"chart": chart})
    empty = bar_chart(title="None", categories=["A"], values=[None])
    assert "data-figures" not in engines["django"].from_string(source).render(
        {"chart": empty, "undrawn": True}
    )
