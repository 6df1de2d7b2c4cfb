"""Amounts as ledgers write them, understood to the penny or refused in words."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.enums import Sign, Unit
from budgets.imports.amounts import Amount, Convention, NotAnAmount, read_amount
from budgets.imports.tables import Unreadable

PLAIN = Convention()


def read(cell, convention=PLAIN) -> Amount:
    return read_amount(cell, convention)


@pytest.mark.parametrize(
    ("text", "pounds"),
    [
        ("1234.5", "1234.50"),
        ("£1,234,567.89", "1234567.89"),
        ("1\u00a0234\u202f567", "1234567"),
        (" 61 204 000 ", "61204000"),
        ("(500)", "-500"),
        ("£(500.10)", "-500.10"),
        ("(£500.10)", "-500.10"),
        ("-£500", "-500"),
        ("£-500", "-500"),
        ("−500", "-500"),
        ("500-", "-500"),
        ("500 CR", "-500"),
        ("500.00cr", "-500"),
        ("500 DR", "500"),
        ("CR 12", "-12"),
        ("-", "0"),
        ("£ -", "0"),
        ("nil", "0"),
        (".5", "0.50"),
        ("7.", "7"),
    ],
)
def test_what_people_and_ledgers_write_is_understood(text, pounds):
    assert read(text).pounds == Decimal(pounds)


@pytest.mark.parametrize("empty", [None, "", "  ", "\u00a0"])
def test_nothing_is_nothing_and_not_nought(empty):
    assert read(empty).pounds is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("see note", "“see note” is not an amount"),
        ("£61.2m", "shortened"),
        ("61k", "shortened"),
        ("12%", "a percentage"),
        ("1.234,50", "a comma where the point"),
        ("1,23", "a comma where the point"),
        ("12,34,567", "is not an amount"),
        ("1£5", "is not an amount"),
        ("--5", "is not an amount"),
        ("(5)CR", "two marks"),
        ("(-5)", "two marks"),
        ("-5 DR", "two marks"),
        ("1e5", "is not an amount"),
        ("٣", "is not an amount"),
        ("9" * 20, "more than a budget can hold"),
        (Decimal("1e300"), "more than a budget can hold"),
        (date(2026, 1, 3), "the date 3 January 2026"),
        (True, "TRUE"),
        (Unreadable("shows the error #REF!"), "shows the error #REF!"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(cell, words):
    with pytest.raises(NotAnAmount, match=words.replace("(", r"\(")):
        read(cell)


def test_a_binary_fraction_is_the_penny_that_was_meant():
    assert read(Decimal("0.30000000000000004")) == Amount(Decimal("0.30"))


def test_parts_of_a_penny_are_rounded_and_told():
    assert read(Decimal("12.345")) == Amount(Decimal("12.35"), "12.345")
    assert read("-0.005") == Amount(Decimal("-0.01"), "-0.005")


def test_thousands_are_pounds_to_the_penny():
    thousands = Convention(Unit.THOUSANDS)
    assert read("61,204.567", thousands) == Amount(Decimal("61204567.00"))
    assert read(Decimal("0.0001234"), thousands) == Amount(Decimal("0.12"), "0.0001234")


def test_a_ledger_that_writes_spending_as_minus_is_turned_round():
    turned = Convention(sign=Sign.SPENDING_MINUS)
    assert [read(text, turned).pounds for text in ("(500)", "500 CR", "20", "-")] == [500, 500, -20, 0]


@given(st.decimals(min_value=Decimal("-999999999999.99"), max_value=Decimal("999999999999.99"), places=2))
def test_every_amount_comes_back_to_the_penny(amount):
    for text in (f"{amount}", f"£{amount:,}" if amount >= 0 else f"(£{-amount:,})"):
        assert read(text).pounds == amount
