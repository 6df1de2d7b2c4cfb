"""Roles offered by mail."""

from __future__ import annotations

import logging
from datetime import date
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from foundation.audit import record

from ..models import Body, Invitation, Membership, Partnership, User
from ..rules import INVITATION_LIFETIME, bodies_of, faults_of_role, words_of
from .errors import AlreadyHolds, AlreadyMember, InvitationUnusable, RoleRefused
from .facts import facts_of
from .people import create_person, grant_role

logger = logging.getLogger(__name__)

INVITATION_FIELDS = ("email", "name", "role", "body", "starts_on", "ends_on", "expires_at")


@transaction.atomic
def invite(
    *,
    partnership: Partnership,
    email: str,
    name: str,
    role: str,
    by: User,
    starts_on: date | None = None,
    ends_on: date | None = None,
    body: Body | None = None,
) -> Invitation:
    """The role is offered to this address for fourteen days. The mail is sent by mail_invitation.

    An earlier open offer of the same role to the same address is withdrawn.

    Raises RoleRefused with words by field.
    """
    starts_on = starts_on or timezone.localdate()
    faults = faults_of_role(
        role=role, body=body, bodies=bodies_of(partnership), starts_on=starts_on, ends_on=ends_on
    )
    if ends_on and ends_on < timezone.localdate():
        faults.setdefault("ends_on", "The last day has passed.")
    if faults:
        raise RoleRefused(faults)
    earlier = Invitation.objects.for_partnership(partnership).open().filter(email__iexact=email, role=role)
    for invitation in earlier:
        withdraw_invitation(invitation=invitation, by=by, reason="Replaced by a new invitation")
    invitation = Invitation.objects.create(
        partnership=partnership,
        email=email.lower(),
        name=name,
        role=role,
        body=body,
        starts_on=starts_on,
        ends_on=ends_on,
        invited_by=by,
        expires_at=timezone.now() + INVITATION_LIFETIME,
    )
    record(
        by=by,
        action="partnerships.invited",
        subject=invitation,
        tenant=partnership.slug,
        after=facts_of(invitation, INVITATION_FIELDS),
    )
    return invitation


@transaction.atomic
def mail_invitation(*, invitation: Invitation) -> bool:
    """The mail has gone out once, and the invitation says when; False if it had, or if the offer is no longer open.

    When the mail server does not take it, its error is raised and the invitation keeps waiting.
    """
    waiting = Invitation.objects.filter(pk=invitation.pk, mailed_at=None).select_for_update(
        of=("self",), skip_locked=True
    )
    found = waiting.select_related("partnership", "body", "invited_by").first()
    if found is None or not found.is_open:
        return False
    link = settings.PORTAL_URL + reverse("partnerships:invitation", args=[found.token])
    text = render_to_string("partnerships/mail/invitation.txt", {"invitation": found, "link": link})
    subject, _, body = text.strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [found.email])
    found.mailed_at = timezone.now()
    found.save(update_fields=["mailed_at"])
    return True


def mail_waiting_invitations() -> int:
    """Every open invitation whose mail has not gone out was tried again; returns how many went."""
    gone = 0
    for invitation in Invitation.objects.open().filter(mailed_at=None):
        try:
            gone += mail_invitation(invitation=invitation)
        except (OSError, SMTPException):
            logger.exception(
                "the mail server did not take invitation %s; the next sweep tries again", invitation.pk
            )
    return gone


@transaction.atomic
def mail_again(*, invitation: Invitation, by: User) -> Invitation:
    """The invitation waits for its mail once more. Raises InvitationUnusable."""
    invitation = _usable(invitation)
    before = {"mailed_at": invitation.mailed_at}
    invitation.mailed_at = None
    invitation.save(update_fields=["mailed_at"])
    record(
        by=by,
        action="partnerships.invitation_sent_again",
        subject=invitation,
        tenant=invitation.partnership.slug,
        before=before,
    )
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User, reason: str = "") -> Invitation:
    """The link in the mail opens nothing any more. Raises InvitationUnusable when it no longer did."""
    invitation = _usable(invitation)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])
    record(
        by=by,
        action="partnerships.invitation_withdrawn",
        subject=invitation,
        tenant=invitation.partnership.slug,
        before=facts_of(invitation, INVITATION_FIELDS),
        reason=reason,
    )
    return invitation


@transaction.atomic
def accept_as_new_person(*, invitation: Invitation, name: str, password: str | None) -> Membership:
    """There is a new person with the invited address, and they hold the role.

    Raises InvitationUnusable, AlreadyMember when the address has an account.
    """
    invitation = _usable(invitation)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise AlreadyMember(f"{invitation.email} has an account already. Sign in to accept the invitation.")
    user = create_person(email=invitation.email, name=name, password=password, by=None)
    return _accept(invitation, user)


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: User) -> Membership:
    """The invited person, who has an account, holds the role.

    Raises InvitationUnusable also when somebody else is signed in, AlreadyHolds.
    """
    invitation = _usable(invitation)
    if user.email.lower() != invitation.email.lower():
        raise InvitationUnusable(
            f"This invitation is for {invitation.email}, and you are signed in as {user.email}. "
            "Sign out, then open the link in the mail again."
        )
    return _accept(invitation, user)


def _accept(invitation: Invitation, user: User) -> Membership:
    today = timezone.localdate()
    if invitation.ends_on and invitation.ends_on < today:
        raise InvitationUnusable(
            f"The role was offered until {words_of(invitation.ends_on)}. Ask for a new invitation."
        )
    membership = grant_role(
        user=user,
        partnership=invitation.partnership,
        role=invitation.role,
        body=invitation.body,
        starts_on=max(invitation.starts_on, today),
        ends_on=invitation.ends_on,
        reason=f"Invitation of {words_of(timezone.localdate(invitation.invited_at))}",
        by=user,
    )
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    record(
        by=user,
        action="partnerships.invitation_accepted",
        subject=invitation,
        tenant=invitation.partnership.slug,
        after=facts_of(invitation, INVITATION_FIELDS),
    )
    return membership


def _usable(invitation: Invitation) -> Invitation:
    """The row under a lock, if it can still be accepted; otherwise InvitationUnusable in words."""
    locked: Invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("partnership__health_board", "body", "invited_by")
        .get(pk=invitation.pk)
    )
    if fault := fault_of_invitation(locked):
        raise InvitationUnusable(fault)
    return locked


def fault_of_invitation(invitation: Invitation) -> str:
    """Why the invitation can no longer be accepted, in words; empty when it can."""
    asked = f"Ask {invitation.invited_by} for a new one." if invitation.invited_by else "Ask for a new one."
    if invitation.accepted_at:
        return "This invitation has been used. Sign in to open the workspace."
    if invitation.withdrawn_at:
        return f"This invitation was withdrawn. {asked}"
    if not invitation.is_open:
        day = words_of(timezone.localdate(invitation.expires_at))
        return f"This invitation ran out on {day}. {asked}"
    return ""


__all__ = [
    "AlreadyHolds",
    "accept_as_new_person",
    "accept_invitation",
    "fault_of_invitation",
    "invite",
    "mail_again",
    "mail_invitation",
    "mail_waiting_invitations",
    "withdraw_invitation",
]
