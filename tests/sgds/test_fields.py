import datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from foundation.sgds.fields import DateField, MoneyField, read_date
from foundation.sgds.formats import money

LAST_OF_MARCH = datetime.date(2027, 3, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "31/03/2027",
        "31/3/2027",
        " 31 March 2027 ",
        "31 march 2027",
        "31 Mar 2027",
        "31st March 2027",
        "31  March,  2027",
        "2027-03-31",
        "31.03.2027",
        "31-3-2027",
        "31 03 2027",
    ],
)
def test_a_date_is_read_as_people_write_it(typed):
    assert DateField().clean(typed) == LAST_OF_MARCH


@pytest.mark.parametrize(
    "typed", ["30/02/2027", "31/3/27", "March 2027", "2027", "13/13/2027", "tomorrow", "31 Marchember 2027"]
)
def test_what_is_no_date_is_refused_in_words(typed):
    with pytest.raises(ValidationError, match="Enter a real date, for example 31 March 2027"):
        DateField().clean(typed)


def test_an_empty_date_is_nothing():
    assert DateField(required=False).clean("   ") is None


@given(st.dates(min_value=datetime.date(1900, 1, 1)))
def test_a_date_written_by_the_portal_is_read_back(day):
    assert read_date(f"{day.day} {day:%B} {day.year:04d}") == day
    assert read_date(f"{day:%d/%m/}{day.year:04d}") == day


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("61,204,000", "61204000"),
        ("£61,204,000.50", "61204000.50"),
        ("61204000", "61204000"),
        (" £ 1 250.5 ", "1250.5"),
        ("-1,000", "-1000"),
        ("−1,000", "-1000"),
        ("-£1,000", "-1000"),
        ("(1,000)", "-1000"),
        ("1,000.00-", "-1000"),
        ("1,000 CR", "-1000"),
        (" £ - ", "0"),
        ("0", "0"),
    ],
)
def test_money_is_read_as_people_write_it(typed, amount):
    assert MoneyField().clean(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["£61.2m", "61.2 million", "3k", "1.5bn", "£2M", "-£61.2m"])
def test_shortened_money_is_refused_because_nobody_can_tell_the_pounds(typed):
    with pytest.raises(ValidationError, match="Enter the amount in full, in pounds"):
        MoneyField().clean(typed)


@pytest.mark.parametrize(
    "typed",
    ["1,20,000", "12,34", "1.000.000,50", "about 5", "1e9", "NaN", "--5", "-5-", "(5)-", "CR", "£", "١٢٣"],
)
def test_other_text_is_refused(typed):
    with pytest.raises(ValidationError, match="Enter the amount in pounds and pence"):
        MoneyField().clean(typed)


def test_fractions_of_a_penny_and_sums_beyond_the_box_are_refused_in_words():
    with pytest.raises(ValidationError, match="at most two figures for pence"):
        MoneyField().clean("1.005")
    with pytest.raises(ValidationError, match="up to £999,999,999,999"):
        MoneyField().clean("1,000,000,000,000")


def test_bounds_speak_for_themselves():
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        MoneyField(min_value=0).clean("-1")


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=2))
def test_money_written_by_the_portal_is_read_back(amount):
    assert MoneyField().clean(money(amount)) == amount


def test_the_box_shows_stored_money_with_commas_and_typed_text_as_typed():
    widget = MoneyField().widget
    assert widget.format_value(Decimal("61204000.00")) == "61,204,000"
    assert widget.format_value(Decimal("1250.50")) == "1,250.50"
    assert widget.format_value("£61.2m") == "£61.2m"
    assert widget.format_value(None) is None


def test_the_box_shows_a_stored_date_in_figures_and_typed_text_as_typed():
    widget = DateField().widget
    assert widget.format_value(LAST_OF_MARCH) == "31/03/2027"
    assert widget.format_value("31 Marchember") == "31 Marchember"
