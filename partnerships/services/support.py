"""Reading access for the portal's support people, for hours."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from foundation.audit import record

from ..models import LONGEST_SUPPORT, Membership, Partnership, SupportGrant, User
from .errors import SupportRefused
from .facts import facts_of

GRANT_FIELDS = ("user", "reason", "starts_at", "ends_at")


@transaction.atomic
def grant_support(*, partnership: Partnership, user: User, hours: int, reason: str, by: User) -> SupportGrant:
    """The support person reads this workspace from now for so many hours; each page they open is recorded.

    Raises SupportRefused when the person is not of the support team, holds a role here or has access already, or the
    hours are not from 1 to 8, or no reason is given.
    """
    now = timezone.now()
    longest = int(LONGEST_SUPPORT.total_seconds() // 3600)
    if not 1 <= hours <= longest:
        raise SupportRefused(f"Support access lasts from 1 to {longest} hours.")
    if not reason.strip():
        raise SupportRefused("Say why support is needed. The reason is recorded with each page they open.")
    if not (user.is_staff and user.is_active):
        raise SupportRefused(f"{user} is not one of the portal's support people.")
    if Membership.objects.for_partnership(partnership).on(timezone.localdate()).filter(user=user).exists():
        raise SupportRefused(f"{user} holds a role in {partnership} and needs no support access.")
    if SupportGrant.objects.for_partnership(partnership).at(now).filter(user=user).exists():
        raise SupportRefused(f"{user} has support access already. End it before you give it anew.")
    grant = SupportGrant.objects.create(
        partnership=partnership,
        user=user,
        reason=reason.strip(),
        starts_at=now,
        ends_at=now + timedelta(hours=hours),
        granted_by=by,
    )
    record(
        by=by,
        action="partnerships.support_granted",
        subject=grant,
        tenant=partnership.slug,
        after=facts_of(grant, GRANT_FIELDS),
        reason=grant.reason,
    )
    return grant


@transaction.atomic
def end_support(*, grant: SupportGrant, by: User) -> SupportGrant:
    """The support person has no access from now on. Raises SupportRefused when it has ended already."""
    grant = (
        SupportGrant.objects.select_for_update(of=("self",))
        .select_related("partnership", "user")
        .get(pk=grant.pk)
    )
    if not grant.is_open:
        raise SupportRefused("This support access has ended already.")
    before = facts_of(grant, GRANT_FIELDS)
    grant.ends_at = timezone.now()
    grant.save(update_fields=["ends_at"])
    record(
        by=by,
        action="partnerships.support_ended",
        subject=grant,
        tenant=grant.partnership.slug,
        before=before,
        after=facts_of(grant, GRANT_FIELDS),
    )
    return grant
