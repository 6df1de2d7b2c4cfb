from partnerships.enums import Role
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
    """The localities that this person leads on the day of the standing."""
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
