"""What people do to localities: each verb is one transaction with one audit entry."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from foundation.audit import record, snapshot
from partnerships.models import Membership, User

from .models import Locality, LocalityLead
from .rules import can_lead

PROFILE_FIELDS = ("profile", "rationale")
LEAD_FIELDS = ("locality", "membership", "starts_on", "ends_on")


class LocalityChangedMeanwhile(Exception):
    """The locality was changed after the form was opened. `current` holds what stands now."""

    def __init__(self, current: Locality) -> None:
        super().__init__(f"{current} was changed after the form was opened")
        self.current = current


class AppointmentRefused(Exception):
    """The person cannot lead the locality on these days. The text says why, for people."""


@transaction.atomic
def change_profile(*, locality: Locality, by: User, revision: int, profile: str, rationale: str) -> Locality:
    """The locality's texts are as given and its revision has moved on by one; nothing moves if nothing differs.

    `revision` is the one that the form was opened at. Raises LocalityChangedMeanwhile when it is no longer current.
    """
    current: Locality = (
        Locality.objects.select_for_update(of=("self",))
        .select_related("partnership", "changed_by")
        .get(pk=locality.pk)
    )
    if (current.profile, current.rationale) == (profile, rationale):
        return current
    if current.revision != revision:
        raise LocalityChangedMeanwhile(current)
    before = snapshot(current, PROFILE_FIELDS)
    current.profile, current.rationale = profile, rationale
    current.revision += 1
    current.changed_at, current.changed_by = timezone.now(), by
    current.save(update_fields=[*PROFILE_FIELDS, "revision", "changed_at", "changed_by"])
    record(
        by=by,
        action="localities.profile_changed",
        subject=current,
        tenant=current.partnership.slug,
        before=before,
        after=snapshot(current, PROFILE_FIELDS),
    )
    return current


@transaction.atomic
def appoint_lead(
    *, locality: Locality, membership: Membership, by: User, starts_on: date, ends_on: date | None = None
) -> LocalityLead:
    """The member leads the locality from a day to a day, or until further notice.

    Raises AppointmentRefused when the role does not cover these days or the person leads the locality on one of them.
    """
    if ends_on is not None and ends_on < starts_on:
        raise AppointmentRefused("The appointment would end before it starts: check the two dates.")
    hold(locality)
    answer = can_lead(membership, locality, starts_on, ends_on)
    if not answer:
        raise AppointmentRefused(answer.reason)
    refuse_overlap(locality, membership, starts_on, ends_on)
    lead = LocalityLead.objects.create(
        locality=locality, membership=membership, starts_on=starts_on, ends_on=ends_on, appointed_by=by
    )
    record(
        by=by,
        action="localities.lead_appointed",
        subject=lead,
        tenant=locality.partnership.slug,
        after=snapshot(lead, LEAD_FIELDS),
    )
    return lead


@transaction.atomic
def end_lead(*, lead: LocalityLead, by: User, ends_on: date) -> LocalityLead:
    """The appointment ends at the end of the day. Raises AppointmentRefused for a day before it starts."""
    hold(lead.locality)
    lead = LocalityLead.objects.select_related("locality__partnership", "membership__user").get(pk=lead.pk)
    if ends_on < lead.starts_on:
        raise AppointmentRefused(
            "The appointment would end before it starts: enter its first day or a later one."
        )
    answer = can_lead(lead.membership, lead.locality, lead.starts_on, ends_on)
    if not answer:
        raise AppointmentRefused(answer.reason)
    refuse_overlap(lead.locality, lead.membership, lead.starts_on, ends_on, besides=lead)
    before = snapshot(lead, LEAD_FIELDS)
    lead.ends_on = ends_on
    lead.save(update_fields=["ends_on"])
    record(
        by=by,
        action="localities.lead_ended",
        subject=lead,
        tenant=lead.locality.partnership.slug,
        before=before,
        after=snapshot(lead, LEAD_FIELDS),
    )
    return lead


def hold(locality: Locality) -> None:
    """Nobody else appoints or ends a lead of the locality until the transaction is done."""
    Locality.objects.select_for_update().get(pk=locality.pk)


def refuse_overlap(
    locality: Locality,
    membership: Membership,
    starts_on: date,
    ends_on: date | None,
    besides: LocalityLead | None = None,
) -> None:
    """Raises AppointmentRefused when the person leads the locality on one of the days by another appointment."""
    others = LocalityLead.objects.filter(locality=locality, membership__user=membership.user).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=starts_on)
    )
    if besides is not None:
        others = others.exclude(pk=besides.pk)
    if ends_on is not None:
        others = others.filter(starts_on__lte=ends_on)
    if others.exists():
        raise AppointmentRefused(f"{membership.user} leads {locality} on some of these days already.")
