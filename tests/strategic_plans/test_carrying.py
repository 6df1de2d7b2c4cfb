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


# Texts


@pytest.fixture
def published(ready_plan, officer, chief_officer):
    """The plan in force, with a section of the partnership's own behind the first."""
    services.add_section(
        plan=ready_plan,
        details=services.SectionDetails(title="Our islands", prompt="Ferries", owner=officer, due_on=None),
        after=ready_plan.sections.first(),
        by=officer,
    )
    own = ready_plan.sections.get(key="our-islands")
    own.plan = ready_plan
    services.save_section(section=own, body="<p>Two islands.</p>", expected_revision=0, by=officer)
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 4")
    return ready_plan


def test_a_successor_begins_with_the_texts_of_the_plan_in_force(published, officer):
    plan = services.start_successor(partnership=published.partnership, title="Next", by=officer)
    assert plan.supersedes == published
    before = [(row.key, row.title, row.body) for row in published.sections.all()]
    assert [(row.key, row.title, row.body) for row in plan.sections.all()] == before
    own = plan.sections.get(key="our-islands")
    assert (own.owner, own.due_on, own.is_statutory) == (None, None, False)
    revision = own.revisions.get()
    assert (revision.number, revision.reason) == (1, f"Taken over from “{published}”")
    assert {row.locality_id: row.body for row in plan.arrangements.all()} == {
        row.locality_id: row.body for row in published.arrangements.all()
    }
    assert plan.priorities.count() == published.priorities.count()
    published.refresh_from_db()
    assert published.sections.get(key="our-islands").revision == 1


def test_sections_that_the_plan_before_lacked_come_last(published, officer):
    published.sections.filter(key="digital").delete()
    plan = services.start_successor(partnership=published.partnership, title="Next", by=officer)
    assert plan.sections.last().key == "digital"


def test_what_is_written_already_is_not_written_over(published, officer):
    plan = services.start_plan(partnership=published.partnership, title="Next", by=officer)
    section = plan.sections.get(key="needs")
    section.plan = plan
    services.save_section(section=section, body="<p>Anew</p>", expected_revision=0, by=officer)
    services.carry_texts(source=published, target=plan, by=officer)
    section.refresh_from_db()
    assert (section.body, section.revision) == ("<p>Anew</p>", 1)


def test_without_a_plan_in_force_a_successor_is_a_first_plan(partnership, officer):
    plan = services.start_successor(partnership=partnership, title="First", by=officer)
    assert plan.supersedes is None
    assert not plan.sections.filter(revision__gt=0).exists()


def test_one_chooses_what_a_new_plan_begins_with(published, officer, sign_in):
    client = sign_in(officer)
    address = "/angus/plan/new/"
    assert "What it begins with" in client.get(address).content.decode()
    sent = {"title": "Next", "reason": "review"}
    assert "Answer “What it begins with”" in client.post(address, sent).content.decode()
    assert client.post(address, sent | {"begin": "carry"}, follow=True).status_code == 200
    plan = published.partnership.plans.get(title="Next")
    assert plan.sections.get(key="our-islands").body == "<p>Two islands.</p>"
    # Its place is taken now: the next begins with the outline, and is not asked.
    assert "What it begins with" not in client.get(address).content.decode()


def test_one_can_begin_anew(published, officer, sign_in):
    sent = {"title": "Next", "reason": "review", "begin": "anew"}
    assert sign_in(officer).post("/angus/plan/new/", sent).status_code == 302
    plan = published.partnership.plans.get(title="Next")
    assert not plan.sections.filter(revision__gt=0).exists()
