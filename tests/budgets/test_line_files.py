"""Files of lines go out and come back: to the penny, whatever the format, and nothing changes on the way."""

import io
import os
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from budgets import services
from budgets.enums import Arm, FundKind, ImportState
from budgets.exports import lines_csv, lines_xlsx
from budgets.models import BudgetLine
from budgets.selectors.line_words import line_words, values_of, with_scope

from .factories import BudgetLineFactory, CareGroupFactory, LocalityShareFactory
from .line_files import brought

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_budget(budget, line, large_hospital, north, south, council, other_partnership):
    """A line of every kind, with figures to the penny and text that spreadsheets like to change."""
    older = CareGroupFactory(partnership=budget.partnership, name="Older people")
    line.code, line.group, line.actual = "00123", "Community health", Decimal("1000.01")
    line.locality_method, line.locality_note, line.is_recurring = "postcode", "GP lists", False
    line.subjective = "employees"
    line.save()
    line.care_groups.add(older, CareGroupFactory(partnership=budget.partnership, name="People with dementia"))
    LocalityShareFactory(line=line, locality=north, amount=Decimal("333.33"))
    LocalityShareFactory(line=line, locality=south, amount=Decimal("0.01"))
    BudgetLineFactory(budget=budget, title="=Care, “at home”; day & night", delivered_by=council, code="3-1")
    BudgetLineFactory(
        budget=budget,
        title="Medicine",
        function=large_hospital,
        fund=FundKind.SET_ASIDE,
        amount=Decimal("999999999999.99"),
    )
    BudgetLineFactory(
        budget=budget,
        title="Sexual health",
        arm=Arm.HOSTED,
        hosted_by=other_partnership,
        hosted_share=Decimal("33.33"),
        hosted_total=Decimal("0.31"),
        amount=Decimal("0.10"),
        actual=Decimal("-0.30"),
    )
    return budget


def files(budget) -> dict[str, bytes]:
    lines = list(with_scope(budget.lines.select_related("delivered_by", "function")))
    words = line_words(budget, of_lines=lines)
    values = list(values_of(lines))
    return {"csv": lines_csv(words, values), "xlsx": lines_xlsx(words, values)}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_brought_back_changes_nothing(full_budget, finance_officer, ending):
    row = brought(full_budget, finance_officer, files(full_budget)[ending], f"lines.{ending}")
    assert row.state == ImportState.READ, row.found
    assert row.found["faults"] == [] and row.found["notes"] == []
    assert (row.added, row.changed, row.unchanged) == (0, 0, 4)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_export_makes_the_same_budget_anew(full_budget, finance_officer, ending):
    before = files(full_budget)
    BudgetLine.objects.all().delete()
    row = brought(full_budget, finance_officer, before[ending], f"lines.{ending}")
    assert row.found["faults"] == [] and row.added == 4
    services.apply_import(line_import=row, by=finance_officer)
    assert files(full_budget) == before


FILES = Path(__file__).parent / "files"


def test_a_workbook_that_libreoffice_wrote_comes_in_unchanged(full_budget, finance_officer):
    """The export of the budget above, opened and saved by LibreOffice 7.4 (tests/budgets/files/README.md)."""
    if target := os.environ.get("WRITE_LINES_WORKBOOK"):
        Path(target).write_bytes(files(full_budget)["xlsx"])
    data = (FILES / "libreoffice.xlsx").read_bytes()
    assert b"LibreOffice" in zipfile.ZipFile(io.BytesIO(data)).read("docProps/app.xml")
    row = brought(full_budget, finance_officer, data, "libreoffice.xlsx")
    assert row.found["faults"] == [] and row.found["notes"] == []
    assert (row.added, row.changed, row.unchanged) == (0, 0, 4)


def test_another_program_can_fill_in_the_template(full_budget, finance_officer, board):
    """The empty template has lists to choose from; openpyxl fills it in and the lines are there."""
    book = openpyxl.load_workbook(io.BytesIO(lines_xlsx(line_words(full_budget), [])))
    assert book.sheetnames == ["Lines", "Help", "Allowed words"]
    page = book["Lines"]
    headers = {cell.value: cell.column for cell in page[1]}
    lists = {str(rule.sqref).split("2")[0] for rule in page.data_validations.dataValidation}
    assert {
        page.cell(1, headers[name]).column_letter for name in ("Delivered by", "Category", "Setting")
    } <= lists
    new = {
        "Title": "New",
        "Delivered by": board.name,
        "Category": "B",
        "Setting": "Hospital",
        "Budget": 0.1 + 0.2,
    }
    for header, value in new.items():
        page.cell(2, headers[header]).value = value
    file = io.BytesIO()
    book.save(file)
    row = brought(full_budget, finance_officer, file.getvalue(), "template.xlsx")
    assert row.found["faults"] == [] and row.found["notes"] == [] and row.added == 1
    services.apply_import(line_import=row, by=finance_officer)
    assert full_budget.lines.get(title="New").amount == Decimal("0.30")
