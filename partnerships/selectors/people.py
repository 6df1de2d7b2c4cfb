"""Lists of the pages under Administer."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils import timezone

from ..models import DatedQuerySet, Invitation, Membership, Partnership, SupportGrant, User
from ..models.people import InvitationQuerySet
from ..models.tenancy import SupportGrantQuerySet

STATES = {
    "now": "Roles held today",
    "to_come": "Roles to come",
    "over": "Roles that are over",
    "all": "All roles",
}


def role_rows(
    partnership: Partnership, *, words: str = "", role: str = "", state: str = "now"
) -> DatedQuerySet:
    """The roles of this partnership by name of the person, filtered; `state` is a key of STATES."""
    today = timezone.localdate()
    rows = Membership.objects.for_partnership(partnership).select_related("user", "body")
    if words:
        rows = rows.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))
    if role:
        rows = rows.filter(role=role)
    if state == "now":
        rows = rows.on(today)
    elif state == "to_come":
        rows = rows.filter(starts_on__gt=today)
    elif state == "over":
        rows = rows.filter(ends_on__lt=today)
    return rows.order_by("user__name", "user", "role", "starts_on")


@dataclass(frozen=True, slots=True)
class PersonPage:
    user: User
    roles: list[Membership]
    has_second_step: bool


def person_page(partnership: Partnership, user_pk: int) -> PersonPage | None:
    """The person with all their roles here, today's first; None for somebody who never held one here."""
    roles = list(
        Membership.objects.for_partnership(partnership)
        .filter(user=user_pk)
        .select_related("user", "body", "created_by")
        .order_by("-starts_on", "role")
    )
    if not roles:
        return None
    roles.sort(key=lambda membership: (membership.is_over, membership.is_to_come))
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    has_second_step = Authenticator.objects.filter(user_id=user_pk, type__in=kinds).exists()
    return PersonPage(roles[0].user, roles, has_second_step)


def open_invitations(partnership: Partnership) -> InvitationQuerySet:
    """Those that nobody has accepted or withdrawn, the ones that have run out among them."""
    waiting = Invitation.objects.for_partnership(partnership).filter(accepted_at=None, withdrawn_at=None)
    return waiting.select_related("body", "invited_by", "partnership")


def support_grants(partnership: Partnership) -> SupportGrantQuerySet:
    return SupportGrant.objects.for_partnership(partnership).select_related("user", "granted_by")


def support_people(partnership: Partnership) -> list[User]:
    """The portal's support people to whom access can be given here."""
    members = Membership.objects.for_partnership(partnership).on(timezone.localdate()).values("user")
    return list(User.objects.filter(is_staff=True, is_active=True).exclude(pk__in=members))
