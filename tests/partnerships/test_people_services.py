from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.audit import SYSTEM
from foundation.audit.models import Entry
from partnerships import services, tasks
from partnerships.enums import Role
from partnerships.models import Invitation, Membership, User
from partnerships.permissions import standing_of
from tests.factories import InvitationFactory, MembershipFactory, SupportGrantFactory, UserFactory

TODAY = timezone.localdate()
DAY = timedelta(days=1)


def last_entry(action):
    return Entry.objects.filter(action=action).latest("pk")


# People


def test_a_person_can_sign_in_with_the_address_at_once(db):
    person = services.create_person(email="Olive@Example.scot", name="Olive", password="a b c", by=SYSTEM)
    assert person.email == "olive@example.scot"
    assert EmailAddress.objects.get(user=person).verified
    entry = last_entry("partnerships.person_created")
    assert entry.after == {"name": "Olive", "email": "olive@example.scot", "is_staff": False}
    assert "a b c" not in str(entry.after)


def test_two_people_cannot_share_an_address_whatever_its_case(db):
    services.create_person(email="olive@example.scot", name="Olive", by=SYSTEM)
    with pytest.raises(IntegrityError):
        services.create_person(email="OLIVE@example.scot", name="Other", by=SYSTEM)


# Roles


def test_a_role_is_given_from_today_until_further_notice(administrator, stranger, partnership):
    membership = services.grant_role(
        user=stranger, partnership=partnership, role=Role.CLERK, by=administrator, reason="New clerk"
    )
    assert (membership.starts_on, membership.ends_on) == (TODAY, None)
    assert standing_of(stranger, partnership).holds(Role.CLERK)
    entry = last_entry("partnerships.role_granted")
    assert (entry.tenant, entry.actor_name, entry.reason) == ("angus", "Adam Administrator", "New clerk")
    assert entry.after["role"] == "Board clerk"
    assert entry.after["user"] == "Struan Stranger"


@pytest.mark.parametrize(
    ("role", "body", "ends", "field"),
    [
        (Role.PARTNER_OFFICER, "none", None, "body"),
        (Role.PARTNER_OFFICER, "theirs", None, "body"),
        (Role.CLERK, "ours", None, "body"),
        (Role.AUDITOR, "none", None, "ends_on"),
        (Role.AUDITOR, "none", 366, "ends_on"),
        (Role.CLERK, "none", -1, "ends_on"),
        (Role.SUPPORT, "none", None, "role"),
        (Role.NATIONAL_VIEWER, "none", None, "role"),
        ("emperor", "none", None, "role"),
    ],
)
def test_roles_that_cannot_be_given_like_that(
    administrator, stranger, partnership, other_partnership, role, body, ends, field
):
    bodies = {
        "none": None,
        "ours": partnership.health_board,
        "theirs": other_partnership.health_board,
    }
    with pytest.raises(services.RoleRefused) as refusal:
        services.grant_role(
            user=stranger,
            partnership=partnership,
            role=role,
            body=bodies[body],
            ends_on=TODAY + ends * DAY if ends is not None else None,
            by=administrator,
        )
    assert set(refusal.value.faults) == {field}
    assert not stranger.memberships.exists()


def test_the_longest_term_of_an_auditor_can_be_given(administrator, stranger, partnership):
    last = TODAY.replace(year=TODAY.year + 1) - DAY
    membership = services.grant_role(
        user=stranger, partnership=partnership, role=Role.AUDITOR, ends_on=last, by=administrator
    )
    assert membership.ends_on == last


def test_the_database_refuses_what_the_service_refuses(partnership, stranger):
    for wrong in (
        {"role": Role.AUDITOR, "ends_on": None},
        {"role": Role.AUDITOR, "ends_on": TODAY + timedelta(days=400), "starts_on": TODAY},
        {"role": Role.PARTNER_OFFICER, "body": None},
        {"role": Role.SUPPORT},
        {"role": Role.CLERK, "partnership": None},
        {"role": Role.NATIONAL_VIEWER},
        {"role": Role.CLERK, "starts_on": TODAY, "ends_on": TODAY - DAY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipFactory(**({"partnership": partnership, "user": stranger} | wrong))


def test_nobody_holds_a_role_twice_at_a_time(administrator, officer, partnership):
    with pytest.raises(services.AlreadyHolds, match="Olive Officer holds the Planning officer role already"):
        services.grant_role(
            user=officer, partnership=partnership, role=Role.PLANNING_OFFICER, by=administrator
        )


def test_a_role_may_follow_itself(administrator, officer, partnership):
    officer.memberships.update(ends_on=TODAY + 5 * DAY)
    next_term = services.grant_role(
        user=officer,
        partnership=partnership,
        role=Role.PLANNING_OFFICER,
        starts_on=TODAY + 6 * DAY,
        by=administrator,
    )
    assert next_term.ends_on is None


def test_a_partner_officer_may_act_for_two_bodies(administrator, partner_officer, partnership):
    council = partnership.councils.get()
    services.grant_role(
        user=partner_officer,
        partnership=partnership,
        role=Role.PARTNER_OFFICER,
        body=council,
        by=administrator,
    )
    assert standing_of(partner_officer, partnership).body_ids == {partnership.health_board_id, council.pk}


def test_a_role_ends_at_once(administrator, officer, partnership):
    services.end_role(
        membership=officer.memberships.get(), ends_on=TODAY - DAY, by=administrator, reason="Left"
    )
    assert not standing_of(officer, partnership).is_member
    entry = last_entry("partnerships.role_ended")
    assert entry.before["ends_on"] is None
    assert entry.after["ends_on"] == (TODAY - DAY).isoformat()
    assert entry.reason == "Left"


def test_a_role_holds_through_its_last_day(administrator, officer, partnership):
    services.end_role(membership=officer.memberships.get(), ends_on=TODAY, by=administrator, reason="Left")
    assert standing_of(officer, partnership).is_member
    assert not standing_of(officer, partnership, TODAY + DAY).is_member


def test_a_role_that_has_not_begun_is_taken_back_and_stays_in_the_trail(administrator, officer, partnership):
    officer.memberships.update(starts_on=TODAY + 5 * DAY)
    ended = services.end_role(
        membership=officer.memberships.get(), ends_on=TODAY - DAY, by=administrator, reason="Another job"
    )
    assert ended is None
    assert not officer.memberships.exists()
    assert last_entry("partnerships.role_withdrawn").before["user"] == "Olive Officer"


def test_the_past_is_not_rewritten(administrator, officer):
    membership = officer.memberships.get()
    with pytest.raises(services.RoleRefused, match="not in the past"):
        services.end_role(membership=membership, ends_on=TODAY - 2 * DAY, by=administrator, reason="x")
    officer.memberships.update(ends_on=TODAY - DAY)
    with pytest.raises(services.RoleIsOver, match="cannot be changed"):
        services.end_role(membership=membership, ends_on=TODAY, by=administrator, reason="x")


def test_an_auditors_end_is_put_off_within_twelve_months_only(administrator, auditor):
    membership = auditor.memberships.get()
    longest = membership.starts_on.replace(year=membership.starts_on.year + 1) - DAY
    services.end_role(membership=membership, ends_on=longest, by=administrator, reason="More to read")
    with pytest.raises(services.RoleRefused, match="twelve months"):
        services.end_role(membership=membership, ends_on=longest + DAY, by=administrator, reason="More")


def test_the_last_administrator_stays_until_another_one_follows(administrator, officer, partnership):
    mine = administrator.memberships.get()
    with pytest.raises(services.LastAdministrator, match="nobody would administer Angus"):
        services.end_role(membership=mine, ends_on=TODAY, by=administrator, reason="Retiring")
    services.grant_role(
        user=officer,
        partnership=partnership,
        role=Role.ADMINISTRATOR,
        ends_on=TODAY + 10 * DAY,
        by=administrator,
    )
    with pytest.raises(services.LastAdministrator):  # the other one's role ends before mine would
        services.end_role(membership=mine, ends_on=TODAY + 20 * DAY, by=administrator, reason="Retiring")
    services.end_role(membership=mine, ends_on=TODAY + 5 * DAY, by=administrator, reason="Retiring")


def test_a_closed_account_or_another_partnership_is_no_other_administrator(
    administrator, officer, outsider, partnership
):
    services.grant_role(user=officer, partnership=partnership, role=Role.ADMINISTRATOR, by=administrator)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    with pytest.raises(services.LastAdministrator):
        services.end_role(
            membership=administrator.memberships.get(), ends_on=TODAY, by=administrator, reason="Retiring"
        )


# Invitations


def test_an_invitation_is_accepted_by_a_new_person(administrator, partnership):
    invitation = services.invite(
        partnership=partnership,
        email="Nora.New@angus.gov.uk",
        name="Nora New",
        role=Role.PLANNING_OFFICER,
        by=administrator,
    )
    membership = services.accept_as_new_person(invitation=invitation, name="Nora Newton", password="x" * 14)
    assert membership.user.email == "nora.new@angus.gov.uk"
    assert membership.user.check_password("x" * 14)
    assert standing_of(membership.user, partnership).holds(Role.PLANNING_OFFICER)
    actions = list(Entry.objects.order_by("pk").values_list("action", flat=True))
    assert actions == [
        "partnerships.invited",
        "partnerships.person_created",
        "partnerships.role_granted",
        "partnerships.invitation_accepted",
    ]
    with pytest.raises(services.InvitationUnusable, match="has been used"):
        services.accept_as_new_person(invitation=invitation, name="Nora", password="x" * 14)


def test_somebody_with_an_account_accepts_beside_their_other_roles(outsider, administrator, partnership):
    invitation = services.invite(
        partnership=partnership, email=outsider.email, name="Oona", role=Role.CLERK, by=administrator
    )
    with pytest.raises(services.AlreadyMember, match="Sign in"):
        services.accept_as_new_person(invitation=invitation, name="Oona", password="x" * 14)
    services.accept_invitation(invitation=invitation, user=outsider)
    assert standing_of(outsider, partnership).roles == {Role.CLERK}


def test_nobody_accepts_for_somebody_else(stranger, partnership):
    invitation = InvitationFactory(partnership=partnership, email="nora@example.scot")
    with pytest.raises(
        services.InvitationUnusable, match=r"is for nora@example\.scot, and you are signed in"
    ):
        services.accept_invitation(invitation=invitation, user=stranger)
    assert not stranger.memberships.exists()


def test_a_new_offer_of_the_same_role_replaces_the_earlier_one(administrator, partnership):
    about = {"partnership": partnership, "email": "nora@example.scot", "name": "Nora", "by": administrator}
    first = services.invite(**about, role=Role.CLERK)
    other = services.invite(**about, role=Role.FINANCE_OFFICER)
    second = services.invite(**about | {"email": "NORA@example.scot"}, role=Role.CLERK)
    assert set(Invitation.objects.open()) == {other, second}
    with pytest.raises(services.InvitationUnusable, match="withdrawn"):
        services.accept_as_new_person(invitation=first, name="Nora", password="x" * 14)


def test_invitations_run_out(partnership, administrator):
    invitation = InvitationFactory(
        partnership=partnership, expires_at=timezone.now() - DAY, invited_by=administrator
    )
    with pytest.raises(services.InvitationUnusable, match="Ask Adam Administrator for a new one"):
        services.accept_as_new_person(invitation=invitation, name="Nora", password="x" * 14)
    assert not services.mail_invitation(invitation=invitation)
    assert mail.outbox == []


def test_an_offer_whose_time_has_passed_is_not_accepted(partnership):
    invitation = InvitationFactory(partnership=partnership, starts_on=TODAY - 10 * DAY, ends_on=TODAY - DAY)
    with pytest.raises(services.InvitationUnusable, match="was offered until"):
        services.accept_as_new_person(invitation=invitation, name="Nora", password="x" * 14)
    assert not User.objects.filter(email=invitation.email).exists()


def test_a_role_accepted_late_begins_today(partnership):
    invitation = InvitationFactory(partnership=partnership, starts_on=TODAY - 5 * DAY)
    membership = services.accept_as_new_person(invitation=invitation, name="Nora", password="x" * 14)
    assert membership.starts_on == TODAY


@pytest.mark.parametrize(
    "wrong", [{"role": Role.AUDITOR}, {"role": Role.PARTNER_OFFICER}, {"role": Role.SUPPORT}]
)
def test_offers_follow_the_same_rules_as_roles(administrator, partnership, wrong):
    with pytest.raises(services.RoleRefused):
        services.invite(
            partnership=partnership, email="nora@example.scot", name="Nora", by=administrator, **wrong
        )


def test_the_mail_says_everything_in_plain_words(administrator, partnership, settings):
    settings.PORTAL_URL = "https://portal.example.scot"
    invitation = services.invite(
        partnership=partnership,
        email="nora@example.scot",
        name="Nora O'New & Sons",
        role=Role.PARTNER_OFFICER,
        body=partnership.health_board,
        by=administrator,
    )
    tasks.send_invitation(invitation.pk)
    (sent,) = mail.outbox
    assert sent.to == ["nora@example.scot"]
    assert sent.subject == "Angus: you are invited as Partner officer"
    assert "Dear Nora O'New & Sons," in sent.body
    assert "Role: Partner officer for NHS Tayside" in sent.body
    assert "Until: further notice" in sent.body
    assert f"https://portal.example.scot/invitations/{invitation.token}/" in sent.body
    assert "administrator@example.scot" in sent.body
    assert "\n\n\n" not in sent.body
    invitation.refresh_from_db()
    assert invitation.mailed_at


def test_links_cannot_be_made_up(partnership):
    invitation = InvitationFactory(partnership=partnership)
    assert Invitation.objects.with_token(invitation.token) == invitation
    other = InvitationFactory(partnership=partnership)
    for wrong in (
        str(invitation.pk),
        f"{other.pk}.{invitation.token.partition('.')[2]}",
        invitation.token[:-1],
        "",
        "x" * 5000,
    ):
        with pytest.raises(Invitation.DoesNotExist):
            Invitation.objects.with_token(wrong)


def test_a_link_never_fits_another_invitation_of_the_same_number(partnership):
    """As after a restore: the number comes again, for another person or at another time."""
    invitation = InvitationFactory(partnership=partnership)
    token = invitation.token
    for change in ({"email": "other@example.scot"}, {"invited_at": timezone.now() + DAY}):
        Invitation.objects.filter(pk=invitation.pk).update(**change)
        with pytest.raises(Invitation.DoesNotExist):
            Invitation.objects.with_token(token)
        Invitation.objects.filter(pk=invitation.pk).update(
            email=invitation.email, invited_at=invitation.invited_at
        )
    assert Invitation.objects.with_token(token) == invitation


# Support


@pytest.fixture
def support_person(db):
    return UserFactory(name="Sheila Support", is_staff=True)


def test_support_access_is_given_for_hours_with_a_reason(administrator, support_person, partnership):
    grant = services.grant_support(
        partnership=partnership, user=support_person, hours=8, reason="  PDF  ", by=administrator
    )
    assert grant.ends_at - grant.starts_at == timedelta(hours=8)
    assert standing_of(support_person, partnership).roles == {Role.SUPPORT}
    entry = last_entry("partnerships.support_granted")
    assert (entry.tenant, entry.reason, entry.actor_name) == ("angus", "PDF", "Adam Administrator")
    services.end_support(grant=grant, by=administrator)
    assert not standing_of(support_person, partnership).is_member
    assert (
        last_entry("partnerships.support_ended").before["ends_at"]
        != last_entry("partnerships.support_ended").after["ends_at"]
    )
    with pytest.raises(services.SupportRefused, match="ended already"):
        services.end_support(grant=grant, by=administrator)


@pytest.mark.parametrize(
    ("hours", "reason", "words"),
    [(0, "PDF", "from 1 to 8"), (9, "PDF", "from 1 to 8"), (2, "  ", "Say why")],
)
def test_support_access_has_limits(administrator, support_person, partnership, hours, reason, words):
    with pytest.raises(services.SupportRefused, match=words):
        services.grant_support(
            partnership=partnership, user=support_person, hours=hours, reason=reason, by=administrator
        )


def test_support_access_is_for_support_people_without_a_role_here(
    administrator, support_person, stranger, partnership
):
    def grant(user):
        services.grant_support(partnership=partnership, user=user, hours=1, reason="PDF", by=administrator)

    with pytest.raises(services.SupportRefused, match="not one of the portal's support people"):
        grant(stranger)
    MembershipFactory(user=support_person, partnership=partnership)
    with pytest.raises(services.SupportRefused, match="holds a role"):
        grant(support_person)
    Membership.objects.filter(user=support_person).delete()
    grant(support_person)
    with pytest.raises(services.SupportRefused, match="already"):
        grant(support_person)


def test_the_database_refuses_longer_support(partnership, db):
    now = timezone.now()
    with pytest.raises(IntegrityError):
        SupportGrantFactory(
            partnership=partnership, starts_at=now, ends_at=now + timedelta(hours=8, seconds=1)
        )


# The national view


def test_the_national_view_is_given_by_command(stranger):
    call_command("grant_national_viewer", stranger.email, until="2027-03-31", reason="Scottish Government")
    membership = stranger.memberships.get()
    assert (membership.role, membership.partnership, str(membership.ends_on)) == (
        Role.NATIONAL_VIEWER,
        None,
        "2027-03-31",
    )
    call_command("grant_national_viewer", stranger.email, until="2027-09-30", reason="Longer")
    assert str(stranger.memberships.get().ends_on) == "2027-09-30"
    entry = last_entry("partnerships.national_view_granted")
    assert (entry.actor_name, entry.before["ends_on"], entry.after["ends_on"]) == (
        "The portal",
        "2027-03-31",
        "2027-09-30",
    )


@pytest.mark.parametrize(
    ("email", "until", "words"),
    [
        ("nobody@example.scot", "2027-03-31", "no account"),
        ("stranger@example.scot", "2020-03-31", "before the first day"),
        ("stranger@example.scot", "soon", "real day"),
    ],
)
def test_the_command_says_what_is_wrong(stranger, email, until, words):
    with pytest.raises(CommandError, match=words):
        call_command("grant_national_viewer", email, until=until, reason="x")
    assert not stranger.memberships.exists()


def test_granting_takes_as_many_queries_for_three_as_for_one(administrator, partnership):
    def queries(user):
        with CaptureQueriesContext(connection) as captured:
            services.grant_role(user=user, partnership=partnership, role=Role.CLERK, by=administrator)
        return len(captured)

    first = queries(UserFactory())
    MembershipFactory.create_batch(3, partnership=partnership)
    assert queries(UserFactory()) == first
