"""Shorter forms of a published plan: at a glance, and what it says to each locality."""

import io
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.documents.assembly import produce
from foundation.documents.making import make
from foundation.documents.models import Document
from foundation.documents.pdf import faults
from foundation.documents.services import open_document
from strategic_plans import documents, services
from strategic_plans.models import PlanVersion
from strategic_plans.selectors.plans import PLAN_VARIANT
from strategic_plans.variants import extract_of, glance_of, variant_of, variants_of
from tests.documents.test_pdf import machine_check
from tests.strategic_plans.test_documents import words_in

pytestmark = pytest.mark.django_db

VERSION = "/published/angus/2026-29/versions/1/"


@pytest.fixture
def version(ready_plan, chief_officer, officer, localities) -> PlanVersion:
    """One more action is for North Angus alone, one for both localities without a cost."""
    priority = ready_plan.priorities.get()
    for title, cost, places in (
        ("Night team for the glens", "250000", [localities[0]]),
        ("Quiet rooms", None, localities),
    ):
        services.add_action(
            priority=priority,
            details=services.ActionDetails(
                title=title, owner_words="NHS Tayside", cost=cost, localities=places
            ),
            by=officer,
        )
    return services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Board, item 7")


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def text(answer) -> str:
    return answer.content.decode()


def test_a_plan_has_a_summary_and_a_form_for_each_locality(version):
    edition = version.snapshot.edition
    assert [variant.key for variant in variants_of(edition)] == [
        "summary",
        "locality-north-angus",
        "locality-south-angus",
    ]
    assert variant_of(edition, "locality-dundee") is None


def test_the_summary_names_only_outcomes_that_are_served(version):
    edition = version.snapshot.edition
    (priority,) = edition.priorities
    few = replace(edition, priorities=(replace(priority, outcomes=priority.outcomes[:2]),))
    assert [(one.outcome.number, len(one.priorities)) for one in glance_of(few).outcomes] == [(1, 1), (2, 1)]


def test_an_extract_holds_what_names_the_locality_and_counts_the_rest(version):
    edition = version.snapshot.edition
    north, south = (extract_of(edition, locality) for locality in edition.localities)
    assert [action.title for one in north.priorities for action in one.actions] == [
        "Night team for the glens",
        "Quiet rooms",
    ]
    assert (north.cost, north.shared, north.unpriced, north.everywhere) == (250_000, 1, 1, 1)
    assert [action.title for one in south.priorities for action in one.actions] == ["Quiet rooms"]
    assert (south.cost, south.actions) == (0, 1)


def test_everybody_reads_the_plan_at_a_glance(version):
    page = text(Client().get(f"{VERSION}variants/summary/"))
    for wanted in (
        "Care at home first",
        "£12,000,000",
        "Outcome title 3",
        "Readmissions within 28 days",
        "£171,204,000",
    ):
        assert wanted in page, wanted


def test_everybody_reads_what_it_says_to_a_locality(version):
    page = text(Client().get(f"{VERSION}variants/locality-north-angus/"))
    for wanted in (
        "Nurses visit the glens twice a week",
        "52,000 people live in North Angus",
        "Night team for the glens",
        "£250,000",
        "One further action is for the whole area",
        "One of them names other localities too",
    ):
        assert wanted in page, wanted
    assert "Arbroath" not in page
    assert Client().get(f"{VERSION}variants/locality-dundee/").status_code == 404


def test_the_plans_page_lists_its_forms_and_an_older_version_says_so(version, chief_officer):
    page = text(Client().get(VERSION))
    assert "The plan at a glance" in page
    assert "What it says to South Angus" in page
    services.correct_version(
        plan=version.plan, number=1, texts={"localities": "<p>Other.</p>"}, reason="Wrong", by=chief_officer
    )
    assert "An older version" in text(Client().get(f"{VERSION}variants/summary/"))


@pytest.mark.parametrize("key", ["summary", "locality-north-angus"])
def test_a_form_is_a_pdf_that_everybody_can_read_and_check(version, chief_officer, files, tmp_path, key):
    made = {
        document.inputs["variant"]: document
        for document in services.request_variants(version=version, by=chief_officer)
    }
    document = made[key]
    address = f"{VERSION}variants/{key}/"
    assert Client().get(f"{address}pdf/").status_code == 404
    make(document.pk)
    document.refresh_from_db()
    assert document.is_ready, document.error
    with open_document(document=document, by=None) as file:
        data = file.read()
    words = words_in(data)
    assert ("Night team for the glens" in words) == (key != "summary")
    assert "Care at home first" in words
    assert "The full plan is what was approved." in words
    assert faults(data) == []
    assert machine_check(data, tmp_path) == []
    assert f'href="{address}pdf/"' in text(Client().get(address))
    assert b"".join(Client().get(f"{address}pdf/").streaming_content) == data
    checked = text(Client().post("/published/verify/", {"file": io.BytesIO(data)}))
    assert "byte for byte" in checked


def test_the_same_form_is_the_same_bytes_and_asked_for_once(version, chief_officer):
    first = services.request_variants(version=version, by=chief_officer)
    assert services.request_variants(version=version, by=chief_officer) == first
    assert len(first) == 3
    assert produce(documents.variant_book(first[0])) == produce(documents.variant_book(first[0]))


def test_publishing_asks_for_every_file(ready_plan, chief_officer, sign_in):
    client = sign_in(chief_officer)
    page = client.get("/angus/plan/2026-29/publish/")
    reviewed = page.context["form"]["reviewed"].value()
    client.post("/angus/plan/2026-29/publish/", {"approval_reference": "Item 7", "reviewed": reviewed})
    assert Document.objects.filter(kind=PLAN_VARIANT).count() == 3


def test_those_who_make_files_make_these_again(version, officer, auditor, sign_in):
    address = "/angus/plan/2026-29/versions/1/"
    assert "no PDF yet" in text(sign_in(officer).get(address))
    assert sign_in(officer).post(f"{address}variants/").status_code == 302
    assert Document.objects.filter(kind=PLAN_VARIANT).count() == 3
    assert sign_in(auditor).post(f"{address}variants/").status_code == 403


def test_the_pages_ask_little_of_the_database(version):
    for address in (VERSION, f"{VERSION}variants/summary/", f"{VERSION}variants/locality-north-angus/"):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(address).status_code == 200
        assert len(queries) <= 5, address
