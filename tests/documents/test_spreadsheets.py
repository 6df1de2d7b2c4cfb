import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.documents.spreadsheets import FORMULA_STARTS, LISTS, Column, Sheet, csv_file, xlsx_file

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


# Workbooks, read by a program that is not ours


def sheet(rows, **facts) -> Sheet:
    return Sheet("Lines", COLUMNS, rows, **facts)


def opened(*sheets: Sheet) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx_file(sheets, title="The money")))


def test_figures_and_dates_are_real_ones():
    rows = [("Care", Decimal("999999999999.99")), ("Day", date(2026, 4, 1)), ("Nothing", None), ("Count", 7)]
    page = opened(sheet(rows))["Lines"]
    assert [cell.value for cell in page["A"]] == ["name", "Care", "Day", "Nothing", "Count"]
    assert page["B2"].value == 999999999999.99 and page["B2"].data_type == "n"
    assert page["B3"].value.date() == date(2026, 4, 1) and page["B3"].is_date
    assert page["B4"].value is None and page["B5"].value == 7


@pytest.mark.parametrize("start", [*FORMULA_STARTS, "=1+1", "http://example.org", "001"])
def test_text_stays_text_in_a_workbook(start):
    cell = opened(sheet([(f"{start}x", 1)]))["Lines"]["A2"]
    assert cell.data_type == "s" and cell.hyperlink is None
    assert cell.value.replace("_x000D_", "\r") == f"{start}x"


def test_the_headers_stay_in_view_below_the_title():
    page = opened(sheet([("a", 1)], title="Budget", notes=["In pounds"]))["Lines"]
    assert [page.cell(row, 1).value for row in (1, 2, 3, 4, 5)] == ["Budget", "In pounds", None, "name", "a"]
    assert page.freeze_panes == "A5"
    assert opened(sheet([]))["Lines"].freeze_panes == "A2"


def test_a_total_row_stands_out():
    rows = [("a", Decimal(1)), ("Total", Decimal(1))]
    page = opened(sheet(rows, is_total=lambda row: row[0] == "Total"))["Lines"]
    assert not page["A2"].font.bold and page["A3"].font.bold and page["B3"].font.bold


def test_words_to_choose_from_are_a_list_of_the_workbook_however_long():
    words = [f"Function number {number} with a long name" for number in range(40)]
    choosing = Column("function", "", lambda row: row, choices=words)
    book = opened(Sheet("Lines", (choosing, COLUMNS[1]), []))
    (rule,) = book["Lines"].data_validations.dataValidation
    assert rule.type == "list" and str(rule.sqref) == "A2:A10001"
    assert book.defined_names[rule.formula1].attr_text == f"'{LISTS}'!$A$2:$A$41"
    assert [cell.value for cell in book[LISTS]["A"]] == ["function", *words]


def test_names_that_excel_refuses_are_made_fit():
    names = ["Health: 2026/27", "health  2026 27", "x" * 40, "x" * 40, "", LISTS]
    sheets = [Sheet(name, COLUMNS, []) for name in names]
    found = opened(*sheets).sheetnames
    assert found[:2] == ["Health  2026 27", "health  2026 27 2"]
    assert len({name.casefold() for name in found}) == 6 and max(map(len, found)) == 31


def test_text_longer_than_a_cell_is_cut_visibly():
    text = opened(sheet([("x" * 40_000, 1)]))["Lines"]["A2"].value
    assert len(text) == 32_767 and text.endswith("…")


def test_the_same_content_is_the_same_bytes():
    rows = [("Care", Decimal("1.50")), ("Day", date(2026, 4, 1))]
    assert xlsx_file([sheet(rows)]) == xlsx_file([sheet(rows)])
    assert xlsx_file([sheet(rows)]) != xlsx_file([sheet(rows[:1])])
