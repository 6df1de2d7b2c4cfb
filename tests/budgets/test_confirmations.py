"""Each party's own word on each figure."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from budgets.enums import Arm, FundKind, Word
from budgets.models import Confirmation
from budgets.selectors import unconfirmed_lines

from .factories import BudgetLineFactory, ContributionFactory


def say(line, officer, body, **fields):
    return Confirmation.objects.create(
        budget=line.budget,
        line=line,
        body=body,
        by=officer,
        membership=officer.memberships.get(),
        **{"word": Word.CONFIRMED, "stood": line.amount, "amount": line.amount, **fields},
    )


def test_a_line_is_unconfirmed_until_its_body_confirms_what_stands(line, board, partner_officer):
    budget = line.budget
    assert list(unconfirmed_lines(budget)) == [line]
    say(line, partner_officer, board)
    assert not unconfirmed_lines(budget)
    line.amount += 1
    line.save()
    assert list(unconfirmed_lines(budget)) == [line]
    say(line, partner_officer, board)
    say(line, partner_officer, board, word=Word.DISPUTED, amount=Decimal(900), reason="Uplift missing")
    assert list(unconfirmed_lines(budget)) == [line]


def test_the_side_of_the_budget_decides_whose_figure_a_line_is(
    budget, board, council, large_hospital, other_partnership
):
    lines = {
        "council": BudgetLineFactory(budget=budget, arm=Arm.COUNCIL, delivered_by=council),
        "council by board": BudgetLineFactory(budget=budget, arm=Arm.COUNCIL, delivered_by=board),
        "board by council": BudgetLineFactory(budget=budget, arm=Arm.HEALTH_BOARD, delivered_by=council),
        "aside": BudgetLineFactory(budget=budget, fund=FundKind.SET_ASIDE, function=large_hospital),
        "hosted": BudgetLineFactory(
            budget=budget, arm=Arm.HOSTED, hosted_by=other_partnership, hosted_share=10, delivered_by=council
        ),
    }
    whose = {line.pk: line.party_id for line in unconfirmed_lines(budget)}
    assert {name: whose[line.pk] for name, line in lines.items()} == {
        "council": council.pk,
        "council by board": council.pk,
        "board by council": board.pk,
        "aside": board.pk,
        "hosted": board.pk,
    }


def test_the_database_lets_nobody_speak_for_others(
    line, board, council, partner_officer, chief_finance_officer, finance_officer, outsider
):
    for person, body in [
        (partner_officer, council),
        (partner_officer, None),
        (chief_finance_officer, board),
        (finance_officer, None),
        (finance_officer, board),
    ]:
        with pytest.raises(IntegrityError, match="does not speak for this party"), transaction.atomic():
            say(line, person, body)
    say(line, partner_officer, board)
    say(line, chief_finance_officer, None)


def test_the_database_keeps_words_as_they_were_said(line, board, council, budget, partner_officer):
    said = say(line, partner_officer, board)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Confirmation.objects.filter(pk=said.pk).update(amount=5, stood=5)
    theirs = ContributionFactory(budget=budget, body=council)
    with pytest.raises(IntegrityError, match="not this party"), transaction.atomic():
        Confirmation.objects.create(
            budget=budget,
            contribution=theirs,
            body=board,
            by=partner_officer,
            membership=partner_officer.memberships.get(),
            word=Word.CONFIRMED,
            stood=1000,
            amount=1000,
        )
    with pytest.raises(IntegrityError, match="amount_that_stood"), transaction.atomic():
        say(line, partner_officer, board, amount=Decimal(1))


def test_a_person_who_goes_leaves_the_word_without_a_name(line, board, partner_officer):
    said = say(line, partner_officer, board)
    partner_officer.memberships.all().delete()
    said.refresh_from_db()
    assert (said.membership, said.by) == (None, partner_officer)
