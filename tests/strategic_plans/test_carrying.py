"""A successor takes over the priorities of the plan in force, and what is still to be done for them."""

from uuid import uuid4

import pytest

from foundation.audit.models import Entry
from localities.models import Locality
from strategic_plans import services
from strategic_plans.enums import ActionStatus
from strategic_plans.models import Action

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(ready_plan, localities, officer, chief_officer):
    """The published plan has one action that is done, one in hand in North Angus, and one not begun."""
    priority = ready_plan.priorities.get()
    in_hand = services.add_action(
        priority=priority,
        details=services.ActionDetails(title="In hand", localities=localities[:1]),
        by=officer,
    )
    done = services.add_action(
        priority=priority, details=services.ActionDetails(title="Done with"), by=officer
    )
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 4")
    for action, status in ((in_hand, ActionStatus.IN_PROGRESS), (done, ActionStatus.DONE)):
        services.add_update(action=action, status=status, words="So.", by=officer, submission=uuid4(), seen=0)
    return services.start_plan(partnership=ready_plan.partnership, title="Next plan", by=officer)


def test_priorities_come_with_their_links_and_open_actions(ready_plan, successor, officer, indicator, line):
    (priority,) = services.carry_over(source=ready_plan, target=successor, by=officer)
    old = ready_plan.priorities.get()
    assert (priority.title, priority.evidence_of_need) == (old.title, old.evidence_of_need)
    assert priority.outcome_links.count() == 9
    assert list(priority.indicators.all()) == [indicator]
    assert priority.funding.get().line == line
    rows = Action.objects.filter(priority=priority).order_by("number")
    assert [(row.number, row.title, row.status) for row in rows] == [
        (1, "Train carers", ActionStatus.NOT_STARTED),
        (2, "In hand", ActionStatus.IN_PROGRESS),
    ]
    assert rows[1].carried_from.title == "In hand"
    assert rows[1].carried_from.updates.count() == 1
    assert [locality.name for locality in rows[1].localities.all()] == ["North Angus"]
    assert Action.objects.filter(priority__plan=ready_plan).count() == 3
    assert Entry.objects.get(action="strategic_plans.priorities_carried_over").after["priorities"]


def test_an_action_is_not_widened_to_the_whole_area_when_its_locality_ends(ready_plan, successor, officer):
    Locality.objects.filter(name="North Angus").update(ends_on="2026-01-31")
    services.carry_over(source=ready_plan, target=successor, by=officer)
    carried = Action.objects.get(priority__plan=successor, title="In hand")
    assert [locality.name for locality in carried.localities.all()] == ["North Angus"]


def test_nothing_is_mixed_with_what_the_draft_has(ready_plan, successor, officer):
    services.add_priority(plan=successor, details=services.PriorityDetails(title="New"), by=officer)
    with pytest.raises(services.HasPriorities):
        services.carry_over(source=ready_plan, target=successor, by=officer)
    assert [row.title for row in successor.priorities.all()] == ["New"]


def test_only_a_draft_takes_over(ready_plan, successor, officer):
    with pytest.raises(services.PlanFrozen):
        services.carry_over(source=successor, target=ready_plan, by=officer)
