from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone

from partnerships.models import Invitation
from partnerships.services import forget_what_is_over
from tests.factories import InvitationFactory


def failed_sign_in(days_ago: int) -> AccessAttempt:
    attempt = AccessAttempt.objects.create(
        username=f"someone.{days_ago}@example.scot", ip_address="192.0.2.7", failures_since_start=1
    )
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=timezone.now() - timedelta(days=days_ago))
    return attempt


def test_failed_sign_ins_are_kept_for_thirty_days(db):
    old, recent = failed_sign_in(31), failed_sign_in(29)
    assert forget_what_is_over()["failed sign-ins"] == 1
    assert list(AccessAttempt.objects.all()) == [recent]
    assert old not in AccessAttempt.objects.all()


def test_ended_sessions_are_forgotten(db):
    now = timezone.now()
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="b" * 32, session_data="", expire_date=now + timedelta(minutes=1))
    forget_what_is_over()
    assert [session.session_key for session in Session.objects.all()] == ["b" * 32]


def test_invitations_are_forgotten_ninety_days_after_they_ran_out(partnership):
    now = timezone.now()
    InvitationFactory(partnership=partnership, expires_at=now - timedelta(days=91))
    lapsed = InvitationFactory(partnership=partnership, expires_at=now - timedelta(days=89))
    accepted = InvitationFactory(
        partnership=partnership, expires_at=now - timedelta(days=91), accepted_at=now
    )
    forget_what_is_over()
    assert set(Invitation.objects.all()) == {lapsed, accepted}
