"""The review clock of a strategic plan (2014 Act s.37(10)). Dates in, dates out."""

from collections.abc import Iterable
from datetime import date, timedelta

REVIEW_YEARS = 3
# How long before the last lawful day the portal starts to say that a review is due.
NOTICE = timedelta(days=365)


def last_day_of_period(anchor: date, years: int) -> date:
    """The last day of a period of whole years that begins with the anchor day.

    A period from 29 February ends on 28 February: it begins with that day and the year has no 29th to end before.
    """
    try:
        return anchor.replace(year=anchor.year + years) - timedelta(days=1)
    except ValueError:  # 29 February, and no leap year then
        return date(anchor.year + years, 2, 28)


def review_due_by(anchor: date) -> date:
    """The last day on which the review may be completed: before three years that begin with the anchor expire."""
    return last_day_of_period(anchor, REVIEW_YEARS)


def review_anchor(
    *,
    integration_start_day: date,
    replacement_start_days: Iterable[date] = (),
    kept_on: Iterable[date] = (),
) -> date:
    """The day that the clock runs from: the latest of the day on which functions were delegated, the start days of
    replacement plans, and the days on which it was decided to keep the plan (s.37(10)(a) and (b)).
    """
    return max([integration_start_day, *replacement_start_days, *kept_on])
