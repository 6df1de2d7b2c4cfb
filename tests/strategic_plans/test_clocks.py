from datetime import date

import pytest

from strategic_plans.clocks import review_anchor, review_due_by

START = date(2016, 4, 1)


@pytest.mark.parametrize(
    ("anchor", "last_day"),
    [
        (date(2016, 4, 1), date(2019, 3, 31)),
        (date(2022, 4, 1), date(2025, 3, 31)),
        (date(2019, 3, 12), date(2022, 3, 11)),
        (date(2025, 2, 10), date(2028, 2, 9)),
        (date(2023, 4, 1), date(2026, 3, 31)),
        (date(2025, 4, 1), date(2028, 3, 31)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2021, 3, 1), date(2024, 2, 29)),
        (date(2022, 2, 28), date(2025, 2, 27)),
    ],
)
def test_a_review_is_due_before_three_years_expire_that_begin_with_the_anchor(anchor, last_day):
    assert review_due_by(anchor) == last_day


def test_the_clock_starts_with_the_delegation_of_functions():
    assert review_anchor(integration_start_day=START) == START


def test_a_replacement_plan_restarts_it_on_the_day_that_the_plan_names():
    assert review_anchor(
        integration_start_day=START, replacement_start_days=[date(2023, 4, 1), date(2019, 4, 1)]
    ) == date(2023, 4, 1)


def test_a_decision_to_keep_the_plan_restarts_it_on_the_day_of_the_decision():
    anchor = review_anchor(
        integration_start_day=START,
        replacement_start_days=[date(2016, 4, 1)],
        kept_on=[date(2019, 3, 12)],
    )
    assert anchor == date(2019, 3, 12)
    assert review_due_by(anchor) == date(2022, 3, 11)
