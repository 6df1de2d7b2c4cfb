"""Edinburgh's published table for 2020/21 goes in by the door that every file takes, and its subtotals come out."""

import csv
import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets.enums import FundKind
from budgets.imports import edinburgh_2020_21, load_edinburgh_2020_21
from budgets.imports.published import NHS_SECTION
from budgets.models import Budget, LineImport
from budgets.selectors import budget_summary
from budgets.services import read_import
from foundation.audit.services import SYSTEM
from partnerships.enums import Role
from tests.factories import (
    MembershipFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
MILLION = 1_000_000
MEANS = {
    "Section": "group",
    "Service": "title",
    "Delivered by": "delivered_by_id",
    "Function": "function_id",
    "Category": "category",
    "Setting": "setting",
    "Paid for from": "fund",
    "Budget £m": "amount",
    "Actual £m": "actual",
    "Variance £m": "",
}


@pytest.fixture
def finance(edinburgh, sign_in):
    person = UserFactory()
    MembershipFactory(partnership=edinburgh, user=person, role=Role.FINANCE_OFFICER)
    return sign_in(person)


def published_table() -> bytes:
    """The table as published, in millions and with its subtotals; beside each line who delivers it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(MEANS)
    for row in edinburgh_2020_21():
        body = "NHS Lothian" if row.section == NHS_SECTION else "City of Edinburgh Council"
        writer.writerow(
            [
                row.section,
                row.service,
                "" if row.is_subtotal else body,
                row.function.replace("-", " "),
                row.category,
                row.setting.replace("_", " "),
                row.fund.replace("_", " "),
                *(f"{figure / MILLION:.0f}" for figure in (row.budget, row.actual, row.variance)),
            ]
        )
    return file.getvalue().encode()


def test_the_published_table_loads_and_its_rounding_is_told(edinburgh, finance):
    budget = Budget.objects.create(partnership=edinburgh, year=2020)
    here = [edinburgh.slug, 2020]
    sent = finance.post(
        reverse("budgets:new_import", args=here),
        {"file": SimpleUploadedFile("annual-performance-report.csv", published_table()), "layout": ""},
    )
    assert sent.status_code == 302
    row = LineImport.objects.get()
    read_import(row.pk)

    columns = reverse("budgets:match_columns", args=[*here, row.pk])
    page = finance.get(columns)
    boxes = {column.header: column.box.html_name for column in page.context["form"].columns()}
    answers = {name: MEANS[header] for header, name in boxes.items()}
    place = page.context["place"]["place"].value()
    answer = finance.post(
        columns, {**answers, "place": place, "unit": "millions", "sign": "plain", "save_as": "Published"}
    )
    assert answer.status_code == 302, answer.content.decode()
    read_import(row.pk)

    here = [*here, row.pk]
    address = reverse("budgets:line_import", args=here)
    shown = "".join(
        finance.get(address, {"show": part.code}).content.decode()
        for part in finance.get(address).context["shown"].sections
    )
    assert "“Subtotal NHS” is a total" in shown
    assert "it says £252,000,000, and the rows above it come to £251,000,000" in shown
    assert finance.post(address).status_code == 302

    spend = budget_summary(budget).spend
    board = budget.lines.filter(delivered_by__name="NHS Lothian")
    council = budget.lines.filter(delivered_by__name="City of Edinburgh Council")
    assert budget.lines.count() == 13
    assert sum(line.amount for line in board) == 599 * MILLION
    assert sum(line.amount for line in board if line.fund == FundKind.SET_ASIDE) == 101 * MILLION
    assert spend.set_aside == 101 * MILLION
    # The published subtotal is 252: each row was rounded by itself.
    assert sum(line.amount for line in council) == 251 * MILLION
    assert budget.lines.get(title="Care at home").variance == Decimal(2 * MILLION)


def test_rows_that_are_plainly_of_one_type_of_spend_say_so(edinburgh):
    told = {row.service: row.subjective for row in edinburgh_2020_21() if row.subjective}
    assert set(told.values()) == {"family_health", "prescribing", "third_party", "employees"}
    assert not any(
        row.subjective for row in edinburgh_2020_21() if row.is_subtotal or row.fund == "set_aside"
    )
    lines = load_edinburgh_2020_21(by=SYSTEM).lines.exclude(subjective="")
    assert dict(lines.values_list("title", "subjective")) == told
