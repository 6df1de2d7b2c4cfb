"""People and the roles they hold."""

from __future__ import annotations

from datetime import date, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from foundation.audit import record
from foundation.audit.services import System

from ..enums import Role
from ..models import Body, Membership, Partnership, User
from ..rules import bodies_of, faults_of_role, words_of
from .errors import AlreadyHolds, LastAdministrator, NotPossible, RoleIsOver, RoleRefused
from .facts import facts_of

ROLE_FIELDS = ("user", "role", "body", "starts_on", "ends_on", "reason", "end_reason")

Actor = User | System


@transaction.atomic
def create_person(
    *, email: str, name: str, by: Actor | None, password: str | None = None, is_staff: bool = False
) -> User:
    """There is a person who can sign in with this address, taken as verified. They hold no role yet.

    Without a password they sign in through their organisation or ask for a new one. `by` is None where they made
    the account themselves, from an invitation. `is_staff` marks the people to whom support access can be given.

    Raises IntegrityError when the address is taken.
    """
    user = User.objects.create_user(email=email, name=name, password=password, is_staff=is_staff)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record(
        by=by or user,
        action="partnerships.person_created",
        subject=user,
        after={"name": user.name, "email": user.email, "is_staff": is_staff},
    )
    return user


@transaction.atomic
def grant_role(
    *,
    user: User,
    partnership: Partnership,
    role: str,
    by: Actor,
    starts_on: date | None = None,
    ends_on: date | None = None,
    body: Body | None = None,
    reason: str = "",
) -> Membership:
    """The person holds the role from the first to the last day (today and until further notice if not said).

    Raises RoleRefused with words by field, AlreadyHolds.
    """
    starts_on = starts_on or timezone.localdate()
    _lock(partnership)
    faults = faults_of_role(
        role=role, body=body, bodies=bodies_of(partnership), starts_on=starts_on, ends_on=ends_on
    )
    if faults:
        raise RoleRefused(faults)
    same = Membership.objects.for_partnership(partnership).filter(user=user, role=role, body=body)
    if held := same.overlapping(starts_on, ends_on).first():
        until = f"until {words_of(held.ends_on)}" if held.ends_on else "until further notice"
        raise AlreadyHolds(
            f"{user} holds the {Role(role).label} role already, from {words_of(held.starts_on)} {until}."
        )
    membership = Membership.objects.create(
        user=user,
        partnership=partnership,
        role=role,
        body=body,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        created_by=by if isinstance(by, User) else None,
    )
    record(
        by=by,
        action="partnerships.role_granted",
        subject=membership,
        tenant=partnership.slug,
        after=facts_of(membership, ROLE_FIELDS),
        reason=reason,
    )
    return membership


@transaction.atomic
def end_role(*, membership: Membership, ends_on: date, by: Actor, reason: str) -> Membership | None:
    """The last day of the role is `ends_on`. Yesterday ends it at once; a later day may also put the end off.

    A role whose first day would come after its last is taken back: the row is gone (None is returned) and the audit
    trail keeps it.

    Raises RoleIsOver, LastAdministrator, RoleRefused.
    """
    partnership = membership.partnership
    if partnership is None:
        raise NotPossible(
            "A national view belongs to no partnership and is ended by those who run the portal."
        )
    _lock(partnership)
    membership = Membership.objects.select_related("user", "partnership", "body").get(pk=membership.pk)
    yesterday = timezone.localdate() - timedelta(days=1)
    if membership.ends_on and membership.is_over:
        raise RoleIsOver(f"This role ended on {words_of(membership.ends_on)}. What was cannot be changed.")
    if ends_on < yesterday:
        raise RoleRefused({"ends_on": "A role can end at once or later, but not in the past."})
    if membership.role == Role.ADMINISTRATOR:
        _require_another_administrator(partnership, membership, ends_on)
    before = facts_of(membership, ROLE_FIELDS)
    if ends_on < membership.starts_on:
        record(
            by=by,
            action="partnerships.role_withdrawn",
            subject=membership,
            tenant=partnership.slug,
            before=before,
            reason=reason,
        )
        membership.delete()
        return None
    faults = faults_of_role(
        role=membership.role,
        body=membership.body,
        bodies=bodies_of(partnership),
        starts_on=membership.starts_on,
        ends_on=ends_on,
    )
    if faults:
        raise RoleRefused(faults)
    membership.ends_on, membership.end_reason = ends_on, reason
    membership.save(update_fields=["ends_on", "end_reason"])
    record(
        by=by,
        action="partnerships.role_ended",
        subject=membership,
        tenant=partnership.slug,
        before=before,
        after=facts_of(membership, ROLE_FIELDS),
        reason=reason,
    )
    return membership


@transaction.atomic
def grant_national_view(*, user: User, by: Actor, ends_on: date | None, reason: str) -> Membership:
    """The person sees what partnerships have published, until that day, and holds that view once.

    A view that they hold already gets the new last day.
    """
    today = timezone.localdate()
    User.objects.select_for_update().get(pk=user.pk)
    held = Membership.objects.on(today).filter(user=user, role=Role.NATIONAL_VIEWER).first()
    before = facts_of(held, ROLE_FIELDS) if held else None
    membership = held or Membership(user=user, role=Role.NATIONAL_VIEWER, starts_on=today)
    if ends_on and ends_on < membership.starts_on:
        raise RoleRefused({"ends_on": "The last day is before the first day."})
    membership.ends_on, membership.reason = ends_on, reason
    membership.save()
    record(
        by=by,
        action="partnerships.national_view_granted",
        subject=membership,
        before=before,
        after=facts_of(membership, ROLE_FIELDS),
        reason=reason,
    )
    return membership


@transaction.atomic
def reset_second_step(*, user: User, reason: str, by: Actor) -> None:
    """The person has no authenticator, passkey or recovery code any more, and gets a mail that says so.

    Raises NotPossible when they had none.
    """
    held = Authenticator.objects.filter(user_id=user.pk)
    kinds = sorted(held.values_list("type", flat=True))
    if not kinds:
        raise NotPossible(f"{user} has not set up a second step.")
    held.delete()
    record(
        by=by,
        action="partnerships.second_step_reset",
        subject=user,
        before={"kinds": kinds},
        reason=reason,
    )
    send_mail(
        "Your second step at sign-in was taken away",
        f"Dear {user.name},\n\nyour authenticator, passkeys and recovery codes no longer count. "
        "Sign in with your password and set up a new second step.\n\n"
        "If you did not ask for this, tell your partnership's administrator at once.\n",
        None,
        [user.email],
    )


def _lock(partnership: Partnership) -> None:
    """Changes of a partnership's roles happen one after the other."""
    Partnership.objects.select_for_update(of=("self",)).get(pk=partnership.pk)


def _require_another_administrator(partnership: Partnership, membership: Membership, ends_on: date) -> None:
    next_day = max(ends_on + timedelta(days=1), timezone.localdate())
    others = Membership.objects.for_partnership(partnership).on(next_day).exclude(pk=membership.pk)
    if not others.filter(role=Role.ADMINISTRATOR, user__is_active=True).exists():
        raise LastAdministrator(
            f"From {words_of(next_day)} nobody would administer {partnership}. "
            "Give somebody else the Administrator role first; it must last beyond that day."
        )
