"""Virements and allocations in the year, and that no sequence of them breaks a total."""

import random
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.urls import reverse

from budgets import services
from budgets.enums import FundKind, MovementState
from budgets.models import BudgetLine, Contribution, FundingEntry, MonitoringRules, VirementEntry
from budgets.refusals import AgainstTheAct, MoneyRefused, MovementRefused
from budgets.selectors import latest_close
from tests.budgets.months import closed, fill, unlock

from .factories import BudgetLineFactory, ContributionFactory, LocalityShareFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(budget, board, council, large_hospital):
    return [
        BudgetLineFactory(budget=budget, title="District nursing", amount=Decimal("1200.00")),
        BudgetLineFactory(
            budget=budget, title="Care at home", delivered_by=council, amount=Decimal("2400.00")
        ),
        BudgetLineFactory(
            budget=budget,
            title="Emergency department",
            fund=FundKind.SET_ASIDE,
            function=large_hospital,
            amount=Decimal("900.00"),
        ),
        BudgetLineFactory(budget=budget, title="Prescribing", amount=Decimal("800.00")),
    ]


@pytest.fixture
def agreed(budget, lines, board, chief_finance_officer):
    ContributionFactory(budget=budget, amount=Decimal("4400.00"))
    ContributionFactory(budget=budget, kind=FundKind.SET_ASIDE, amount=Decimal("900.00"))
    return services.agree_budget(budget=budget, by=chief_finance_officer)


def propose(budget, entries, by, **changes):
    fields = {"reason": "Two nurses move", "is_recurring": True} | changes
    return services.propose_virement(budget=budget, entries=entries, by=by, **fields)


def allocation(budget, entries, body, by, **changes):
    fields = {
        "body": body,
        "kind": FundKind.PAYMENT,
        "name": "Primary care improvement",
        "amount": sum(entries.values()),
        "is_recurring": False,
        "reason": "Letter of 3 June",
        "is_ring_fenced": True,
    } | changes
    return services.propose_funding_change(budget=budget, entries=entries, by=by, **fields)


def check_database():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_a_virement_moves_money_once_it_is_approved(agreed, lines, finance_officer, chief_finance_officer):
    virement = propose(agreed, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, finance_officer)
    lines[0].refresh_from_db()
    assert lines[0].amount == Decimal("1200.00")
    services.approve_virement(virement=virement, by=chief_finance_officer)
    lines[0].refresh_from_db()
    lines[3].refresh_from_db()
    assert (lines[0].amount, lines[0].movement, lines[3].amount) == (
        Decimal("1100.00"),
        Decimal("-100.00"),
        Decimal("900.00"),
    )
    check_database()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([-100, 90], "differ by"),
        ([-1201, 1201], "cannot be taken"),
        ([0, 0], "Enter what"),
    ],
)
def test_a_virement_is_refused_in_words(agreed, lines, finance_officer, parts, words):
    entries = {lines[0]: Decimal(parts[0]), lines[3]: Decimal(parts[1])}
    with pytest.raises(MovementRefused, match=words):
        propose(agreed, entries, finance_officer)


def test_a_line_keeps_what_its_localities_have(agreed, lines, north, finance_officer):
    LocalityShareFactory(line=lines[0], locality=north, amount=Decimal("1150.00"))
    with pytest.raises(MovementRefused, match="split between localities"):
        propose(agreed, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, finance_officer)


def test_set_aside_money_stays_with_the_health_board(agreed, lines, finance_officer):
    with pytest.raises(AgainstTheAct, match="stays with the health board"):
        propose(agreed, {lines[2]: Decimal(-100), lines[0]: Decimal(100)}, finance_officer)


def test_the_overview_says_what_was_agreed_and_what_has_moved_since(
    agreed, lines, finance_officer, chief_finance_officer, sign_in
):
    page = reverse("budgets:detail", args=["angus", 2026]) + "?by=body"
    reader = sign_in(finance_officer)
    assert "Moved</th>" not in reader.get(page).content.decode(), "nothing has"
    virement = propose(agreed, {lines[0]: Decimal(-200), lines[1]: Decimal(200)}, finance_officer)
    services.approve_virement(virement=virement, by=chief_finance_officer)
    response = reader.get(page)
    assert "Moved</th>" in response.content.decode()
    assert [(total.label, total.original, total.movement) for total in response.context["totals"]] == [
        ("Angus Council", 2400, 200),
        ("NHS Tayside", 2900, -200),
    ]


def test_a_draft_is_changed_without_a_virement(budget, lines, finance_officer):
    with pytest.raises(MovementRefused, match="not agreed"):
        propose(budget, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, finance_officer)


def test_whoever_proposed_does_not_approve(agreed, lines, chief_finance_officer):
    virement = propose(agreed, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, chief_finance_officer)
    with pytest.raises(MovementRefused, match="somebody else"):
        services.approve_virement(virement=virement, by=chief_finance_officer)
    with pytest.raises(IntegrityError, match="virement_applied_by_another"), transaction.atomic():
        type(virement).objects.filter(pk=virement.pk).update(
            state=MovementState.APPLIED, decided_by=chief_finance_officer, decided_at=virement.proposed_at
        )


def test_above_the_limit_the_board_decides(agreed, lines, partnership, finance_officer, chief_officer):
    MonitoringRules.objects.create(partnership=partnership, officer_limit=Decimal(99))
    virement = propose(agreed, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, finance_officer)
    with pytest.raises(MovementRefused, match="minute"):
        services.approve_virement(virement=virement, by=chief_officer)
    applied = services.approve_virement(virement=virement, by=chief_officer, minute_reference="Minute 4")
    assert applied.minute_reference == "Minute 4"


def test_moving_between_partners_says_what_it_means_for_directions(
    agreed, lines, finance_officer, chief_finance_officer
):
    virement = propose(agreed, {lines[0]: Decimal(-100), lines[1]: Decimal(100)}, finance_officer)
    applied = services.approve_virement(virement=virement, by=chief_finance_officer)
    assert "between partners" in applied.direction_effect


def test_a_refused_virement_changes_nothing(agreed, lines, finance_officer, chief_finance_officer):
    virement = propose(agreed, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, finance_officer)
    services.turn_down(movement=virement, by=chief_finance_officer, reason="The posts are not vacant")
    with pytest.raises(MovementRefused, match="refused already"):
        services.approve_virement(virement=virement, by=chief_finance_officer)
    own = propose(agreed, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, finance_officer)
    assert services.turn_down(movement=own, by=finance_officer, reason="Typed twice").state == "withdrawn"


def test_an_allocation_raises_the_payment_and_the_lines(
    agreed, lines, board, finance_officer, chief_finance_officer
):
    change = allocation(agreed, {lines[0]: Decimal(60), lines[3]: Decimal(40)}, board, finance_officer)
    services.approve_funding_change(change=change, by=chief_finance_officer)
    lines[0].refresh_from_db()
    assert lines[0].amount == Decimal("1260.00")
    paid = Contribution.objects.get(budget=agreed, body=board, kind=FundKind.PAYMENT)
    assert paid.amount == Decimal("4500.00")
    check_database()


def test_all_of_an_allocation_is_placed(agreed, lines, board, finance_officer):
    with pytest.raises(MovementRefused, match="Place all of it"):
        allocation(agreed, {lines[0]: Decimal(60)}, board, finance_officer, amount=Decimal(100))
    with pytest.raises(MovementRefused, match="Choose another line"):
        allocation(agreed, {lines[2]: Decimal(60)}, board, finance_officer)


def test_a_council_never_sets_aside_in_the_year_either(agreed, lines, council, finance_officer):
    with pytest.raises(AgainstTheAct, match="council"):
        allocation(agreed, {lines[2]: Decimal(60)}, council, finance_officer, kind=FundKind.SET_ASIDE)


@pytest.mark.parametrize("column", ["amount", "original"])
def test_the_database_refuses_a_line_that_does_not_add_up(agreed, lines, column):
    BudgetLine.objects.filter(pk=lines[0].pk).update(**{column: Decimal("1.00")})
    with pytest.raises(IntegrityError, match="come to"):
        check_database()


def test_the_database_refuses_a_virement_that_is_not_whole(
    agreed, lines, finance_officer, chief_finance_officer
):
    virement = propose(agreed, {lines[0]: Decimal(-100), lines[3]: Decimal(100)}, finance_officer)
    services.approve_virement(virement=virement, by=chief_finance_officer)
    check_database()
    virement.entries.filter(line=lines[0]).delete()
    with pytest.raises(IntegrityError, match="come to"):
        check_database()


@pytest.mark.parametrize("seed", range(8))
def test_no_sequence_breaks_a_total(seed, agreed, lines, board, finance_officer, chief_finance_officer):
    """Virements, allocations, closes and unlocks in any order: every line, payment and close still adds up."""
    dice = random.Random(seed)
    allowed, refused, digests = 0, 0, {}
    for _ in range(30):
        try:
            with transaction.atomic():
                _anything(dice, agreed, lines, board, finance_officer, chief_finance_officer)
            allowed += 1
        except MoneyRefused:
            refused += 1
        check_database()
        _check_totals(agreed)
        for close in latest_close(agreed).period.closes.all() if latest_close(agreed) else []:
            assert digests.setdefault(close.pk, close.sha256) == close.sha256
            assert close.is_intact
    assert allowed > 5
    assert refused > 0


def _anything(dice, budget, lines, board, preparer, closer):
    for line in lines:
        line.refresh_from_db()
    act = dice.choice(["virement", "virement", "allocation", "begin", "close", "unlock", "turn down"])
    one, other = dice.sample(lines, 2)
    sum_ = Decimal(dice.randrange(-90_000, 200_000)) / 100
    if act == "virement":
        services.approve_virement(virement=propose(budget, {one: -sum_, other: sum_}, preparer), by=closer)
    elif act == "turn down":
        services.turn_down(
            movement=propose(budget, {one: -sum_, other: sum_}, preparer), by=closer, reason="Not now"
        )
    elif act == "allocation":
        change = allocation(budget, {one: sum_}, board, preparer, kind=FundKind(one.fund))
        services.approve_funding_change(change=change, by=closer)
    elif act == "begin":
        last = budget.periods.order_by("-number").first()
        services.begin_period(budget=budget, number=(last.number if last else 0) + 1, by=preparer)
    else:
        period = budget.periods.order_by("-number").first()
        if period is None:
            return
        if act == "unlock":
            unlock(period, preparer, closer)
        else:
            if not period.is_closed:
                fill(period, preparer)
            closed(period, preparer, closer)


def _check_totals(budget):
    for line in budget.lines.all():
        entries = (
            VirementEntry.objects.filter(line=line, virement__state="applied"),
            FundingEntry.objects.filter(line=line, funding_change__state="applied"),
        )
        moved = sum((rows.aggregate(sum=Sum("amount"))["sum"] or Decimal(0) for rows in entries), Decimal(0))
        assert line.amount == line.original + moved
        assert line.amount >= 0
    for fund in (FundKind.PAYMENT, FundKind.SET_ASIDE):
        paid = budget.contributions.filter(kind=fund).aggregate(sum=Sum("amount"))["sum"]
        spent = budget.lines.filter(fund=fund).aggregate(sum=Sum("amount"))["sum"]
        assert paid == spent
    close = latest_close(budget)
    if close:
        books = close.books
        opening = sum(part.opening for part in books.contributions)
        added = sum(part.amount for part in books.funding)
        assert sum(part.amount for part in books.contributions) == opening + added
        assert sum(line.budget for line in books.lines) == opening + added
        assert sum(line.movement for line in books.lines) == added
