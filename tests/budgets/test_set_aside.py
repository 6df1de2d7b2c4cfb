"""The set-aside: where its figure comes from, what the board reports, what is owed (2014 Act s.28)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from budgets.documents.set_aside import SET_ASIDE_PDF, use_book
from budgets.enums import ClaimKind, ClaimState, Confidence, FundKind
from budgets.models import SetAsideFigure, SetAsideReport
from budgets.refusals import ChangedMeanwhile
from budgets.rules.set_aside import set_aside_claim, set_aside_reimbursement
from budgets.selectors.due import years_due
from budgets.selectors.set_aside import (
    owed_after,
    report_rows,
    set_aside_panel,
    set_aside_table,
)
from budgets.services import set_aside as services
from budgets.services.set_aside import UseOfLine
from foundation.documents import assembly
from foundation.documents.models import Document
from foundation.documents.pdf import faults
from partnerships.permissions import standing_of

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory

pytestmark = pytest.mark.django_db
MILLION = Decimal(1_000_000)


@pytest.fixture
def past(partnership, joint_board):
    """The year 2025/26, which is over."""
    return BudgetFactory(partnership=partnership, year=2025)


@pytest.fixture
def wards(past, large_hospital):
    return BudgetLineFactory(
        budget=past,
        title="General medicine",
        fund=FundKind.SET_ASIDE,
        function=large_hospital,
        amount=18 * MILLION,
    )


@pytest.fixture
def contribution(past, wards):
    return ContributionFactory(budget=past, kind=FundKind.SET_ASIDE, amount=18 * MILLION, method="Bed days")


def asked(budget, by):
    return services.ask_for_reports(budget=budget, months=3, days_after=28, by=by)


def made(report, line, used, by):
    figures = [UseOfLine(line, used, 41_000, "Bed days of 2024/25", True)]
    return services.make_report(report=report, figures=figures, note="", revision=report.revision, by=by)


@pytest.mark.parametrize(
    ("specified", "used", "claim", "reimbursement"),
    [("18", "17.25", "0.75", "0"), ("18", "18.9", "0", "0.9"), ("18", "18", "0", "0")],
)
def test_what_is_not_used_is_claimed_and_what_is_used_beyond_is_reimbursed(
    specified, used, claim, reimbursement
):
    figures = Decimal(specified) * MILLION, Decimal(used) * MILLION
    assert set_aside_claim(*figures) == Decimal(claim) * MILLION
    assert set_aside_reimbursement(*figures) == Decimal(reimbursement) * MILLION


def test_reports_fill_the_year_and_are_asked_for_once(past, finance_officer):
    reports = asked(past, finance_officer)
    assert [(report.starts_on, report.ends_on) for report in reports] == [
        (date(2025, 4, 1), date(2025, 6, 30)),
        (date(2025, 7, 1), date(2025, 9, 30)),
        (date(2025, 10, 1), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 3, 31)),
    ]
    assert reports[0].due_on == date(2025, 7, 28)
    assert asked(past, finance_officer) == []
    with pytest.raises(ValidationError, match="fill the year"):
        services.ask_for_reports(budget=past, months=5, days_after=28, by=finance_officer)


def test_a_report_that_is_not_there_in_time_is_overdue(past, finance_officer):
    report = asked(past, finance_officer)[0]
    on_the_day, after = (report_rows(past, report.due_on + timedelta(days=n))[0] for n in (0, 1))
    assert (on_the_day.is_overdue, after.is_overdue) == (False, True)
    assert after.words == "Overdue since 28 July 2025"


@pytest.mark.parametrize(
    ("used", "kind", "amount"),
    [("17250000", ClaimKind.CLAIM, "750000"), ("18900000", ClaimKind.REIMBURSEMENT, "900000")],
)
def test_what_is_owed_after_the_year_is_recorded_with_state_and_reason(
    past, wards, contribution, finance_officer, chief_finance_officer, partner_officer, used, kind, amount
):
    report = made(asked(past, finance_officer)[3], wards, Decimal(used), partner_officer)
    owed = owed_after(report)
    assert (owed.kind, owed.amount, owed.is_directed) == (kind, Decimal(amount), False)
    claim = services.raise_claim(report=report, reason="As reported.", by=chief_finance_officer)
    assert (claim.kind, claim.amount, claim.state) == (kind, Decimal(amount), ClaimState.REQUIRED)
    with pytest.raises(ValidationError, match="already"):
        services.raise_claim(report=report, reason="Again.", by=chief_finance_officer)
    settled = services.settle_claim(
        claim=claim, state=ClaimState.NOT_PURSUED, reason="Notional figures.", by=chief_finance_officer
    )
    assert settled.state == ClaimState.NOT_PURSUED
    with pytest.raises(ValidationError, match="before"):
        services.settle_claim(claim=claim, state=ClaimState.SETTLED, reason="Paid.", by=chief_finance_officer)


def test_nothing_is_owed_before_the_year_is_over(
    past, wards, contribution, finance_officer, chief_finance_officer, partner_officer
):
    report = made(asked(past, finance_officer)[0], wards, MILLION, partner_officer)
    assert owed_after(report) is None
    with pytest.raises(ValidationError, match="Nothing is owed"):
        services.raise_claim(report=report, reason="Now.", by=chief_finance_officer)


def test_a_report_gives_a_figure_for_each_line_with_its_basis(past, wards, finance_officer, partner_officer):
    report = asked(past, finance_officer)[0]
    with pytest.raises(ValidationError, match="General medicine"):
        services.make_report(report=report, figures=[], note="", revision=1, by=partner_officer)
    figures = [UseOfLine(wards, MILLION, None, " ", True)]
    with pytest.raises(ValidationError) as refusal:
        services.make_report(report=report, figures=figures, note="", revision=1, by=partner_officer)
    assert list(refusal.value.message_dict) == [f"basis-{wards.pk}"]
    done = made(report, wards, MILLION, partner_officer)
    table = set_aside_table(past)
    assert (table.report, table.used, table.variance) == (done, MILLION, 17 * MILLION)
    with pytest.raises(ChangedMeanwhile):
        made(report, wards, MILLION, partner_officer)


def test_nobody_reports_on_a_period_that_is_not_over(budget, line, finance_officer, partner_officer):
    report = SetAsideReport.objects.create(
        budget=budget,
        starts_on=timezone.localdate(),
        ends_on=timezone.localdate() + timedelta(days=10),
        due_on=timezone.localdate() + timedelta(days=20),
    )
    with pytest.raises(ValidationError, match="not over"):
        services.make_report(report=report, figures=[], note="", revision=1, by=partner_officer)


def test_the_panel_says_in_a_plain_sentence_whether_the_figure_is_notional(
    past, contribution, finance_officer, django_assert_num_queries
):
    services.record_basis(
        contribution=contribution,
        source="Finance paper of 12 March",
        as_of=date(2025, 3, 12),
        confidence=Confidence.D,
        words="The board spread its hospital budget.",
        by=finance_officer,
    )
    with django_assert_num_queries(1):
        panel = set_aside_panel(past)
        assert panel.confidence == Confidence.D.label
    assert "not marked as notional, and no activity behind it is recorded" in panel.sentence
    panel.basis.confidence = Confidence.B
    assert "it follows from activity that was counted" in panel.sentence
    contribution.is_notional = True
    contribution.save()
    assert "The figure is notional" in set_aside_panel(past).sentence
    assert set_aside_panel(BudgetFactory(partnership=past.partnership, year=2020)).sentence == (
        "No money is recorded as set aside for this year."
    )


def test_the_board_owes_its_report_on_the_home_page(past, finance_officer, partner_officer):
    asked(past, finance_officer)
    dues = years_due(standing_of(partner_officer, past.partnership))
    assert (len(dues), dues[0].mine, dues[0].action) == (4, True, "Report")


def test_the_board_reports_through_the_page(past, wards, finance_officer, partner_officer, sign_in):
    report = asked(past, finance_officer)[0]
    url = reverse("budgets:set_aside_make", args=["angus", 2025, report.pk])
    answers = {
        "revision": 1,
        f"used-{wards.pk}": "4,500,000",
        f"activity-{wards.pk}": "10,250",
        f"basis-{wards.pk}": "Bed days of 2024/25",
    }
    client = sign_in(partner_officer)
    refused = client.post(url, {"revision": 1}).content.decode()
    assert "Enter what was used of General medicine" in refused
    assert "Say what was counted for General medicine" in refused
    assert client.post(url, {**answers, f"activity-{wards.pk}": "10250"}).status_code == 302
    page = client.get(reverse("budgets:set_aside", args=["angus", 2025])).content.decode()
    assert "£4,500,000" in page
    assert "10,250" in page
    assert sign_in(finance_officer).get(url).status_code == 403


def test_a_report_that_a_colleague_sent_meanwhile_stands_beside_what_was_typed(
    past, wards, finance_officer, partner_officer, sign_in
):
    report = asked(past, finance_officer)[0]
    url = reverse("budgets:set_aside_make", args=["angus", 2025, report.pk])
    client = sign_in(partner_officer)
    assert client.get(url).status_code == 200
    made(report, wards, 4 * MILLION, finance_officer)
    typed = {"revision": 1, f"used-{wards.pk}": "4,500,000", f"basis-{wards.pk}": "Bed days of 2025/26"}
    conflict = client.post(url, typed)
    page = conflict.content.decode()
    assert conflict.status_code == 409
    assert f"Sent by {finance_officer}" in page
    assert "£4,000,000" in page
    assert 'value="4,500,000"' in page
    assert "Bed days of 2025/26" in page

    again = client.post(url, {**typed, "revision": 2}).content.decode()
    assert "The partnership can open it again" in again
    assert 'value="4,500,000"' in again

    services.reopen_report(report=report, reason="Wrong ward.", revision=2, by=finance_officer)
    reopened = client.post(url, {**typed, "revision": 2})
    assert reopened.status_code == 409
    assert "replaces theirs" in reopened.content.decode()
    assert client.post(url, {**typed, "revision": 3}).status_code == 302
    assert report.figures.get().used == Decimal(4_500_000)
    assert client.get(url).status_code == 403


def test_making_a_report_has_its_pdf_made_of_what_was_said_then(
    past, wards, contribution, finance_officer, partner_officer, auditor, sign_in
):
    report = asked(past, finance_officer)[0]
    typed = {"revision": 1, f"used-{wards.pk}": "4500000", f"basis-{wards.pk}": "Bed days", "note": "Early."}
    board = sign_in(partner_officer)
    board.post(reverse("budgets:set_aside_make", args=["angus", 2025, report.pk]), typed)
    document = Document.objects.get(kind=SET_ASIDE_PDF)
    SetAsideFigure.objects.update(used=1)
    assert document.get_absolute_url() in sign_in(auditor).get(report.get_absolute_url()).content.decode()
    book = use_book(document)
    assert "£4,500,000" in book.chapters[0].html
    assert "£13,500,000" in book.chapters[0].html
    assert faults(assembly.produce(book)) == []
