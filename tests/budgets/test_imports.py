"""Edinburgh's published budget comes out as it went in, and says where rounding shows."""

from decimal import Decimal

import pytest

from budgets.enums import Dimension, FundKind
from budgets.imports import edinburgh_2020_21, load_edinburgh_2020_21, rounding_gaps
from budgets.models import Budget
from budgets.rules import may_contribute, may_fund
from budgets.selectors import budget_summary, model_of_integration, totals_by
from foundation.audit import SYSTEM
from foundation.audit.models import Entry

pytestmark = pytest.mark.django_db
MILLION = 1_000_000


@pytest.fixture
def budget(edinburgh) -> Budget:
    return load_edinburgh_2020_21(by=SYSTEM)


def test_the_published_subtotals_come_out(budget):
    """NHS 599 of which 101 set aside, council 252, in millions."""
    summary = budget_summary(budget)
    board, council = (
        next(row for row in summary.bodies if row.body.name == name)
        for name in ("NHS Lothian", "City of Edinburgh Council")
    )
    assert board.total == 599 * MILLION
    assert council.total == 252 * MILLION
    assert summary.set_aside == 101 * MILLION
    assert summary.resources == 851 * MILLION
    assert summary.integrated_budget == 750 * MILLION


def test_the_set_aside_stays_in_its_own_column(budget):
    totals = {total.label: total for total in totals_by(budget.lines.all(), Dimension.BODY)}
    board, council = totals["NHS Lothian"], totals["City of Edinburgh Council"]
    assert (board.payment, board.set_aside) == (498 * MILLION, 101 * MILLION)
    assert (council.payment, council.set_aside) == (251 * MILLION, 0)


def test_rows_are_kept_as_published_and_differ_from_subtotals_only_where_said(budget):
    """The rows give 599/597 and 251/252; published are 599/598 and 252/252. The page says both."""
    totals = {total.label: total for total in totals_by(budget.lines.all(), Dimension.BODY)}
    published = {row.service: row for row in edinburgh_2020_21() if row.is_subtotal}
    for label, subtotal, gap_budget, gap_actual in (
        ("NHS Lothian", published["Subtotal NHS"], 0, 1),
        ("City of Edinburgh Council", published["Subtotal Council"], 1, 0),
    ):
        assert subtotal.budget - totals[label].amount == gap_budget * MILLION
        assert subtotal.actual - totals[label].actual == gap_actual * MILLION
    assert (published["Subtotal NHS"].budget, published["Subtotal NHS"].actual) == (
        599 * MILLION,
        598 * MILLION,
    )
    assert (published["Subtotal Council"].budget, published["Subtotal Council"].actual) == (
        252 * MILLION,
        252 * MILLION,
    )
    assert "actual of “Subtotal NHS”: published £598m, the rows give £597m" in budget.note
    assert "budget of “Subtotal Council”: published £252m, the rows give £251m" in budget.note
    assert not budget_summary(budget).is_balanced


def test_every_gap_of_rounding_is_at_most_a_million_and_found():
    gaps = list(rounding_gaps(edinburgh_2020_21()))
    assert {gap.what for gap in gaps} == {
        "variance of “Care at home”",
        "variance of “Social work assessment and care management”",
        "variance of “Other”",
        "actual of “Subtotal NHS”",
        "variance of “Subtotal NHS”",
        "budget of “Subtotal Council”",
    }
    assert all(abs(gap.published - gap.worked_out) == MILLION for gap in gaps)


def test_every_line_and_contribution_obeys_the_act(budget):
    model = model_of_integration(budget)
    for row in budget.contributions.select_related("body"):
        assert may_contribute(model, row.body, FundKind(row.kind))
    for line in budget.lines.select_related("function", "delivered_by"):
        assert may_fund(FundKind(line.fund), line.function, line.delivered_by)
        line.full_clean()


def test_all_thirteen_rows_are_there_with_what_was_spent(budget):
    assert budget.lines.count() == 13
    assert budget.lines.get(title="External purchasing").variance == Decimal(-8 * MILLION)
    assert "edinburghhsc.scot" in budget.source


def test_loading_again_changes_nothing_and_is_recorded_once(budget):
    budget.lines.update(amount=1)
    assert load_edinburgh_2020_21(by=SYSTEM) == budget
    assert set(budget.lines.values_list("amount", flat=True)) == {Decimal(1)}
    assert Entry.objects.filter(action="budgets.imported").count() == 1
