"""A file of lines is compared with the budget: adds, changes, and every fault at its cell with what to do."""

import io
from decimal import Decimal

import openpyxl
import pytest

from budgets import services
from budgets.enums import Arm, FundKind, ImportState, Sign, Unit
from budgets.imports.amounts import Convention
from budgets.imports.matching import Layout
from budgets.models import BudgetLine, LedgerLayout, LocalityShare
from budgets.refusals import BudgetIsAgreed
from budgets.selectors.line_words import OWN_KEYS
from foundation.audit.models import Entry

from .factories import BudgetLineFactory, CareGroupFactory, ContributionFactory, LocalityShareFactory
from .line_files import brought, problems

pytestmark = pytest.mark.django_db

HEAD = "Code,Title,Delivered by,Category,Setting,Budget,Spent\n"


@pytest.fixture
def bring(budget, finance_officer):
    return lambda data, **facts: brought(budget, finance_officer, data, **facts)


@pytest.fixture
def nursing(line):
    line.code = "N1"
    line.save()
    return line


def new_row(board, code="X1", title="Physiotherapy", amount="5.00", category="B", setting="Community health"):
    return f'{code},{title},{board},{category},{setting},"{amount}",\n'


# Adds and changes


def test_old_and_new_stand_beside_each_other(bring, nursing, board):
    row = bring(HEAD + f'N1,Nursing at home,{board},B,Community health,"£1,250.55",(3.20)\n')
    assert (row.added, row.changed, row.unchanged, row.faults) == (0, 1, 0, 0)
    assert row.found["changed"][0][-1] == [
        ["Title", "District nursing", "Nursing at home"],
        ["Budget", "£1,000", "£1,250.55"],
        ["Spent", "not recorded", "−£3.20"],
    ]
    assert row.found["totals"] == ["1000.00", "1250.55"]


@pytest.mark.parametrize(
    ("amount", "words"),
    [("1.05", "about a thousandth of"), ("999000", "about a thousand times"), ("950", ""), ("100", "")],
)
def test_figures_in_another_unit_are_told_before_they_are_applied(bring, nursing, amount, words):
    notes = bring(f"Code,Budget\nN1,{amount}\n").found["notes"]
    assert [words in note for note in notes] == [True] * bool(words)


def test_the_first_file_of_a_year_is_held_against_what_is_paid(bring, budget, board):
    ContributionFactory(budget=budget, body=board, amount=Decimal(5_200))
    assert "about a thousandth of" in bring(HEAD + new_row(board)).found["notes"][0]


def test_columns_that_the_file_lacks_stay_as_they_are(bring, nursing, finance_officer):
    nursing.actual, nursing.group = Decimal(7), "Health"
    nursing.save()
    row = bring("Code,Budget\nN1,1000.01\n")
    services.apply_import(line_import=row, by=finance_officer)
    nursing.refresh_from_db()
    assert (nursing.amount, nursing.actual, nursing.group) == (Decimal("1000.01"), 7, "Health")


def test_lines_that_are_not_in_the_file_are_told_and_stay(bring, nursing, budget, board, finance_officer):
    BudgetLineFactory(budget=budget, title="Other")
    row = bring(HEAD + new_row(board))
    assert row.found["not_in_file"] == 2
    services.apply_import(line_import=row, by=finance_officer)
    assert budget.lines.count() == 3


def test_a_line_without_code_is_found_by_title_and_body_in_any_letters(bring, line, board):
    row = bring(f"Title,Delivered by,Budget,Code\ndistrict  NURSING,{str(board).upper()},1000,N7\n")
    assert [change[0] for change in row.found["changed"][0][-1]] == ["Code", "Title"]


def test_a_title_that_two_bodies_have_needs_the_body(bring, line, budget, council):
    BudgetLineFactory(budget=budget, title=line.title, delivered_by=council)
    assert "Several lines have this title" in problems(bring("Title,Budget\nDistrict nursing,5\n"))["A2"]


def test_zeros_that_excel_took_from_a_code_are_known(bring, line):
    line.code = "00123"
    line.save()
    book = openpyxl.Workbook()
    book.active.append(["Code", "Budget"])
    book.active.append([123, 1000])
    file = io.BytesIO()
    book.save(file)
    row = bring(file.getvalue())
    assert (row.unchanged, row.faults) == (1, 0)


def test_what_a_new_line_does_not_say_follows_from_what_it_says(
    bring, budget, board, council, large_hospital, finance_officer
):
    row = bring(
        "Title,Delivered by,Category,Setting,Budget,Paid for from,Delegated function\n"
        f"Medicine,{board.code},A,hospital,9,Set aside,general medicine\n"
        f"Care at home,{council},E,Social care,5,,\n"
    )
    assert problems(row) == {}
    services.apply_import(line_import=row, by=finance_officer)
    medicine, care = budget.lines.order_by("title").reverse()
    assert (medicine.arm, medicine.fund, medicine.is_institutional) == (
        Arm.SET_ASIDE,
        FundKind.SET_ASIDE,
        True,
    )
    assert (care.arm, care.fund, care.is_institutional, care.is_recurring) == (
        Arm.COUNCIL,
        FundKind.PAYMENT,
        False,
        True,
    )


def test_care_groups_and_the_split_by_locality_come_with_the_line(
    bring, budget, nursing, north, south, finance_officer
):
    older = CareGroupFactory(partnership=budget.partnership, name="Older people")
    row = bring(
        "Code,Care groups,Locality: North,Locality: South,Area-wide,Method of the split\n"
        "N1,older people,600.10,,399.90,Population\n"
    )
    assert problems(row) == {}
    services.apply_import(line_import=row, by=finance_officer)
    assert list(nursing.care_groups.all()) == [older]
    assert list(nursing.locality_shares.values_list("locality", "amount")) == [(north.pk, Decimal("600.10"))]
    assert problems(bring("Code,Locality: North,Area-wide\nN1,600.10,399.91\n"))["C2"].startswith(
        "The localities have £600.10 of £1,000, so £399.90 is area-wide, not £399.91."
    )
    assert "already split" in problems(bring("Code,Budget\nN1,600.09\n"))["B2"]


def test_the_area_wide_part_follows_a_budget_that_was_changed_in_an_export(bring, nursing, north):
    row = bring("Code,Budget,Locality: North,Area-wide,Method of the split\nN1,900,,1000,\n")
    assert problems(row) == {} and row.changed == 1


# Faults


@pytest.mark.parametrize(
    ("line_of_file", "cell", "words"),
    [
        ("X1,Physio,Nobody,B,Community health,5,", "C2", "“Nobody” is not known here. Write one of:"),
        (
            "X1,Physio,{board},F,Community health,5,",
            "D2",
            "“F” is not known here. Write one of: A; B; C; D; E.",
        ),
        ("X1,Physio,{board},B,Moon,5,", "E2", "“Moon” is not known here"),
        ("X1,Physio,{board},B,Community health,lots,", "F2", "“lots” is not an amount"),
        ("X1,Physio,{board},B,Community health,(5),", "F2", "Only income is budgeted below zero (−£5)"),
        ("X1,Physio,{board},B,Community health,,", "A2", "a new line needs: Budget"),
        ("X1,,{board},B,,5,", "A2", "No line of 2026/27 has the code X1, so it would be a new one"),
        ("X1,District nursing,{board},B,Community health,5,", "A2", "has the code N1, not X1"),
        ("N1,District nursing,{board},B,Community health,,", "F2", "The cell is empty. Enter the budget"),
        ("N1,{long},{board},B,Community health,5,", "B2", "has 201 letters"),
        ("N1,District nursing,{board},B,Community health,5,,,9", "I2", "may have slipped"),
        ("N1,District, nursing,{board},B,Community health,5,,9", "I2", "may have slipped"),
    ],
)
def test_every_fault_stands_at_its_cell_with_what_to_do(bring, nursing, board, line_of_file, cell, words):
    text = line_of_file.format(board=board, long="x" * 201)
    found = problems(bring(f"{HEAD}{text}\n"))
    assert words in found[cell], found


def test_no_fault_hides_another_row(bring, nursing, board):
    found = problems(bring(HEAD + new_row("Nobody") + new_row(board, amount="x") + "N1,a,b,c,d,e,f\n"))
    assert {"C2", "F3", "C4", "E4", "F4", "G4"} == set(found)


def test_two_rows_that_are_one_line_are_told(bring, nursing, board):
    found = problems(bring(f"Code,Title,Delivered by,Budget\nN1,a,{board},5\n,District nursing,{board},5\n"))
    assert found["B3"].startswith("This is the same line as row 2.")
    found = problems(bring(HEAD + new_row(board) + new_row(board, code="X2") + new_row(board, title="Other")))
    assert found["B3"] == "Row 2 has the same title and body. Change one of the two."
    assert found["A4"] == "Row 2 has the same code. Change one of the two."


def test_the_act_and_the_scheme_hold_for_files(bring, nursing, board, council, large_hospital):
    found = problems(
        bring(
            "Title,Delivered by,Category,Setting,Budget,Paid for from,Delegated function,Side of the budget,Hosted by\n"
            f"a,{council},A,hospital,9,Set aside,general medicine,,\n"
            f"b,{board},A,hospital,9,Set aside,,,\n"
            f"c,{board},A,hospital,9,Lead agency’s own resource,,,\n"
            f"d,{board},A,hospital,9,,,Hosted service,\n"
            f"e,{board},A,hospital,9,,,Set aside,\n"
        )
    )
    assert "s.14" in found["F2"] and "s.1(14)" in found["F3"] and "ss.18, 19" in found["F4"]
    assert "Choose the partnership that hosts" in found["I5"] and "side of its own" in found["H6"]


# What is no line


def test_totals_headings_and_repeated_headers_are_left_out_and_told(bring, budget, board, finance_officer):
    row = bring(
        "Health Board ledger\n\n"
        + HEAD
        + "Community services\n"
        + new_row(board, "X1", "Physio", "5.10")
        + new_row(board, "X2", "Podiatry", "4.90")
        + ",Total community,,,,10.00,\n"
        + HEAD
        + new_row(board, "X3", "Wards", "7")
        + "Subtotal,,,,,7.00,\n"
        + ",Grand total,,,,17.00,\n"
    )
    assert problems(row) == {} and row.added == 3
    told = dict(row.found["left_out"])
    assert told[4] == "“Community services” stands alone, as the heading of what follows"
    assert told[7] == "“Total community” is a total" and told[8] == "the headers are repeated"
    assert told[10] == "“Subtotal” is a total" and told[11] == "“Grand total” is a total"


def test_a_total_that_is_none_is_a_fault_and_a_line_called_total_with_a_code_is_a_line(bring, board):
    found = problems(bring(HEAD + new_row(board, "X1", "Physio", "5") + ",Total,,,,6,\n"))
    assert "the rows above it come to £5 and this row says £6" in found["F3"]
    row = bring(HEAD + new_row(board, "X1", "Total hip replacement", "5"))
    assert problems(row) == {} and row.added == 1


def test_merged_cells_of_lines_are_refused_and_those_of_titles_are_not(bring, nursing):
    book = openpyxl.Workbook()
    page = book.active
    for cells in (["Our ledger"], ["Code", "Heading", "Budget"], ["N1", "Health", 1000], ["X9", None, 5]):
        page.append(cells)
    page.merge_cells("A1:C1")
    page.merge_cells("B3:B4")
    file = io.BytesIO()
    book.save(file)
    found = problems(bring(file.getvalue()))
    assert "B3:B4 are merged" in found["B3"] and not any("A1:C1" in text for text in found.values())


def test_hidden_rows_and_columns_are_told_and_left_out(bring, nursing):
    book = openpyxl.Workbook()
    for cells in (["Code", "Spent", "Budget"], ["N1", 5, 1000], ["X9", 1, 7]):
        book.active.append(cells)
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions["B"].hidden = True
    file = io.BytesIO()
    book.save(file)
    row = bring(file.getvalue())
    assert (row.unchanged, row.added, row.changed) == (1, 0, 0)
    assert any("One row hidden in Excel and left out: 3." in note for note in row.found["notes"])
    assert any("hidden in Excel were left out: B (“Spent”)" in note for note in row.found["notes"])


def test_lost_parts_of_a_penny_are_told(bring, nursing):
    row = bring("Code,Budget\nN1,1000.004\n")
    assert row.unchanged == 1 and any("row 2 (1000.004)" in note for note in row.found["notes"])


# Headers and layouts


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Code,Titel,Budget", "“Titel”, is not a column of the template. Is it “title”?"),
        ("Code,Budget,Amount", "mean the same"),
        ("Category,Budget,Spent", "No column says which line a row is"),
        ("Code,Title,Category", "No column has amounts"),
        ("Code,Title,Budget £000", "says thousands of pounds"),
        ("one,two,three", "No row of the file looks like headers"),
    ],
)
def test_headers_that_are_wrong_lead_to_the_question_what_they_mean(bring, nursing, header, words):
    row = bring(f"{header}\nN1,a,1000\n")
    assert row.state == ImportState.UNMATCHED
    assert words in " ".join(row.found["problems"])


@pytest.fixture
def ledger(partnership, board, finance_officer) -> LedgerLayout:
    """In thousands, spending as credits, below a title; all by the board."""
    means = {"cost centre": "code", "narrative": "title", "ytd": "", "annual budget": "amount"}
    return services.save_layout(
        partnership=partnership,
        name="Health board ledger",
        layout=Layout(
            means,
            Convention(Unit.THOUSANDS, Sign.SPENDING_MINUS),
            3,
            {"delivered_by_id": board.name, "category": "B", "setting": "community"},
        ),
        by=finance_officer,
    )


LEDGER = (
    "NHS ledger;;;\nPeriod 1;;;\nCost centre;Narrative;YTD;Annual budget (£000)\n"
    "N1;District nursing;0;(1,000.50)\nN2;Podiatry;0;20 CR\n;Total;0;(1,020.50)\n"
)


def test_a_saved_layout_is_recognised_and_read_as_it_says(bring, ledger, nursing, budget, finance_officer):
    row = bring(LEDGER)
    assert problems(row) == {} and row.layout_name == "Health board ledger"
    assert any("not used: YTD" in note for note in row.found["notes"])
    services.apply_import(line_import=row, by=finance_officer)
    amounts = dict(budget.lines.values_list("code", "amount"))
    assert amounts == {"N1": Decimal("1000500.00"), "N2": Decimal("20000.00")}


def test_a_person_says_what_columns_mean_and_the_answers_are_saved(
    bring, nursing, partnership, finance_officer
):
    row = bring("Was,Wieviel\nN1,2000\n")
    layout = Layout({"was": "code", "wieviel": "amount"}, Convention(), 1)
    services.match_columns(line_import=row, sheet="", layout=layout, save_as="Other", by=finance_officer)
    services.read_import(row.pk)
    row.refresh_from_db()
    assert (row.state, row.changed) == (ImportState.READ, 1)
    assert bring("Wieviel,Was\n2000,N1\n").layout_name == "Other"


# Applying


def test_all_or_nothing_with_one_entry_and_every_figure_leads_to_its_row(
    bring, nursing, board, budget, finance_officer
):
    row = bring(HEAD + f"N1,District nursing,{board},B,Community health,1,\n" + new_row(board))
    entries = Entry.objects.count()
    services.apply_import(line_import=row, by=finance_officer)
    (entry,) = Entry.objects.order_by("pk")[entries:]
    assert entry.action == "budgets.lines_imported"
    assert (entry.after["added"], entry.after["changed"], entry.after["sha256"]) == (1, 1, row.sha256)
    assert {line.code: (line.imported_from, line.imported_row) for line in budget.lines.all()} == {
        "N1": (row, 2),
        "X1": (row, 3),
    }
    nursing.refresh_from_db()
    assert nursing.is_as_imported and nursing.revision == 2
    with pytest.raises(services.ImportOver):
        services.apply_import(line_import=row, by=finance_officer)


def test_the_same_file_again_would_change_nothing(bring, nursing, finance_officer):
    text = "Code,Budget\nN1,5\n"
    services.apply_import(line_import=bring(text), by=finance_officer)
    again = bring(text)
    assert (again.changed, again.unchanged) == (0, 1)
    with pytest.raises(services.ImportOver):
        services.apply_import(line_import=again, by=finance_officer)


def test_what_somebody_changed_in_between_is_compared_again_and_not_lost(bring, nursing, finance_officer):
    row = bring("Code,Budget\nN1,5\n")
    BudgetLine.objects.filter(pk=nursing.pk).update(amount=7, revision=2)
    with pytest.raises(services.BudgetMoved):
        services.apply_import(line_import=row, by=finance_officer)
    row.refresh_from_db()
    assert row.state == ImportState.WAITING
    services.read_import(row.pk)
    row.refresh_from_db()
    assert row.found["changed"][0][-1] == [["Budget", "£7", "£5"]]


def test_a_file_with_faults_is_never_applied(bring, nursing, finance_officer):
    row = bring("Code,Budget\nN1,5\nX9,5\n")
    with pytest.raises(services.ImportOver):
        services.apply_import(line_import=row, by=finance_officer)
    nursing.refresh_from_db()
    assert nursing.amount == 1000


def test_an_agreed_budget_takes_no_file(bring, nursing, budget, chief_finance_officer, finance_officer):
    row = bring("Code,Budget\nN1,5\n")
    ContributionFactory(budget=budget)
    services.agree_budget(budget=budget, by=chief_finance_officer)
    with pytest.raises(BudgetIsAgreed):
        services.apply_import(line_import=row, by=finance_officer)
    with pytest.raises(BudgetIsAgreed):
        bring("Code,Budget\nN1,5\n")


def test_a_file_whose_reading_was_interrupted_each_time_is_refused(bring, nursing, budget, finance_officer):
    row = bring("Code,Budget\nN1,5\n")
    budget.imports.update(state=ImportState.WAITING, attempts=3)
    services.sweep_imports(lambda _: None)
    row.refresh_from_db()
    assert row.state == ImportState.REFUSED
    assert "Nothing in the budget was changed. Save the file again in Excel" in row.refusal


def test_the_split_of_a_line_that_stays_is_left_alone(bring, nursing, north, finance_officer):
    LocalityShareFactory(line=nursing, locality=north, amount=5)
    services.apply_import(line_import=bring("Code,Budget\nN1,900\n"), by=finance_officer)
    assert LocalityShare.objects.get().amount == 5


# The type of spend


@pytest.mark.parametrize(
    ("header", "word", "meant"),
    [
        ("Type of spend", "Third-party payments", "third_party"),
        ("Subjective heading", "SUPPLIES  & services", "supplies"),
        ("subjective", "Staff costs", "employees"),
        ("Subjective analysis", "family_health", "family_health"),
    ],
)
def test_the_type_of_spend_is_known_by_several_words(bring, nursing, finance_officer, header, word, meant):
    row = bring(f"Code,Budget,{header}\nN1,1000,{word}\n")
    assert problems(row) == {}
    services.apply_import(line_import=row, by=finance_officer)
    nursing.refresh_from_db()
    assert (nursing.subjective, nursing.amount) == (meant, Decimal(1000))


@pytest.mark.parametrize("word", ["", "Not told apart"])
def test_a_type_of_spend_is_taken_away_with_its_word(bring, nursing, finance_officer, word):
    nursing.subjective = "prescribing"
    nursing.save()
    row = bring(f"Code,Budget,Type of spend\nN1,1000,{word}\n")
    assert row.found["changed"][0][-1] == [["Type of spend", "Prescribing", "nothing"]]
    services.apply_import(line_import=row, by=finance_officer)
    nursing.refresh_from_db()
    assert nursing.subjective == ""


def test_a_type_of_spend_that_nobody_knows_is_refused(bring, nursing):
    row = bring("Code,Budget,Type of spend\nN1,1000,Gold\n")
    assert "“Gold” is not known here. Write one of: Employee costs; Premises" in problems(row)["C2"]


@pytest.mark.parametrize("unknown", [("hosted_total",), ("subjective", "hosted_total")])
def test_what_was_compared_before_lines_said_so_much_still_comes_in(
    bring, nursing, board, budget, finance_officer, unknown
):
    """A file that waits since before the portal knew a type of spend or a host's total is applied like any other."""
    row = bring(HEAD + f'N1,Nursing at home,{board},B,Community health,"1,250.55",\n' + new_row(board))
    for kept in (*row.found["added"], *row.found["changed"]):
        kept[2] = [value for key, value in zip(OWN_KEYS, kept[2], strict=True) if key not in unknown]
    row.save()
    services.apply_import(line_import=row, by=finance_officer)
    nursing.refresh_from_db()
    assert (nursing.title, nursing.amount, nursing.subjective) == ("Nursing at home", Decimal("1250.55"), "")
    added = budget.lines.get(code="X1")
    assert (added.subjective, added.hosted_total) == ("", None)
