import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.documents.spreadsheets import FORMULA_STARTS, Column, csv_file

COLUMNS = (
    Column("name", "What it is called", lambda row: row[0]),
    Column("amount", "In pounds", lambda row: row[1]),
)


def read(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_rows_stand_under_their_headers():
    assert read(csv_file(COLUMNS, [("Care, at home", Decimal("-3.50")), ("é\n2", None)])) == [
        ["name", "amount"],
        ["Care, at home", "-3.50"],
        ["é\n2", ""],
    ]


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_text_that_would_be_run_is_kept_as_text(start):
    assert read(csv_file(COLUMNS, [(f"{start}cmd|x", 1)]))[1][0] == f"'{start}cmd|x"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")))
def test_any_other_text_comes_back_unchanged(text):
    (_, (name, _)) = read(csv_file(COLUMNS, [(text, 0)]))
    assert name == (f"'{text}" if text.startswith(FORMULA_STARTS) else text)
