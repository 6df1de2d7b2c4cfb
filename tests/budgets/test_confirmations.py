"""Each party's own word on each figure."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from budgets import services
from budgets.enums import Agreement, Arm, FundKind, Word
from budgets.models import Confirmation
from budgets.refusals import FigureMoved, MoneyRefused, NotAnAmount, NotYours, StandsAlready
from budgets.selectors import (
    figure_rows,
    figures_of,
    fingerprint,
    states_of,
    unconfirmed_lines,
    undisputed,
    words_on,
)
from budgets.selectors.confirmations import figures_due
from foundation.audit.models import Entry
from partnerships.permissions import standing_of

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


# The service


@pytest.fixture
def board_standing(partner_officer, partnership):
    return standing_of(partner_officer, partnership)


@pytest.fixture
def authority_standing(chief_finance_officer, partnership):
    return standing_of(chief_finance_officer, partnership)


def key_of(line):
    return f"line-{line.pk}"


def state(budget, line):
    return next(figure for figure in figures_of(budget) if figure.key == key_of(line))


def test_a_figure_is_agreed_when_its_body_and_the_authority_confirm_the_same(
    line, board, board_standing, authority_standing
):
    budget, seen = line.budget, {key_of(line): line.amount}
    assert state(budget, line).state == Agreement.UNCONFIRMED
    services.confirm_figures(budget=budget, body=board, seen=seen, standing=board_standing)
    assert state(budget, line).state == Agreement.UNCONFIRMED
    services.confirm_figures(budget=budget, body=None, seen=seen, standing=authority_standing)
    assert state(budget, line).state == Agreement.AGREED
    again = services.confirm_figures(budget=budget, body=board, seen=seen, standing=board_standing)
    assert again.figures == again.moved == ()
    entry = Entry.objects.filter(action="budgets.figures_confirmed").earliest("pk")
    assert entry.after == {"party": "NHS Tayside", "District nursing": "1000.00"}


def test_a_figure_that_changes_is_unconfirmed_again_and_the_word_stays_as_history(
    line, board, board_standing, finance_officer
):
    budget = line.budget
    services.confirm_figures(
        budget=budget, body=board, seen={key_of(line): line.amount}, standing=board_standing
    )
    line.amount = Decimal(1200)
    line.save()
    figure = state(budget, line)
    assert (figure.state, figure.difference) == (Agreement.UNCONFIRMED, Decimal(-200))
    assert [word.amount for word in words_on(budget, key_of(line))] == [Decimal(1000)]


def test_a_disputed_figure_shows_both_amounts_the_difference_and_the_age(line, board, board_standing):
    budget = line.budget
    services.dispute_figure(
        budget=budget,
        body=board,
        key=key_of(line),
        seen=line.amount,
        amount=Decimal("1150.50"),
        reason=" The uplift is missing. ",
        standing=board_standing,
    )
    Confirmation.objects.all().delete()
    said = say(
        line,
        board_standing.user,
        board,
        word=Word.DISPUTED,
        amount=Decimal("1150.50"),
        reason="The uplift is missing.",
        said_at=timezone.now() - timedelta(days=12, hours=1),
    )
    figure = state(budget, line)
    assert (figure.state, figure.difference, figure.days) == (Agreement.DISPUTED, Decimal("150.50"), 12)
    (disputed, *_) = states_of([figure])
    assert (disputed.count, disputed.apart, disputed.oldest) == (1, Decimal("150.50"), 12)
    line.amount = said.amount
    line.save()
    assert state(budget, line).state == Agreement.UNCONFIRMED
    entry = Entry.objects.get(action="budgets.figure_disputed")
    assert (entry.after["amount"], entry.reason) == ("1150.50", "The uplift is missing.")


@pytest.mark.parametrize(
    ("changes", "refusal", "words"),
    [
        ({"seen": Decimal(900)}, FigureMoved, r"is £1,000 now, and was £900"),
        ({"amount": Decimal(1000)}, StandsAlready, "is the amount that stands. Confirm it"),
        ({"reason": " "}, MoneyRefused, "Say why the other amount is right"),
        ({"amount": Decimal(-1)}, NotAnAmount, "cannot be negative"),
    ],
)
def test_disputes_that_cannot_be(line, board, board_standing, changes, refusal, words):
    with pytest.raises(refusal, match=words):
        services.dispute_figure(
            **{
                "budget": line.budget,
                "body": board,
                "key": key_of(line),
                "seen": line.amount,
                "amount": Decimal(5),
                "reason": "Because",
                "standing": board_standing,
                **changes,
            }
        )
    assert not Confirmation.objects.exists()


def test_each_party_confirms_its_own_figures_and_nobody_elses(
    budget, line, board, council, board_standing, authority_standing, finance_officer, auditor, partnership
):
    theirs = BudgetLineFactory(budget=budget, delivered_by=council)
    seen = {key_of(theirs): theirs.amount}
    with pytest.raises(NotYours, match=r"is a figure of Angus Council, so NHS Tayside neither confirms"):
        services.confirm_figures(budget=budget, body=board, seen=seen, standing=board_standing)
    with pytest.raises(NotYours, match="Only its own partner officer speaks for Angus Council"):
        services.confirm_figures(budget=budget, body=council, seen=seen, standing=board_standing)
    with pytest.raises(NotYours, match="Only its chief finance officer speaks for the integration authority"):
        services.confirm_figures(budget=budget, body=None, seen=seen, standing=board_standing)
    with pytest.raises(NotYours, match="Only its own partner officer speaks for Angus Council"):
        services.confirm_figures(budget=budget, body=council, seen=seen, standing=authority_standing)
    for person in (finance_officer, auditor):
        with pytest.raises(NotYours):
            services.confirm_figures(
                budget=budget, body=None, seen=seen, standing=standing_of(person, partnership)
            )
    with pytest.raises(MoneyRefused, match="Tick at least one"):
        services.confirm_figures(budget=budget, body=board, seen={}, standing=board_standing)
    assert not Confirmation.objects.exists()


def test_a_figure_that_moved_since_it_was_read_is_not_confirmed(line, board, board_standing):
    other = BudgetLineFactory(budget=line.budget)
    done = services.confirm_figures(
        budget=line.budget,
        body=board,
        seen={key_of(line): Decimal(999), key_of(other): other.amount},
        standing=board_standing,
    )
    assert [figure.label for figure in done.moved] == [line.title]
    assert [word.line for word in Confirmation.objects.all()] == [other]


# The pages


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


def test_a_partner_confirms_all_that_agree_in_one_act(budget, line, board, partner_officer, sign_in):
    ContributionFactory(budget=budget)
    partner = sign_in(partner_officer)
    page = partner.get(at("agreement")).content.decode()
    assert "Confirm the ticked figures for NHS Tayside" in page
    assert "checked" not in page, "nobody's word is given beforehand"
    page = partner.post(at("confirm"), {}, follow=True).content.decode()
    assert "Tick at least one figure to confirm." in page
    ticked = re.findall(r'name="figure"[^>]*value="([^"]+)"', page)
    assert len(ticked) == 2
    page = partner.post(at("confirm"), {"figure": ticked}, follow=True).content.decode()
    assert "Confirmed: two figures." in page
    assert Confirmation.objects.filter(body=board).count() == 2
    assert not re.findall(r'name="figure"', page)


def test_what_waits_for_a_word_comes_first_and_the_rest_by_page(
    budget, board, council, board_standing, authority_standing
):
    agreed, half, disputed, *_ = (
        BudgetLineFactory(budget=budget, title=title, delivered_by=council if title == "theirs" else board)
        for title in ("agreed", "half", "disputed", "open", "theirs")
    )
    for line in (agreed, half):
        say(line, board_standing.user, board)
    say(agreed, authority_standing.user, None)
    say(disputed, board_standing.user, board, word=Word.DISPUTED, amount=Decimal(5), reason="Uplift")
    rows = figure_rows(figures_of(budget), speaks=True, body=board)
    assert [(row.figure.label, row.is_open) for row in rows] == [
        ("disputed", True),
        ("open", True),
        ("half", False),
        ("theirs", False),
        ("agreed", False),
    ]
    assert [row.figure.label for row in undisputed(rows)] == ["open"]
    assert not any(row.is_open for row in figure_rows(figures_of(budget), speaks=False, body=None))


def test_many_figures_are_confirmed_at_once_and_only_those_that_were_counted(
    budget, board, partner_officer, sign_in
):
    lines = [BudgetLineFactory(budget=budget) for _ in range(60)]
    partner = sign_in(partner_officer)
    page = partner.get(at("agreement")).content.decode()
    assert len(re.findall(r'name="figure"', page)) == 50
    assert "Confirm all 60 that nobody disputes" in page
    (counted,) = re.findall(r'name="all" value="([^"]+)"', page)
    BudgetLineFactory(budget=budget)
    refused = partner.post(at("confirm"), {"all": counted}, follow=True).content.decode()
    assert "Figures have changed since you opened the page" in refused
    assert not Confirmation.objects.exists()
    (counted,) = re.findall(r'name="all" value="([^"]+)"', refused)
    page = partner.post(at("confirm"), {"all": counted}, follow=True).content.decode()
    assert "Confirmed: 61 figures." in page
    assert Confirmation.objects.filter(body=board, line__in=lines).count() == 60


def test_a_filter_stays_when_figures_are_confirmed(budget, line, board, council, authority_standing, sign_in):
    BudgetLineFactory(budget=budget, delivered_by=council)
    chief = sign_in(authority_standing.user)
    address = f"{at('confirm')}?body={board.pk}"
    rows = figure_rows([state(budget, line)], speaks=True, body=None)
    done = chief.post(address, {"all": fingerprint(rows)})
    assert done.url == f"{at('agreement')}?body={board.pk}"
    assert [word.line for word in Confirmation.objects.all()] == [line]


def test_a_partner_disputes_on_the_figures_page_and_loses_nothing(line, partner_officer, sign_in):
    partner = sign_in(partner_officer)
    address = at("figure", key_of(line))
    line.amount = Decimal(1100)
    line.save()
    response = partner.post(
        address, {"amount": "1,250", "reason": "The letter of 3 March", "seen": "1000.00"}
    )
    page = response.content.decode()
    assert "is £1,100 now, and was £1,000" in page
    assert "The letter of 3 March" in page
    again = {"amount": "1,250", "reason": "The letter", "seen": response.context["form"]["seen"].value()}
    page = partner.post(address, again, follow=True).content.decode()
    assert "£1,250 is right" in page
    page = partner.get(f"{at('agreement')}?state=disputed").content.decode()
    assert "District nursing" in page
    assert "No figure matches" in partner.get(f"{at('agreement')}?state=agreed").content.decode()


def test_a_partner_sees_and_touches_only_their_own_bodys_figures(
    budget, line, council, partner_officer, chief_finance_officer, auditor, sign_in
):
    theirs = BudgetLineFactory(budget=budget, delivered_by=council, title="Care at home")
    partner, chief = sign_in(partner_officer), sign_in(chief_finance_officer)
    assert "Care at home" not in partner.get(at("agreement")).content.decode()
    assert partner.get(at("figure", key_of(theirs))).status_code == 404
    partner.post(at("confirm"), {"figure": [f"{key_of(theirs)}:100.00"]})
    assert not Confirmation.objects.exists()
    refused = chief.post(at("figure", key_of(theirs)), {"amount": "1", "reason": "No", "seen": "100"})
    assert refused.status_code == 403
    assert "Each party confirms its own figures" in refused.content.decode()
    reader = sign_in(auditor)
    assert "Care at home" in reader.get(at("agreement")).content.decode()
    assert reader.post(at("confirm"), {"figure": []}).status_code == 403


def test_queries_do_not_grow_with_figures(
    budget, line, board, chief_finance_officer, board_standing, sign_in, django_assert_max_num_queries
):
    client = sign_in(chief_finance_officer)
    for _ in range(5):
        other = BudgetLineFactory(budget=budget)
        say(other, board_standing.user, board)
    with django_assert_max_num_queries(15):
        client.get(at("agreement"))


def test_a_partner_officer_is_told_at_home_what_is_not_confirmed(
    budget, line, council, board, board_standing, authority_standing
):
    BudgetLineFactory(budget=budget, delivered_by=council)
    (due,) = figures_due(board_standing)
    assert (due.title, due.url) == ("One line of 2026/27 that you have not confirmed", at("agreement"))
    assert figures_due(authority_standing) == []
    say(line, board_standing.user, board)
    assert figures_due(board_standing) == []
