"""Lines of income stand below zero, wherever money is written, moved, split, directed, confirmed, reported or told."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from budgets import services
from budgets.books import Books
from budgets.enums import Agreement, FundKind, Rag, Sign, Subjective, Word
from budgets.exports import lines_csv, lines_xlsx
from budgets.models import BudgetLine, DirectionLine, LedgerLayout, MonitoringRules, OwnCost
from budgets.refusals import (
    AgainstTheAct,
    AllocationRefused,
    LineFigures,
    MoneyRefused,
    MovementRefused,
    NotAnAmount,
    SplitExceedsLine,
)
from budgets.rules import is_part_of, may_be_budgeted, parts_of, passes_threshold, rag_of
from budgets.selectors import figures_of, latest_close
from budgets.selectors.accounted import accounted_years
from budgets.selectors.directions import control_total, undirected_lines
from budgets.selectors.line_words import line_words, values_of, with_scope
from budgets.selectors.localities import locality_split
from budgets.selectors.public_money import public_money
from budgets.selectors.report import report_of
from budgets.selectors.trail import TrailStart, trail_lines, trail_rows
from budgets.services import LineChange
from budgets.services import directions as directing
from partnerships.permissions import standing_of
from tests.budgets.months import closed, fill

from .directing import draft
from .factories import BudgetLineFactory, ContributionFactory, LocalityShareFactory
from .line_files import brought, problems

pytestmark = pytest.mark.django_db
HEAD = "Code,Title,Delivered by,Category,Setting,Type of spend,Budget\n"


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


def check_database():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def checked(write):
    write()
    check_database()


@pytest.fixture
def charges(budget, line):
    """Charges of 400 beside a line of 1,000."""
    return BudgetLineFactory(
        budget=budget, title="Charges", code="C1", amount=Decimal(-400), subjective=Subjective.INCOME
    )


@pytest.fixture
def agreed(budget, charges, chief_finance_officer):
    ContributionFactory(budget=budget, amount=Decimal(600))
    return services.agree_budget(budget=budget, by=chief_finance_officer)


# Rules and database


def test_income_stands_at_or_below_zero_and_everything_else_at_or_above():
    for is_income, side in ((True, -1), (False, 1)):
        assert may_be_budgeted(Decimal(5 * side), is_income=is_income)
        assert may_be_budgeted(Decimal(0), is_income=is_income)
        assert not may_be_budgeted(Decimal(-5 * side), is_income=is_income)
        assert not may_be_budgeted(Decimal("0.001") * side, is_income=is_income)


def test_a_part_goes_the_way_of_the_whole_and_no_further():
    whole = [part for part in range(-6, 7) if is_part_of(Decimal(part), Decimal(-5))]
    assert whole == [-5, -4, -3, -2, -1, 0]
    assert parts_of(Decimal(-100), [Decimal(percent) for percent in (33, 33, 34)]) == [-33, -33, -34]
    assert sum(parts_of(Decimal("-0.10"), [Decimal("33.34"), Decimal("33.33"), Decimal("33.33")])) == Decimal(
        "-0.10"
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal(-1)},
        {"amount": Decimal(1), "subjective": Subjective.INCOME},
        {"amount": Decimal(-1), "subjective": Subjective.INCOME, "fund": FundKind.SET_ASIDE},
    ],
)
def test_the_database_holds_the_sign(budget, large_hospital, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLineFactory(budget=budget, function=large_hospital, **changes)


def test_the_database_holds_parts_on_their_lines_side(
    budget, line, charges, north, large_hospital, finance_officer
):
    wrong = (
        lambda: LocalityShareFactory(line=charges, locality=north, amount=1),
        lambda: LocalityShareFactory(line=line, locality=north, amount=-1),
        lambda: OwnCost.objects.create(line=charges, amount=1, purpose="Audit"),
        lambda: DirectionLine.objects.create(
            direction=draft(budget, large_hospital, finance_officer), line=charges, amount=1
        ),
        lambda: BudgetLine.objects.filter(pk=charges.pk).update(amount=0, subjective=""),
    )
    LocalityShareFactory(line=charges, locality=north, amount=-1)
    check_database()
    for write in wrong[1:]:
        with pytest.raises(IntegrityError, match="other side of zero"), transaction.atomic():
            checked(write)
    charges.locality_shares.all().delete()
    with pytest.raises(IntegrityError, match="other side of zero"), transaction.atomic():
        checked(wrong[0])


# Written and split


def test_income_is_entered_on_the_form_and_the_wrong_sign_keeps_what_was_typed(budget, line, board, finance):
    url = reverse("budgets:add_line", args=["angus", 2026])
    typed = {
        "title": "Charges",
        "delivered_by": board.pk,
        "fund": "payment",
        "category": "B",
        "setting": "community",
        "subjective": "income",
        "amount": "1,250.50",
    }
    page = finance.post(url, typed).content.decode()
    assert "Income lowers what the year costs, so it stands below zero" in page
    assert 'value="1,250.50"' in page
    refused = finance.post(url, {**typed, "amount": "(1,250.50)", "subjective": ""}).content.decode()
    assert "Only income is budgeted below zero" in refused
    assert finance.post(url, {**typed, "amount": "(1,250.50)"}).status_code == 302
    assert BudgetLine.objects.get(title="Charges").amount == Decimal("-1250.50")
    assert "−£1,250.50" in finance.get(reverse("budgets:lines", args=["angus", 2026])).content.decode()


def test_the_set_aside_has_no_income(budget, board, large_hospital, finance_officer):
    with pytest.raises(AgainstTheAct, match="has no lines of income"):
        services.add_line(
            budget=budget,
            by=finance_officer,
            title="Charges",
            delivered_by=board,
            category="A",
            setting="hospital",
            fund=FundKind.SET_ASIDE,
            function=large_hospital,
            subjective=Subjective.INCOME,
            amount=Decimal(-5),
        )


def test_the_grid_takes_income_below_zero_and_nothing_else(budget, line, charges, finance, finance_officer):
    page = finance.get(reverse("budgets:allocate", args=["angus", 2026])).content.decode()
    assert 'value="-400"' in page
    assert page.count("data-income") == 1

    def allocate(of, amount):
        change = LineChange(of.pk, LineFigures(of.amount, None), LineFigures(Decimal(amount), None))
        return services.allocate_lines(budget=budget, changes=[change], by=finance_officer)

    assert allocate(charges, -450) == 1
    charges.refresh_from_db()
    for of, amount, words in ((charges, 5, "stands below zero"), (line, -5, "Only income")):
        with pytest.raises(AllocationRefused) as refused:
            allocate(of, amount)
        assert words in refused.value.faults[of.pk]["amount"]


def test_income_is_split_below_zero_and_the_rest_is_area_wide(budget, line, charges, north, finance_officer):
    def split(amount):
        services.split_line_by_locality(
            line=charges,
            shares={north: Decimal(amount)},
            method="population",
            revision=charges.revision,
            by=finance_officer,
        )

    with pytest.raises(NotAnAmount, match="stands below zero"):
        split(150)
    with pytest.raises(SplitExceedsLine, match="£1 more than the line"):
        split(-401)
    split(-150)
    check_database()
    rows = locality_split(budget, Decimal(600)).rows
    assert (rows[0].label, rows[0].amount) == ("North", Decimal(-150))
    assert (rows[-1].amount, rows[-1].lines) == (Decimal(750), 2)
    charges.refresh_from_db()
    with pytest.raises(SplitExceedsLine, match="at least as much income"):
        services.change_line(
            line=charges,
            revision=charges.revision,
            by=finance_officer,
            title="Charges",
            delivered_by=charges.delivered_by,
            category=charges.category,
            setting=charges.setting,
            subjective=Subjective.INCOME,
            amount=Decimal(-100),
        )


def test_percentages_of_income_are_parts_below_zero(charges, north, finance):
    url = reverse("budgets:split_line", args=["angus", 2026, charges.pk])
    typed = {f"share-{north.pk}": "25", "unit": "percent", "method": "population", "revision": 1}
    assert finance.post(url, typed).status_code == 302
    assert charges.locality_shares.get().amount == Decimal(-100)


# Files


def test_income_comes_from_a_file_and_goes_out_as_it_came(budget, line, charges, board, finance_officer):
    row = brought(budget, finance_officer, f"{HEAD}C1,Charges,{board},B,Community health,Income,(425.10)\n")
    assert (row.changed, row.faults) == (1, 0)
    services.apply_import(line_import=row, by=finance_officer)
    charges.refresh_from_db()
    assert charges.amount == Decimal("-425.10")
    lines = list(with_scope(budget.lines.select_related("delivered_by", "function")))
    words = line_words(budget, of_lines=lines)
    for name, write in (("out.csv", lines_csv), ("out.xlsx", lines_xlsx)):
        again = brought(budget, finance_officer, write(words, list(values_of(lines))), name)
        assert (again.added, again.changed, again.unchanged, again.faults) == (0, 0, 2, 0)


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        ("X1,Fees,{board},B,Community health,Income,425", "G2", "so it stands below zero, and this is £425"),
        ("X1,Fees,{board},B,Community health,Transport,-5", "G2", "Only income is budgeted below zero (−£5)"),
        ("C1,Charges,{board},B,Community health,,-5", "G2", "Only income is budgeted below zero"),
    ],
)
def test_a_sign_that_does_not_fit_the_type_of_spend_is_a_fault_of_its_cell(
    budget, charges, board, finance_officer, row, cell, words
):
    found = problems(brought(budget, finance_officer, f"{HEAD}{row.format(board=board)}\n"))
    assert words in found[cell]


def test_a_ledger_that_writes_spending_as_minus_has_income_as_plus(budget, charges, board, finance_officer):
    layout = LedgerLayout.objects.create(
        partnership=budget.partnership,
        name="NHS ledger",
        sign=Sign.SPENDING_MINUS,
        means={
            "code": "code",
            "title": "title",
            "delivered by": "delivered_by_id",
            "category": "category",
            "setting": "setting",
            "type of spend": "subjective",
            "budget": "amount",
        },
    )
    data = f"{HEAD}C1,Charges,{board},B,Community health,Income,500\nN1,Nursing,{board},B,Community health,,-70\n"
    row = brought(budget, finance_officer, data, layout=layout)
    assert (row.added, row.changed, row.faults) == (1, 1, 0)
    assert row.found["totals"] == ["600.00", "570.00"]


# Moved, confirmed, directed


def test_a_virement_may_expect_more_income_and_gives_up_no_more_than_there_is(
    agreed, line, charges, finance_officer, chief_finance_officer
):
    def propose(entries):
        return services.propose_virement(
            budget=agreed, entries=entries, by=finance_officer, reason="Charges rise", is_recurring=True
        )

    with pytest.raises(MovementRefused, match="is income of £400, so £401 of it cannot be given up"):
        propose({charges: Decimal(401), line: Decimal(-401)})
    virement = propose({charges: Decimal(-50), line: Decimal(50)})
    services.approve_virement(virement=virement, by=chief_finance_officer)
    check_database()
    assert list(agreed.lines.values_list("amount", flat=True)) == [Decimal(1050), Decimal(-450)]


def test_its_body_confirms_and_disputes_income_below_zero(
    agreed, charges, board, partner_officer, partnership
):
    standing = standing_of(partner_officer, partnership)
    key = f"line-{charges.pk}"

    def dispute(amount):
        return services.dispute_figure(
            budget=agreed,
            body=board,
            key=key,
            seen=Decimal(-400),
            amount=Decimal(amount),
            reason="Fees fell",
            standing=standing,
        )

    with pytest.raises(NotAnAmount, match="stands below zero"):
        dispute(350)
    assert dispute(-350).word == Word.DISPUTED
    assert next(one for one in figures_of(agreed) if one.key == key).state == Agreement.DISPUTED
    done = services.confirm_figures(budget=agreed, body=board, seen={key: Decimal(-400)}, standing=standing)
    assert [figure.label for figure in done.figures] == ["Charges"]


def test_a_dispute_of_income_is_typed_below_zero_on_its_page(agreed, charges, partner_officer, sign_in):
    url = reverse("budgets:figure", args=["angus", 2026, f"line-{charges.pk}"])
    done = sign_in(partner_officer).post(url, {"amount": "-350", "reason": "Fees fell", "seen": "-400.00"})
    assert done.status_code == 302


def test_a_direction_takes_income_off_and_the_control_total_adds_up(
    agreed, line, charges, large_hospital, finance_officer, partnership
):
    made = draft(agreed, large_hospital, finance_officer)

    def take(**amounts):
        return directing.set_direction_money(
            direction=made,
            amounts={
                budget_line: Decimal(amounts[budget_line.title.split()[0].lower()])
                for budget_line in (line, charges)
            },
            revision=made.revision,
            by=finance_officer,
        )

    with pytest.raises(NotAnAmount, match="stands below zero"):
        take(district=1000, charges=400)
    with pytest.raises(NotAnAmount, match="cannot take more than the line has"):
        take(district=1000, charges=-401)
    with pytest.raises(MoneyRefused, match="£300 more than what they cost"):
        take(district=100, charges=-400)
    made = take(district=1000, charges=-400)
    assert made.amount == Decimal(600)
    with pytest.raises(MoneyRefused, match="nothing of it is kept"):
        directing.keep_own_cost(line=charges, amount=Decimal(5), purpose="Audit", by=finance_officer)
    assert control_total(agreed, agreed.starts_on).whole.difference == Decimal(600)
    assert {row.title: row.undirected for row in undirected_lines(agreed, agreed.starts_on)} == {
        "District nursing": Decimal(1000),
        "Charges": Decimal(-400),
    }
    rows = trail_rows(agreed, trail_lines(agreed, TrailStart(), agreed.starts_on), agreed.starts_on)
    assert [row.undirected_words for row in rows] == ["£1,000 not directed", "−£400 not directed"]


# Followed and told


def test_less_income_than_budgeted_is_an_overspend():
    rules = MonitoringRules()
    assert rag_of(rules, Decimal(-400), Decimal(-380)) == Rag.RED
    assert rag_of(rules, Decimal(-400), Decimal(-420)) == Rag.GREEN
    assert passes_threshold(rules, Decimal(-400), Decimal(-25))
    assert not passes_threshold(rules, Decimal(-400), Decimal(-5))


@pytest.fixture
def april(agreed, finance_officer, chief_finance_officer):
    period = services.begin_period(budget=agreed, number=1, by=finance_officer)
    assert {row.budget_to_date for row in period.figures.all()} == {Decimal(83), Decimal(-33)}
    fill(period, finance_officer)
    closed(period, finance_officer, chief_finance_officer)
    return period


def test_the_report_adds_income_up_with_its_sign(april, charges):
    close = latest_close(april.budget)
    assert Books.from_json(close.content).lines[1].budget == Decimal("-400.00")
    tables = {table.code: table for table in report_of(close).tables}
    by_type = {row.cells[0]: row.cells[3] for row in tables["F3"].rows}
    assert by_type["Income"] == Decimal(-400)
    assert by_type["Total without the set-aside"] == Decimal(600)
    assert tables["F1"].rows[-1].cells[3] == Decimal(600)


def test_the_public_reads_what_is_left_and_how_much_income_was_taken_off(
    agreed, line, charges, board, partner_officer, partnership, client
):
    standing = standing_of(partner_officer, partnership)
    seen = {figure.key: figure.amount for figure in figures_of(agreed)}
    services.confirm_figures(budget=agreed, body=board, seen=seen, standing=standing)
    told = public_money(partnership)
    assert (told.total.paid, told.income) == (Decimal(600), Decimal(400))
    page = client.get("/published/angus/money/").content.decode()
    assert "Some money comes back, such as what people pay towards their care: £400" in page


def test_spend_by_locality_counts_income(agreed, charges, north, partnership):
    LocalityShareFactory(line=charges, locality=north, amount=Decimal(-100))
    BudgetLine.objects.filter(pk=charges.pk).update(actual=Decimal(-200))
    (year,) = accounted_years(partnership)
    assert (year.localities[0].name, year.localities[0].spent) == ("North", Decimal("-50.00"))
