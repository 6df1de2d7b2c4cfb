from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.periods import PeriodNotUnderstood, following, read_period


@pytest.mark.parametrize(
    ("written", "label", "starts_on"),
    [
        ("2019/20", "2019/20", date(2019, 4, 1)),
        ("2019-20", "2019/20", date(2019, 4, 1)),
        ("2019–20", "2019/20", date(2019, 4, 1)),
        (" 2019 / 2020 ", "2019/20", date(2019, 4, 1)),
        ("1999/00", "1999/00", date(1999, 4, 1)),
        ("1999/2000", "1999/00", date(1999, 4, 1)),
        ("2019", "2019", date(2019, 1, 1)),
        ("2019 ", "2019", date(2019, 1, 1)),
        ("2017/18 Q1", "2017/18 Q1", date(2017, 4, 1)),
        ("2017/18 Q4", "2017/18 Q4", date(2018, 1, 1)),
        ("2017-18 q3", "2017/18 Q3", date(2017, 10, 1)),
        ("2021 Q2", "2021 Q2", date(2021, 4, 1)),
    ],
)
def test_every_spelling_met_in_published_files_is_read(written, label, starts_on):
    period = read_period(written)
    assert (period.label, period.starts_on) == (label, starts_on)


@pytest.mark.parametrize(
    "written",
    ["", "  ", "2019/21", "2019/19", "2019/2021", "19/20", "1066", "2019 Q5", "Q1", "2019/20 Q0", "9999/00"],
)
def test_what_is_no_period_is_refused_in_words(written):
    with pytest.raises(PeriodNotUnderstood, match="is not a period"):
        read_period(written)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text):
    try:
        period = read_period(text)
    except PeriodNotUnderstood:
        return
    assert read_period(period.label) == period


@given(st.integers(1900, 2150), st.integers(1, 40))
def test_what_follows_is_a_period_that_many_years_on(first, step):
    start = read_period(f"{first}/{(first + 1) % 100:02d}")
    assert read_period(following(start.label, step)).starts_on.year == first + step
    assert following(str(first), step) == str(first + step)
