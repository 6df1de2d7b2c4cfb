from datetime import date

from partnerships.enums import Role
from partnerships.models import Membership
from partnerships.permissions import YES, Answer, Standing, permission

from .models import Locality, LocalityLead

EDIT_LOCALITY = permission(
    "localities.edit",
    "Changing a locality's profile",
    Role.PLANNING_OFFICER,
    Role.CHIEF_OFFICER,
    Role.LOCALITY_LEAD,
    source="2014 Act s.29(3)",
)
APPOINT_LEAD = permission(
    "localities.appoint_lead",
    "Appointing a locality lead",
    Role.ADMINISTRATOR,
    Role.CHIEF_OFFICER,
)


def led_locality_ids(standing: Standing) -> frozenset[int]:
    """The localities that this person leads on the day of the standing. One query a request."""
    return standing.recall("localities.led", lambda: _led(standing))


def _led(standing: Standing) -> frozenset[int]:
    memberships = [m.pk for m in standing.memberships if m.role == Role.LOCALITY_LEAD]
    if not memberships:
        return frozenset()
    leads = LocalityLead.objects.on(standing.on).filter(membership__in=memberships)
    return frozenset(leads.values_list("locality_id", flat=True))


def leads_locality(standing: Standing, locality: Locality) -> Answer:
    """Only the lead of a locality acts for it as its lead (localities guidance 2015, chapter 6)."""
    if locality.partnership_id == standing.partnership.pk and locality.pk in led_locality_ids(standing):
        return YES
    return Answer(
        False,
        f"Only the locality lead of {locality} may do this. You hold: {standing.role_names}"
        " and lead no part of this locality.",
    )


def can_change_profile(standing: Standing, locality: Locality) -> Answer:
    """Officers change any profile of their partnership; a locality lead the profile of the locality they lead."""
    answer = standing.may(EDIT_LOCALITY)
    if not answer:
        return answer
    if locality.partnership_id == standing.partnership.pk and standing.holds(
        Role.PLANNING_OFFICER, Role.CHIEF_OFFICER
    ):
        return YES
    return leads_locality(standing, locality)


def can_lead(membership: Membership, locality: Locality, starts_on: date, ends_on: date | None) -> Answer:
    """A lead holds the locality lead role in the locality's partnership on all days of the appointment."""
    if membership.role != Role.LOCALITY_LEAD or membership.partnership_id != locality.partnership_id:
        return Answer(
            False, f"{membership.user} does not hold the locality lead role in {locality.partnership}."
        )
    if starts_on < membership.starts_on:
        return Answer(
            False,
            f"{membership.user} holds the locality lead role only from {written(membership.starts_on)}.",
        )
    if membership.ends_on is not None and (ends_on is None or ends_on > membership.ends_on):
        return Answer(
            False,
            f"{membership.user} holds the locality lead role only until {written(membership.ends_on)}: "
            "let the appointment end on that day or before.",
        )
    return YES


def written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
