"""Periods, figures, reasons, closes by two people, unlocks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from budgets import services
from budgets.books import Books
from budgets.enums import PeriodState, Rag, ThresholdKind
from budgets.models import Close, MonitoringRules, PeriodFigure
from budgets.refusals import (
    AllocationRefused,
    ChangedMeanwhile,
    CloseIsNotReady,
    Figures,
    LinesChangedMeanwhile,
    MoneyRefused,
    PeriodIsClosed,
    PeriodRefused,
)
from budgets.rules import passes_threshold, rag_of, what_is_missing
from budgets.selectors import close_before, frozen_lines, latest_close
from budgets.selectors.monitoring import months_of, next_number, period_end, period_lines, rules_for
from budgets.services import Enterer, FigureChange
from foundation.audit.models import Entry

from .months import closed, enter, fill, give_reason, unlock

pytestmark = pytest.mark.django_db


def test_a_period_ends_with_its_month(budget):
    assert period_end(budget, 1) == date(2026, 4, 30)
    assert period_end(budget, 9) == date(2026, 12, 31)
    assert period_end(budget, 11) == date(2027, 2, 28)
    assert period_end(budget, 12) == date(2027, 3, 31)


def test_a_period_begins_with_equal_months(april, lines):
    assert april.figures.get(line=lines[0]).budget_to_date == Decimal("100.00")
    assert april.figures.get(line=lines[0]).actual is None


def test_a_month_reads_its_own_figures_and_no_other_lines(april, lines, board, django_assert_num_queries):
    rules = rules_for(april.budget.partnership)
    with django_assert_num_queries(4) as queries:
        assert [row.line for row in period_lines(april, rules)] == lines
    figures = next(query["sql"] for query in queries if 'FROM "budgets_periodfigure"' in query["sql"])
    assert "budgets_budgetline" not in figures
    assert [row.line for row in period_lines(april, rules, {board.pk})] == lines[:1]


def test_a_draft_is_not_monitored(budget, finance_officer):
    with pytest.raises(PeriodRefused, match="not agreed"):
        services.begin_period(budget=budget, number=1, by=finance_officer)


def test_one_period_is_open_at_a_time(april, agreed, finance_officer):
    assert next_number(months_of(agreed)) is None
    with pytest.raises(PeriodRefused, match="Close it first"):
        services.begin_period(budget=agreed, number=2, by=finance_officer)


def test_months_are_not_begun_backwards(agreed, finance_officer, chief_finance_officer):
    june = services.begin_period(budget=agreed, number=3, by=finance_officer)
    fill(june, finance_officer)
    closed(june, finance_officer, chief_finance_officer)
    with pytest.raises(PeriodRefused, match="earlier"):
        services.begin_period(budget=agreed, number=2, by=finance_officer)
    assert next_number(months_of(agreed)) == 4


def test_figures_are_entered_and_audited(april, lines, finance_officer):
    assert enter(april, lines[0], finance_officer) == 1
    row = period_lines(april, rules_for(april.budget.partnership))[0]
    assert (row.variance_to_date, row.variance) == (Decimal(0), Decimal(0))
    assert Entry.objects.latest("pk").action == "budgets.figures_entered"


def test_a_partner_officer_enters_the_lines_of_their_own_body(april, lines, partner_officer, board):
    assert enter(april, lines[0], partner_officer, is_finance=False, bodies=[board.pk]) == 1
    with pytest.raises(AllocationRefused) as refused:
        enter(april, lines[1], partner_officer, is_finance=False, bodies=[board.pk])
    assert "your own body" in refused.value.faults[lines[1].pk]["actual"]


def test_two_people_who_enter_different_figures_see_both(
    april, lines, finance_officer, chief_finance_officer
):
    enter(april, lines[0], finance_officer, actual="90.00")
    stale = FigureChange(
        lines[0].pk, Figures(Decimal("100.00")), Figures(Decimal("100.00"), Decimal("95.00"))
    )
    with pytest.raises(LinesChangedMeanwhile) as meanwhile:
        services.enter_figures(period=april, changes=[stale], by=Enterer(chief_finance_officer, True))
    conflict = meanwhile.value.conflicts[0]
    assert (conflict.column, conflict.theirs, conflict.mine) == ("actual", Decimal("90.00"), Decimal("95.00"))


@pytest.mark.parametrize(
    ("kind", "variance", "needed"),
    [
        (ThresholdKind.EITHER, "-101", True),
        (ThresholdKind.EITHER, "-50", False),
        (ThresholdKind.EITHER, "60", True),
        (ThresholdKind.BOTH, "-60", False),
        (ThresholdKind.BOTH, "-101", True),
        (ThresholdKind.EITHER, "0", False),
    ],
)
def test_a_variance_above_the_threshold_needs_a_reason(kind, variance, needed):
    rules = MonitoringRules(variance_amount=Decimal(100), variance_percent=Decimal(5), threshold=kind)
    assert passes_threshold(rules, Decimal(1000), Decimal(variance)) is needed


@pytest.mark.parametrize(
    ("forecast", "rag"),
    [("1000", Rag.GREEN), ("1005", Rag.GREEN), ("1006", Rag.AMBER), ("1031", Rag.RED), ("900", Rag.GREEN)],
)
def test_the_colour_of_a_forecast_follows_the_stored_rule(forecast, rag):
    rules = MonitoringRules(amber_percent=Decimal("0.5"), red_percent=Decimal(3))
    assert rag_of(rules, Decimal(1000), Decimal(forecast)) == rag
    assert rag_of(rules, Decimal(1000), None) == Rag.UNKNOWN


@pytest.mark.parametrize(
    ("words", "action", "faults"),
    [
        ("Overspend due to increased costs", "Continue to monitor", 2),
        ("Projected overspend of £1.2m due to pressures in the service", "Review of the largest packages", 1),
        ("Forty more people get care at home since July", "Review the largest packages by October", 1),
        ("40 more people get care at home since July", "Review the largest packages by October", 0),
    ],
)
def test_reasons_that_only_repeat_the_figure_are_flagged(words, action, faults):
    assert len(what_is_missing(words=words, action=action)) == faults


def test_a_close_says_what_it_waits_for(april, lines, finance_officer):
    enter(april, lines[0], finance_officer)
    with pytest.raises(CloseIsNotReady) as waiting:
        services.prepare_close(period=april, by=finance_officer)
    assert [(m.line_id, m.is_reason) for m in waiting.value.missing] == [(lines[1].pk, False)]


def test_a_close_waits_for_reasons(april, lines, finance_officer):
    fill(april, finance_officer)
    enter(april, lines[0], finance_officer, forecast="1500.00")
    with pytest.raises(CloseIsNotReady) as waiting:
        services.prepare_close(period=april, by=finance_officer)
    assert waiting.value.missing[0].is_reason
    give_reason(april, lines[0], finance_officer)
    assert services.prepare_close(period=april, by=finance_officer).is_prepared


def test_two_people_close_a_month(april, finance_officer, chief_finance_officer):
    fill(april, finance_officer)
    with pytest.raises(PeriodRefused, match="Nobody has prepared"):
        services.close_period(period=april, by=chief_finance_officer)
    services.prepare_close(period=april, by=chief_finance_officer)
    with pytest.raises(PeriodRefused, match="somebody else"):
        services.close_period(period=april, by=chief_finance_officer)
    close = closed(april, finance_officer, chief_finance_officer)
    assert (close.prepared_by, close.closed_by) == (finance_officer, chief_finance_officer)
    assert close.is_intact


def test_the_database_refuses_a_close_by_one_person(april, finance_officer, chief_finance_officer):
    with pytest.raises(IntegrityError, match="close_by_two_people"), transaction.atomic():
        Close.objects.create(
            period=april,
            number=1,
            content={},
            sha256="0" * 64,
            prepared_by=finance_officer,
            prepared_at=timezone.now(),
            closed_by=finance_officer,
        )


def test_a_change_after_preparing_is_prepared_again(april, lines, finance_officer):
    fill(april, finance_officer)
    services.prepare_close(period=april, by=finance_officer)
    enter(april, lines[0], finance_officer, actual="111.00")
    april.refresh_from_db()
    assert not april.is_prepared


def test_the_books_hold_the_whole_line(april, lines, agreed, finance_officer, chief_finance_officer):
    fill(april, finance_officer)
    enter(april, lines[0], finance_officer, forecast="1500.00")
    give_reason(april, lines[0], finance_officer)
    close = closed(april, finance_officer, chief_finance_officer)
    assert latest_close(agreed) == close
    line = frozen_lines(close)[0]
    assert (line.title, line.original, line.budget, line.variance) == (
        "District nursing",
        Decimal("1200.00"),
        Decimal("1200.00"),
        Decimal("-300.00"),
    )
    assert line.rag == Rag.RED
    assert line.reason.cause == "Demand for care at home"
    assert Books.from_json(close.content).sha256 == close.sha256


def test_figures_of_a_closed_period_stand_still(april, lines, finance_officer, chief_finance_officer):
    fill(april, finance_officer)
    close = closed(april, finance_officer, chief_finance_officer)
    with pytest.raises(PeriodIsClosed):
        enter(april, lines[0], finance_officer, actual="7.00")
    with pytest.raises(IntegrityError, match="stand still"), transaction.atomic():
        PeriodFigure.objects.filter(period=april).update(actual=7)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Close.objects.filter(pk=close.pk).update(reason="Nobody saw it")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        close.delete()


def test_a_late_change_needs_an_unlock_and_makes_a_second_close(
    april, lines, agreed, finance_officer, chief_finance_officer, officer
):
    fill(april, finance_officer)
    first = closed(april, finance_officer, chief_finance_officer)
    unlock(april, finance_officer, chief_finance_officer, lines=[lines[0]])
    april.refresh_from_db()
    assert april.state == PeriodState.UNLOCKED
    with pytest.raises(PeriodIsClosed, match="Only these lines"):
        enter(april, lines[1], finance_officer, actual="7.00")
    with pytest.raises(PeriodIsClosed, match="nobody else"):
        enter(april, lines[0], chief_finance_officer, actual="7.00")
    enter(april, lines[0], finance_officer, actual="130.00")
    second = closed(april, finance_officer, chief_finance_officer)
    assert (second.number, second.reason) == (2, "The ledger was late")
    assert latest_close(agreed) == second
    assert close_before(second) == first
    assert frozen_lines(first)[0].actual == Decimal("100.00")
    assert frozen_lines(second)[0].actual == Decimal("130.00")


def test_an_unlock_runs_out(april, lines, finance_officer, chief_finance_officer):
    fill(april, finance_officer)
    closed(april, finance_officer, chief_finance_officer)
    granted = unlock(april, finance_officer, chief_finance_officer)
    ended = granted.granted_at + timedelta(microseconds=1)
    type(granted).objects.filter(pk=granted.pk).update(expires_at=ended)
    with pytest.raises(PeriodIsClosed, match="ended"):
        enter(april, lines[0], finance_officer, actual="7.00")
    april.refresh_from_db()
    unlock(april, finance_officer, chief_finance_officer, reason="It is later still")
    enter(april, lines[0], finance_officer, actual="7.00")
    april.refresh_from_db()
    again = closed(april, finance_officer, chief_finance_officer)
    assert (again.number, again.reason) == (2, "The ledger was late; It is later still")
    assert not april.unlocks.filter(ended_at=None).exists()


def test_an_unlock_has_a_reason_and_an_end(april, finance_officer, chief_finance_officer):
    fill(april, finance_officer)
    closed(april, finance_officer, chief_finance_officer)
    with pytest.raises(PeriodRefused, match="Say why"):
        unlock(april, finance_officer, chief_finance_officer, reason=" ")
    with pytest.raises(PeriodRefused, match="days ahead"):
        unlock(april, finance_officer, chief_finance_officer, expires_at=timezone.now() + timedelta(days=60))


def test_closing_an_earlier_month_again_keeps_its_budgets(
    april, lines, agreed, finance_officer, chief_finance_officer
):
    fill(april, finance_officer)
    closed(april, finance_officer, chief_finance_officer)
    services.begin_period(budget=agreed, number=2, by=finance_officer)
    virement = services.propose_virement(
        budget=agreed,
        entries={lines[0]: Decimal(-200), lines[1]: Decimal(200)},
        reason="Two nurses move",
        is_recurring=True,
        by=finance_officer,
    )
    services.approve_virement(virement=virement, by=chief_finance_officer)
    unlock(april, finance_officer, chief_finance_officer)
    april.refresh_from_db()
    enter(april, lines[0], finance_officer, actual="130.00")
    again = closed(april, finance_officer, chief_finance_officer)
    assert [line.budget for line in frozen_lines(again)] == [Decimal("1200.00"), Decimal("2400.00")]
    assert again.books.virements == ()


def test_last_months_forecast_is_kept_beside(agreed, lines, april, finance_officer, chief_finance_officer):
    fill(april, finance_officer)
    closed(april, finance_officer, chief_finance_officer)
    may = services.begin_period(budget=agreed, number=2, by=finance_officer)
    assert may.figures.get(line=lines[0]).forecast == Decimal("1200.00")
    fill(may, finance_officer)
    enter(may, lines[0], finance_officer, forecast="1210.00")
    line = frozen_lines(closed(may, finance_officer, chief_finance_officer))[0]
    assert line.forecast_moved == Decimal("10.00")


def test_the_last_close_is_the_years_outturn(agreed, lines, finance_officer, chief_finance_officer):
    march = services.begin_period(budget=agreed, number=12, by=finance_officer)
    fill(march, finance_officer)
    closed(march, finance_officer, chief_finance_officer)
    lines[0].refresh_from_db()
    assert lines[0].actual == Decimal("100.00")


def test_a_reason_that_somebody_changed_meanwhile_is_shown(april, lines, finance_officer):
    fill(april, finance_officer)
    give_reason(april, lines[0], finance_officer)
    with pytest.raises(ChangedMeanwhile):
        give_reason(april, lines[0], finance_officer, words="Something else")


def test_a_monitored_budget_is_not_reopened(april, agreed, chief_finance_officer):
    with pytest.raises(MoneyRefused, match="virement"):
        services.reopen_budget(budget=agreed, by=chief_finance_officer, reason="A mistake")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
