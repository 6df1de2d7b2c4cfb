"""The golden thread: followed both ways, cut in words, and read in as many queries however much hangs on it."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outcomes.models import Indicator
from strategic_plans import services
from strategic_plans.enums import ActionStatus
from strategic_plans.models import Action, PriorityFunding
from strategic_plans.rules.weight import HEAVY, Weight
from strategic_plans.selectors.money import money_given
from strategic_plans.selectors.thread import cuts_in_words, thread_of
from strategic_plans.selectors.weight import weight_of
from strategic_plans.thread import Branch, Kind, Knot, Link, Thread

pytestmark = pytest.mark.django_db


def names(branches: tuple[Branch, ...]) -> list[str]:
    return [branch.knot.address for branch in branches]


def words_of(plan) -> str:
    return " ".join(cut.words for cut in thread_of(plan).cuts)


def test_a_thread_is_followed_both_ways():
    knots = (
        Knot(Kind.OUTCOME, "1", "Outcome"),
        Knot(Kind.PRIORITY, "7", "Priority"),
        Knot(Kind.ACTION, "3", "Action"),
        Knot(Kind.LINE, "5", "Line"),
    )
    links = (
        Link("outcome-1", "priority-7", "Because."),
        Link("priority-7", "line-5", "40%"),
        Link("priority-7", "action-3"),
        Link("action-3", "line-5", "£10"),
    )
    thread = Thread(knots, links, ())
    outcome, _, _, line = knots
    (down,) = thread.how(outcome)
    assert (down.knot.address, down.words) == ("priority-7", "Because.")
    assert names(down.branches) == ["action-3", "line-5"]
    assert names(down.branches[0].branches) == ["line-5"]
    up = thread.why(line)
    assert [(branch.knot.address, branch.words) for branch in up] == [
        ("priority-7", "40%"),
        ("action-3", "£10"),
    ]
    assert names(up[1].branches[0].branches) == ["outcome-1"]
    assert thread.why(outcome) == ()


def test_a_plan_hangs_together_from_outcome_to_money_and_place(ready_plan, localities, line, officer):
    priority, action = ready_plan.priorities.get(), Action.objects.get(priority__plan=ready_plan)
    thread = thread_of(ready_plan)
    (below,) = thread.how(thread.by_address["outcome-4"])
    assert (below.knot.address, below.words) == (f"priority-{priority.pk}", "It helps with outcome title 4.")
    assert names(below.branches) == [
        f"action-{action.pk}",
        "indicator-NI-14",
        f"line-{line.pk}",
        "place-area",
    ]
    assert below.branches[2].words == "40% of the line, £12,000,000"
    above = thread.why(thread.by_address[f"line-{line.pk}"])
    assert names(above) == [f"priority-{priority.pk}", f"action-{action.pk}"]
    assert above[1].words == "£40,000 of the action"
    assert names(above[0].branches)[:2] == ["outcome-1", "outcome-2"]
    assert thread.by_address["place-north-angus"].url == "/angus/localities/north-angus/"


def test_a_place_says_what_names_it(ready_plan, localities, officer):
    action = services.add_action(
        priority=ready_plan.priorities.get(),
        details=services.ActionDetails(title="Night team", localities=localities[:1]),
        by=officer,
    )
    thread = thread_of(ready_plan)
    assert names(thread.why(thread.by_address["place-north-angus"])) == [f"action-{action.pk}"]
    assert thread.why(thread.by_address["place-south-angus"]) == ()


def test_only_money_to_spare_is_a_cut_in_a_complete_plan(ready_plan):
    (cut,) = thread_of(ready_plan).cuts
    assert cut.words == "One budget line pays for no priority in 2026/27, £16,000,000 together: Day services."
    assert cut.url == "/angus/plan/2026-29/priorities/#money"


@pytest.mark.parametrize(
    ("cut", "words"),
    [
        (
            lambda priority: priority.outcome_links.all().delete(),
            "takes money, but serves no national outcome.",
        ),
        (lambda priority: priority.funding.all().delete(), "has no money."),
        (lambda priority: priority.indicators.clear(), "has no indicator: nobody will see"),
        (lambda priority: priority.indicators.clear(), "Outcome 3, “Outcome title 3”, has no indicator"),
        (lambda priority: priority.actions.all().delete(), "has no action: nothing is going to be done"),
        (lambda priority: priority.principles.clear(), "No priority names three principles: (a), (i), (ii)."),
        (
            lambda priority: priority.outcome_links.filter(outcome__number=8).delete(),
            "Outcome 8, “Outcome title 8”, is served by no priority.",
        ),
        (
            lambda priority: priority.actions.update(owner_words="", due_on=None),
            "has nobody who answers for it and no day by which it is done.",
        ),
        (lambda priority: priority.actions.update(line=None), "has a cost but no money."),
        (
            lambda priority: type(priority).objects.update(evidence_of_need=""),
            "rests on no evidence of need.",
        ),
    ],
)
def test_each_cut_is_said_in_words_with_the_way_to_mend_it(ready_plan, officer, sign_in, cut, words):
    assert words not in words_of(ready_plan)
    cut(ready_plan.priorities.get())
    found = [one for one in thread_of(ready_plan).cuts if words in one.words]
    assert len(found) == 1
    assert sign_in(officer).get(found[0].url).status_code == 200


def test_an_uncut_thread_says_so(ready_plan, budget):
    priority = ready_plan.priorities.get()
    PriorityFunding.objects.create(priority=priority, line=budget.lines.get(title="Day services"), share=5)
    assert cuts_in_words(thread_of(ready_plan)) == "The thread is nowhere cut: everything hangs together."


def grow(plan, number, officer, localities):
    for place in range(number):
        priority = services.add_priority(
            plan=plan,
            details=services.PriorityDetails(title=f"More {place}", localities=localities),
            by=officer,
        )
        priority.indicators.set(Indicator.objects.all())
        services.add_action(
            priority=priority,
            details=services.ActionDetails(title=f"Do {place}", localities=localities),
            by=officer,
        )


def test_the_thread_takes_seven_queries_however_much_hangs_on_it(ready_plan, officer, localities):
    for more in (0, 3):
        grow(ready_plan, more, officer, localities)
        with CaptureQueriesContext(connection) as queries:
            thread_of(ready_plan)
        assert len(queries) == 7


# Money


def test_what_is_given_of_each_line_is_added_up(ready_plan, line):
    (budget,) = money_given(ready_plan)
    care, day = budget.lines
    assert (care.share, care.given, care.left) == (Decimal(40), Decimal(12_000_000), Decimal(18_000_000))
    assert (day.shares, day.left) == ((), Decimal(16_000_000))
    assert (budget.label, budget.left, budget.share_left) == ("2026/27", Decimal(34_000_000), Decimal("73.9"))
    assert budget.untouched == (day,)


def test_while_nothing_is_given_the_newest_budget_is_shown(plan, budget):
    (shown,) = money_given(plan)
    assert (shown.year, shown.given, shown.share_left) == (2026, Decimal(0), Decimal(100))


# Weight


def test_a_plan_weighs_what_is_still_to_be_followed(ready_plan, officer):
    weight = weight_of(ready_plan)
    assert (weight.priorities, weight.actions, weight.indicators, weight.outcome_links) == (1, 1, 1, 9)
    assert weight.sentence == (
        "12 tracked elements: one priority, one open action, one indicator, nine links to outcomes."
    )
    Action.objects.update(status=ActionStatus.DONE)
    assert weight_of(ready_plan).total == 11


def test_an_empty_plan_weighs_nothing(plan):
    assert weight_of(plan).total == 0


@pytest.mark.parametrize(("actions", "is_heavy"), [(HEAVY, False), (HEAVY + 1, True)])
def test_advice_begins_past_sixty(actions, is_heavy):
    weight = Weight(0, actions, 0, 0, "2. Care at home", 9)
    assert weight.is_heavy is is_heavy
    assert bool(weight.advice) is is_heavy
    assert ("“2. Care at home” (9)" in weight.advice) is is_heavy


# The page


def thread_page(client, plan, at=""):
    return client.get(f"/angus/plan/{plan.slug}/thread/", {"at": at} if at else {})


def test_the_page_follows_what_is_chosen(ready_plan, auditor, sign_in):
    page = thread_page(sign_in(auditor), ready_plan, "outcome-4").content.decode()
    assert "Outcome: 4. Outcome title 4" in page
    assert "It helps with outcome title 4." in page
    assert "This is where the thread begins" in page
    assert "1.1 Train carers" in page


def test_who_does_not_edit_sees_the_cuts_without_the_way_to_mend_them(ready_plan, auditor, officer, sign_in):
    ready_plan.priorities.get().funding.all().delete()
    assert 'change/">Change priority 1' in thread_page(sign_in(officer), ready_plan).content.decode()
    page = thread_page(sign_in(auditor), ready_plan).content.decode()
    assert "has no money." in page
    assert "Change priority 1" not in page


def test_what_is_gone_from_the_plan_shows_the_whole_plan(ready_plan, officer, sign_in):
    response = thread_page(sign_in(officer), ready_plan, "priority-999999")
    assert response.status_code == 200
    assert "not part of this plan any more" in response.content.decode()


@pytest.mark.parametrize("at", ["", "outcome-1", "place-area"])
def test_the_page_takes_as_many_queries_with_more_rows(
    ready_plan, officer, chief_officer, localities, sign_in, at
):
    client = sign_in(officer)
    counts = []
    for more in (0, 3):
        grow(ready_plan, more, officer, localities)
        with CaptureQueriesContext(connection) as queries:
            thread_page(client, ready_plan, at)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
