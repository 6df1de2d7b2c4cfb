"""The months in which a contribution is paid always come to the contribution."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from budgets import services
from budgets.enums import FundKind
from budgets.models import PaymentSchedule
from budgets.refusals import NotAnAmount, ScheduleChangedMeanwhile, ScheduleRefused
from budgets.rules import equal_parts, month_words
from budgets.selectors import payments_of
from foundation.audit.models import Entry

from .factories import BudgetFactory, ContributionFactory


@pytest.fixture
def payment(budget):
    return ContributionFactory(budget=budget, amount=Decimal("100000.00"))


@pytest.fixture
def schedule(payment, finance_officer):
    return services.plan_payments(contribution=payment, by=finance_officer)


def amounts(schedule):
    return list(schedule.instalments.values_list("amount", flat=True))


@pytest.mark.parametrize(
    "amount", ["0.00", "0.01", "0.11", "12.00", "100000.00", "61204000.37", "999999999999.99"]
)
def test_twelve_parts_are_equal_and_the_last_has_the_rest(amount):
    parts = equal_parts(Decimal(amount), 12)
    assert sum(parts) == Decimal(amount)
    assert len(set(parts[:11])) == 1
    assert Decimal(0) <= parts[11] - parts[0] < Decimal("0.12")


def test_months_go_from_april_to_march():
    assert (month_words(2026, 1), month_words(2026, 9), month_words(2026, 10), month_words(2026, 12)) == (
        "April 2026",
        "December 2026",
        "January 2027",
        "March 2027",
    )


def test_a_contribution_is_planned_in_twelve_equal_parts(budget, schedule):
    assert amounts(schedule) == [Decimal("8333.33")] * 11 + [Decimal("8333.37")]
    (found,) = payments_of(budget)
    assert (found.total, found.difference, found.paid) == (Decimal(100000), 0, 0)
    assert [row.cumulative for row in found.rows][:2] == [Decimal("8333.33"), Decimal("16666.66")]


def test_a_month_that_is_over_and_not_paid_is_late(partnership, finance_officer):
    budget = BudgetFactory(partnership=partnership, year=2020)
    contribution = ContributionFactory(budget=budget, amount=Decimal("1200.00"))
    plan = services.plan_payments(contribution=contribution, by=finance_officer)
    services.mark_paid(
        schedule=plan, month=1, paid_on=date(2020, 4, 15), revision=plan.revision, by=finance_officer
    )
    coming = BudgetFactory(partnership=partnership, year=2099)
    services.plan_payments(
        contribution=ContributionFactory(budget=coming, amount=Decimal("1200.00")), by=finance_officer
    )
    (past,), (future,) = payments_of(budget), payments_of(coming)
    assert [row.is_late for row in past.rows] == [False] + [True] * 11
    assert not any(row.is_late for row in future.rows)


def test_months_that_do_not_come_to_the_contribution_are_refused(schedule, finance_officer):
    def change(**months):
        return services.change_payments(
            schedule=schedule,
            amounts={int(name[1:]): Decimal(amount) for name, amount in months.items()},
            revision=1,
            by=finance_officer,
        )

    with pytest.raises(ScheduleRefused, match=r"come to £100,000.01, which is £0.01 more"):
        change(m1="8333.34")
    with pytest.raises(ScheduleRefused, match=r"£8,333.33 less than the contribution of £100,000"):
        change(m1="0")
    with pytest.raises(NotAnAmount) as refused:
        change(m1="-1", m2="16667.66")
    assert set(refused.value.message_dict) == {"month-1"}
    assert amounts(schedule)[0] == Decimal("8333.33")
    change(m1="0", m2="16666.66")
    assert amounts(schedule)[:2] == [Decimal(0), Decimal("16666.66")]
    with pytest.raises(ScheduleChangedMeanwhile, match="while you were working"):
        change(m1="8333.33", m2="8333.33")


def test_a_paid_month_stands_and_the_rest_is_spread_again(budget, payment, schedule, finance_officer):
    services.mark_paid(schedule=schedule, month=1, paid_on=date(2025, 4, 15), revision=1, by=finance_officer)
    with pytest.raises(ScheduleRefused, match="April 2026 is paid, so its amount stands") as refused:
        services.change_payments(schedule=schedule, amounts={1: Decimal(1)}, revision=2, by=finance_officer)
    assert set(refused.value.message_dict) == {"month-1"}
    payment.amount = Decimal("110000.00")
    payment.save()
    (found,) = payments_of(budget)
    assert found.difference == Decimal(10000)
    services.plan_payments(contribution=payment, by=finance_officer)
    assert amounts(schedule)[0] == Decimal("8333.33")
    assert sum(amounts(schedule)) == Decimal(110000)
    payment.amount = Decimal(5)
    payment.save()
    with pytest.raises(ScheduleRefused, match=r"£8,333.33 is marked as paid, and the contribution is £5"):
        services.plan_payments(contribution=payment, by=finance_officer)


def test_a_day_of_payment_is_not_to_come_and_can_be_taken_back(budget, schedule, finance_officer):
    with pytest.raises(ScheduleRefused, match="today or earlier"):
        services.mark_paid(
            schedule=schedule, month=1, paid_on=date(2100, 1, 1), revision=1, by=finance_officer
        )
    services.mark_paid(schedule=schedule, month=2, paid_on=date(2025, 5, 15), revision=1, by=finance_officer)
    assert payments_of(budget)[0].paid == Decimal("8333.33")
    services.mark_paid(schedule=schedule, month=2, paid_on=None, revision=2, by=finance_officer)
    assert payments_of(budget)[0].paid == 0
    entry = Entry.objects.filter(action="budgets.payment_marked").latest("pk")
    assert entry.before["month 2"]["paid on"] == "2025-05-15"


def test_only_a_payment_is_paid(budget, finance_officer):
    aside = ContributionFactory(budget=budget, kind=FundKind.SET_ASIDE)
    with pytest.raises(ScheduleRefused, match=r"no money moves \(2014 Act s.14\)"):
        services.plan_payments(contribution=aside, by=finance_officer)
    assert payments_of(budget) == []


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


def test_finance_plans_changes_and_marks_on_the_pages(
    budget, payment, board, finance_officer, auditor, sign_in, django_assert_max_num_queries
):
    finance, reader, code = sign_in(finance_officer), sign_in(auditor), board.code.lower()
    assert reader.post(at("plan_payments", code)).status_code == 403
    page = finance.post(at("plan_payments", code), follow=True).content.decode()
    assert "£8,333.37" in page
    months = {f"month-{month}": "8,333.33" for month in range(1, 12)}
    response = finance.post(at("change_payments", code), {**months, "month-12": "1", "revision": "1"})
    assert "less than the contribution of £100,000" in response.content.decode()
    assert 'value="1"' in response.content.decode()
    finance.post(
        at("change_payments", code), {**months, "month-1": "0", "month-12": "16,666.70", "revision": "1"}
    )
    finance.post(at("mark_paid", code, 2), {"paid_on": "15 May 2025", "revision": "2"})
    schedule = PaymentSchedule.objects.get()
    assert (schedule.revision, schedule.instalments.get(month=2).paid_on) == (3, date(2025, 5, 15))
    stale = finance.post(at("mark_paid", code, 3), {"paid_on": "15 May 2025", "revision": "2"})
    assert "while you were working" in stale.content.decode()
    with django_assert_max_num_queries(15):
        page = reader.get(at("payments")).content.decode()
    assert "£8,333.33 of £100,000 is paid." in page
    assert "Mark as paid" not in page
