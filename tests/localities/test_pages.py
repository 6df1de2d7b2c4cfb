from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from localities import parts
from localities.models import LocalityLead
from localities.parts import Part
from partnerships.enums import Role
from tests.factories import MembershipFactory

from .factories import LocalityFactory, LocalityLeadFactory

TODAY = timezone.localdate()
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'n' {{ 7|add:7 }}"


@pytest.fixture
def north(partnership):
    return LocalityFactory(partnership=partnership, name="North", slug="north", population=30_000)


@pytest.fixture
def south(partnership):
    return LocalityFactory(
        partnership=partnership, name="South", slug="south", boundary=None, population=None
    )


@pytest.fixture
def leading(north, locality_lead):
    return LocalityLeadFactory(locality=north, membership=locality_lead.memberships.get())


def at(name, *args):
    return reverse(f"localities:{name}", args=["angus", *args])


PAGES = [("list", ()), ("detail", ("north",)), ("change", ("north",)), ("leads", ())]
READERS = set(Role) - {Role.NATIONAL_VIEWER}
ALLOWED = {
    "list": READERS,
    "detail": READERS,
    "change": {Role.PLANNING_OFFICER, Role.CHIEF_OFFICER, Role.LOCALITY_LEAD},
    "leads": {Role.CHIEF_OFFICER, Role.ADMINISTRATOR},
    "end_lead": {Role.CHIEF_OFFICER, Role.ADMINISTRATOR},
}


def test_each_page_opens_for_exactly_the_roles_that_may(cast, sign_in, north, leading):
    for name, args in [*PAGES, ("end_lead", (leading.pk,))]:
        for role, user in cast.items():
            status = sign_in(user).get(at(name, *args)).status_code
            expected = 200 if role in ALLOWED[name] else (404 if role == Role.NATIONAL_VIEWER else 403)
            assert status == expected, (name, role)


def test_people_from_elsewhere_find_nothing(outsider, stranger, sign_in, north, leading):
    for user in (outsider, stranger):
        for name, args in [*PAGES, ("end_lead", (leading.pk,))]:
            assert sign_in(user).get(at(name, *args)).status_code == 404
            assert sign_in(user).post(at(name, *args)).status_code in (404, 405)


def test_localities_and_leads_of_another_partnership_are_not_found_here(
    chief_officer, sign_in, outsider, other_partnership
):
    elsewhere = LocalityFactory(partnership=other_partnership, slug="elgin")
    lead = LocalityLeadFactory(locality=elsewhere)
    client = sign_in(chief_officer)
    assert client.get(at("detail", "elgin")).status_code == 404
    assert client.get(at("change", "elgin")).status_code == 404
    assert client.post(at("end_lead", lead.pk), {"ends_on": "31/12/2030"}).status_code == 404
    assert client.get(at("detail", "nowhere")).status_code == 404
    lead.refresh_from_db()
    assert lead.ends_on is None


def test_the_list_says_population_share_and_lead_in_the_order_of_the_map(
    officer, sign_in, north, south, leading
):
    north.partnership.population = 120_000
    north.partnership.save()
    page = sign_in(officer).get(at("list"))
    html = page.content.decode()
    assert "30,000" in html
    assert "25%" in html
    assert "Lewis Lead" in html
    assert "no population is published" in html
    assert "none appointed" in html
    drawing = page.context["map"]
    assert [place.name for place in drawing.places] == [row.locality.name for row in page.context["rows"]]
    assert [outline.place.name for outline in drawing.outlines] == ["North"]


def test_the_list_without_any_outline_says_so(officer, sign_in, south):
    south.boundary_note = "Moray's localities were redrawn after February 2020."
    south.save()
    html = sign_in(officer).get(at("list")).content.decode()
    assert "No outlines are held. Moray&#x27;s localities were redrawn" in html
    assert "At least two localities are needed" in html


def test_an_empty_list_says_what_would_be_here(officer, sign_in):
    assert "No localities yet" in sign_in(officer).get(at("list")).content.decode()


def test_localities_that_have_ended_leave_the_list(officer, sign_in, north):
    north.ends_on = TODAY - timedelta(days=1)
    north.save()
    assert sign_in(officer).get(at("list")).context["rows"] == []


@pytest.mark.parametrize("name", ["list", "detail", "leads"])
def test_the_number_of_queries_does_not_grow_with_the_rows(name, chief_officer, sign_in, north, leading):
    client, address = sign_in(chief_officer), at(name, *(["north"] if name == "detail" else []))
    client.get(address)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            LocalityLeadFactory(locality=LocalityFactory(partnership=north.partnership))
            LocalityLeadFactory(locality=north)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 15


def texts(**given):
    return {"profile": "A coast", "rationale": "One glen", "revision": 1, **given}


def test_a_lead_saves_their_own_profile_and_is_refused_another(sign_in, locality_lead, north, south, leading):
    client = sign_in(locality_lead)
    assert client.post(at("change", "north"), texts()).status_code == 302
    refused = client.post(at("change", "south"), texts())
    assert refused.status_code == 403
    assert "Only the locality lead of South" in refused.content.decode()
    north.refresh_from_db()
    south.refresh_from_db()
    assert (north.profile, south.profile) == ("A coast", "")


def test_the_auditor_changes_nothing(auditor, sign_in, north, leading):
    client = sign_in(auditor)
    for name, args in (("change", ("north",)), ("leads", ()), ("end_lead", (leading.pk,))):
        assert client.post(at(name, *args), texts()).status_code == 403
    north.refresh_from_db()
    assert north.revision == 1


def test_on_a_conflict_both_texts_are_shown_and_a_second_press_saves(officer, chief_officer, sign_in, north):
    sign_in(chief_officer).post(at("change", "north"), texts(profile="Written by the chief"))
    client = sign_in(officer)
    page = client.post(at("change", "north"), texts(profile="Written by me"))
    html = page.content.decode()
    assert page.status_code == 409
    assert "Written by the chief" in html
    assert "Written by me" in html
    assert "Catriona Chief saved the following" in html
    north.refresh_from_db()
    assert north.profile == "Written by the chief"
    assert page.context["form"]["revision"].value() == 2
    assert client.post(at("change", "north"), texts(profile="Written by me", revision=2)).status_code == 302
    north.refresh_from_db()
    assert north.profile == "Written by me"


def test_an_over_long_text_is_refused_in_words_and_kept(officer, sign_in, north):
    page = sign_in(officer).post(at("change", "north"), texts(profile="a" * 5001))
    assert page.status_code == 422
    assert "5000" in page.content.decode()
    assert "a" * 5001 in page.content.decode()
    north.refresh_from_db()
    assert north.revision == 1


@pytest.mark.parametrize("revision", ["", "minus one", "0", "99999999999999999999"])
def test_a_revision_that_was_tampered_with_saves_nothing(officer, sign_in, north, revision):
    page = sign_in(officer).post(at("change", "north"), texts(revision=revision))
    assert page.status_code in (409, 422)
    assert "A coast" in page.content.decode()
    north.refresh_from_db()
    assert north.profile == ""


def test_hostile_text_is_shown_as_text(officer, sign_in, north):
    client = sign_in(officer)
    client.post(at("change", "north"), texts(profile=HOSTILE))
    html = client.get(at("detail", "north")).content.decode()
    assert "<script>alert(1)</script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "{{ 7|add:7 }}" in html


def test_line_ends_of_browsers_are_no_change(officer, sign_in, north):
    client = sign_in(officer)
    client.post(at("change", "north"), texts(profile="One\r\n\r\nTwo"))
    client.post(at("change", "north"), texts(profile="One\r\n\r\nTwo", revision=2))
    north.refresh_from_db()
    assert (north.profile, north.revision) == ("One\n\nTwo", 2)


def appointment(locality, membership, **given):
    return {
        "locality": locality.pk,
        "membership": membership.pk,
        "starts_on": TODAY.strftime("%d/%m/%Y"),
        **given,
    }


def test_a_lead_is_appointed_and_named_on_the_page(chief_officer, locality_lead, sign_in, north):
    client = sign_in(chief_officer)
    data = appointment(north, locality_lead.memberships.get())
    page = client.post(at("leads"), data, follow=True)
    assert "Lewis Lead leads North." in page.content.decode()
    assert LocalityLead.objects.on(TODAY).get().locality == north


def test_a_refused_appointment_says_why_and_keeps_what_was_chosen(
    chief_officer, locality_lead, sign_in, north, leading
):
    membership = locality_lead.memberships.get()
    page = sign_in(chief_officer).post(at("leads"), appointment(north, membership))
    assert page.status_code == 422
    assert "Lewis Lead leads North on some of these days already." in page.content.decode()
    assert page.context["form"]["locality"].value() == str(north.pk)


def test_people_and_localities_of_another_partnership_cannot_be_chosen(
    chief_officer, locality_lead, sign_in, north, other_partnership
):
    membership = locality_lead.memberships.get()
    their_locality = LocalityFactory(partnership=other_partnership)
    their_lead = MembershipFactory(partnership=other_partnership, role=Role.LOCALITY_LEAD)
    client = sign_in(chief_officer)
    for locality, member in ((their_locality, membership), (north, their_lead)):
        assert client.post(at("leads"), appointment(locality, member)).status_code == 422
    assert not LocalityLead.objects.exists()


def test_without_anybody_in_the_role_the_page_says_what_to_do_first(
    administrator, chief_officer, sign_in, north
):
    html = sign_in(administrator).get(at("leads")).content.decode()
    assert "Nobody holds the locality lead role" in html
    assert reverse("partnerships:people", args=["angus"]) in html
    assert "An administrator gives the role." in sign_in(chief_officer).get(at("leads")).content.decode()


def test_an_appointment_is_ended_with_a_last_day(chief_officer, sign_in, leading):
    client = sign_in(chief_officer)
    early = client.post(
        at("end_lead", leading.pk), {"ends_on": (TODAY - timedelta(days=1)).strftime("%d/%m/%Y")}
    )
    assert early.status_code == 422
    assert "first day or a later one" in early.content.decode()
    client.post(at("end_lead", leading.pk), {"ends_on": TODAY.strftime("%d/%m/%Y")})
    leading.refresh_from_db()
    assert leading.ends_on == TODAY


def test_parts_of_the_apps_above_stand_on_the_page_in_order(officer, sign_in, north, monkeypatch):
    monkeypatch.setattr(parts, "_parts", {})
    template = "localities/part_for_tests.html"
    parts.register_part(20, lambda standing, locality: Part("Engagement here", template, {"said": HOSTILE}))
    parts.register_part(10, lambda standing, locality: Part(f"Arrangements for {locality}", template, {}))
    parts.register_part(30, lambda standing, locality: None)
    with pytest.raises(ValueError, match="has order 10 already"):
        parts.register_part(10, lambda standing, locality: None)
    with override_settings(TEMPLATES=in_memory({template: "<p>{{ part.said }}</p>"})):
        html = sign_in(officer).get(at("detail", "north")).content.decode()
    assert html.index("Arrangements for North") < html.index("Engagement here")
    assert "<script>alert(1)</script>" not in html


def in_memory(templates):
    (engine,) = settings.TEMPLATES
    loaders = [
        ("django.template.loaders.locmem.Loader", templates),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = {**engine["OPTIONS"], "loaders": loaders}
    return [{**engine, "APP_DIRS": False, "OPTIONS": options}]
