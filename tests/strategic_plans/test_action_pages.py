"""The pages of actions: written by the plan's editors, reported on by whoever answers for them, read by all."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partnerships.permissions import standing_of
from strategic_plans import services
from strategic_plans.enums import ActionStatus, PlanState
from strategic_plans.models import Action, Plan
from strategic_plans.selectors.actions_due import actions_due, locality_actions
from tests.browser.checks import markup_faults

pytestmark = pytest.mark.django_db


def of(plan, name, *arguments):
    return reverse(f"strategic_plans:{name}", args=[plan.partnership.slug, plan.slug, *arguments])


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def priority(plan, officer):
    return services.add_priority(
        plan=plan, details=services.PriorityDetails(title="Care at home first"), by=officer
    )


def add(priority, by, title="Train 40 carers", **details):
    return services.add_action(
        priority=priority, details=services.ActionDetails(title=title, **details), by=by
    )


def publish(plan):
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.PUBLISHED)


# Writing


def test_an_officer_adds_an_action(plan, priority, officer, line, localities, sign_in):
    client = sign_in(officer)
    assert markup_faults(text_of(client.get(of(plan, "new_action", priority.pk)))) == []
    response = client.post(
        of(plan, "new_action", priority.pk),
        {
            "priority": priority.pk,
            "title": "Train 40 carers",
            "what": "A course each quarter.",
            "owner": officer.pk,
            "owner_words": "Head of learning",
            "starts_on": "1 April 2026",
            "due_on": "31/03/2027",
            "cost": "40,000",
            "line": line.pk,
            "localities": [localities[0].pk],
            "revision": "0",
        },
    )
    assert response.url == priority.get_absolute_url()
    page = text_of(client.get(response.url))
    assert "1.1 Train 40 carers" in page
    assert "£40,000" in page
    assert "1 April 2026 to 31 March 2027" in page
    assert "Olive Officer for Head of learning" in page
    assert "North Angus" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": ""}, "Enter the title"),
        ({"starts_on": "1 April 2027", "due_on": "1 April 2026"}, "must not come before its first day"),
        ({"cost": "-1"}, "Enter a cost of £0 or more"),
        ({"due_on": "soon"}, "Enter a real date"),
        ({"paid_from": "Carers Act funding", "line": "LINE"}, "A budget line pays"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(plan, priority, officer, line, sign_in, wrong, words):
    sent = {"priority": priority.pk, "title": "Train", "what": "Typed words.", "revision": "0"} | wrong
    sent = {name: line.pk if value == "LINE" else value for name, value in sent.items()}
    response = sign_in(officer).post(of(plan, "new_action", priority.pk), sent)
    assert response.status_code == 422
    assert words in text_of(response)
    assert "Typed words." in text_of(response)
    assert not Action.objects.exists()


def test_an_action_changed_by_two_people_is_shown_beside_what_was_typed(
    plan, priority, officer, chief_officer, sign_in
):
    action = add(priority, officer)
    services.change_action(
        action=action,
        details=services.ActionDetails(title="Their title"),
        priority=priority,
        expected_revision=1,
        by=chief_officer,
    )
    client, url = sign_in(officer), of(plan, "change_action", action.pk)
    sent = {"priority": priority.pk, "title": "My title", "revision": "1"}
    response = client.post(url, sent)
    assert response.status_code == 409
    assert "Their title" in text_of(response)
    assert 'value="My title"' in text_of(response)
    assert client.post(url, sent | {"revision": "2"}).status_code == 302
    assert Action.objects.get().title == "My title"


def test_actions_are_ordered_by_button_and_removed_after_a_question(plan, priority, officer, sign_in):
    first, second = add(priority, officer, "First"), add(priority, officer, "Second")
    client = sign_in(officer)
    client.post(of(plan, "move_action", second.pk), {"up": "1"})
    assert list(priority.actions.values_list("title", flat=True)) == ["Second", "First"]
    assert "Remove this action?" in text_of(client.get(of(plan, "remove_action", first.pk)))
    client.post(of(plan, "remove_action", first.pk))
    assert list(priority.actions.values_list("title", flat=True)) == ["Second"]


def test_an_action_with_updates_is_not_removed_and_the_page_says_why(plan, priority, officer, sign_in):
    action = add(priority, officer)
    services.add_update(
        action=action, status=ActionStatus.DONE, words="All.", by=officer, submission=uuid4(), seen=0
    )
    client = sign_in(officer)
    for url in (of(plan, "remove_action", action.pk), of(plan, "remove_priority", priority.pk)):
        response = client.post(url)
        assert response.status_code == 409
        assert "what was reported stays" in text_of(response)
    assert Action.objects.filter(pk=action.pk).exists()


@pytest.mark.parametrize("name", ["change_action", "remove_action", "move_action"])
def test_of_a_published_plan_the_promise_is_not_changed(plan, priority, officer, sign_in, name):
    action = add(priority, officer)
    publish(plan)
    response = sign_in(officer).post(of(plan, name, action.pk), {"title": "Less", "revision": "1", "up": "1"})
    assert response.status_code == 403
    assert "its text is frozen" in text_of(response)


def test_somebody_else_takes_over_an_action_of_a_published_plan(
    plan, priority, officer, chief_officer, sign_in
):
    action = add(priority, officer, owner=officer)
    publish(plan)
    client, url = sign_in(officer), of(plan, "assign_action", action.pk)
    sent = {"owner": chief_officer.pk, "owner_words": "", "revision": "1"}
    assert client.post(url, sent).status_code == 302
    assert Action.objects.get().owner == chief_officer
    stale = client.post(url, sent | {"owner": officer.pk})
    assert stale.status_code == 409
    assert "Somebody else changed this action" in text_of(stale)


def test_priorities_are_carried_over_by_one_button(ready_plan, officer, chief_officer, sign_in):
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 4")
    successor = services.start_plan(partnership=ready_plan.partnership, title="Next plan", by=officer)
    client = sign_in(officer)
    assert "Carry them over" in text_of(client.get(of(successor, "priorities")))
    client.post(of(successor, "carry_priorities"))
    carried = Action.objects.get(priority__plan=successor)
    page = text_of(client.get(carried.get_absolute_url()))
    assert f'Carried over from <a href="{carried.carried_from.get_absolute_url()}"' in page
    again = client.post(of(successor, "carry_priorities"), follow=True)
    assert "Nothing was carried over." in text_of(again)
    assert successor.priorities.count() == 1


# Reporting


def update(seen=0, **changed):
    return {
        "status": "in_progress",
        "words": "Twelve have begun.",
        "seen": seen,
        "submission": uuid4(),
    } | changed


def test_its_owner_reports_on_an_action_without_editing_the_plan(
    plan, priority, officer, planning_group_member, sign_in
):
    action = add(priority, officer, owner=planning_group_member)
    publish(plan)
    client, url = sign_in(planning_group_member), of(plan, "update_action", action.pk)
    assert markup_faults(text_of(client.get(url))) == []
    assert client.post(url, update()).url == action.get_absolute_url()
    page = text_of(client.get(action.get_absolute_url()))
    assert "Twelve have begun." in page
    assert "Gordon Group" in page
    assert client.get(of(plan, "change_action", action.pk)).status_code == 403


def test_a_lead_reports_where_they_lead_and_nowhere_else(
    plan, priority, officer, localities, north_lead, sign_in
):
    here, there = (add(priority, officer, locality.name, localities=[locality]) for locality in localities)
    client = sign_in(north_lead)
    assert client.post(of(plan, "update_action", here.pk), update()).status_code == 302
    refused = client.post(of(plan, "update_action", there.pk), update())
    assert refused.status_code == 403
    assert "the lead of a locality that it names" in text_of(refused)


def test_an_auditor_reads_and_reports_on_nothing(plan, priority, officer, auditor, sign_in):
    action = add(priority, officer)
    client = sign_in(auditor)
    assert "Add an update" not in text_of(client.get(action.get_absolute_url()))
    assert client.post(of(plan, "update_action", action.pk), update()).status_code == 403
    assert not action.updates.exists()


def test_an_update_that_needs_words_asks_for_them(plan, priority, officer, sign_in):
    action = add(priority, officer)
    response = sign_in(officer).post(of(plan, "update_action", action.pk), update(status="done", words=""))
    assert response.status_code == 422
    assert "Say in a sentence what was achieved" in text_of(response)


def test_an_update_written_over_another_is_kept_and_shown_beside_it(
    plan, priority, officer, chief_officer, sign_in
):
    action = add(priority, officer)
    theirs = services.add_update(
        action=action,
        status=ActionStatus.DONE,
        words="All 40 are trained.",
        by=chief_officer,
        submission=uuid4(),
        seen=0,
    )
    client, url = sign_in(officer), of(plan, "update_action", action.pk)
    response = client.post(url, update(words="My words."))
    assert response.status_code == 409
    assert "All 40 are trained." in text_of(response)
    assert "My words." in text_of(response)
    assert client.post(url, update(words="My words.", seen=theirs.pk)).status_code == 302
    assert action.updates.count() == 2


# Reading


@pytest.fixture
def several(priority, officer, chief_officer, localities):
    """Late with the officer in North Angus; in hand with a role; not begun with nobody."""
    yesterday = timezone.localdate() - timedelta(days=1)
    late = add(priority, officer, "Late one", owner=officer, due_on=yesterday, localities=localities[:1])
    in_hand = add(priority, officer, "One in hand", owner_words="Head of learning", localities=localities[1:])
    services.add_update(
        action=in_hand,
        status=ActionStatus.IN_PROGRESS,
        words="Begun.",
        by=chief_officer,
        submission=uuid4(),
        seen=0,
    )
    add(priority, officer, "Nobody’s one")
    return late


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        ({}, {"Late one", "One in hand", "Nobody’s one"}),
        ({"status": "late"}, {"Late one"}),
        ({"status": "in_progress"}, {"One in hand"}),
        ({"status": "open"}, {"Late one", "One in hand", "Nobody’s one"}),
        ({"status": "done"}, set()),
        ({"owner": "me"}, {"Late one"}),
        ({"owner": "nobody"}, {"Nobody’s one"}),
        ({"owner": "role:Head of learning"}, {"One in hand"}),
        ({"locality": "north-angus"}, {"Late one", "Nobody’s one"}),
        ({"locality": "whole-area"}, {"Nobody’s one"}),
        ({"status": "no such status"}, {"Late one", "One in hand", "Nobody’s one"}),
    ],
)
def test_the_list_is_filtered_by_what_stands_in_the_address(plan, several, officer, sign_in, chosen, shown):
    page = text_of(sign_in(officer).get(of(plan, "actions"), chosen))
    assert {title for title in ("Late one", "One in hand", "Nobody’s one") if title in page} == shown
    assert "Three actions: 1 in progress, 1 not started, 1 late." in page


def test_sixty_actions_take_fifteen_queries_at_most(plan, officer, localities, sign_in):
    client = sign_in(officer)
    counts = {}
    for total in (2, 60):
        while (number := Action.objects.count()) < total:
            if number % 10 == 0 or not plan.priorities.exists():
                place = services.add_priority(
                    plan=plan, details=services.PriorityDetails(title=f"Priority {number}"), by=officer
                )
            action = add(place, officer, f"Action {number}", owner=officer, localities=localities)
            services.add_update(
                action=action,
                status=ActionStatus.IN_PROGRESS,
                words="Begun.",
                by=officer,
                submission=uuid4(),
                seen=0,
            )
        urls = {
            "actions": of(plan, "actions"),
            "workspace": plan.get_absolute_url(),
            "thread": of(plan, "thread"),
            "priority": plan.priorities.first().get_absolute_url(),
            "action": action.get_absolute_url(),
        }
        for name, url in urls.items():
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert all(few == many <= 15 for few, many in counts.values()), counts


@pytest.mark.parametrize("name", ["actions", "priorities", "thread"])
def test_pages_keep_the_house_rules(plan, several, officer, sign_in, name):
    assert markup_faults(text_of(sign_in(officer).get(of(plan, name)))) == []


# Due


def due(user, partnership, plan):
    publish(plan)
    return actions_due(standing_of(user, partnership))


def test_an_owner_is_reminded_of_what_is_late_or_comes_near(partnership, plan, priority, officer, clerk):
    today = timezone.localdate()
    for title, days in (("Late", -3), ("Near", 30), ("Far", 200)):
        add(priority, officer, title, owner=clerk, due_on=today + timedelta(days=days))
    told = due(clerk, partnership, plan)
    assert [(one.title, one.mine) for one in told] == [
        ("Say how “1.1 Late” stands", True),
        ("Say how “1.2 Near” stands", True),
    ]
    assert told[0].url.endswith("/update/")


def test_an_owner_is_asked_when_nobody_has_said_anything_for_long(
    partnership, plan, priority, officer, clerk
):
    today = timezone.localdate()
    for title, began in (("Quiet", 120), ("Fresh", 20)):
        add(priority, officer, title, owner=clerk, starts_on=today - timedelta(days=began))
    assert [one.title for one in due(clerk, partnership, plan)] == ["Say how “1.1 Quiet” stands"]
    services.add_update(
        action=Action.objects.get(title="Quiet"),
        status=ActionStatus.NOT_STARTED,
        words="",
        by=clerk,
        submission=uuid4(),
        seen=0,
    )
    assert due(clerk, partnership, plan) == []


def test_what_is_late_is_told_to_the_lead_and_to_who_edits_the_plan(
    partnership, plan, several, officer, chief_officer, north_lead, south_lead, auditor
):
    assert [one.title for one in due(north_lead, partnership, plan)] == [
        "“1.1 Late one” is late in a locality that you lead"
    ]
    (told,) = due(chief_officer, partnership, plan)
    assert (told.title, told.mine) == ("One action of the plan is late", False)
    assert told.url.endswith("/actions/?status=late")
    assert due(south_lead, partnership, plan) == due(auditor, partnership, plan) == []


def test_a_draft_has_promised_nothing_yet(partnership, plan, several, officer):
    assert actions_due(standing_of(officer, partnership)) == []


def test_a_locality_shows_what_the_plan_does_there(partnership, plan, several, auditor, localities, sign_in):
    part = locality_actions(standing_of(auditor, partnership), localities[0])
    assert [row.title for row in part.context["rows"]] == ["Late one"]
    page = text_of(sign_in(auditor).get("/angus/localities/north-angus/"))
    assert "What the plan will do here" in page
    assert "One action is for the whole area" in page
