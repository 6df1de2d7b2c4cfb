"""Who may do what: roles, days, support access, and the filter that must agree with the guard."""

from datetime import timedelta

import pytest
from django.utils import timezone

from partnerships.enums import Role
from partnerships.models import Membership, Partnership
from partnerships.permissions import (
    ADMINISTER,
    EDIT_SCHEME,
    PERMISSIONS,
    VIEW_AUDIT,
    VIEW_PARTNERSHIP,
    permission,
    roles_needing_second_factor,
    standing_of,
)
from tests.cast import ROLES_OF_A_PARTNERSHIP
from tests.factories import MembershipFactory, SupportGrantFactory, UserFactory

TODAY = timezone.localdate()
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def test_an_auditor_holds_no_writing_permission(auditor, partnership):
    standing = standing_of(auditor, partnership)
    for wanted in PERMISSIONS.values():
        if wanted.writes:
            assert Role.AUDITOR not in wanted.roles, wanted.code
            assert not standing.may(wanted), wanted.code


def test_support_reads_at_most(supporter, partnership):
    standing = standing_of(supporter, partnership)
    assert standing.may(VIEW_PARTNERSHIP)
    assert not any(standing.may(wanted) for wanted in PERMISSIONS.values() if wanted.writes)


def test_a_writing_permission_for_auditors_cannot_be_declared():
    with pytest.raises(ValueError, match="changes nothing"):
        permission("tests.write", "Writing", Role.AUDITOR)
    assert "tests.write" not in PERMISSIONS


def test_a_permission_is_declared_once():
    with pytest.raises(ValueError, match="twice"):
        permission(VIEW_AUDIT.code, "Reading", Role.AUDITOR, writes=False)


def test_a_support_person_gains_no_writing_even_if_a_table_gave_it(supporter, partnership):
    from dataclasses import replace

    wrong = replace(EDIT_SCHEME, roles=frozenset({Role.SUPPORT, Role.AUDITOR}))
    assert not standing_of(supporter, partnership).may(wrong)


def test_every_act_that_decides_asks_for_a_second_step():
    assert ADMINISTER.needs_second_factor
    assert {Role.ADMINISTRATOR, Role.CHIEF_OFFICER} <= roles_needing_second_factor()
    assert Role.AUDITOR not in roles_needing_second_factor()


def test_a_refusal_names_the_act_the_role_and_what_one_holds(officer, partnership):
    answer = standing_of(officer, partnership).may(EDIT_SCHEME)
    assert not answer
    assert answer.reason == (
        "Changing the integration scheme record needs the Board clerk or Chief officer role in Angus. "
        "You hold: Planning officer."
    )


def test_every_permission_can_be_said_in_words(cast, partnership):
    for user in cast.values():
        standing = standing_of(user, partnership)
        for wanted in PERMISSIONS.values():
            answer = standing.may(wanted)
            assert answer or answer.reason.endswith(".")


STATES = {
    "current, open": (-10 * DAY, None, True),
    "current, first day": (0 * DAY, 5 * DAY, True),
    "current, last day": (-5 * DAY, 0 * DAY, True),
    "future": (1 * DAY, 5 * DAY, False),
    "ended yesterday": (-5 * DAY, -1 * DAY, False),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES_OF_A_PARTNERSHIP)
def test_the_filter_agrees_with_the_guard(partnership, other_partnership, sign_in, role, state):
    """One who sees the partnership in lists can open it, and the other way round, for every role and state."""
    begins, ends, expected = STATES[state]
    ends_on = TODAY + ends if ends is not None else (TODAY + DAY if role == Role.AUDITOR else None)
    user = UserFactory()
    MembershipFactory(
        user=user, partnership=partnership, role=role, starts_on=TODAY + begins, ends_on=ends_on
    )
    assert list(Partnership.objects.visible_to(user)) == ([partnership] if expected else [])
    assert standing_of(user, partnership).is_member is expected
    assert Membership.objects.visible_to(user).filter(user=user).exists() is expected
    status = sign_in(user).get("/angus/access/").status_code
    assert status == (200 if expected else 404)
    assert sign_in(user).get("/moray/access/").status_code == 404


@pytest.mark.parametrize(
    ("begins", "ends", "expected"),
    [(-HOUR, HOUR, True), (-2 * HOUR, -HOUR, False), (HOUR, 2 * HOUR, False)],
)
def test_filter_and_guard_agree_on_support(partnership, sign_in, begins, ends, expected):
    user = UserFactory()
    now = timezone.now()
    SupportGrantFactory(user=user, partnership=partnership, starts_at=now + begins, ends_at=now + ends)
    assert Partnership.objects.visible_to(user).exists() is expected
    assert standing_of(user, partnership).is_member is expected
    assert sign_in(user).get("/angus/access/").status_code == (200 if expected else 404)


def test_a_national_viewer_belongs_to_no_workspace(national_viewer, partnership, sign_in):
    assert not Partnership.objects.visible_to(national_viewer).exists()
    assert sign_in(national_viewer).get("/angus/access/").status_code == 404


def test_nobody_is_nobody():
    from django.contrib.auth.models import AnonymousUser

    assert list(Partnership.objects.visible_to(AnonymousUser())) == []


def test_a_superuser_without_a_role_is_a_stranger(partnership, sign_in):
    root = UserFactory(is_superuser=True, is_staff=True)
    assert not Partnership.objects.visible_to(root).exists()
    assert sign_in(root).get("/angus/").status_code == 404


def test_standing_on_another_day(officer, partnership):
    before = TODAY - timedelta(days=365)
    assert standing_of(officer, partnership, TODAY).is_member
    assert not standing_of(officer, partnership, before).is_member


def test_support_access_of_another_day_is_told_by_the_day(partnership):
    user, begun = UserFactory(), timezone.now() - timedelta(days=7)
    SupportGrantFactory(user=user, partnership=partnership, starts_at=begun, ends_at=begun + HOUR)
    then = timezone.localdate(begun)
    assert standing_of(user, partnership, then).support
    assert not standing_of(user, partnership).support
    assert not standing_of(user, partnership, then + 2 * DAY).support


def test_a_partner_officer_speaks_for_their_body_only_while_the_role_holds(partner_officer, partnership):
    assert standing_of(partner_officer, partnership).body_ids == {partnership.health_board_id}
    partner_officer.memberships.update(ends_on=TODAY - DAY)
    assert standing_of(partner_officer, partnership).body_ids == frozenset()


def test_a_standing_asks_once(officer, partnership):
    standing, asked = standing_of(officer, partnership), []
    for _ in range(2):
        assert standing.recall("tests.rows", lambda: asked.append(1) or ["found"]) == ["found"]
    assert asked == [1]
    assert standing == standing_of(officer, partnership)
