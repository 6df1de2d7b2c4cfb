"""What the host of a hosted service expects the whole of it to cost, from the month's figures to the report."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from budgets import services
from budgets.books import SAYS_HOSTS_OUTTURN, Books
from budgets.enums import Arm
from budgets.forms.monitoring import PeriodForm
from budgets.models import Close, PeriodFigure
from budgets.refusals import AllocationRefused, Figures
from budgets.rules import share_in
from budgets.selectors.comparison import comparison_of
from budgets.selectors.monitoring import period_lines, rules_for
from budgets.selectors.report import report_of
from budgets.services import Enterer, FigureChange
from tests.browser.checks import markup_faults

from .factories import BudgetLineFactory, ContributionFactory
from .months import closed, fill, unlock


@pytest.fixture
def hosted(budget, line, other_partnership):
    """A fifth of a service of £1,000 is this partnership's."""
    return BudgetLineFactory(
        budget=budget,
        title="Podiatry",
        delivered_by=line.delivered_by,
        amount=Decimal(200),
        arm=Arm.HOSTED,
        hosted_by=other_partnership,
        hosted_share=Decimal(20),
        hosted_total=Decimal(1000),
    )


@pytest.fixture
def april(budget, line, hosted, finance_officer, chief_finance_officer):
    ContributionFactory(budget=budget, amount=line.amount + hosted.amount)
    agreed = services.agree_budget(budget=budget, by=chief_finance_officer)
    period = services.begin_period(budget=agreed, number=1, by=finance_officer)
    fill(period, finance_officer)
    return period


def tell(period, line, by, outturn):
    """The host has told this of the whole service."""
    now = period.figures.get(line=line)
    opened = Figures(now.budget_to_date, now.actual, now.forecast, now.hosted_outturn)
    wanted = replace(opened, hosted_outturn=Decimal(outturn))
    services.enter_figures(
        period=period, changes=[FigureChange(line.pk, opened, wanted)], by=Enterer(by, is_finance=True)
    )


def table_of(close):
    return next(table for table in report_of(close).tables if table.code == "F5")


def test_the_report_says_what_the_host_expects_beside_our_share(
    april, hosted, finance_officer, chief_finance_officer
):
    tell(april, hosted, finance_officer, "1050.00")
    table = table_of(closed(april, finance_officer, chief_finance_officer))
    assert [head.label for head in table.heads] == [
        "Service",
        "Host",
        "Host’s total budget",
        "Host’s projected outturn",
        "Host’s variance",
        "Our share",
        "Our budget",
        "Our projected outturn",
        "Our variance",
    ]
    assert table.rows[0].cells[2:] == tuple(map(Decimal, (1000, 1050, -50, 20, 200, 200, 0)))
    assert table.sentence.endswith(
        f" Podiatry: {hosted.hosted_by.name} expects to end £50 over budget; our share of the host’s outturn comes to "
        "£210, £200 is forecast."
    )
    assert "empty" not in table.note


def test_a_host_that_told_nothing_leaves_the_figure_empty(april, finance_officer, chief_finance_officer):
    table = table_of(closed(april, finance_officer, chief_finance_officer))
    assert table.rows[0].cells[3:5] == (None, None)
    assert table.note.endswith("Where a figure of the host is empty, the host has not told it.")


def test_the_next_month_begins_with_it_and_what_moved_says_so(
    april, hosted, finance_officer, chief_finance_officer
):
    tell(april, hosted, finance_officer, "1050.00")
    before = closed(april, finance_officer, chief_finance_officer)
    may = services.begin_period(budget=april.budget, number=2, by=finance_officer)
    assert may.figures.get(line=hosted).hosted_outturn == Decimal(1050)
    fill(may, finance_officer)
    tell(may, hosted, finance_officer, "990.00")
    after = closed(may, finance_officer, chief_finance_officer)
    assert [(move.line, move.by) for move in comparison_of(before, after).hosts] == [
        ("Podiatry", Decimal(-60))
    ]


def test_only_a_hosted_line_has_a_host_that_tells(april, line, finance_officer):
    with pytest.raises(AllocationRefused) as refused:
        tell(april, line, finance_officer, "5.00")
    assert "Nobody hosts" in refused.value.faults[line.pk]["hosted_outturn"]
    with pytest.raises(IntegrityError, match="has no host"), transaction.atomic():
        PeriodFigure.objects.filter(line=line).update(hosted_outturn=5)


def test_it_stands_still_once_the_month_is_closed(april, hosted, finance_officer, chief_finance_officer):
    closed(april, finance_officer, chief_finance_officer)
    with pytest.raises(IntegrityError, match="stand still"), transaction.atomic():
        PeriodFigure.objects.filter(line=hosted).update(hosted_outturn=5)


def test_a_month_closed_before_says_so_keeps_its_fingerprint_and_can_be_told_late(
    april, hosted, finance_officer, chief_finance_officer
):
    close = closed(april, finance_officer, chief_finance_officer)
    old = replace(close.books, format=SAYS_HOSTS_OUTTURN - 1)
    content = old.to_json()
    assert "hosted_outturn" not in content["lines"][0]
    assert Books.from_json(content).sha256 == old.sha256
    before = Close.objects.create(
        period=april,
        number=2,
        content=content,
        sha256=old.sha256,
        prepared_by=close.prepared_by,
        prepared_at=close.prepared_at,
        closed_by=close.closed_by,
    )
    assert "before the hosts’ outturns were kept" in table_of(before).note
    unlock(april, finance_officer, chief_finance_officer)
    tell(april, hosted, finance_officer, "1050.00")
    again = closed(april, finance_officer, chief_finance_officer)
    assert table_of(again).rows[0].cells[3] == Decimal(1050)


def test_the_grid_asks_for_it_where_a_line_is_hosted(april, line, hosted, finance_officer, sign_in):
    client = sign_in(finance_officer)
    address = reverse("budgets:figures", args=[april.budget.partnership.slug, april.budget.year, 1])
    shown = client.get(address).content.decode()
    assert f'name="hosted_outturn-{hosted.pk}"' in shown
    assert f'name="hosted_outturn-{line.pk}"' not in shown
    assert markup_faults(shown) == []
    rows = period_lines(april, rules_for(april.budget.partnership))
    form = PeriodForm(rows=rows)
    sent = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(address, sent | {f"hosted_outturn-{hosted.pk}": "(12"})
    assert "What the hosts expect" in answer.content.decode()
    assert f'id="id_hosted_outturn-{hosted.pk}_error"' in answer.content.decode()
    sent[f"hosted_outturn-{hosted.pk}"] = "1,050"
    assert client.post(address, sent).status_code == 302
    figures = april.figures.get(line=hosted)
    assert (figures.hosted_outturn, figures.forecast) == (Decimal(1050), Decimal(200))
    meanwhile = client.post(address, sent | {f"hosted_outturn-{hosted.pk}": "1,060"})
    assert meanwhile.status_code == 409
    assert "The host’s projected outturn" in meanwhile.content.decode()


@pytest.mark.parametrize(
    ("amount", "percent", "part"),
    [
        ("1050", "20", "210.00"),
        ("0.10", "5", "0.01"),
        ("-0.10", "5", "-0.01"),
        (None, "5", None),
        ("5", None, None),
    ],
)
def test_a_share_is_rounded_to_the_penny(amount, percent, part):
    figures = [value and Decimal(value) for value in (amount, percent, part)]
    assert share_in(*figures[:2]) == figures[2]
