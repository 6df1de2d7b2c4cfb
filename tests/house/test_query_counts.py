"""The number of queries of a page does not depend on how many rows it shows, and stays small."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from budgets.models import BudgetLine
from engagement.models import Activity, Promise
from partnerships.enums import Role
from strategic_plans import services
from strategic_plans.enums import ActionStatus
from tests.budgets.factories import ReserveMovementFactory, SavingFactory
from tests.factories import InvitationFactory, MembershipFactory, PostHolderFactory

from .routes import our_routes

MOST = 15
# What the session, the person and their standing cost on every page is part of the number.
READERS = (Role.PLANNING_OFFICER, Role.CHIEF_OFFICER, Role.FINANCE_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR)


def add_rows(world, number: int) -> None:
    """The world has one more of everything that pages list."""
    partnership = world.partnership
    activity = Activity.objects.filter(partnership=partnership).first()
    more = Activity.objects.create(
        partnership=partnership,
        locality=activity.locality,
        held_on=timezone.localdate() - timedelta(days=number + 2),
        place=f"Hall {number}",
        heard="Carers want a break.",
        logged_by=activity.logged_by,
    )
    more.groups.set(activity.groups.all())
    Promise.objects.create(
        activity=more, text=f"Promise {number}", due_on=timezone.localdate(), owner=activity.logged_by
    )
    line = BudgetLine.objects.for_partnership(partnership).first()
    line.pk, line.title, line._state.adding = None, f"Line {number}", True
    line.save()
    ReserveMovementFactory(budget=line.budget)
    SavingFactory(budget=line.budget)
    draft = partnership.plans.get(slug=world.values["plan"])
    priority = services.add_priority(
        plan=draft,
        details=services.PriorityDetails(title=f"Priority {number}", funding={line: 10}),
        by=draft.started_by,
    )
    action = services.add_action(
        priority=priority,
        details=services.ActionDetails(title=f"Action {number}", localities=[activity.locality]),
        by=draft.started_by,
    )
    services.add_update(
        action=action,
        status=ActionStatus.IN_PROGRESS,
        words="It has begun.",
        by=draft.started_by,
        submission=uuid4(),
        seen=0,
    )
    MembershipFactory(partnership=partnership, role=Role.CLERK)
    InvitationFactory(partnership=partnership)
    PostHolderFactory(partnership=partnership)


def counts(world, clients) -> dict[str, int]:
    found = {}
    for route in our_routes():
        url = reverse(route.name, kwargs=world.arguments(route))
        for client in clients:
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                response = client.get(url)
            if response.status_code == 200 and not response.streaming:
                found[route.name] = len(queries)
                break
    return found


@pytest.mark.django_db
def test_queries_are_few_and_do_not_grow(world, cast, sign_in):
    clients = [sign_in(cast[role]) for role in READERS]
    with_one = counts(world, clients)
    add_rows(world, 1)
    add_rows(world, 2)
    with_three = counts(world, clients)
    grown = {
        name: (with_one[name], with_three[name]) for name in with_one if with_three[name] > with_one[name]
    }
    many = {name: number for name, number in with_three.items() if number > MOST}
    assert (grown, many) == ({}, {})
