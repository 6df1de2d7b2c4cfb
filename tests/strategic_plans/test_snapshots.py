"""States of a draft that somebody keeps under a name: read, printed and compared while the team writes on."""

import io

import pikepdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.documents.making import make
from foundation.documents.models import Document
from foundation.documents.pdf import faults
from foundation.documents.services import open_document
from strategic_plans import services
from strategic_plans.models import NamedSnapshot, Plan
from strategic_plans.selectors.plans import PLAN_PDF
from tests.strategic_plans.test_documents import words_in, words_in_page

pytestmark = pytest.mark.django_db

PLAN = "/angus/plan/2026-29/"
ADDRESS = f"{PLAN}snapshots/1/"
LABEL = "For the board’s “first” look \\ March"


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def named(ready_plan, officer) -> NamedSnapshot:
    return services.name_snapshot(plan=ready_plan, label=LABEL, by=officer)


def write(plan: Plan, words: str, by) -> None:
    section = plan.sections.get(key="needs")
    services.save_section(section=section, body=f"<p>{words}</p>", expected_revision=section.revision, by=by)


def text(answer) -> str:
    return answer.content.decode()


def test_an_officer_keeps_the_draft_under_a_name(ready_plan, officer, sign_in):
    client = sign_in(officer)
    answer = client.post(f"{PLAN}snapshots/", {"label": "For the board"}, follow=True)
    assert answer.redirect_chain[-1][0] == ADDRESS
    named = NamedSnapshot.objects.get()
    assert (named.number, named.label, named.taken_by) == (1, "For the board", officer)
    assert named.snapshot.is_intact
    assert named.snapshot.sha256 in text(answer)
    entry = Entry.objects.get(action="strategic_plans.snapshot_taken")
    assert entry.after["sha256"] == named.snapshot.sha256
    listed = text(client.get(f"{PLAN}versions/"))
    assert "1: For the board" in listed


def test_a_snapshot_needs_a_name_and_what_was_typed_stays(ready_plan, officer, sign_in):
    client = sign_in(officer)
    empty = client.post(f"{PLAN}snapshots/", {"label": " "})
    assert empty.status_code == 422
    assert "Say what this snapshot is for" in text(empty)
    long = client.post(f"{PLAN}snapshots/", {"label": "x" * 61})
    assert long.status_code == 422
    assert "x" * 61 in text(long)
    assert not NamedSnapshot.objects.exists()


def test_those_who_do_not_write_the_plan_keep_nothing_of_it(ready_plan, auditor, finance_officer, sign_in):
    for person in (auditor, finance_officer):
        assert sign_in(person).post(f"{PLAN}snapshots/", {"label": "a"}).status_code == 403
    assert not NamedSnapshot.objects.exists()


def test_a_published_plan_is_kept_by_its_versions(ready_plan, officer, chief_officer, sign_in):
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Item 7")
    assert sign_in(officer).post(f"{PLAN}snapshots/", {"label": "a"}).status_code == 403
    assert "Keep the draft as it stands now" not in text(sign_in(officer).get(f"{PLAN}versions/"))
    with pytest.raises(services.PlanFrozen):
        services.name_snapshot(plan=ready_plan, label="a", by=officer)


def test_a_snapshot_says_what_the_draft_said_then(named, ready_plan, officer, auditor, sign_in):
    write(ready_plan, "Quite other words.", officer)
    client = sign_in(auditor)
    page = text(client.get(f"{ADDRESS}text/"))
    assert "A snapshot of the draft" in page
    chapter = text(client.get(f"{ADDRESS}text/needs/"))
    assert "Quite other words" not in chapter
    assert text(client.get(f"{PLAN}preview/needs/")).count("Quite other words") == 1
    assert client.get(f"{ADDRESS}text/nothing/").status_code == 404
    assert client.get(f"{PLAN}snapshots/2/").status_code == 404


def test_the_same_state_may_have_two_names(named, ready_plan, officer):
    again = services.name_snapshot(plan=ready_plan, label="Again", by=officer)
    assert again.number == 2
    assert again.snapshot == named.snapshot


def test_a_snapshot_is_compared_with_the_draft_another_snapshot_and_a_version(
    named, ready_plan, officer, chief_officer, sign_in
):
    client = sign_in(officer)
    changes = f"{ADDRESS}changes/"
    write(ready_plan, "Many live alone.", officer)
    second = services.name_snapshot(plan=ready_plan, label="Second", by=officer)
    write(ready_plan, "Many live alone and far away.", officer)
    draft = text(client.get(changes, {"with": "draft"}))
    assert "Many live alone and far away." in draft
    assert "The draft as it stands now" in draft
    other = text(client.get(changes, {"with": "snapshot-2"}))
    assert "far away" not in other
    assert "Many live alone." in other
    backwards = text(client.get(f"{PLAN}snapshots/{second.number}/changes/", {"with": "snapshot-1"}))
    assert "From “Snapshot 1" in backwards
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Item 7")
    version = text(client.get(changes, {"with": "version-1"}))
    assert "Many live alone and far away." in version
    assert "The draft as it stands now" not in version


def test_the_first_comparison_is_with_the_draft_and_nonsense_is_no_fault(named, officer, sign_in):
    page = text(sign_in(officer).get(f"{ADDRESS}changes/", {"with": "version-9"}))
    assert "The text says the same in both." in page


def test_its_pdf_says_on_every_page_what_it_was_kept_for(named, officer, files, tmp_path):
    document = services.request_named_pdf(named=named, by=officer)
    plain = services.request_plan_pdf(plan=named.plan, by=officer)
    assert plain != document
    make(document.pk)
    document.refresh_from_db()
    assert document.is_ready, document.error
    with open_document(document=document, by=None) as file:
        data = file.read()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    assert words_in(data).count(f"Draft, {LABEL}: not approved, may change") == pages
    assert "snapshot 1" in words_in_page(data, 1)
    assert faults(data) == []


def test_its_files_are_asked_for_from_its_page(named, officer, auditor, outsider, sign_in, files):
    client = sign_in(officer)
    answer = client.post(f"{ADDRESS}pdf/")
    document = Document.objects.get(kind=PLAN_PDF)
    assert answer.url == f"/documents/{document.pk}/"
    assert client.post(f"{ADDRESS}pdf/").url == answer.url
    assert client.post(f"{ADDRESS}word/").status_code == 302
    assert "See how far the PDF file is" in text(client.get(ADDRESS))
    assert sign_in(auditor).post(f"{ADDRESS}pdf/").status_code == 403
    assert sign_in(outsider).get(ADDRESS).status_code == 404
    assert Client().get(answer.url).status_code == 302


def test_a_snapshot_is_never_changed(named):
    for change in (
        lambda: NamedSnapshot.objects.update(label="Other"),
        lambda: NamedSnapshot.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change()


def test_the_pages_ask_the_database_as_often_for_one_as_for_many(named, ready_plan, officer, sign_in):
    client = sign_in(officer)
    addresses = (f"{PLAN}versions/", ADDRESS, f"{ADDRESS}changes/", f"{ADDRESS}text/")

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    asked()
    before = asked()
    for number in range(4):
        write(ready_plan, f"State {number}.", officer)
        services.name_snapshot(plan=ready_plan, label=f"State {number}", by=officer)
    assert asked() == before
    assert max(before) <= 22
