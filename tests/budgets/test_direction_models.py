"""What the database itself holds about directions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from budgets.enums import DirectionState, MoneyStated
from budgets.models import Direction, DirectionLine, DirectionTarget, RevisionFlag
from budgets.selectors.directions import directed_lines
from budgets.services.directions import flag_for_revision
from tests.factories import DelegatedFunctionFactory

from .factories import DirectionFactory

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)


def issue(direction, preparer, chief, reference="ANGUS-20260401-01", **changes):
    """The direction as the service leaves it, made by hand: these tests are about the database."""
    Direction.objects.filter(pk=direction.pk).update(
        state=DirectionState.ISSUED,
        reference=reference,
        prepared_by=preparer,
        prepared_at=timezone.now(),
        issued_by=chief,
        issued_at=timezone.now(),
        content={},
        sha256="0" * 64,
        **changes,
    )
    direction.refresh_from_db()
    return direction


def refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


@pytest.fixture
def issued(budget, line, finance_officer, chief_officer):
    direction = DirectionFactory(budget=budget)
    DirectionLine.objects.create(direction=direction, line=line, amount=Decimal("1000.00"))
    return issue(direction, finance_officer, chief_officer)


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"text": "Other"},
        {"amount": Decimal("1.00")},
        {"money": MoneyStated.METHOD},
        {"use_of_money": "Other"},
        {"starts_on": date(2026, 5, 1)},
        {"issued_at": None},
        {"content": {"a": 1}},
        {"reference": "ANGUS-20260401-02"},
    ],
)
def test_words_and_money_of_an_issued_direction_stand_still(issued, change):
    refused(lambda: Direction.objects.filter(pk=issued.pk).update(**change))


def test_where_an_issued_direction_stands_may_change(issued, chief_officer):
    Direction.objects.filter(pk=issued.pk).update(state=DirectionState.ACKNOWLEDGED, revision=2)
    Direction.objects.filter(pk=issued.pk).update(
        state=DirectionState.REVOKED,
        ends_on=date(2026, 9, 30),
        ended_by=chief_officer,
        end_reason="The service closed.",
    )


def test_rows_of_an_issued_direction_stand_still(issued, line, council):
    target, money = issued.targets.get(), issued.lines.get()
    refused(issued.delete)
    refused(target.delete)
    refused(money.delete)
    refused(lambda: DirectionLine.objects.filter(pk=money.pk).update(amount=1))
    refused(lambda: DirectionTarget.objects.create(direction=issued, body=council))
    refused(lambda: issued.functions.add(DelegatedFunctionFactory(partnership=issued.partnership)))


def test_a_draft_can_be_changed_and_removed(budget, line):
    direction = DirectionFactory(budget=budget)
    DirectionLine.objects.create(direction=direction, line=line, amount=5)
    direction.title = "Other"
    direction.save()
    direction.delete()
    assert not Direction.objects.exists()


def test_nobody_issues_what_they_prepared(budget, chief_officer):
    direction = DirectionFactory(budget=budget)
    refused(lambda: issue(direction, chief_officer, chief_officer))


@pytest.mark.parametrize(
    "gap", [{"text": ""}, {"use_of_money": ""}, {"amount": None}, {"money": MoneyStated.METHOD, "method": ""}]
)
def test_no_direction_is_issued_without_what_section_27_asks(budget, finance_officer, chief_officer, gap):
    direction = DirectionFactory(budget=budget)
    refused(lambda: issue(direction, finance_officer, chief_officer, **gap))


def test_a_direction_is_in_force_from_its_first_day_to_its_last(issued, chief_officer):
    in_force = Direction.objects.in_force
    assert not in_force(APRIL - timedelta(days=1)).exists()
    assert in_force(APRIL).get() == issued
    assert in_force(date(2031, 4, 1)).get() == issued  # it does not lapse
    Direction.objects.filter(pk=issued.pk).update(
        state=DirectionState.VARIED, ends_on=date(2026, 9, 30), ended_by=chief_officer
    )
    assert in_force(date(2026, 9, 30)).exists()
    assert not in_force(date(2026, 10, 1)).exists()


def test_a_draft_is_never_in_force_and_directs_no_money(budget, line):
    direction = DirectionFactory(budget=budget)
    DirectionLine.objects.create(direction=direction, line=line, amount=5)
    assert not Direction.objects.in_force(APRIL).exists()
    assert not directed_lines(budget, APRIL).exists()


def test_directed_lines_are_those_of_the_year_on_the_day(issued, budget, line):
    assert [(row.line, row.amount) for row in directed_lines(budget, APRIL)] == [(line, Decimal("1000.00"))]
    assert not directed_lines(budget, APRIL - timedelta(days=1)).exists()


def test_a_direction_is_flagged_once_for_one_reason(issued, line, finance_officer):
    first = flag_for_revision(line=line, reason="Virement 3 moves money to the council.", by=finance_officer)
    again = flag_for_revision(line=line, reason="Virement 3 moves money to the council.", by=finance_officer)
    assert [flag.direction for flag in first] == [issued]
    assert again == []
    assert RevisionFlag.objects.count() == 1
