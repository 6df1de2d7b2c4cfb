"""What people type about money: read exactly, or kept as typed with a word on what is wrong."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from budgets.forms import AllocationForm, LineForm, OpenBudgetForm, SplitForm
from budgets.forms.fields import AllocatedField, amount_in
from budgets.forms.grid import read_opened, written_opened
from budgets.models import BudgetLine
from budgets.refusals import LineFigures
from foundation.sgds.forms import Form
from foundation.sgds.widgets import MoneyWidget
from tests.factories import DelegatedFunctionFactory

from .factories import BudgetFactory, BudgetLineFactory, LocalityShareFactory

pytestmark = pytest.mark.django_db
AMOUNTS = st.decimals(min_value=0, max_value=Decimal("999999999999.99"), places=2)


# Amounts


@given(AMOUNTS)
def test_an_amount_written_with_commas_is_read_back_to_the_penny(amount):
    for written in (f"{amount:,.2f}", f"£{amount:,.2f}", f" £ {amount} ", f"{amount:.2f}\t"):
        assert AllocatedField().clean(written) == amount
    assert AllocatedField().clean(MoneyWidget().format_value(amount)) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_amount_or_is_refused_in_words(text):
    class Asked(Form):
        amount = AllocatedField(required=False)

    form = Asked({"amount": text})
    if form.is_valid():
        amount = form.cleaned_data["amount"]
        assert amount is None or (amount >= 0 and amount == amount.quantize(Decimal("0.01")))
    else:
        assert all(message.strip() for message in form.errors["amount"])
        assert form["amount"].value() == text


@pytest.mark.parametrize(
    ("pasted", "read"),
    [
        ("1,234", "1234"),
        ("£1,234.50", "1234.50"),
        (" 1234 ", "1234"),
        ("1 234", "1234"),
        ("£0", "0"),
    ],
)
def test_figures_as_a_spreadsheet_gives_them(pasted, read):
    assert AllocatedField().clean(pasted) == Decimal(read)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [
        ("(500)", "cannot be negative"),
        ("-500", "cannot be negative"),
        ("−500", "cannot be negative"),
        ("£61.2m", "in full"),
        ("n/a", "pounds and pence"),
        ("#REF!", "pounds and pence"),
        ("1.234,50", "pounds and pence"),
        ("1,23", "pounds and pence"),
        ("0.005", "two figures"),
        ("1000000000000", "smaller amount"),
        ("", "Enter"),
    ],
)
def test_what_a_budget_cannot_hold_is_refused_in_words(pasted, words):
    class Asked(Form):
        amount = AllocatedField(label="Budget")

    form = Asked({"amount": pasted})
    assert not form.is_valid()
    assert words in form.errors["amount"][0]
    assert form["amount"].value() == pasted


def test_an_amount_that_cannot_be_read_is_nothing():
    assert amount_in("12 pounds") is None
    assert amount_in("(5)") == Decimal(-5)


# The grid


@given(
    st.dictionaries(
        st.integers(min_value=1, max_value=10**9),
        st.builds(LineFigures, AMOUNTS, st.none() | AMOUNTS),
        max_size=5,
    )
)
def test_the_figures_that_a_page_was_opened_with_come_back_unchanged(opened):
    assert read_opened(written_opened(opened)) == opened


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"1":5}', '{"x":["1",null]}', '{"1":["many",null]}', '{"1":["1"]}', "7"]
)
def test_a_page_that_was_tampered_with_holds_nothing(text, line):
    assert read_opened(text) == {}
    form = AllocationForm({"opened": text, f"amount-{line.pk}": "5"}, lines=[line])
    assert not form.is_valid()


def posted(lines, **typed):
    """What the browser sends: every box as it was shown, but for what was typed."""
    form = AllocationForm(lines=lines)
    data = {"opened": form["opened"].value()}
    for row in form.rows():
        data |= {cell.name: cell.text for cell in row.cells}
    return data | {name.replace("_", "-"): value for name, value in typed.items()}


def test_only_what_was_typed_is_a_change(budget):
    one, two = BudgetLineFactory.create_batch(2, budget=budget, actual=Decimal("5.50"))
    form = AllocationForm(posted([one, two], **{f"amount_{one.pk}": "£1,200.50"}), lines=[one, two])
    assert form.is_valid(), form.errors
    (change,) = form.changes()
    assert change.line_id == one.pk
    assert change.wanted == LineFigures(Decimal("1200.50"), Decimal("5.50"))
    assert change.opened == LineFigures(one.amount, Decimal("5.50"))


def test_a_figure_written_another_way_is_no_change(budget):
    line = BudgetLineFactory(budget=budget, amount=Decimal("1000.00"))
    form = AllocationForm(posted([line], **{f"amount_{line.pk}": "£1000.00"}), lines=[line])
    assert form.is_valid()
    assert form.changes() == []


def test_every_faulty_cell_keeps_what_was_typed_and_is_named(budget):
    one, two = BudgetLineFactory.create_batch(2, budget=budget)
    data = posted(
        [one, two], **{f"amount_{one.pk}": "(500)", f"actual_{two.pk}": "lots", f"amount_{two.pk}": ""}
    )
    form = AllocationForm(data, lines=[one, two])
    assert not form.is_valid()
    assert set(form.errors) == {f"amount-{one.pk}", f"amount-{two.pk}", f"actual-{two.pk}"}
    assert form.errors[f"amount-{two.pk}"] == [f"Enter the budget of {two.title}, or 0 for none"]
    first, second = form.rows()
    assert [cell.text for cell in first.cells] == ["(500)", ""]
    assert [cell.text for cell in second.cells] == ["", "lots"]


def test_totals_of_the_boxes_take_the_opened_figure_where_a_box_cannot_be_read(budget):
    one, two = BudgetLineFactory.create_batch(2, budget=budget)
    form = AllocationForm(
        posted([one, two], **{f"amount_{one.pk}": "hm", f"amount_{two.pk}": "7.25"}), lines=[one, two]
    )
    assert [figures.amount for _, figures in form.figures()] == [Decimal(100), Decimal("7.25")]


def test_a_figure_typed_for_a_removed_line_is_said(budget):
    one, two = BudgetLineFactory.create_batch(2, budget=budget)
    data = posted([one, two], **{f"amount_{two.pk}": "7,777"})
    form = AllocationForm(data, lines=[one])
    assert not form.is_valid()
    assert "7,777" in form.non_field_errors()[0]
    unchanged = AllocationForm(posted([one, two]), lines=[one])
    assert unchanged.is_valid()


def test_a_line_added_meanwhile_is_left_alone(budget):
    one = BudgetLineFactory(budget=budget)
    data = posted([one])
    two = BudgetLineFactory(budget=budget)
    form = AllocationForm(data, lines=[one, two])
    assert form.is_valid()
    assert form.changes() == []


def test_a_second_round_after_a_conflict(budget):
    """Whoever picked their own figure has seen the other one; whoever picked theirs changes nothing."""
    one, two = BudgetLineFactory.create_batch(2, budget=budget)
    data = posted([one, two], **{f"amount_{one.pk}": "5", f"amount_{two.pk}": "6"})
    BudgetLine.objects.update(amount=50)
    lines = list(budget.lines.all())
    data |= {f"pick-amount-{one.pk}": "mine", f"seen-amount-{one.pk}": "50.00"}
    data |= {f"pick-amount-{two.pk}": "theirs", f"seen-amount-{two.pk}": "50.00"}
    form = AllocationForm(data, lines=lines)
    assert form.is_valid()
    (change,) = form.changes()
    assert (change.line_id, change.opened.amount, change.wanted.amount) == (one.pk, Decimal(50), Decimal(5))


def test_labels_tell_lines_of_the_same_title_apart(budget, council):
    BudgetLineFactory(budget=budget, title="Other")
    BudgetLineFactory(budget=budget, title="Other", delivered_by=council)
    form = AllocationForm(lines=list(budget.lines.all()))
    labels = [cell.label for row in form.rows() for cell in row.cells]
    assert len(set(labels)) == len(labels) == 4


# Choices


def test_only_this_partnerships_choices_are_offered(budget, board, council, other_partnership):
    own = DelegatedFunctionFactory(partnership=budget.partnership)
    DelegatedFunctionFactory(partnership=other_partnership)
    form = LineForm(budget=budget)
    assert set(form.fields["delivered_by"].queryset) == {board, council}
    assert set(form.fields["function"].queryset) == {own}


def test_a_foreign_choice_is_refused(budget, other_partnership):
    form = LineForm(
        {"delivered_by": other_partnership.health_board_id, "function": "999999", "title": "x" * 201},
        budget=budget,
    )
    assert not form.is_valid()
    assert {"delivered_by", "function", "title", "category", "setting", "amount"} <= set(form.errors)


def test_years_that_are_open_are_not_offered(partnership):
    BudgetFactory(partnership=partnership, year=date.today().year)  # noqa: DTZ011 - only a year is needed
    form = OpenBudgetForm(partnership=partnership)
    offered = {value for value, _ in form.fields["year"].choices}
    assert date.today().year not in offered  # noqa: DTZ011
    assert 2015 in offered
    assert not OpenBudgetForm({"year": "1999"}, partnership=partnership).is_valid()


def test_what_is_left_of_a_split_follows_the_boxes(line, north, south):
    LocalityShareFactory(line=line, locality=north, amount=Decimal("250.00"))
    assert SplitForm(line=line).left() == Decimal(750)
    form = SplitForm({f"share-{north.pk}": "900", f"share-{south.pk}": "some", "revision": "1"}, line=line)
    assert form.left() == Decimal(100)
    assert not form.is_valid()
    assert form[f"share-{south.pk}"].value() == "some"


def test_the_grid_is_written_as_json_that_nothing_can_break_out_of(budget):
    line = BudgetLineFactory(budget=budget, title='"><script>alert(1)</script>')
    assert json.loads(AllocationForm(lines=[line])["opened"].value()) == {str(line.pk): ["100.00", None]}
