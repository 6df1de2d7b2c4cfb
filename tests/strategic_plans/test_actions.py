"""Actions of a plan: what is promised in a draft, and what is reported on it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from budgets.models import Budget, BudgetLine
from foundation.audit.models import Entry
from localities.models import Locality
from partnerships.permissions import standing_of
from strategic_plans import services
from strategic_plans.enums import ActionStatus, PlanState
from strategic_plans.models import Action, ActionUpdate
from strategic_plans.rules import may_assign_actions, may_update_action
from strategic_plans.rules.actions import why_words_are_wanted

pytestmark = pytest.mark.django_db

DONE, IN_PROGRESS, NOT_STARTED = ActionStatus.DONE, ActionStatus.IN_PROGRESS, ActionStatus.NOT_STARTED


@pytest.fixture
def priority(plan, officer):
    return services.add_priority(
        plan=plan, details=services.PriorityDetails(title="Care at home first"), by=officer
    )


def add(priority, by, title="Train 40 carers", **details):
    return services.add_action(
        priority=priority, details=services.ActionDetails(title=title, **details), by=by
    )


def report(action, by, status=IN_PROGRESS, words="Twelve people have begun.", seen=None, submission=None):
    newest = action.updates.first()
    return services.add_update(
        action=action,
        status=status,
        words=words,
        by=by,
        submission=submission or uuid4(),
        seen=seen if seen is not None else newest.pk if newest else 0,
    )


def titles(priority):
    return list(Action.objects.filter(priority=priority).values_list("number", "title"))


def test_an_action_comes_last_with_all_that_it_promises(priority, officer, line, localities):
    add(priority, officer, "First")
    action = add(
        priority,
        officer,
        "Second",
        what="A course each quarter.",
        owner=officer,
        owner_words="NHS Tayside, head of learning",
        starts_on=date(2026, 4, 1),
        due_on=date(2027, 3, 31),
        cost=Decimal("40000"),
        line=line,
        localities=localities[:1],
    )
    saved = Action.objects.get(pk=action.pk)
    assert (saved.label, saved.title, saved.cost, saved.line) == ("1.2", "Second", Decimal(40000), line)
    assert list(saved.localities.all()) == localities[:1]
    assert saved.status == NOT_STARTED
    entry = Entry.objects.filter(action="strategic_plans.action_added").latest("pk")
    assert (entry.after["due_on"], entry.after["localities"]) == ("31 March 2027", ["North Angus"])


def test_a_change_replaces_the_promise_and_counts_the_revision(priority, officer, localities):
    action = add(priority, officer, localities=localities, cost=Decimal(10))
    changed = services.change_action(
        action=action,
        details=services.ActionDetails(title="Train 60 carers"),
        priority=priority,
        expected_revision=1,
        by=officer,
    )
    assert (changed.title, changed.cost, changed.revision) == ("Train 60 carers", None, 2)
    assert not changed.localities.exists()


def test_a_change_over_somebody_elses_is_refused_with_what_is_saved(priority, officer, chief_officer):
    action = add(priority, officer)
    change = {"action": action, "priority": priority, "expected_revision": 1}
    services.change_action(details=services.ActionDetails(title="Theirs"), by=chief_officer, **change)
    with pytest.raises(services.ActionChanged) as refusal:
        services.change_action(details=services.ActionDetails(title="Mine"), by=officer, **change)
    assert refusal.value.action.title == "Theirs"


def test_an_action_moves_to_another_priority_and_leaves_no_gap(plan, priority, officer):
    other = services.add_priority(plan=plan, details=services.PriorityDetails(title="Other"), by=officer)
    add(other, officer, "There")
    rows = [add(priority, officer, title) for title in ("A", "B", "C")]
    services.change_action(
        action=rows[0],
        details=services.ActionDetails(title="A"),
        priority=other,
        expected_revision=1,
        by=officer,
    )
    assert titles(priority) == [(1, "B"), (2, "C")]
    assert titles(other) == [(1, "There"), (2, "A")]


def test_actions_change_places(priority, officer):
    rows = {title: add(priority, officer, title) for title in "ABC"}
    services.move_action(action=rows["C"], direction="up", by=officer)
    services.move_action(action=rows["A"], direction="up", by=officer)
    assert titles(priority) == [(1, "A"), (2, "C"), (3, "B")]
    assert Entry.objects.filter(action="strategic_plans.action_moved").count() == 1


def test_a_removed_action_leaves_no_gap_and_stays_in_the_audit(priority, officer):
    rows = {title: add(priority, officer, title) for title in "ABC"}
    services.remove_action(action=rows["B"], by=officer)
    assert titles(priority) == [(1, "A"), (2, "C")]
    assert Entry.objects.get(action="strategic_plans.action_removed").before["title"] == "B"


def test_what_was_reported_keeps_its_action_and_its_priority(priority, officer):
    action = add(priority, officer)
    report(action, officer)
    with pytest.raises(services.ActionHasUpdates, match="cancels it instead"):
        services.remove_action(action=action, by=officer)
    with pytest.raises(services.PriorityHasUpdates):
        services.remove_priority(priority=priority, by=officer)
    assert titles(priority) == [(1, "Train 40 carers")]


def test_what_belongs_to_another_partnership_is_refused(priority, officer, other_partnership, outsider):
    budget = Budget.objects.create(partnership=other_partnership, year=2026)
    line = BudgetLine.objects.create(
        budget=budget,
        title="Theirs",
        delivered_by=other_partnership.health_board,
        category="B",
        setting="community",
        amount=1,
    )
    locality = Locality.objects.create(partnership=other_partnership, name="Forres", slug="forres")
    for foreign in ({"line": line}, {"localities": [locality]}, {"owner": outsider}):
        with pytest.raises(services.OutsideThePartnership):
            add(priority, officer, **foreign)
    with pytest.raises(services.ForeignLocality):
        services.add_priority(
            plan=priority.plan,
            details=services.PriorityDetails(title="Elsewhere", localities=[locality]),
            by=officer,
        )
    assert titles(priority) == []


def test_an_update_moves_the_status_and_keeps_who_said_so(priority, officer):
    action = add(priority, officer)
    update = report(action, officer)
    action.refresh_from_db()
    assert action.status == update.status == IN_PROGRESS
    assert (update.made_by, update.words) == (officer, "Twelve people have begun.")
    entry = Entry.objects.get(action="strategic_plans.action_reported")
    assert (entry.before, entry.after["status"]) == ({"status": "Not started"}, "In progress")


def test_an_update_sent_twice_is_one(priority, officer):
    action, submission = add(priority, officer), uuid4()
    first = report(action, officer, submission=submission, seen=0)
    assert report(action, officer, submission=submission, seen=0) == first
    assert ActionUpdate.objects.count() == 1


def test_an_update_that_overlooks_another_is_refused_with_it(priority, officer, chief_officer):
    action = add(priority, officer)
    theirs = report(action, chief_officer, DONE, "All 40 are trained.")
    with pytest.raises(services.UpdatedMeanwhile) as refusal:
        report(action, officer, seen=0)
    assert refusal.value.latest == theirs
    action.refresh_from_db()
    assert action.status == DONE


@pytest.mark.parametrize(
    ("before", "now", "quiet", "asked"),
    [
        (NOT_STARTED, NOT_STARTED, [], ""),
        (IN_PROGRESS, IN_PROGRESS, [True], ""),
        (IN_PROGRESS, IN_PROGRESS, [True, True], "last two updates"),
        (IN_PROGRESS, IN_PROGRESS, [True, False], ""),
        (NOT_STARTED, IN_PROGRESS, [], "what has begun"),
        (IN_PROGRESS, DONE, [], "what was achieved"),
        (IN_PROGRESS, ActionStatus.CANCELLED, [], "why it is cancelled"),
        (DONE, NOT_STARTED, [], "not started after all"),
    ],
)
def test_no_change_is_an_answer_but_not_for_ever(before, now, quiet, asked):
    assert asked in why_words_are_wanted(" ", before=before, now=now, quiet=quiet)
    assert bool(asked) == bool(why_words_are_wanted("", before=before, now=now, quiet=quiet))
    assert not why_words_are_wanted("Words.", before=before, now=now, quiet=quiet)


def test_an_update_without_the_words_it_needs_changes_nothing(priority, officer):
    action = add(priority, officer)
    with pytest.raises(services.UpdateNeedsWords):
        report(action, officer, DONE, words="")
    report(action, officer, NOT_STARTED, words="")
    assert list(action.updates.values_list("words", "status")) == [("", NOT_STARTED)]


@pytest.mark.parametrize(
    ("status", "due", "shown"),
    [
        (NOT_STARTED, -1, ActionStatus.LATE),
        (IN_PROGRESS, -1, ActionStatus.LATE),
        (IN_PROGRESS, 0, IN_PROGRESS),
        (IN_PROGRESS, None, IN_PROGRESS),
        (DONE, -1, DONE),
        (ActionStatus.CANCELLED, -1, ActionStatus.CANCELLED),
    ],
)
def test_late_is_what_the_calendar_says(status, due, shown):
    today = date(2026, 11, 22)
    due_on = None if due is None else today + timedelta(days=due)
    assert ActionStatus.on(today, status, due_on) is shown


def test_nobody_can_store_late_or_change_an_update(priority, officer):
    action = add(priority, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(status=ActionStatus.LATE)
    report(action, officer)
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE strategic_plans_actionupdate SET words = 'x'")


def test_of_a_published_plan_the_promise_is_frozen_and_reports_go_on(ready_plan, officer, chief_officer):
    priority = ready_plan.priorities.get()
    action = add(priority, officer)
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 4")
    with pytest.raises(services.PlanFrozen):
        services.change_action(
            action=action,
            details=services.ActionDetails(title="Less"),
            priority=priority,
            expected_revision=1,
            by=officer,
        )
    for verb in (services.remove_action, lambda **values: services.move_action(direction="up", **values)):
        with pytest.raises(services.PlanFrozen):
            verb(action=action, by=officer)
    with pytest.raises(services.PlanFrozen):
        add(priority, officer)
    report(action, officer)
    moved_on = services.assign_action(
        action=action, owner=None, owner_words="Head of learning", expected_revision=1, by=officer
    )
    assert moved_on.owner_words == "Head of learning"
    assert ready_plan.versions.get().snapshot.edition.priorities[0].actions[0].status == "Not started"


def test_a_replaced_plan_is_reported_on_no_more(priority, officer):
    action = add(priority, officer)
    plan = priority.plan
    type(plan).objects.filter(pk=plan.pk).update(state=PlanState.SUPERSEDED)
    with pytest.raises(services.PlanReplaced):
        report(action, officer)
    with pytest.raises(services.PlanReplaced):
        services.assign_action(action=action, owner=officer, owner_words="", expected_revision=1, by=officer)


def test_who_may_report(partnership, plan, localities, cast, north_lead, south_lead, planning_group_member):
    here = {"owner": planning_group_member.pk, "localities": {localities[0].pk}}

    def may(user, **action):
        return bool(may_update_action(standing_of(user, partnership), plan, **(here | action)))

    allowed = {role.value for role, user in cast.items() if may(user)}
    assert allowed == {"planning_officer", "chief_officer", "planning_group_member", "locality_lead"}
    assert not may(south_lead)
    assert not may(north_lead, localities=set())
    assert may(south_lead, owner=south_lead.pk)


def test_nobody_reports_on_a_replaced_plan_or_assigns_there(partnership, plan, officer):
    plan.state = PlanState.SUPERSEDED
    standing = standing_of(officer, partnership)
    answer = may_update_action(standing, plan, owner=officer.pk, localities=set())
    assert not answer
    assert "took its place" in answer.reason
    assert not may_assign_actions(standing, plan)


def test_an_auditor_reports_on_nothing_even_as_an_owner(partnership, plan, auditor):
    answer = may_update_action(standing_of(auditor, partnership), plan, owner=auditor.pk, localities=set())
    assert not answer
    assert timezone.localdate() == standing_of(auditor, partnership).on
