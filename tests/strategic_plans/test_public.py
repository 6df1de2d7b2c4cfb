"""What everybody may read: published versions, and nothing of any draft."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.audit.models import Entry
from foundation.documents.making import make
from foundation.documents.services import cancel_document
from strategic_plans import services
from tests.portfolio import write_everything

pytestmark = pytest.mark.django_db

PLAN = "/published/angus/2026-29/"


@pytest.fixture
def version(ready_plan, chief_officer):
    return services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Board, item 7")


@pytest.fixture
def successor(version, ready_plan, chief_officer, indicator, line):
    plan = services.start_plan(
        partnership=ready_plan.partnership,
        title="The plan after it",
        period_start=timezone.localdate() + timedelta(days=30),
        period_end=timezone.localdate() + timedelta(days=1_000),
        by=ready_plan.started_by,
    )
    write_everything(plan, ready_plan.started_by, indicator, line)
    services.publish_plan(plan=plan, by=chief_officer, approval_reference="Board, item 9")
    return plan


def read(address):
    response = Client().get(address)
    return response.status_code, response.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        PLAN,
        f"{PLAN}priorities/",
        f"{PLAN}versions/",
        f"{PLAN}versions/1/",
        f"{PLAN}versions/1/priorities/",
        f"{PLAN}versions/1/pdf/",
        "/published/moray/2026-29/",
    ],
)
def test_a_draft_is_not_there_for_the_public(ready_plan, address):
    status, html = read(address)
    assert status == 404
    assert "Care at home first" not in html


def test_lists_name_published_plans_only(version, other_partnership):
    for address in ("/published/", "/published/angus/"):
        status, html = read(address)
        assert status == 200
        assert "Angus strategic plan 2026 to 2029" in html
    services.start_plan(partnership=other_partnership, title="A secret draft", by=version.published_by)
    assert "secret" not in read("/published/")[1]
    assert "has not published a plan here yet" in read("/published/moray/")[1]
    assert read("/published/nowhere/")[0] == 404


def test_the_contents_page_leads_to_every_part(version):
    status, html = read(PLAN)
    assert status == 200
    for wanted in (
        "1 April 2026 to 31 March 2029",
        "Board, item 7",
        f'href="{PLAN}localities/"',
        f'href="{PLAN}locality-north-angus/"',
        "The PDF is being made",
        version.sha256,
    ):
        assert wanted in html


def test_a_pdf_that_could_not_be_made_is_not_said_to_be_on_its_way(version, chief_officer):
    document = services.request_version_pdf(version=version, by=chief_officer)
    assert "The PDF is being made" in read(PLAN)[1]
    cancel_document(document=document, by=chief_officer)
    assert "There is no PDF at the moment" in read(PLAN)[1]


def test_paragraphs_have_numbers_and_permanent_addresses(version):
    _, html = read(f"{PLAN}priorities/")
    assert 'id="paragraph-2-1"' in html
    assert f'href="{PLAN}versions/1/priorities/#paragraph-2-1"' in html
    assert 'rel="prev"' in html
    assert f'href="{PLAN}arrangements/" rel="next"' in html
    _, html = read(f"{PLAN}versions/1/locality-north-angus/")
    assert 'id="locality-north-angus-1"' in html
    assert "Nurses visit the glens" in html


@pytest.mark.parametrize(
    ("chapter", "wanted"),
    [
        ("listen", "People want one number to ring at night."),
        ("priorities", "It helps with outcome title 9."),
        ("priorities", "Statutory words of principle ii."),
        ("localities", "52,000"),
        ("finance", "£61,204,000"),
        ("finance", "Set aside"),
        ("measure", "103.4"),
        ("annex", "2014 Act s.30(3)"),
    ],
)
def test_each_part_shows_its_frozen_figures(version, budget, chapter, wanted):
    budget.contributions.update(amount=1)
    status, html = read(f"{PLAN}{chapter}/")
    assert status == 200
    assert wanted in html


def test_a_part_that_the_plan_does_not_have_is_not_found(version):
    assert read(f"{PLAN}nothing/")[0] == 404
    assert read(f"{PLAN}versions/2/")[0] == 404
    assert read(f"{PLAN}versions/1/nothing/")[0] == 404


def test_a_superseded_plan_says_so_on_every_page(successor):
    for address in (PLAN, f"{PLAN}localities/", f"{PLAN}versions/1/"):
        _, html = read(address)
        assert "Superseded" in html
        assert "is in force until “The plan after it” takes effect on" in html
    assert "Superseded" not in read(f"/published/angus/{successor.slug}/")[1]


def test_a_plan_whose_successor_is_in_force_says_that(successor):
    services.plans.Plan.objects.filter(pk=successor.pk).update(period_start=date(2026, 1, 1))
    assert "has taken its place" in read(PLAN)[1]


def test_words_that_are_changed_later_do_not_reach_the_public(version):
    version.plan.sections.update(body="<p>Changed behind the scenes.</p>")
    assert "Changed behind the scenes" not in read(f"{PLAN}priorities/")[1]


def test_the_pdf_is_offered_with_its_size_and_taken_without_sign_in(version, chief_officer):
    document = services.request_version_pdf(version=version, by=chief_officer)
    make(document.pk)
    _, html = read(PLAN)
    assert "PDF, tagged," in html
    response = Client().get(f"{PLAN}versions/1/pdf/")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    again = Client().get(f"{PLAN}versions/1/pdf/", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304
    # Readers of the public pages are not followed.
    assert not Entry.objects.filter(action="strategic_plans.plan_pdf_downloaded").exists()


def test_nothing_can_be_sent_to_a_public_page(version):
    for address in (PLAN, "/published/", f"{PLAN}versions/1/pdf/"):
        assert Client().post(address).status_code == 405


@pytest.mark.parametrize("address", ["/published/", PLAN, f"{PLAN}priorities/", f"{PLAN}versions/"])
def test_public_pages_take_a_few_queries(version, address):
    with CaptureQueriesContext(connection) as queries:
        assert Client().get(address).status_code == 200
    assert len(queries) <= 5
