"""Every rule of the Check page: met, missing, and the way to the fix."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from budgets.enums import FundKind
from budgets.models import BudgetLine
from localities.models import Locality
from partnerships.enums import IntegrationModel
from partnerships.models import IntegrationModelPeriod
from strategic_plans import services
from strategic_plans.models import Action, Priority, PriorityFunding, Section
from strategic_plans.rules import can_publish_plan
from strategic_plans.rules.publishing import CheckState
from strategic_plans.selectors.checks import checks_of
from tests.budgets.directing import issued
from tests.factories import DelegatedFunctionFactory, IntegrationModelPeriodFactory

pytestmark = pytest.mark.django_db


def check(plan, rule, claim=""):
    found = [one for one in checks_of(plan) if one.rule == rule and claim in one.claim]
    assert len(found) == 1, f"{rule} is checked {len(found)} times"
    return found[0]


def test_everything_is_met_in_a_complete_plan(ready_plan, budget):
    ready_plan.priorities.get().funding.all().delete()
    PriorityFunding.objects.bulk_create(
        PriorityFunding(priority=ready_plan.priorities.get(), line=line, share=100)
        for line in budget.lines.all()
    )
    assert [one.claim for one in checks_of(ready_plan) if not one.is_met] == []
    assert can_publish_plan(checks_of(ready_plan))


def test_an_empty_plan_hears_all_reasons_at_once(plan):
    checks = checks_of(plan)
    assert not can_publish_plan(checks)
    assert {one.rule for one in checks if one.blocks} == {
        "R-PLAN-01",
        "R-PLAN-02",
        "R-PLAN-04",
        "R-PLAN-05",
        "R-PLAN-07",
    }
    assert all(one.source for one in checks)
    assert all(one.fixes for one in checks if not one.is_met)


@pytest.mark.parametrize(
    ("key", "rule", "source"),
    [
        ("priorities", "R-PLAN-05", "2014 Act ss.29(2)(b), 30"),
        ("arrangements", "R-PLAN-04", "2014 Act s.29(2)(a)"),
        ("localities", "R-PLAN-01", "2014 Act s.29(3)"),
        ("neighbours", "R-PLAN-07", "2014 Act s.30(3)"),
    ],
)
def test_a_statutory_section_without_text_blocks(ready_plan, key, rule, source):
    section = ready_plan.sections.get(key=key)
    Section.objects.filter(pk=section.pk).update(body="", word_count=0)
    found = check(ready_plan, rule, section.title)
    assert found.blocks
    assert found.source == source
    assert found.fixes[0].url == section.get_absolute_url()


def test_a_plan_needs_two_localities(ready_plan, localities):
    Locality.objects.filter(pk=localities[1].pk).update(ends_on="2026-03-31")
    found = check(ready_plan, "R-PLAN-01", "two or more")
    assert found.blocks
    assert found.source == "2014 Act s.29(3)(a)"
    assert "one locality" in found.words
    assert found.fixes[0].url == "/angus/localities/"


def test_each_locality_needs_arrangements_of_its_own(ready_plan, localities):
    ready_plan.arrangements.filter(locality=localities[1]).update(body="", word_count=0)
    found = check(ready_plan, "R-PLAN-02")
    assert found.blocks
    assert found.source == "2014 Act s.29(3)(b)"
    assert "South Angus" in found.words
    assert "North Angus" not in found.words
    assert [fix.url for fix in found.fixes] == ["/angus/plan/2026-29/localities/south-angus/"]


def test_a_locality_that_came_later_is_asked_for_too(ready_plan, partnership):
    Locality.objects.create(partnership=partnership, name="West Angus", slug="west-angus")
    assert "West Angus" in check(ready_plan, "R-PLAN-02").words


def test_each_outcome_needs_a_priority(ready_plan):
    ready_plan.priorities.get().outcome_links.filter(outcome__number__in=[6, 8]).delete()
    found = check(ready_plan, "R-PLAN-05", "nine national outcomes")
    assert found.blocks
    assert found.source == "2014 Act s.29(2)(b)"
    assert "two outcomes of 9" in found.words
    assert "6 Outcome title 6; 8 Outcome title 8" in found.words


def test_outcomes_that_another_plan_addresses_do_not_count(ready_plan, partnership, officer):
    other = services.start_plan(partnership=partnership, title="Another plan", by=officer)
    assert check(other, "R-PLAN-05", "nine national outcomes").blocks


@pytest.mark.parametrize("missing", ["period_start", "period_end"])
def test_the_plan_needs_its_days(ready_plan, missing):
    setattr(ready_plan, missing, None)
    found = check(ready_plan, "R-PLAN-08")
    assert found.blocks
    assert "37(9)" in found.source
    assert found.fixes[0].url == "/angus/plan/2026-29/details/"


def test_texts_that_are_nearly_the_same_are_named_and_do_not_block(ready_plan, localities, officer):
    for locality in localities:
        services.save_arrangement(
            plan=ready_plan,
            locality=locality,
            body=f"<p>{locality.name} has a team that meets every week and "
            + "plans care together " * 20
            + "</p>",
            expected_revision=1,
            by=officer,
        )
    found = check(ready_plan, "R-PLAN-03")
    assert found.state is CheckState.ADVICE
    assert "North Angus and South Angus" in found.words
    assert len(found.fixes) == 2


def test_principles_that_nobody_names_are_advice(ready_plan, principles):
    ready_plan.priorities.get().principles.remove(principles[1])
    found = check(ready_plan, "R-PLAN-06")
    assert found.state is CheckState.ADVICE
    assert "one principle: (i)" in found.words


@pytest.mark.parametrize(
    ("link", "words"),
    [("indicators", "has no indicator."), ("funding", "has no money."), ("actions", "has no action.")],
)
def test_a_priority_without_action_indicator_or_money_is_advice(ready_plan, link, words):
    priority = ready_plan.priorities.get()
    if link == "indicators":
        priority.indicators.clear()
    else:
        getattr(priority, link).all().delete()
    found = check(ready_plan, "R-PLAN-11")
    assert found.state is CheckState.ADVICE
    assert words in found.words
    assert found.fixes[0].url == f"{priority.get_absolute_url()}change/"


def test_a_priority_without_evidence_is_advice(ready_plan):
    ready_plan.priorities.update(evidence_of_need=" ")
    found = check(ready_plan, "R-PLAN-13")
    assert found.state is CheckState.ADVICE
    assert "“1. Care at home first”" in found.words
    assert found.fixes[0].url == f"{ready_plan.priorities.get().get_absolute_url()}change/"


def test_an_action_without_owner_or_day_is_advice(ready_plan):
    action = Action.objects.get(priority__plan=ready_plan)
    Action.objects.update(owner=None, owner_words="", due_on=None)
    found = check(ready_plan, "R-PLAN-14")
    assert found.state is CheckState.ADVICE
    assert found.words == "“1.1 Train carers” has no owner and last day."
    assert found.fixes[0].url == f"{action.get_absolute_url()}change/"


def test_an_outcome_without_an_indicator_is_advice(ready_plan):
    ready_plan.priorities.get().indicators.clear()
    found = check(ready_plan, "R-PLAN-15")
    assert found.state is CheckState.ADVICE
    assert "4 Outcome title 4" in found.words


def test_money_without_a_priority_is_advice_and_does_not_block(ready_plan):
    found = check(ready_plan, "R-PLAN-16")
    assert found.state is CheckState.ADVICE
    assert found.words == "Of the budget of 2026/27, £34,000,000 (73.9%) pays for no priority."
    assert can_publish_plan(checks_of(ready_plan))


def test_an_action_that_a_line_pays_for_needs_a_direction(ready_plan, finance_officer, chief_officer):
    """R-DIR-04: advice, and only to a joint board; the line itself or its function may be directed."""
    budget = ready_plan.partnership.budgets.get()
    line, action = budget.lines.exclude(fund=FundKind.SET_ASIDE).first(), Action.objects.first()
    Action.objects.filter(pk=action.pk).update(line=line)
    assert check(ready_plan, "R-DIR-04").is_met
    model = IntegrationModelPeriodFactory(partnership=ready_plan.partnership)
    found = check(ready_plan, "R-DIR-04")
    assert (found.state, found.fixes[0].url) == (CheckState.ADVICE, "/angus/money/directions/")
    assert action.title in found.words
    IntegrationModelPeriod.objects.filter(pk=model.pk).update(model=IntegrationModel.LEAD_COUNCIL)
    assert check(ready_plan, "R-DIR-04").is_met
    IntegrationModelPeriod.objects.filter(pk=model.pk).update(model=IntegrationModel.BODY_CORPORATE)
    function = DelegatedFunctionFactory(partnership=ready_plan.partnership)
    BudgetLine.objects.filter(pk=line.pk).update(function=function)
    issued(budget, function, finance_officer, chief_officer, starts_on=timezone.localdate())
    assert check(ready_plan, "R-DIR-04").is_met


@pytest.mark.parametrize("more", [0, 3])
def test_the_checks_take_six_queries_however_much_there_is(ready_plan, more):
    for number in range(more):
        Priority.objects.create(plan=ready_plan, number=number + 2, title=f"Priority {number}")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        checks_of(ready_plan)
    assert len(queries) == 6
