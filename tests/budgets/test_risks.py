"""The year's financial risks, and table F13 that a close freezes them into."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from budgets import services
from budgets.books import SAYS_RISKS, Books
from budgets.enums import Arm, Likelihood
from budgets.models import BudgetLine, Close, Risk
from budgets.refusals import MoneyRefused, NameTaken, NotAnAmount
from budgets.selectors import risks_in_words
from budgets.selectors.report import report_of
from foundation.audit.models import Entry
from tests.browser.checks import markup_faults
from tests.budgets.months import closed, fill

from .directing import issued
from .factories import BudgetLineFactory, ContributionFactory, RiskFactory, SavingFactory

pytestmark = pytest.mark.django_db
FIELDS = {
    "title": "Prescribing",
    "lowest": Decimal(100),
    "highest": Decimal(500),
    "likelihood": Likelihood.HIGH,
    "mitigation": "Monthly review",
}


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"lowest": Decimal(-1)}, NotAnAmount, "lowest"),
        ({"lowest": Decimal(501)}, NotAnAmount, "highest"),
        ({"lowest": Decimal(0), "highest": Decimal(0)}, NotAnAmount, "highest"),
        ({"mitigation": " "}, MoneyRefused, "mitigation"),
        ({"title": "prescribing"}, NameTaken, "title"),
    ],
)
def test_risks_that_cannot_be(budget, finance_officer, changes, refusal, field):
    services.add_risk(budget=budget, by=finance_officer, **FIELDS)
    with pytest.raises(refusal) as refused:
        services.add_risk(budget=budget, by=finance_officer, **{**FIELDS, "title": "Pay", **changes})
    assert list(refused.value.message_dict) == [field]


def test_the_database_holds_the_range(budget):
    for lowest, highest in ((-1, 5), (6, 5), (0, 0)):
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskFactory(budget=budget, lowest=lowest, highest=highest)


def test_a_risk_is_written_changed_and_removed_through_its_pages(budget, finance, finance_officer):
    typed = {**FIELDS, "lowest": "900", "highest": "1,500", "likelihood": "high"}
    refused = finance.post(at("add_risk"), {**typed, "lowest": "2,000"}).content.decode()
    assert "The highest cost is below the lowest" in refused
    assert 'value="2,000"' in refused
    assert finance.post(at("add_risk"), typed).status_code == 302
    risk = Risk.objects.get()
    services.change_risk(risk=risk, revision=1, by=finance_officer, **{**FIELDS, "mitigation": "Theirs"})
    conflict = finance.post(at("change_risk", risk.pk), {**typed, "mitigation": "Mine", "revision": 1})
    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert "Theirs" in page
    assert "Mine" in page
    assert markup_faults(page) == []
    assert finance.post(at("change_risk", risk.pk), {**typed, "revision": 2}).status_code == 302
    shown = finance.get(at("risks")).content.decode()
    assert "One risk: it would cost from £900 to £1,500." in shown
    assert markup_faults(shown) == []
    assert finance.post(at("remove_risk", risk.pk), {"revision": 3, "reason": "Over"}).status_code == 302
    assert Entry.objects.get(action="budgets.risk_removed").reason == "Over"


def test_an_auditor_reads_risks_and_changes_none(budget, auditor, sign_in):
    risk = RiskFactory(budget=budget)
    client = sign_in(auditor)
    assert risk.title in client.get(at("risks")).content.decode()
    assert client.get(at("change_risk", risk.pk)).status_code == 403


# The report


@pytest.fixture
def close(budget, line, other_partnership, finance_officer, chief_finance_officer):
    """April is closed with two risks and two hosted services."""
    for title, total in (("Podiatry", "400.00"), ("Sexual health", None)):
        BudgetLineFactory(
            budget=budget,
            title=title,
            amount=Decimal(100),
            arm=Arm.HOSTED,
            hosted_by=other_partnership,
            hosted_share=Decimal(20),
            hosted_total=total and Decimal(total),
        )
    RiskFactory(budget=budget, title="Prescribing", lowest=100, highest=900, likelihood=Likelihood.HIGH)
    RiskFactory(budget=budget, title="Pay", lowest=0, highest=50)
    ContributionFactory(budget=budget, amount=Decimal(1200))
    agreed = services.agree_budget(budget=budget, by=chief_finance_officer)
    april = services.begin_period(budget=agreed, number=1, by=finance_officer)
    fill(april, finance_officer)
    return closed(april, finance_officer, chief_finance_officer)


def table_of(close, code):
    return next(table for table in report_of(close).tables if table.code == code)


def test_risks_are_frozen_with_the_close(close):
    table = table_of(close, "F13")
    assert [row.cells[:4] for row in table.rows] == [
        ("Prescribing", Decimal(100), Decimal(900), "High"),
        ("Pay", Decimal(0), Decimal(50), "Medium"),
    ]
    assert table.sentence == "Two risks: if all of them happened, they would cost from £100 to £950."
    Risk.objects.all().delete()
    assert len(table_of(Close.objects.get(), "F13").rows) == 2


def test_the_hosts_total_stands_beside_our_share(close):
    table = table_of(close, "F5")
    assert [(row.cells[2], *row.cells[5:7]) for row in table.rows[:2]] == [
        (Decimal(400), Decimal(20), Decimal(100)),
        (None, Decimal(20), Decimal(100)),
    ]
    assert (
        "Budgeted away from the share: Podiatry: £100 is budgeted, the share comes to £80." in table.sentence
    )


@pytest.mark.parametrize("written", range(1, SAYS_RISKS))
def test_a_month_closed_before_says_so_and_keeps_its_fingerprint(close, written):
    old = replace(close.books, format=written)
    content = old.to_json()
    assert "risks" not in content
    assert "hosted_total" not in content["lines"][0]
    read = Books.from_json(content)
    assert (read.sha256, read.risks, {line.hosted_total for line in read.lines}) == (old.sha256, (), {None})
    report = report_of(Close(period=close.period, number=1, content=content))
    assert "F13 (risks): the month was closed before the year’s risks were kept." in report.missing


def test_no_risk_is_said_in_words():
    assert risks_in_words([]) == "No financial risk is recorded."


def test_a_total_of_a_host_belongs_to_a_hosted_line(line, board, finance_officer):
    with pytest.raises(IntegrityError), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(hosted_total=5)
    with pytest.raises(MoneyRefused) as refused:
        services.add_line(
            budget=line.budget,
            by=finance_officer,
            title="Nursing",
            delivered_by=board,
            category="B",
            setting="community",
            amount=Decimal(5),
            hosted_total=Decimal(10),
        )
    assert list(refused.value.message_dict) == ["hosted_total"]


def test_the_directions_of_a_saving_are_frozen_and_older_closes_have_none(
    budget, line, large_hospital, finance_officer, chief_officer, chief_finance_officer
):
    direction = issued(budget, large_hospital, finance_officer, chief_officer)
    SavingFactory(budget=budget).directions.add(direction)
    ContributionFactory(budget=budget, amount=line.amount)
    agreed = services.agree_budget(budget=budget, by=chief_finance_officer)
    april = services.begin_period(budget=agreed, number=1, by=finance_officer)
    fill(april, finance_officer)
    close = closed(april, finance_officer, chief_finance_officer)
    table = table_of(close, "F8")
    assert (table.heads[-1].label, table.rows[0].cells[-1]) == ("Directions", direction.reference)
    old = replace(close.books, format=SAYS_RISKS)
    content = old.to_json()
    assert "directions" not in content["savings"][0]
    read = Books.from_json(content)
    assert (read.sha256, read.savings[0].directions) == (old.sha256, ())
