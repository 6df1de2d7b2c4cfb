from datetime import timedelta

import pytest
from django.utils import timezone

from foundation.audit.models import Entry
from localities import services
from localities.models import LocalityLead
from partnerships.enums import Role
from tests.factories import MembershipFactory

from .factories import LocalityFactory, LocalityLeadFactory

TODAY = timezone.localdate()


@pytest.fixture
def north(partnership):
    return LocalityFactory(partnership=partnership, name="North", slug="north", rationale="Two glens")


@pytest.fixture
def member(locality_lead):
    return locality_lead.memberships.get()


def change(locality, by, **given):
    texts = {"profile": "A coast", "rationale": "One glen", "revision": 1}
    return services.change_profile(locality=locality, by=by, **{**texts, **given})


def test_a_change_is_saved_counted_and_recorded(north, officer):
    change(north, officer)
    north.refresh_from_db()
    assert (north.profile, north.rationale, north.revision) == ("A coast", "One glen", 2)
    assert north.changed_by == officer
    entry = Entry.objects.get(action="localities.profile_changed")
    assert (entry.tenant, entry.actor_id) == ("angus", officer.pk)
    assert entry.before == {"profile": "", "rationale": "Two glens"}
    assert entry.after == {"profile": "A coast", "rationale": "One glen"}


def test_a_stale_form_is_refused_and_told_what_stands_now(north, officer, chief_officer):
    change(north, chief_officer, profile="Theirs")
    with pytest.raises(services.LocalityChangedMeanwhile) as refusal:
        change(north, officer, profile="Mine")
    assert refusal.value.current.profile == "Theirs"
    assert refusal.value.current.changed_by == chief_officer
    north.refresh_from_db()
    assert north.profile == "Theirs"
    assert Entry.objects.filter(action="localities.profile_changed").count() == 1


def test_saving_the_same_texts_is_no_change_whatever_the_revision(north, officer):
    change(north, officer)
    change(north, officer, revision=1)
    north.refresh_from_db()
    assert north.revision == 2
    assert Entry.objects.filter(action="localities.profile_changed").count() == 1


def test_an_appointment_is_made_and_recorded(north, member, chief_officer):
    lead = services.appoint_lead(locality=north, membership=member, by=chief_officer, starts_on=TODAY)
    assert (lead.ends_on, lead.appointed_by) == (None, chief_officer)
    entry = Entry.objects.get(action="localities.lead_appointed")
    assert entry.after["starts_on"] == TODAY.isoformat()
    assert entry.tenant == "angus"


@pytest.mark.parametrize(("starts", "ends"), [(0, None), (5, 8), (-5, 0), (-5, None), (10, 20)])
def test_nobody_leads_a_locality_twice_on_the_same_day(north, member, chief_officer, starts, ends):
    services.appoint_lead(
        locality=north,
        membership=member,
        by=chief_officer,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=10),
    )
    with pytest.raises(services.AppointmentRefused, match="on some of these days already"):
        services.appoint_lead(
            locality=north,
            membership=member,
            by=chief_officer,
            starts_on=TODAY + timedelta(days=starts),
            ends_on=None if ends is None else TODAY + timedelta(days=ends),
        )


def test_one_after_the_other_and_two_people_at_once_are_fine(north, member, partnership, chief_officer):
    another = MembershipFactory(partnership=partnership, role=Role.LOCALITY_LEAD)
    for membership, start in ((member, 0), (another, 0), (member, 11), (member, -11)):
        services.appoint_lead(
            locality=north,
            membership=membership,
            by=chief_officer,
            starts_on=TODAY + timedelta(days=start),
            ends_on=TODAY + timedelta(days=start + 10),
        )
    assert LocalityLead.objects.on(TODAY).count() == 2


def test_an_end_before_the_start_is_refused(north, member, chief_officer):
    with pytest.raises(services.AppointmentRefused, match="end before it starts"):
        services.appoint_lead(
            locality=north,
            membership=member,
            by=chief_officer,
            starts_on=TODAY,
            ends_on=TODAY - timedelta(days=1),
        )


def test_somebody_without_the_role_is_refused(north, officer, chief_officer):
    with pytest.raises(services.AppointmentRefused, match="does not hold the locality lead role"):
        services.appoint_lead(
            locality=north, membership=officer.memberships.get(), by=chief_officer, starts_on=TODAY
        )
    assert not LocalityLead.objects.exists()


def test_an_appointment_ends_and_stays_in_the_history(north, member, chief_officer):
    lead = LocalityLeadFactory(locality=north, membership=member, starts_on=TODAY - timedelta(days=30))
    services.end_lead(lead=lead, by=chief_officer, ends_on=TODAY)
    assert LocalityLead.objects.on(TODAY).exists()
    assert not LocalityLead.objects.on(TODAY + timedelta(days=1)).exists()
    entry = Entry.objects.get(action="localities.lead_ended")
    assert (entry.before["ends_on"], entry.after["ends_on"]) == (None, TODAY.isoformat())


def test_an_appointment_cannot_end_before_it_starts(north, member, chief_officer):
    lead = LocalityLeadFactory(locality=north, membership=member)
    with pytest.raises(services.AppointmentRefused, match="first day or a later one"):
        services.end_lead(lead=lead, by=chief_officer, ends_on=TODAY - timedelta(days=1))


def test_an_ended_appointment_is_not_lengthened_over_another(north, member, chief_officer):
    first = LocalityLeadFactory(
        locality=north,
        membership=member,
        starts_on=TODAY - timedelta(days=30),
        ends_on=TODAY - timedelta(days=10),
    )
    LocalityLeadFactory(locality=north, membership=member, starts_on=TODAY)
    with pytest.raises(services.AppointmentRefused, match="on some of these days already"):
        services.end_lead(lead=first, by=chief_officer, ends_on=TODAY + timedelta(days=5))
