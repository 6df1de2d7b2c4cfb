"""Who writes for which place."""

from datetime import timedelta

import pytest
from django.utils import timezone

from engagement.rules import (
    KEEP_PROMISES,
    LOG_ACTIVITY,
    VIEW_ENGAGEMENT,
    may_change,
    may_keep,
    may_log_for,
)
from localities.models import LocalityLead
from partnerships.enums import Role
from partnerships.permissions import standing_of

from .factories import ActivityFactory, PromiseFactory

pytestmark = pytest.mark.django_db


def test_roles():
    assert LOG_ACTIVITY.roles == {Role.PLANNING_OFFICER, Role.CHIEF_OFFICER, Role.LOCALITY_LEAD}
    assert VIEW_ENGAGEMENT.roles == set(Role) - {Role.NATIONAL_VIEWER}
    assert not KEEP_PROMISES.roles & {Role.AUDITOR, Role.SUPPORT, Role.NATIONAL_VIEWER}


@pytest.mark.parametrize("role", [Role.PLANNING_OFFICER, Role.CHIEF_OFFICER])
def test_planners_write_for_every_place(role, cast, partnership, north):
    standing = standing_of(cast[role], partnership)
    assert may_log_for(standing, north)
    assert may_log_for(standing, None)


def test_a_lead_writes_for_their_own_locality_only(north_lead, partnership, north, south):
    standing = standing_of(north_lead, partnership)
    assert may_log_for(standing, north)
    assert "not one of them" in may_log_for(standing, south).reason
    assert "whole area" in may_log_for(standing, None).reason
    assert may_change(standing, ActivityFactory(partnership=partnership, locality=north))
    assert not may_change(standing, ActivityFactory(partnership=partnership, locality=south))


def test_a_lead_writes_while_they_lead(north_lead, partnership, north):
    LocalityLead.objects.update(starts_on=timezone.localdate() - timedelta(days=9))
    LocalityLead.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    answer = may_log_for(standing_of(north_lead, partnership), north)
    assert "lead no locality" in answer.reason


@pytest.mark.parametrize(
    "role",
    sorted(set(Role) - {Role.PLANNING_OFFICER, Role.CHIEF_OFFICER, Role.LOCALITY_LEAD, Role.NATIONAL_VIEWER}),
)
def test_others_log_nothing(role, cast, partnership, north):
    answer = may_log_for(standing_of(cast[role], partnership), north)
    assert "needs the" in answer.reason


def test_whoever_sees_to_a_promise_keeps_it(partnership, south, finance_officer, auditor, north_lead):
    activity = ActivityFactory(partnership=partnership, locality=south)
    promise = PromiseFactory(activity=activity, owner=finance_officer)
    assert may_keep(standing_of(finance_officer, partnership), promise)
    assert "Fiona Finance" in may_keep(standing_of(north_lead, partnership), promise).reason
    promise.owner = auditor
    assert not may_keep(standing_of(auditor, partnership), promise)
