from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from budgets import services
from budgets.enums import ReserveFlow, ReserveKind
from budgets.models import BudgetLine, Contribution, MoneyPolicy, Reserve, ReserveMovement
from budgets.refusals import (
    BudgetIsAgreed,
    ChangedMeanwhile,
    LineFigures,
    MoneyRefused,
    NameTaken,
    NotAnAmount,
    OutsideThePartnership,
    OutsideTheYear,
    ReserveBelowZero,
)
from budgets.rules import meets_policy, runway_words
from budgets.selectors import budget_summary, budget_years, grid_totals, reserves_of
from foundation.audit.models import Entry

from .factories import (
    BudgetFactory,
    BudgetLineFactory,
    ContributionFactory,
    ReserveFactory,
    ReserveMovementFactory,
)

pytestmark = pytest.mark.django_db

NEXT_YEAR = 2027


@pytest.fixture
def general(budget, finance_officer) -> Reserve:
    """A general reserve that held £1,000 when 2026/27 began."""
    return services.add_reserve(
        budget=budget,
        opening=Decimal(1000),
        name="General reserve",
        kind=ReserveKind.GENERAL,
        purpose="What nobody foresees",
        expires_on=None,
        by=finance_officer,
    )


def fields(reserve, **changes):
    return {
        "reserve": reserve,
        "flow": ReserveFlow.USED,
        "amount": Decimal(400),
        "is_budgeted": False,
        "moved_on": None,
        "reason": "Winter beds",
        "minute": "Board of 4 March 2026, item 6",
    } | changes


def row_of(budget, reserve):
    return next(row for row in reserves_of(budget).rows if row.reserve == reserve)


# What a reserve holds


def test_a_year_opens_with_what_the_last_one_closed_at(budget, general, finance_officer):
    services.move_reserve(budget=budget, by=finance_officer, **fields(general))
    services.move_reserve(
        budget=budget, by=finance_officer, **fields(general, flow=ReserveFlow.IN, amount=Decimal(50))
    )
    row = row_of(budget, general)
    assert (row.opening, row.transferred_in, row.used, row.closing) == (1000, 50, 400, 650)
    following = BudgetFactory(partnership=budget.partnership, year=NEXT_YEAR)
    assert (row_of(following, general).opening, row_of(following, general).closing) == (650, 650)
    year_after = BudgetFactory(partnership=budget.partnership, year=NEXT_YEAR + 1)
    services.move_reserve(budget=following, by=finance_officer, **fields(general, amount=Decimal(150)))
    assert row_of(year_after, general).opening == 500


def test_what_is_only_planned_is_not_held_yet(budget, general, finance_officer):
    services.move_reserve(budget=budget, by=finance_officer, **fields(general))
    row = row_of(budget, general)
    assert (row.closing, row.held) == (600, 1000)


def test_a_reserve_is_not_shown_in_years_before_it_was_first_recorded(budget, general):
    earlier = BudgetFactory(partnership=budget.partnership, year=2025)
    assert reserves_of(earlier).rows == ()


def test_reserves_of_others_are_not_added(budget, general):
    ReserveMovementFactory(amount=Decimal(7))
    assert reserves_of(budget).total.closing == 1000


# Never below zero (R-FIN-07)


def test_a_reserve_never_falls_below_zero(budget, general, finance_officer):
    with pytest.raises(
        ReserveBelowZero, match=r"General reserve would end 2026/27 £1 below zero.*Use £1 less"
    ):
        services.move_reserve(budget=budget, by=finance_officer, **fields(general, amount=Decimal(1001)))
    assert row_of(budget, general).closing == 1000


def test_what_is_promised_to_come_cannot_be_used_before_it_has_come(budget, general, finance_officer):
    services.move_reserve(
        budget=budget, by=finance_officer, **fields(general, flow=ReserveFlow.IN, amount=Decimal(500))
    )
    with pytest.raises(ReserveBelowZero, match="counting what has really moved"):
        services.move_reserve(
            budget=budget,
            by=finance_officer,
            **fields(general, amount=Decimal(1200), moved_on=budget.starts_on),
        )


def test_an_earlier_year_cannot_take_what_a_later_one_uses(budget, general, finance_officer):
    following = BudgetFactory(partnership=budget.partnership, year=NEXT_YEAR)
    services.move_reserve(budget=following, by=finance_officer, **fields(general, amount=Decimal(900)))
    with pytest.raises(ReserveBelowZero, match=r"end 2027/28 £300 below zero"):
        services.move_reserve(budget=budget, by=finance_officer, **fields(general))


def test_a_transfer_in_that_is_used_cannot_be_removed(budget, general, finance_officer):
    came = services.move_reserve(
        budget=budget, by=finance_officer, **fields(general, flow=ReserveFlow.IN, amount=Decimal(500))
    )
    services.move_reserve(budget=budget, by=finance_officer, **fields(general, amount=Decimal(1400)))
    with pytest.raises(ReserveBelowZero):
        services.remove_movement(movement=came, revision=1, reason="Mistyped", by=finance_officer)
    assert ReserveMovement.objects.filter(pk=came.pk).exists()


@pytest.mark.parametrize("moved_on", [None, date(2026, 4, 1)])
def test_the_database_itself_refuses_to_go_below_zero(budget, general, moved_on):
    with transaction.atomic():
        ReserveMovementFactory(
            budget=budget, reserve=general, flow=ReserveFlow.USED, amount=1001, moved_on=moved_on
        )
        with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
            connection.check_constraints()
        transaction.set_rollback(True)


def test_the_database_looks_at_what_is_left_when_a_transfer_goes(budget, general):
    came = ReserveMovementFactory(budget=budget, reserve=general, amount=500)
    ReserveMovementFactory(budget=budget, reserve=general, flow=ReserveFlow.USED, amount=1500)
    connection.check_constraints()
    ReserveMovement.objects.filter(pk=came.pk).delete()
    with pytest.raises(IntegrityError, match="below zero"), transaction.atomic():
        connection.check_constraints()
    ReserveMovement.objects.filter(flow=ReserveFlow.USED).delete()


# What is refused


def test_a_day_outside_the_year_or_still_to_come_is_refused(budget, general, finance_officer):
    with pytest.raises(OutsideTheYear, match="31 March 2027"):
        services.move_reserve(
            budget=budget, by=finance_officer, **fields(general, moved_on=date(2026, 3, 31))
        )
    tomorrow = timezone.localdate() + timedelta(days=1)
    ahead = (
        BudgetFactory(
            partnership=budget.partnership,
            year=tomorrow.year if tomorrow >= date(tomorrow.year, 4, 1) else tomorrow.year - 1,
        )
        if not budget.starts_on <= tomorrow <= budget.ends_on
        else budget
    )
    with pytest.raises(OutsideTheYear, match="not come yet"):
        services.move_reserve(budget=ahead, by=finance_officer, **fields(general, moved_on=tomorrow))


def test_a_year_before_the_reserve_was_recorded_is_refused(budget, general, finance_officer):
    earlier = BudgetFactory(partnership=budget.partnership, year=2025)
    with pytest.raises(OutsideTheYear, match="from 2026/27 on"):
        services.move_reserve(budget=earlier, by=finance_officer, **fields(general))


@pytest.mark.parametrize("amount", ["0", "-1", "1.005", "NaN"])
def test_what_is_no_sum_is_refused(budget, general, finance_officer, amount):
    with pytest.raises(NotAnAmount):
        services.move_reserve(budget=budget, by=finance_officer, **fields(general, amount=Decimal(amount)))


def test_a_reserve_of_another_partnership_is_refused(budget, finance_officer):
    with pytest.raises(OutsideThePartnership):
        services.move_reserve(budget=budget, by=finance_officer, **fields(ReserveFactory()))


def test_names_are_told_apart_and_one_reserve_is_general(budget, general, finance_officer):
    like = {"purpose": "x", "expires_on": None, "opening": Decimal(0), "by": finance_officer}
    with pytest.raises(NameTaken, match="named"):
        services.add_reserve(budget=budget, name="GENERAL reserve", kind=ReserveKind.EARMARKED, **like)
    with pytest.raises(NameTaken, match="is the general reserve"):
        services.add_reserve(budget=budget, name="Second", kind=ReserveKind.GENERAL, **like)
    other = services.add_reserve(budget=budget, name="Winter", kind=ReserveKind.EARMARKED, **like)
    assert not other.movements.exists()


def test_what_was_decided_with_an_agreed_budget_stands_but_its_day_is_recorded(
    budget, general, finance_officer
):
    decided = services.move_reserve(budget=budget, by=finance_officer, **fields(general, is_budgeted=True))
    ContributionFactory(budget=budget)
    BudgetLineFactory(budget=budget)
    services.agree_budget(budget=budget, by=finance_officer)
    with pytest.raises(BudgetIsAgreed):
        services.move_reserve(budget=budget, by=finance_officer, **fields(general, is_budgeted=True))
    with pytest.raises(BudgetIsAgreed):
        services.change_movement(
            movement=decided,
            revision=1,
            by=finance_officer,
            **fields(general, is_budgeted=True, amount=Decimal(5)),
        )
    with pytest.raises(BudgetIsAgreed):
        services.remove_movement(movement=decided, revision=1, reason="No", by=finance_officer)
    services.change_movement(
        movement=decided,
        revision=1,
        by=finance_officer,
        **fields(general, is_budgeted=True, moved_on=budget.starts_on),
    )
    services.move_reserve(budget=budget, by=finance_officer, **fields(general, amount=Decimal(1)))


def test_two_people_and_the_trail(budget, general, finance_officer):
    moved = services.move_reserve(budget=budget, by=finance_officer, **fields(general))
    services.change_movement(
        movement=moved, revision=1, by=finance_officer, **fields(general, amount=Decimal(300))
    )
    with pytest.raises(ChangedMeanwhile):
        services.change_movement(movement=moved, revision=1, by=finance_officer, **fields(general))
    entry = Entry.objects.get(action="budgets.reserve_movement_changed")
    assert (entry.before["amount"], entry.after["amount"]) == ("400.00", "300")
    with pytest.raises(MoneyRefused, match="Auditors"):
        services.remove_movement(movement=moved, revision=2, reason=" ", by=finance_officer)
    services.remove_movement(movement=moved, revision=2, reason="Twice", by=finance_officer)
    assert Entry.objects.get(action="budgets.reserve_movement_removed").reason == "Twice"
    assert row_of(budget, general).closing == 1000


# The policy


def test_the_vector_of_the_policy():
    answer = meets_policy(Decimal(1_600_000), Decimal(200_000_000), Decimal("2.00"))
    assert not answer
    assert answer.reason == "0.8% of the net budget, below the policy of 2%"
    assert meets_policy(Decimal(4_000_000), Decimal(200_000_000), Decimal(2))
    assert meets_policy(Decimal(3_999_999), Decimal(200_000_000), Decimal(2)).reason.startswith("1.9%")
    assert "policy of 2.25%" in meets_policy(Decimal(1), Decimal(200), Decimal("2.25")).reason
    assert not meets_policy(Decimal(1), Decimal(0), Decimal(2))


@pytest.mark.parametrize(
    ("closing", "used", "words"),
    [
        (900, 0, "None of it is used this year."),
        (0, 10, "This year’s use of £10 uses it up."),
        (5, 10, "At this year’s use of £10 it lasts less than a year more."),
        (10, 10, "At this year’s use of £10 it lasts another 1 year."),
        (35, 10, "At this year’s use of £10 it lasts another 3.5 years."),
    ],
)
def test_how_long_a_reserve_lasts_is_said_in_words(closing, used, words):
    assert runway_words(Decimal(closing), Decimal(used)) == words


def test_the_policy_is_set_once_for_all_years(partnership, chief_finance_officer):
    days = {"council_offers_by": "03-11", "board_offers_by": "03-31"}
    like = {"partnership": partnership, "minute": "", "by": chief_finance_officer, **days}
    shares = {"general_reserve": Decimal(3), "on_track_from": Decimal(90), "at_risk_from": Decimal(50)}
    services.set_money_policy(revision=0, **shares, **like)
    with pytest.raises(ChangedMeanwhile):
        services.set_money_policy(revision=0, **shares, **like)
    with pytest.raises(MoneyRefused, match="at most"):
        services.set_money_policy(revision=1, **(shares | {"at_risk_from": Decimal(95)}), **like)
    policy = services.set_money_policy(revision=1, **(shares | {"general_reserve": Decimal(4)}), **like)
    assert (MoneyPolicy.objects.get().general_reserve, policy.revision) == (4, 2)


# What expires


@pytest.mark.parametrize(
    ("expires_on", "used", "told"),
    [
        (date(2027, 3, 31), 400, [600]),
        (date(2027, 3, 31), 1000, []),
        (date(2027, 4, 1), 0, []),
        (None, 0, []),
    ],
)
def test_money_that_expires_unused_within_the_year_is_told(
    budget, general, finance_officer, expires_on, used, told
):
    general.expires_on = expires_on
    general.save()
    if used:
        services.move_reserve(budget=budget, by=finance_officer, **fields(general, amount=Decimal(used)))
    assert [row.closing for row in reserves_of(budget).expiring] == told


# The net budget (R-FIN-04)


def test_planned_reserves_are_part_of_what_must_balance(budget, council, general, finance_officer):
    ContributionFactory(budget=budget, body=council, amount=Decimal(1000))
    line = BudgetLineFactory(budget=budget, amount=Decimal(1300))
    assert not budget_summary(budget).is_balanced
    services.move_reserve(budget=budget, by=finance_officer, **fields(general, is_budgeted=True))
    services.move_reserve(
        budget=budget,
        by=finance_officer,
        **fields(general, flow=ReserveFlow.IN, amount=Decimal(100), is_budgeted=True),
    )
    services.move_reserve(
        budget=budget, by=finance_officer, **fields(general, amount=Decimal(5))
    )  # not with the budget: part of no plan to spend
    summary = budget_summary(budget)
    assert (summary.resources, summary.net_budget) == (1000, 1300)
    assert summary.is_balanced
    assert summary.balance_words == (
        "Balanced: every pound that is paid or set aside is allocated, with £300 from reserves counted."
    )
    assert budget_years(budget.partnership)[0].balance == summary.balance_words
    assert reserves_of(budget).net_budget == 1300
    totals = grid_totals(budget, [(line, LineFigures(line.amount, None))])
    assert totals.pots[0].left == 0


# The pages


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


def test_an_officer_adds_a_reserve_and_moves_it(budget, finance, council):
    ContributionFactory(budget=budget, body=council, amount=Decimal(200_000))
    answers = {"name": "General reserve", "kind": "general", "purpose": "Anything", "opening": "£2,000"}
    finance.post(at("add_reserve"), answers)
    reserve = Reserve.objects.get()
    finance.post(
        at("move_reserve"),
        {"reserve": reserve.pk, "flow": "used", "amount": "400", "is_budgeted": "on", "reason": "Beds"},
    )
    page = finance.get(at("reserves")).content.decode()
    assert "The general reserve is 0.7% of the net budget, below the policy of 2%." in page
    assert "lasts another 4 years" in page
    assert '<td class="ds_cell--numeric">£1,600</td>' in page
    overview = finance.get(reverse("budgets:detail", args=["angus", 2026])).content.decode()
    assert "Net budget: £200,400" in overview


def test_a_refusal_keeps_what_was_typed(budget, general, finance):
    response = finance.post(
        at("move_reserve"),
        {"reserve": general.pk, "flow": "used", "amount": "5,000", "reason": "Everything at once"},
    )
    page = response.content.decode()
    assert "£4,000 below zero" in page
    assert "Everything at once" in page
    assert ReserveMovement.objects.filter(flow=ReserveFlow.USED).count() == 0


def test_who_was_second_sees_both(budget, general, finance):
    answers = {"name": "Mine", "kind": "general", "purpose": "My words", "revision": "1"}
    Reserve.objects.update(revision=2, name="Theirs")
    response = finance.post(at("change_reserve", general.pk), answers)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Theirs" in page
    assert "My words" in page
    finance.post(at("change_reserve", general.pk), answers | {"revision": "2"})
    assert Reserve.objects.get().name == "Mine"


def test_only_the_chief_finance_officer_sets_the_policy(finance, chief_finance_officer, sign_in):
    url = reverse("budgets:money_policy", args=["angus"])
    assert finance.get(url).status_code == 403
    answers = {
        "general_reserve": "3",
        "on_track_from": "95",
        "at_risk_from": "75",
        "council_offers_by": "28 February",
        "board_offers_by": "20 Mar",
        "revision": "0",
    }
    chief = sign_in(chief_finance_officer)
    assert 'value="11 March"' in chief.get(url).content.decode()
    for typed, words in (
        ("29 February", "Enter a day and a month that every year has"),
        ("11", "Enter a day and a month that every year has"),
        ("1 April", "Choose a day from 1 January to 31 March"),
    ):
        page = chief.post(url, {**answers, "council_offers_by": typed}).content.decode()
        assert words in page
        assert f'value="{typed}"' in page
    assert chief.post(url, answers).status_code == 302
    assert chief.post(url, answers).status_code == 409
    policy = MoneyPolicy.objects.get()
    assert (policy.general_reserve, policy.council_offers_by, policy.board_offers_by) == (3, "02-28", "03-20")
    assert (
        "28 February for a council, 20 March for the health board"
        in chief.post(url, answers).content.decode()
    )
    assert Contribution.objects.count() == BudgetLine.objects.count() == 0
