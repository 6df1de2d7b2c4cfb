"""Periods as published files write them, in one spelling and with the day on which they begin."""

import re
from dataclasses import dataclass
from datetime import date

FINANCIAL_YEAR = re.compile(r"(\d{4})\s*[/\-–]\s*(\d{2}|\d{4})(?:\s+Q([1-4]))?", re.IGNORECASE)
CALENDAR_YEAR = re.compile(r"(\d{4})(?:\s+Q([1-4]))?", re.IGNORECASE)
QUARTERS_FROM_APRIL = {1: 4, 2: 7, 3: 10, 4: 1}
QUARTERS_FROM_JANUARY = {1: 1, 2: 4, 3: 7, 4: 10}


class PeriodNotUnderstood(ValueError):
    """The text names no year that the portal knows how to read."""


@dataclass(frozen=True)
class Period:
    """A year or a quarter: `2019/20`, `2019`, `2017/18 Q4`. Financial years begin on 1 April."""

    label: str
    starts_on: date


def read_period(text: str) -> Period:
    """The period that 2019/20, 2019-20, 2019/2020, 2019 or 2017/18 Q4 stands for; spaces around it do not matter.

    Raises PeriodNotUnderstood for anything else, among it two years that do not follow each other.
    """
    written = " ".join(text.split())
    if match := FINANCIAL_YEAR.fullmatch(written):
        return financial_year(int(match[1]), match[2], int(match[3] or 0), written)
    if match := CALENDAR_YEAR.fullmatch(written):
        year, quarter = int(match[1]), int(match[2] or 0)
        check_century(year, written)
        label = f"{year} Q{quarter}" if quarter else str(year)
        return Period(label, date(year, QUARTERS_FROM_JANUARY.get(quarter, 1), 1))
    raise PeriodNotUnderstood(f"'{written}' is not a period: write it like 2019/20, 2019 or 2017/18 Q4")


def financial_year(first: int, second: str, quarter: int, written: str) -> Period:
    following = first + 1
    if second not in {str(following), f"{following % 100:02d}"}:
        raise PeriodNotUnderstood(
            f"'{written}' is not a period: a financial year ends in the year after it begins"
        )
    check_century(first, written)
    label = f"{first}/{following % 100:02d}"
    if not quarter:
        return Period(label, date(first, 4, 1))
    year = following if quarter == 4 else first
    return Period(f"{label} Q{quarter}", date(year, QUARTERS_FROM_APRIL[quarter], 1))


def check_century(year: int, written: str) -> None:
    """A year outside 1900 to 2199 is a slip of the keyboard."""
    if not 1900 <= year <= 2199:
        raise PeriodNotUnderstood(
            f"'{written}' is not a period: {year} is no year that anything was measured in"
        )


def following(label: str, years: int) -> str:
    """The label of the period that many years on: following("2019/20", 2) is 2021/22."""
    first, rest = int(label[:4]) + years, label[4:]
    if rest.startswith("/"):
        return f"{first}/{(first + 1) % 100:02d}{rest[3:]}"
    return f"{first}{rest}"
