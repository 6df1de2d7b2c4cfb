"""A year on which the partners do not agree is a state, with what stands meanwhile and the scheme's steps."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from budgets import services
from budgets.enums import BudgetState, FundKind, Meanwhile, OfferStatus
from budgets.models import Disagreement, DisputeStep
from budgets.refusals import (
    BudgetIsAgreed,
    MoneyRefused,
    NotAgreedAlready,
    NothingToAgree,
    StepChangedMeanwhile,
    StepRefused,
)
from budgets.rules import steps_in
from budgets.selectors import dispute_of, standing_meanwhile
from budgets.selectors.due import years_due
from foundation.audit.models import Entry
from partnerships.permissions import standing_of
from tests.factories import IntegrationSchemeFactory

from .factories import BudgetFactory, BudgetLineFactory, ContributionFactory

SINCE = date(2025, 4, 1)
POLICY = """
1. The chief officer meets both chief executives.
2) The chairs meet.

- Mediation by a person whom both choose
"""


@pytest.fixture
def scheme(partnership):
    return IntegrationSchemeFactory(partnership=partnership, dispute_policy=POLICY)


@pytest.fixture
def disputed(budget, scheme, chief_finance_officer) -> Disagreement:
    return services.declare_disagreement(
        budget=budget,
        since=SINCE,
        about="The uplift",
        meanwhile=Meanwhile.LAST_YEAR,
        by=chief_finance_officer,
    )


def keep(step, by, **changes):
    fields = {
        "title": step.title,
        "due_on": None,
        "done_on": date(2025, 4, 10),
        "done_by": "Both chief executives",
        "outcome": "No agreement",
        "revision": step.revision,
        **changes,
    }
    return services.keep_dispute_step(step=step, by=by, **fields)


def test_the_steps_of_a_policy_lose_their_numbers_and_bullets():
    assert steps_in(POLICY) == [
        "The chief officer meets both chief executives.",
        "The chairs meet.",
        "Mediation by a person whom both choose",
    ]
    assert steps_in(" \n") == []
    assert len(steps_in("x" * 400)[0]) == 300


def test_a_failure_to_agree_is_a_state_with_the_schemes_steps(disputed):
    budget = disputed.budget
    assert budget.state == BudgetState.NOT_AGREED
    assert [step.title for step in disputed.steps.all()] == steps_in(POLICY)
    dispute = dispute_of(budget)
    assert dispute.sentence == (
        "The partners have not agreed this budget since 1 April 2025. Meanwhile: last year’s recurring amounts stand. "
        "None of 3 steps taken; next: The chief officer meets both chief executives."
    )
    assert Entry.objects.get(action="budgets.not_agreed").after["steps"] == steps_in(POLICY)


def test_its_figures_can_be_worked_on_but_it_cannot_be_agreed_before_the_partners_have(
    disputed, board, council, finance_officer, chief_finance_officer
):
    budget = disputed.budget
    services.set_contribution(
        budget=budget, body=board, kind=FundKind.PAYMENT, amount=Decimal(5), by=finance_officer
    )
    BudgetLineFactory(budget=budget)
    with pytest.raises(NothingToAgree, match="Record that they have, with the outcome"):
        services.agree_budget(budget=budget, by=chief_finance_officer)
    settled = services.settle_disagreement(
        budget=budget, outcome="Uplift of 3%, minute 4", by=chief_finance_officer
    )
    assert settled.ended_on is not None
    budget.refresh_from_db()
    assert budget.state == BudgetState.DRAFT
    assert dispute_of(budget) is None
    assert services.agree_budget(budget=budget, by=chief_finance_officer).is_agreed
    with pytest.raises(BudgetIsAgreed):
        services.declare_disagreement(
            budget=budget, since=SINCE, about="x", meanwhile=Meanwhile.OFFERS, by=chief_finance_officer
        )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"since": date(2100, 1, 1)}, "since", "today or earlier"),
        ({"about": " "}, "about", "what the partners do not agree on"),
        ({"meanwhile": Meanwhile.SCHEME}, "meanwhile_words", "as the integration scheme has it"),
    ],
)
def test_what_a_disagreement_must_say(budget, chief_finance_officer, changes, field, words):
    fields = {"since": SINCE, "about": "Uplift", "meanwhile": Meanwhile.LAST_YEAR, **changes}
    with pytest.raises(MoneyRefused, match=words) as refused:
        services.declare_disagreement(budget=budget, by=chief_finance_officer, **fields)
    assert set(refused.value.message_dict) == {field}
    budget.refresh_from_db()
    assert budget.state == BudgetState.DRAFT


def test_one_disagreement_at_a_time(disputed, chief_finance_officer):
    with pytest.raises(NotAgreedAlready):
        services.declare_disagreement(
            budget=disputed.budget,
            since=SINCE,
            about="x",
            meanwhile=Meanwhile.OFFERS,
            by=chief_finance_officer,
        )
    with pytest.raises(IntegrityError, match="one_open_a_year"), transaction.atomic():
        Disagreement.objects.create(
            budget=disputed.budget, since=SINCE, about="x", meanwhile=Meanwhile.OFFERS
        )
    with pytest.raises(MoneyRefused, match="what the partners have agreed"):
        services.settle_disagreement(budget=disputed.budget, outcome=" ", by=chief_finance_officer)
    services.settle_disagreement(budget=disputed.budget, outcome="Done", by=chief_finance_officer)
    with pytest.raises(NotAgreedAlready, match="nothing to end"):
        services.settle_disagreement(budget=disputed.budget, outcome="Done", by=chief_finance_officer)


def test_a_step_is_taken_by_somebody_with_an_outcome(disputed, finance_officer):
    step = disputed.steps.first()
    for changes, field in [
        ({"done_by": ""}, "done_by"),
        ({"outcome": " "}, "outcome"),
        ({"done_on": None}, "done_on"),
        ({"done_on": date(2025, 3, 31)}, "done_on"),
        ({"done_on": date(2100, 3, 31)}, "done_on"),
    ]:
        with pytest.raises(StepRefused) as refused:
            keep(step, finance_officer, **changes)
        assert set(refused.value.message_dict) == {field}
    keep(step, finance_officer)
    with pytest.raises(StepChangedMeanwhile, match="saved this step while you were working"):
        keep(step, finance_officer)
    assert "1 of 3 steps taken; next: The chairs meet." in dispute_of(disputed.budget).sentence
    with pytest.raises(IntegrityError, match="done_by_somebody"), transaction.atomic():
        DisputeStep.objects.filter(pk=step.pk).update(outcome="")


def test_steps_of_a_settled_disagreement_stand_still(disputed, finance_officer, chief_finance_officer):
    step = disputed.steps.first()
    services.settle_disagreement(budget=disputed.budget, outcome="Done", by=chief_finance_officer)
    disputed.refresh_from_db()
    with pytest.raises(StepRefused, match="stand still"):
        keep(step, finance_officer)
    with pytest.raises(StepRefused, match="stand still"):
        services.add_dispute_step(disagreement=disputed, title="More", due_on=None, by=finance_officer)


def test_last_years_recurring_amounts_stand_meanwhile_the_set_aside_apart(
    disputed, board, council, large_hospital
):
    before = BudgetFactory(partnership=disputed.budget.partnership, year=2025)
    BudgetLineFactory(budget=before, amount=Decimal(70))
    BudgetLineFactory(budget=before, amount=Decimal(9), is_recurring=False)
    aside = BudgetLineFactory(
        budget=before, amount=Decimal(30), fund=FundKind.SET_ASIDE, function=large_hospital
    )
    assert [(row.body, row.kind, row.amount) for row in standing_meanwhile(disputed.budget, disputed)] == [
        (council, FundKind.PAYMENT, None),
        (board, FundKind.PAYMENT, Decimal(70)),
        (board, FundKind.SET_ASIDE, aside.amount),
    ]


def test_the_newest_offers_stand_meanwhile(disputed, board, finance_officer):
    for version in (0, 1):
        services.record_offer(
            budget=disputed.budget,
            body=board,
            kind=FundKind.PAYMENT,
            terms=services.OfferTerms(OfferStatus.FIRM, date(2025, 3, 1), base=Decimal(100 + version)),
            read_version=version,
            by=finance_officer,
        )
    disputed.meanwhile = Meanwhile.OFFERS
    assert {row.body: row.amount for row in standing_meanwhile(disputed.budget, disputed)}[board] == 101


def test_a_step_with_a_day_waits_on_the_home_page_of_who_keeps_it(disputed, clerk, auditor):
    step = disputed.steps.first()
    keep(
        step, clerk, title="Both chiefs meet", due_on=date(2025, 4, 30), done_on=None, done_by="", outcome=""
    )
    for person, mine, where in ((clerk, True, "dispute_step"), (auditor, False, "disagreement")):
        due = next(
            due
            for due in years_due(standing_of(person, disputed.budget.partnership))
            if due.title == "Budget not agreed: Both chiefs meet"
        )
        assert (due.mine, due.due_on) == (mine, date(2025, 4, 30))
        assert due.url == (at(where, step.pk) if mine else at(where))


# The pages


def at(name, *more):
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


def test_every_page_of_the_year_says_so(disputed, line, council, chief_finance_officer, auditor, sign_in):
    ContributionFactory(budget=disputed.budget)
    reader = sign_in(auditor)
    for name in ("detail", "lines", "contributions", "offers", "diligence", "agreement", "payments"):
        page = reader.get(at(name)).content.decode()
        assert "The partners have not agreed this budget since 1 April 2025" in page, name
    assert "Not agreed" in reader.get(reverse("budgets:list", args=["angus"])).content.decode()
    chief = sign_in(chief_finance_officer)
    assert "Agree this budget" not in chief.get(at("detail")).content.decode()


def test_the_chief_finance_officer_declares_and_settles_and_finance_keeps_the_steps(
    budget, line, scheme, chief_finance_officer, finance_officer, auditor, sign_in
):
    chief, finance, reader = (sign_in(one) for one in (chief_finance_officer, finance_officer, auditor))
    answers = {"since": "1 April 2025", "about": "The uplift", "meanwhile": "scheme", "meanwhile_words": ""}
    assert finance.post(at("declare_disagreement"), answers).status_code == 403
    page = chief.post(at("declare_disagreement"), answers).content.decode()
    assert "as the integration scheme has it" in page
    assert "The uplift" in page
    answers["meanwhile_words"] = "A twelfth of last year, month by month"
    page = chief.post(at("declare_disagreement"), answers, follow=True).content.decode()
    assert "Meanwhile: A twelfth of last year, month by month." in page
    step = DisputeStep.objects.first()
    finance.post(at("disagreement"), {"title": "Ministers are told", "due_on": "1 May 2025"})
    assert "Ministers are told" in reader.get(at("disagreement")).content.decode()
    assert reader.post(at("disagreement"), {"title": "No"}).status_code == 403
    kept = {
        "title": "Both chiefs meet",
        "done_on": "2 April 2025",
        "done_by": "All",
        "outcome": "Nothing",
        "revision": 1,
    }
    finance.post(at("dispute_step", step.pk), kept)
    response = chief.post(at("dispute_step", step.pk), {**kept, "outcome": "Mine"})
    assert response.status_code == 409
    assert "Nothing" in response.content.decode()
    assert "Mine" in response.content.decode()
    chief.post(at("settle_disagreement"), {"on": "3 April 2025", "outcome": "Uplift of 3%"})
    page = reader.get(at("disagreement")).content.decode()
    assert "From 1 April 2025 to 3 April 2025. Uplift of 3%" in page


def test_without_a_policy_the_page_says_that_the_scheme_has_none(budget, chief_finance_officer, sign_in):
    services.declare_disagreement(
        budget=budget, since=SINCE, about="x", meanwhile=Meanwhile.OFFERS, by=chief_finance_officer
    )
    page = sign_in(chief_finance_officer).get(at("disagreement")).content.decode()
    assert "way to settle a dispute is not recorded" in page
