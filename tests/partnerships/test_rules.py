"""The clocks of the Act: "before the expiry of the period of n years beginning with" a day."""

from datetime import date

import pytest

from partnerships.models import IntegrationScheme
from partnerships.rules import last_day_of_auditor_term, last_day_within, scheme_review_due


@pytest.mark.parametrize(
    ("anchor", "last_day"),
    [
        (date(2016, 4, 1), date(2019, 3, 31)),
        (date(2019, 3, 12), date(2022, 3, 11)),
        (date(2022, 4, 1), date(2025, 3, 31)),
        (date(2023, 4, 1), date(2026, 3, 31)),
        (date(2025, 2, 10), date(2028, 2, 9)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2025, 3, 1), date(2028, 2, 29)),
    ],
)
def test_three_years_beginning_with_a_day(anchor, last_day):
    assert last_day_within(3, anchor) == last_day


@pytest.mark.parametrize(
    ("dates", "due"),
    [
        ({}, None),
        ({"effective_on": date(2016, 4, 1)}, None),
        ({"approved_on": date(2015, 6, 1)}, date(2020, 5, 31)),
        ({"approved_on": date(2015, 6, 1), "last_review_on": date(2020, 5, 20)}, date(2025, 5, 19)),
        (
            {"version": 2, "approved_on": date(2019, 11, 1), "effective_on": date(2020, 4, 1)},
            date(2025, 3, 31),
        ),
        ({"version": 2, "approved_on": date(2019, 11, 1)}, None),
        ({"last_review_on": date(2021, 1, 5)}, date(2026, 1, 4)),
    ],
)
def test_the_scheme_is_reviewed_every_five_years(dates, due):
    assert scheme_review_due(IntegrationScheme(**dates)) == due


@pytest.mark.parametrize(
    ("starts_on", "last_day"),
    [(date(2026, 11, 21), date(2027, 11, 20)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_an_auditor_has_twelve_months_at_most(starts_on, last_day):
    assert last_day_of_auditor_term(starts_on) == last_day
