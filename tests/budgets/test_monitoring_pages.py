"""The pages of monitoring, movements, recovery and the finance report, through the front door."""

import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgets import services
from budgets.books import Books
from budgets.documents.accounts import CATEGORY_PDF
from budgets.documents.report import REPORT, book_of
from budgets.enums import FundKind
from budgets.models import BudgetLine, Close, Period, Virement
from budgets.selectors import latest_close
from budgets.selectors.report import report_of
from budgets.selectors.report.shape import Head, Row, Table
from foundation.documents.models import Document
from foundation.frozen import UnknownFormat
from tests.browser.checks import markup_faults

from .factories import BudgetLineFactory, ContributionFactory
from .months import closed, enter, fill, give_reason, unlock

pytestmark = pytest.mark.django_db


@pytest.fixture
def close(april, lines, finance_officer, chief_finance_officer) -> Close:
    fill(april, finance_officer)
    enter(april, lines[0], finance_officer, forecast="1500.00")
    give_reason(april, lines[0], finance_officer)
    return closed(april, finance_officer, chief_finance_officer)


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


@pytest.fixture
def chief(chief_finance_officer, sign_in):
    return sign_in(chief_finance_officer)


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


def text(response):
    return response.content.decode()


def answers_for(page, **typed):
    """What the browser would send: the form as it stands, with what was typed in it."""
    form = page.context["form"]
    boxes = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else str(value) for name, value in boxes.items()} | typed


def test_a_month_is_begun_and_filled_in(agreed, lines, finance):
    response = finance.post(at("begin_month"), {"number": "3"})
    assert response.url == at("figures", 3)
    page = finance.get(at("figures", 3))
    assert markup_faults(text(page)) == []
    typed = answers_for(page, **{f"actual-{lines[0].pk}": "(250.50)", f"forecast-{lines[0].pk}": "1,300"})
    assert finance.post(at("figures", 3), typed).status_code == 302
    figure = Period.objects.get().figures.get(line=lines[0])
    assert (figure.actual, figure.forecast) == (Decimal("-250.50"), Decimal(1300))


def test_what_was_typed_is_not_lost(april, lines, finance):
    page = finance.get(at("figures", 1))
    typed = answers_for(page, **{f"actual-{lines[0].pk}": "£1.2m"})
    again = finance.post(at("figures", 1), typed)
    assert again.status_code == 200
    assert "£1.2m" in text(again)
    assert "Enter the amount in full" in text(again)


def test_two_people_settle_their_figures(april, lines, finance, finance_officer):
    page = finance.get(at("figures", 1))
    typed = answers_for(page, **{f"actual-{lines[0].pk}": "95"})
    enter(april, lines[0], finance_officer, actual="90.00")
    conflict = finance.post(at("figures", 1), typed)
    assert conflict.status_code == 409
    shown = conflict.context["conflict"]
    box = shown.choices[0].box
    settled = {"opened": shown.opened, **shown.kept, f"seen-{box}": "90.00", f"pick-{box}": "mine"}
    assert finance.post(at("figures", 1), settled).status_code == 302
    assert april.figures.get(line=lines[0]).actual == Decimal("95.00")


def test_a_partner_officer_sees_and_enters_their_own_lines(april, lines, partner_officer, board, sign_in):
    partner_officer.memberships.update(body=board)
    page = sign_in(partner_officer).get(at("figures", 1))
    assert "District nursing" in text(page)
    assert "Care at home" not in text(page)
    assert "Care at home" not in text(sign_in(partner_officer).get(at("period", 1)))
    assert sign_in(partner_officer).get(at("reason", 1, lines[1].pk)).status_code == 403


def test_a_thin_reason_is_saved_and_advised_upon(april, lines, finance, finance_officer):
    fill(april, finance_officer)
    enter(april, lines[0], finance_officer, forecast="1500.00")
    sent = {
        "cause": "other",
        "words": "Overspend due to increased costs",
        "is_recurring": "no",
        "action": "Continue to monitor",
        "owner": "Head of service",
        "due_on": "31/10/2026",
        "revision": "0",
    }
    response = finance.post(at("reason", 1, lines[0].pk), sent)
    page = finance.get(response.url)
    assert "It only says again that the figure differs" in text(page)
    assert markup_faults(text(page)) == []
    assert finance.post(response.url, sent | {"revision": "1"}).url.endswith("#reasons")


def test_two_people_close_on_the_pages(april, lines, finance, chief, finance_officer, auditor, sign_in):
    waiting = finance.post(at("prepare", 1), {"note": ""})
    assert waiting.status_code == 409
    assert "things are missing" in text(waiting)
    fill(april, finance_officer)
    assert finance.post(at("prepare", 1), {"note": "Ledger of 3 May"}).status_code == 302
    assert finance.post(at("close", 1)).status_code == 403
    response = chief.post(at("close", 1))
    assert response.url == at("report", 1, 1)
    for address in (at("figures", 1), at("reason", 1, lines[0].pk)):
        told = finance.get(address, follow=True)
        assert told.redirect_chain == [(at("period", 1), 302)], "nobody types into a month that is closed"
        assert "so its figures stand still. The chief finance officer can unlock it" in text(told)
    report = text(finance.get(response.url))
    assert "Ledger of 3 May" in report
    assert "This is the first report of the year." in report
    # An auditor may not ask for files, and finds those that closing had made.
    audited = sign_in(auditor)
    made = {document.kind: document.get_absolute_url() for document in Document.objects.all()}
    assert made[REPORT] in text(audited.get(response.url))
    assert made[CATEGORY_PDF] in text(audited.get(reverse("budgets:categories", args=["angus", 2026])))


def test_the_report_shows_the_close_and_nothing_later(close, agreed, lines, finance, chief, finance_officer):
    before = text(finance.get(at("report", 1, 1)))
    assert markup_faults(before) == []
    virement = services.propose_virement(
        budget=agreed,
        entries={lines[0]: Decimal(-200), lines[1]: Decimal(200)},
        reason="Two nurses move",
        is_recurring=True,
        by=finance_officer,
    )
    chief.post(at("virement", virement.number), {"approve": "1", "minute_reference": ""})
    assert Virement.objects.get().is_applied
    after = text(finance.get(at("report", 1, 1)))
    assert "Two nurses move" not in after
    assert [row for row in before.splitlines() if "<td" in row] == [
        row for row in after.splitlines() if "<td" in row
    ]


def test_a_figure_of_the_report_leads_to_its_line_and_from_there_to_its_month_and_to_who_confirmed_it(
    close, lines, finance, partner_officer, sign_in
):
    page = text(finance.get(at("report", 1, 1)))
    assert f'<a href="{at("line", lines[0].pk)}">District nursing</a>' in page
    page = text(finance.get(at("line", lines[0].pk)))
    assert f'up to 30 April 2026, as <a href="{at("period", 1)}">April 2026</a> was closed' in page
    words = at("figure", f"line-{lines[0].pk}")
    assert words in page
    assert finance.get(words).status_code == 200
    # A partner's officer sees the words on their own body's figures alone, on the page of the agreement.
    assert at("figure", f"line-{lines[1].pk}") not in text(
        sign_in(partner_officer).get(at("line", lines[1].pk))
    )


def test_the_overview_says_what_is_due_and_the_months_where_to_go_on(april, lines, finance, finance_officer):
    fill(april, finance_officer)
    services.prepare_close(period=april, by=finance_officer, note="")
    page = text(finance.get(at("detail")))
    assert "Close April 2026" in page
    assert "Open the month" in page
    assert f'<a class="ds_button" href="{at("period", 1)}">Open April 2026</a>' in text(
        finance.get(at("months"))
    )


def test_the_tables_of_the_report_add_up(close):
    report = report_of(close)
    tables = {table.code: table for table in report.tables}
    total = tables["F1"].rows[-1].cells
    assert total[1:4] == (Decimal("3600.00"), Decimal(0), Decimal("3600.00"))
    assert total[8] == Decimal("-300.00")
    assert tables["F2"].rows[-1].cells[1:] == total[1:11]
    assert tables["F4"].rows[-1].cells[-1] == Decimal("3600.00")
    assert "£300 (8.3%) over budget" in report.sentence


def test_amounts_below_each_other_have_the_same_decimals():
    heads = (Head("Line"), Head("Budget", "money"), Head("Spent", "money"), Head("Variance", "percent"))
    rows = (
        Row(("A", Decimal(1000), Decimal("-0.5"), Decimal(6))),
        Row(("B", Decimal(20), None, Decimal("-0.25"))),
    )
    written = Table("F1", "Lines", "", heads, rows).written
    assert [[cell.text for cell in row.written] for row in written] == [
        ["A", "1,000", "−0.50", "6.0%"],
        ["B", "20", "", "−0.3%"],
    ]


def test_the_workbook_has_the_tables_as_numbers(close, finance):
    response = finance.get(at("report_xlsx", 1, 1))
    book = openpyxl.load_workbook(io.BytesIO(response.content), data_only=True)
    sheet = book.worksheets[0]
    cells = [cell.value for row in sheet.iter_rows() for cell in row]
    assert -300 in cells
    assert "District nursing" in cells


def test_the_pdf_of_the_report_is_asked_for(close, finance, finance_officer):
    response = finance.post(at("report_pdf", 1, 1))
    assert response.status_code == 302
    book = book_of(latest_close(close.period.budget))
    assert [chapter.key for chapter in book.chapters] == ["moved", "f1", "f1a", "f2"]
    assert "District nursing" in book.chapters[1].html


# F3, by type of spend


@pytest.fixture
def told_close(budget, board, council, large_hospital, finance_officer, chief_finance_officer) -> Close:
    """The close of a month whose lines say their type of spend, but for one."""
    lines = [
        BudgetLineFactory(budget=budget, title="Nursing", subjective="employees", amount=1200),
        BudgetLineFactory(budget=budget, title="Medicines", subjective="prescribing", amount=2400),
        BudgetLineFactory(budget=budget, title="Therapy", subjective="employees", amount=600),
        BudgetLineFactory(budget=budget, title="Various", delivered_by=council, amount=360),
        BudgetLineFactory(
            budget=budget,
            title="Wards",
            subjective="employees",
            function=large_hospital,
            fund=FundKind.SET_ASIDE,
            amount=900,
        ),
    ]
    ContributionFactory(budget=budget, amount=Decimal(5460))
    agreed = services.agree_budget(budget=budget, by=chief_finance_officer)
    april = services.begin_period(budget=agreed, number=1, by=finance_officer)
    fill(april, finance_officer)
    enter(april, lines[1], finance_officer, forecast="2700.00")
    give_reason(april, lines[1], finance_officer)
    return closed(april, finance_officer, chief_finance_officer)


def test_the_spend_is_told_apart_by_its_type(told_close):
    tables = {table.code: table for table in report_of(told_close).tables}
    table = tables["F3"]
    assert [(row.cells[0], row.cells[3], row.style) for row in table.rows] == [
        ("Employee costs", 1800, ""),
        ("Prescribing", 2400, ""),
        ("Not told apart", 360, ""),
        ("Total without the set-aside", 4560, "total"),
        ("Set aside", 900, "total"),
        ("Total with the set-aside", 5460, "total"),
    ]
    assert table.heads[1:] == tables["F2"].heads[1:]
    assert [row.cells[1:] for row in table.rows[-3:]] == [row.cells[1:] for row in tables["F2"].rows[-3:]]
    assert table.sentence == (
        "£4,200 of the £4,560 budgeted without the set-aside is told apart by type of spend. "
        "The largest is prescribing: £2,400. Furthest over budget: prescribing, by £300."
    )
    assert not any("F3" in words for words in report_of(told_close).missing)


def test_the_types_of_spend_are_on_the_page_in_the_pdf_and_in_the_workbook(told_close, finance):
    page = text(finance.get(at("report", 1, 1)))
    assert markup_faults(page) == []
    assert 'href="#f3"' in page and "F3 By type of spend, in pounds" in page
    assert any("F3 By type of spend, in pounds" in chapter.html for chapter in book_of(told_close).chapters)
    workbook = finance.get(at("report_xlsx", 1, 1)).content
    book = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)
    rows = [[cell.value for cell in row] for row in book["F3 By type of spend"].iter_rows()]
    assert next(row for row in rows if row[0] == "Employee costs")[1:4] == [1800, 0, 1800]


def test_the_type_of_spend_is_frozen_with_the_close(told_close):
    BudgetLine.objects.update(subjective="transport")
    table = next(table for table in report_of(Close.objects.get()).tables if table.code == "F3")
    assert [row.cells[0] for row in table.rows[:3]] == ["Employee costs", "Prescribing", "Not told apart"]


def test_a_report_says_why_nothing_is_told_apart(close):
    report = report_of(close)
    assert "F3" not in {table.code for table in report.tables}
    assert "F3 (by type of spend): no line says yet what type of spend it is." in report.missing


@pytest.mark.parametrize("written", [1, 2])
def test_a_month_closed_before_lines_had_a_type_of_spend_says_so(told_close, written):
    """Its books have no word of it and keep their fingerprint."""
    old = replace(told_close.books, format=written)
    content = old.to_json()
    assert "subjective" not in content["lines"][0]
    read = Books.from_json(content)
    assert (read.sha256, {line.subjective for line in read.lines}) == (old.sha256, {""})
    report = report_of(Close(period=told_close.period, number=1, content=content))
    assert "F3" not in {table.code for table in report.tables}
    assert "F3 (by type of spend): the month was closed before lines said what type of spend they are." in (
        report.missing
    )


def test_books_of_an_older_format_stay_readable(close):
    """What was closed before reserves and savings were kept has no word of them, and keeps its fingerprint."""
    now = close.books
    old = replace(now, format=1)
    content = old.to_json()
    assert "reserves" not in content
    assert "confidence" not in content["contributions"][0]
    read = Books.from_json(content)
    assert (read.sha256, read.reserves, read.savings_target) == (old.sha256, (), None)
    with pytest.raises(UnknownFormat):
        Books.from_json({**content, "format": 99})


def test_what_moved_between_two_closes(close, agreed, lines, finance, finance_officer, chief_finance_officer):
    unlock(close.period, finance_officer, chief_finance_officer)
    period = Period.objects.get()
    enter(period, lines[0], finance_officer, actual="130.00", forecast="1600.00")
    closed(period, finance_officer, chief_finance_officer)
    page = finance.get(at("compare"))
    assert "£100 worse" in text(page)
    assert "What was spent to date changed for one line." in text(page)
    assert "Spent to date, changed after the earlier close" in text(page)
    assert markup_faults(text(page)) == []
    file = finance.get(page.context["csv_url"]).content.decode("utf-8-sig")
    assert "District nursing,,Forecast for the year,1500.00,1600.00,100.00" in file


def test_an_unlocked_month_offers_its_lines_to_the_person_who_may_change_them(
    close, lines, finance, chief, finance_officer, chief_finance_officer
):
    unlock(close.period, finance_officer, chief_finance_officer, lines=[lines[0]])
    figures = text(finance.get(at("figures", 1)))
    assert f'name="actual-{lines[0].pk}"' in figures
    assert f'name="actual-{lines[1].pk}"' not in figures
    refused = chief.get(at("figures", 1))
    assert refused.status_code == 403
    assert "and for nobody else" in text(refused)
    assert at("figures", 1) not in text(chief.get(at("period", 1)))


def test_an_unlock_is_given_on_its_page(close, chief, finance_officer):
    page = text(chief.get(at("unlock", 1)))
    assert markup_faults(page) == []
    line = close.period.budget.lines.first()
    assert f'type="checkbox" name="lines" value="{line.pk}"' in page
    given = {"granted_to": finance_officer.pk, "lines": [line.pk], "reason": "Late", "expires_on": "1/1/2020"}
    refused = chief.post(at("unlock", 1), given)
    assert "Choose a day from today" in text(refused)
    assert f'value="{line.pk}" id="id_lines_0_0" checked' in text(refused)


def test_a_virement_is_proposed_row_by_row(agreed, lines, finance, chief):
    sent = {
        "rows": "2",
        "source-0": lines[0].pk,
        "target-0": lines[1].pk,
        "amount-0": "100",
        "is_recurring": "yes",
        "reason": "Two nurses move",
    }
    more = finance.post(at("propose_virement"), sent | {"more": "1"})
    assert more.context["form"].count == 4
    assert "Two nurses move" in text(more)
    half = finance.post(at("propose_virement"), sent | {"target-0": ""})
    assert "Choose the line" in text(half)
    same = finance.post(at("propose_virement"), sent | {"target-0": lines[0].pk})
    assert "Choose another line than the one that the money comes from" in text(same)
    response = finance.post(at("propose_virement"), sent)
    page = text(chief.get(response.url))
    assert "It moves money between partners" in page
    assert markup_faults(page) == []
    refused = chief.post(response.url, {"refuse": "1", "decision": "Not vacant"})
    assert refused.status_code == 302
    assert "Not vacant" in text(finance.get(response.url))


def test_an_allocation_is_proposed(agreed, lines, board, finance):
    page = finance.get(at("propose_allocation"))
    assert markup_faults(text(page)) == []
    sent = {
        "rows": "2",
        "source": f"{board.pk}-payment",
        "name": "Winter money",
        "amount": "100",
        "is_recurring": "no",
        "reason": "Letter",
        "line-0": lines[0].pk,
        "amount-0": "90",
    }
    assert "Place all of it" in text(finance.post(at("propose_allocation"), sent))
    assert finance.post(at("propose_allocation"), sent | {"amount-0": "100"}).status_code == 302


def test_the_rules_are_set_by_the_chief_finance_officer(agreed, finance, chief):
    assert finance.get(at("monitoring_rules")).status_code == 403
    page = chief.get(at("monitoring_rules"))
    sent = answers_for(page, variance_amount="250,000")
    assert chief.post(at("monitoring_rules"), sent).status_code == 302
    assert 'value="250,000"' in text(chief.get(at("monitoring_rules")))
    stale = chief.post(at("monitoring_rules"), sent)
    assert "Somebody else saved the rules" in text(stale)


def test_an_overspend_asks_for_a_recovery_plan(close, finance):
    page = text(finance.get(at("recovery")))
    assert "£300 (8.3%) above the budget" in page
    finance.post(at("begin_recovery"))
    assert markup_faults(text(finance.get(at("recovery")))) == []
    sent = {
        "action": "Review the packages",
        "owner": "Head of service",
        "amount": "200",
        "due_on": "1/9/2026",
        "confidence": "low",
        "progress": "in_progress",
    }
    assert finance.post(at("add_recovery_action"), sent).status_code == 302
    home = text(finance.get(reverse("partnerships:home", args=["angus"])))
    assert "Recovery action: Review the packages" in home


@pytest.mark.parametrize(
    "name", ["months", "period", "figures", "report", "compare", "movements", "recovery"]
)
def test_queries_do_not_grow_with_the_lines(
    name, agreed, lines, finance, finance_officer, chief_finance_officer
):
    arguments = {"period": [1], "figures": [1], "report": [1, 1]}.get(name, [])
    period = services.begin_period(budget=agreed, number=1, by=finance_officer)
    fill(period, finance_officer)
    if name in {"report", "compare"}:
        closed(period, finance_officer, chief_finance_officer)
    finance.get(at(name, *arguments))
    with CaptureQueriesContext(connection) as queries:
        assert finance.get(at(name, *arguments)).status_code == 200
    assert len(queries) <= 15
