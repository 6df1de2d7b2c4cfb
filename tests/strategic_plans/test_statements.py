"""The annual financial statement: frozen when signed, public once somebody else publishes it (2014 Act s.39)."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from budgets.enums import FundKind
from budgets.models import Budget, SavingsTarget
from budgets.services import agree_budget
from foundation.documents import assembly
from foundation.documents.models import Document
from foundation.documents.pdf import faults
from partnerships.permissions import standing_of
from strategic_plans import services as plan_services
from strategic_plans.models import FinancialStatement
from strategic_plans.selectors.home import statement_due
from strategic_plans.selectors.statements import statement_now
from strategic_plans.services.statements import publish_statement, request_statement_pdf, sign_statement
from strategic_plans.statement_documents import STATEMENT_PDF, statement_book
from strategic_plans.statements import Statement
from tests.budgets.factories import BudgetLineFactory, ContributionFactory
from tests.factories import DelegatedFunctionFactory, IntegrationModelPeriodFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(ready_plan, chief_officer):
    plan_services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 1")
    ready_plan.refresh_from_db()
    return ready_plan


@pytest.fixture
def agreed(published, chief_finance_officer) -> Budget:
    budget = published.partnership.budgets.get()
    IntegrationModelPeriodFactory(partnership=published.partnership)
    if not budget.contributions.exists():
        ContributionFactory(budget=budget)
    return agree_budget(budget=budget, by=chief_finance_officer)


def signed(plan, budget, by, **changes):
    asked = {
        "assumptions": "Pay rises by 3%.",
        "difference_reason": "",
        "seen": format(statement_now(plan, budget).total, "f"),
    }
    return sign_statement(budget=budget, by=by, **asked | changes)


def test_every_table_adds_up_to_the_whole(published, agreed):
    statement = statement_now(published, agreed)
    assert statement.total == sum(line.amount for line in agreed.lines.all())
    for rows in (statement.bodies, statement.categories, statement.localities, statement.priorities):
        assert sum(row.payment for row in rows) == statement.payment
        assert sum(row.set_aside for row in rows) == statement.set_aside


def test_it_ties_to_the_published_plan_to_the_penny(published, agreed):
    assert statement_now(published, agreed).ties
    BudgetLineFactory(budget=agreed, title="More", amount=Decimal("0.01"))
    statement = statement_now(published, agreed)
    assert (statement.ties, statement.difference) == (False, Decimal("0.01"))
    assert statement.plan_words == "The statement has £0.01 more in payments than the published plan."


def test_a_difference_to_the_plan_needs_a_reason(published, agreed, chief_finance_officer):
    BudgetLineFactory(budget=agreed, title="More", amount=Decimal("5.00"))
    with pytest.raises(ValidationError, match="Say why"):
        signed(published, agreed, chief_finance_officer)
    statement = signed(published, agreed, chief_finance_officer, difference_reason="New funding in May.")
    assert Statement.from_json(statement.content).difference_reason == "New funding in May."


@pytest.mark.parametrize(
    ("change", "words"), [({"assumptions": " "}, "assumptions"), ({"seen": "1.00"}, "changed while")]
)
def test_nobody_signs_blindly(published, agreed, chief_finance_officer, change, words):
    with pytest.raises(ValidationError, match=words):
        signed(published, agreed, chief_finance_officer, **change)


def test_a_draft_budget_is_not_signed(published, chief_finance_officer):
    with pytest.raises(ValidationError, match="not agreed"):
        signed(published, published.partnership.budgets.get(), chief_finance_officer)


def test_what_was_signed_stands_still(published, agreed, chief_finance_officer):
    statement = signed(published, agreed, chief_finance_officer)
    before = Statement.from_json(statement.content).total
    BudgetLineFactory(budget=agreed, title="More", amount=Decimal("7.00"))
    assert statement_now(published, agreed).total == before + 7
    assert Statement.from_json(FinancialStatement.objects.get().content).total == before
    with pytest.raises(IntegrityError), transaction.atomic():
        FinancialStatement.objects.update(number=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        FinancialStatement.objects.all().delete()


def test_it_is_public_once_somebody_else_publishes_it(
    published, agreed, chief_finance_officer, chief_officer, client
):
    statement = signed(published, agreed, chief_finance_officer)
    address = reverse("published:statement", args=[published.partnership.slug, agreed.year])
    assert client.get(address).status_code == 404
    with pytest.raises(ValidationError, match="Whoever signs"):
        publish_statement(statement=statement, by=chief_finance_officer)
    publish_statement(statement=statement, by=chief_officer)
    page = client.get(address)
    assert page.status_code == 200
    assert "Pay rises by 3%." in page.content.decode()


def test_signing_has_the_pdf_made_which_an_auditor_may_not_ask_for(
    published, agreed, chief_finance_officer, auditor, sign_in
):
    at = [published.partnership.slug, agreed.year]
    sent = {"assumptions": "Pay rises by 3%.", "seen": format(statement_now(published, agreed).total, "f")}
    sign_in(chief_finance_officer).post(reverse("strategic_plans:sign_statement", args=at), sent)
    document = Document.objects.get(kind=STATEMENT_PDF)
    audited = sign_in(auditor)
    assert (
        document.get_absolute_url()
        in audited.get(reverse("strategic_plans:statement", args=at)).content.decode()
    )
    assert audited.get(document.get_absolute_url()).status_code == 200


def test_its_pdf_has_no_faults(published, agreed, chief_finance_officer):
    statement = signed(published, agreed, chief_finance_officer)
    document = request_statement_pdf(statement=statement, by=chief_finance_officer)
    assert faults(assembly.produce(statement_book(document))) == []


def test_its_workbook_has_what_was_signed(published, agreed, chief_finance_officer, auditor, sign_in):
    statement = signed(published, agreed, chief_finance_officer)
    BudgetLineFactory(budget=agreed, title="More", amount=Decimal(5))
    address = reverse("strategic_plans:statement_xlsx", args=[published.partnership.slug, agreed.year])
    book = openpyxl.load_workbook(io.BytesIO(sign_in(auditor).get(address).content))
    rows = [tuple(cell.value for cell in row) for row in book.worksheets[0].iter_rows()]
    total = Statement.from_json(statement.content).total
    assert [row[4] for row in rows if row[1] == "Total"] == [total] * 4
    assert any("Pay rises by 3%." in str(row[0]) for row in rows)


def test_a_year_without_a_statement_is_due(published, chief_finance_officer):
    due = statement_due(standing_of(chief_finance_officer, published.partnership))
    assert (len(due), due[0].mine, due[0].source) == (1, True, "2014 Act s.39")


def test_set_aside_stands_apart(published, agreed):
    function = DelegatedFunctionFactory(partnership=agreed.partnership)
    before = statement_now(published, agreed)
    BudgetLineFactory(
        budget=agreed, title="Wards", amount=Decimal("50.00"), fund=FundKind.SET_ASIDE, function=function
    )
    after = statement_now(published, agreed)
    assert (after.payment, after.set_aside) == (before.payment, before.set_aside + 50)


def test_it_says_what_is_not_covered_and_how_far_the_set_aside_can_be_relied_on(published):
    budget = published.partnership.budgets.get()
    aside = budget.contributions.get(kind=FundKind.SET_ASIDE)
    aside.amount, aside.method = aside.amount + 12, "Bed days at cost"
    aside.save()
    BudgetLineFactory(
        budget=budget, title="Split", amount=5, locality_method="population", locality_note="mid-2021"
    )
    SavingsTarget.objects.create(budget=budget, amount=500)
    statement = statement_now(published, budget)
    assert "£12,000,012 of the set-aside is not allocated" in statement.gap_words
    assert statement.gap_words.endswith("Savings: £500 of the £500 is not identified yet.")
    assert "How it was worked out: Bed days at cost." in statement.set_aside_words
    assert statement.set_aside_words.endswith("Nobody has said how far the figure can be relied on.")
    assert "Population (mid-2021)" in statement.locality_words.split("; ")


def test_a_statement_of_the_first_format_is_still_read(published, agreed):
    content = statement_now(published, agreed).to_json()
    old = {key: value for key, value in content.items() if key not in {"gap_words", "locality_words"}}
    read = Statement.from_json({**old, "format": 1})
    assert (read.gap_words, read.total) == ("", statement_now(published, agreed).total)
