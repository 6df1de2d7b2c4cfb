import datetime
from decimal import Decimal

import pytest

from foundation.sgds import formats


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(61204000), "£61,204,000"),
        (Decimal("1250.5"), "£1,250.50"),
        (Decimal("-1000"), "−£1,000"),
        (Decimal("0.005"), "£0.01"),
        (Decimal("-0.001"), "£0"),
        (0, "£0"),
        (None, "not recorded"),
        ("", "not recorded"),
        ("a lot", "not recorded"),
        (float("nan"), "not recorded"),
        (Decimal("Infinity"), "not recorded"),
        (True, "not recorded"),
        (Decimal("9" * 20), "£" + ",".join(["99", *["999"] * 6])),
    ],
)
def test_money(value, written):
    assert formats.money(value) == written


def test_money_in_thousands_and_millions():
    assert formats.money_thousands(Decimal(61204500)) == "61,205"
    assert formats.money_thousands(Decimal(-61204500)) == "−61,205"
    assert formats.money_millions(Decimal(61204000)) == "£61.2m"
    assert formats.money_millions(Decimal(-61204000)) == "−£61.2m"
    assert formats.money_millions(None) == "not recorded"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (61204, "61,204"),
        (Decimal("3.750"), "3.75"),
        (-2, "−2"),
        (1e6, "1,000,000"),
        (Decimal("1E+3"), "1,000"),
        (None, "not recorded"),
    ],
)
def test_number(value, written):
    assert formats.number(value) == written


def test_number_with_fixed_places():
    assert formats.number(3, 2) == "3.00"
    assert formats.number(Decimal("2.345"), 2) == "2.35"


@pytest.mark.parametrize(
    ("value", "written"),
    [(4.25, "4.3%"), (85, "85%"), (Decimal("-0.5"), "−0.5%"), (None, "not recorded"), (99.96, "100%")],
)
def test_percent(value, written):
    assert formats.percent(value) == written


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (6, 1, "6.0%"),
        ("29.44", 1, "29.4%"),
        (0, 2, "0.00%"),
        ("-0.25", 1, "−0.3%"),
        (None, 1, "not recorded"),
    ],
)
def test_a_share_in_a_column_keeps_its_decimals(value, places, written):
    assert formats.share(value, places) == written


def test_dates_are_written_in_words_and_moments_in_london_time():
    assert formats.date_uk(datetime.date(2027, 3, 31)) == "31 March 2027"
    summer_night = datetime.datetime(2026, 6, 30, 23, 30, tzinfo=datetime.UTC)
    assert formats.date_uk(summer_night) == "1 July 2026"
    assert formats.date_uk(None) == "not recorded"
    assert formats.date_uk("31/3/2027") == "not recorded"


def test_counts_in_words():
    assert formats.count_in_words(0, "activity", "activities") == "no activities"
    assert formats.count_in_words(1, "activity", "activities") == "one activity"
    assert formats.count_in_words(9, "promise") == "nine promises"
    assert formats.count_in_words(1204, "promise") == "1,204 promises"
