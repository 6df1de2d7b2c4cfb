from datetime import date, timedelta

import pytest
from django.utils import timezone

from localities.models import LocalityLead
from localities.rules import can_change_profile, can_lead, leads_locality, led_locality_ids
from partnerships.enums import Role
from partnerships.permissions import standing_of
from tests.factories import MembershipFactory

from .factories import LocalityFactory, LocalityLeadFactory

TODAY = timezone.localdate()


@pytest.fixture
def north(partnership):
    return LocalityFactory(partnership=partnership, name="North", slug="north")


@pytest.fixture
def south(partnership):
    return LocalityFactory(partnership=partnership, name="South", slug="south")


@pytest.fixture
def leading(north, locality_lead):
    return LocalityLeadFactory(locality=north, membership=locality_lead.memberships.get())


def test_a_lead_changes_only_the_profile_of_their_own_locality(
    partnership, locality_lead, north, south, leading
):
    standing = standing_of(locality_lead, partnership)
    assert led_locality_ids(standing) == {north.pk}
    assert can_change_profile(standing, north)
    refused = can_change_profile(standing, south)
    assert not refused
    assert "Only the locality lead of South" in refused.reason


def test_officer_and_chief_officer_change_every_profile_and_no_other_role_does(cast, partnership, north):
    allowed = {
        role for role, user in cast.items() if can_change_profile(standing_of(user, partnership), north)
    }
    assert allowed == {Role.PLANNING_OFFICER, Role.CHIEF_OFFICER}


def test_an_officer_changes_no_profile_of_another_partnership(officer, partnership, other_partnership):
    elsewhere = LocalityFactory(partnership=other_partnership)
    assert not can_change_profile(standing_of(officer, partnership), elsewhere)


def test_a_lead_of_yesterday_leads_nothing_today(partnership, locality_lead, leading, north):
    LocalityLead.objects.update(starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1))
    assert not leads_locality(standing_of(locality_lead, partnership), north)


def test_the_appointment_ends_with_the_role_it_rests_on(leading):
    leading.membership.ends_on = TODAY + timedelta(days=10)
    leading.membership.save()
    assert LocalityLead.objects.on(TODAY + timedelta(days=10)).exists()
    assert not LocalityLead.objects.on(TODAY + timedelta(days=11)).exists()


def test_a_lead_of_the_same_place_in_another_partnership_leads_nothing_here(partnership, outsider, north):
    assert not leads_locality(standing_of(outsider, partnership), north)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "reason"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), ""),
        (date(2025, 12, 31), date(2026, 6, 30), "only from 1 January 2026"),
        (date(2026, 2, 1), date(2026, 7, 1), "only until 30 June 2026"),
        (date(2026, 2, 1), None, "only until 30 June 2026"),
    ],
)
def test_the_role_must_cover_every_day_of_the_appointment(partnership, north, starts_on, ends_on, reason):
    membership = MembershipFactory(
        partnership=partnership,
        role=Role.LOCALITY_LEAD,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 6, 30),
    )
    answer = can_lead(membership, north, starts_on, ends_on)
    assert bool(answer) is not bool(reason)
    assert reason in answer.reason


def test_only_the_locality_lead_role_of_the_same_partnership_can_lead(officer, other_partnership, north):
    elsewhere = MembershipFactory(partnership=other_partnership, role=Role.LOCALITY_LEAD)
    for membership in (officer.memberships.get(), elsewhere):
        assert "does not hold the locality lead role in" in can_lead(membership, north, TODAY, None).reason
