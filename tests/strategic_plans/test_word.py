"""The Word file of a plan: it says what the PDF says, and everybody may have that of a published version."""

import io
import zipfile

import docx
import pytest
from django.test import Client

from foundation.audit.models import Entry
from foundation.documents import registry
from foundation.documents.making import make
from foundation.documents.models import Document
from foundation.documents.services import open_document
from outcomes.models import DataRelease, IndicatorValue
from strategic_plans import documents, services
from strategic_plans.models import PlanVersion
from strategic_plans.selectors.plans import PLAN_WORD
from strategic_plans.verification import code_of

pytestmark = pytest.mark.django_db

VERSION = "/published/angus/2026-29/versions/1/"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def version(ready_plan, chief_officer) -> PlanVersion:
    return services.publish_plan(
        plan=ready_plan, by=chief_officer, approval_reference="Board of 12 March 2026, item 7"
    )


def made(document: Document):
    make(document.pk)
    document.refresh_from_db()
    assert document.is_ready, document.error
    with open_document(document=document, by=None) as file:
        return docx.Document(io.BytesIO(file.read()))


def words_of(word) -> str:
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in word.paragraphs), *cells])


def test_a_published_plan_is_in_word_what_it_is_on_paper(version, chief_officer):
    word = made(services.request_version_word(version=version, by=chief_officer))
    words = words_of(word)
    for wanted in (
        "Angus strategic plan 2026 to 2029",
        "1 April 2026 to 31 March 2029",
        "Version 1, published on",
        "Approved: Board of 12 March 2026, item 7",
        "The plan on a page",
        "Nurses visit the glens twice a week",
        "52,000 people live here",
        "It helps with outcome title 6.",
        "1.1 Train carers",
        "£12,000,000",
        "£61,204,000",
        "Readmissions within 28 days",
        "98.7",
        "People want one number to ring at night.",
        "Print the night number on every letter",
        "2014 Act s.29(3)",
        "Public Health Scotland, OGL v3.0",
        "Open Government Licence",
        "http://127.0.0.1:8000/published/angus/2026-29/versions/1/",
        code_of(version.sha256),
        version.sha256,
    ):
        assert wanted in words, wanted
    assert "Draft" not in words
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert ("Heading 1", "2. Priorities and outcomes") in headings
    assert ("Heading 2", "Priority 1: Care at home first") in headings
    assert ("Heading 2", "4A. North Angus") in headings
    numbered = [p.text for p in word.paragraphs if p.style.name == "Numbered Paragraph"]
    assert "4A.1\tNurses visit the glens twice a week, and Forfar has a night team." in numbered
    captions = [p.text for p in word.paragraphs if p.style.name.lower() == "caption"]
    assert "Who contributes what, 2026/27" in captions
    assert "Readmissions within 28 days, Angus and Scotland" in captions
    assert "outlines" not in words
    square, *charts = [shape._inline.docPr for shape in word.inline_shapes]
    assert any(
        one.get("descr").startswith("Readmissions within 28 days, Angus and Scotland.") for one in charts
    )
    assert square.get("descr").endswith(f"/published/verify/{version.sha256[:16]}/")
    assert word.core_properties.title == "Angus strategic plan 2026 to 2029: Angus Integration Joint Board"


def test_a_draft_says_that_it_is_one_on_every_page(ready_plan, officer):
    word = made(services.request_plan_word(plan=ready_plan, by=officer))
    section = word.sections[0]
    assert "Draft: not approved, may change" in section.footer.paragraphs[0].text
    assert "Draft: not approved, may change" in section.first_page_footer.paragraphs[0].text
    assert "Nobody has approved this text" in words_of(word)


def test_one_file_for_one_content(ready_plan, officer):
    first = services.request_plan_word(plan=ready_plan, by=officer)
    assert services.request_plan_word(plan=ready_plan, by=officer) == first
    section = ready_plan.sections.get(key="needs")
    services.save_section(
        section=section, body="<p>More.</p>", expected_revision=section.revision, by=officer
    )
    assert services.request_plan_word(plan=ready_plan, by=officer) != first


def test_the_public_takes_the_file_of_a_version_and_checks_it(version, chief_officer, django_user_model):
    assert Client().get(f"{VERSION}word/").status_code == 404
    document = services.request_version_word(version=version, by=chief_officer)
    made(document)
    answer = Client().get(f"{VERSION}word/")
    data = b"".join(answer.streaming_content)
    assert answer["Content-Type"] == registry.get(PLAN_WORD).content_type
    assert "angus-strategic-plan-2026-to-2029-version-1-word-angus.docx" in answer["Content-Disposition"]
    assert Client().get(f"{VERSION}word/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert "Word," in Client().get(VERSION).content.decode()
    checked = Client().post("/published/verify/", {"file": io.BytesIO(data)})
    assert "byte for byte" in checked.content.decode()
    assert not Entry.objects.filter(action="strategic_plans.plan_word_downloaded").exists()


def test_a_drafts_file_is_for_those_who_read_the_plan(ready_plan, officer, outsider, sign_in):
    document = services.request_plan_word(plan=ready_plan, by=officer)
    made(document)
    address = f"/documents/{document.pk}/download/"
    assert sign_in(outsider).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert sign_in(officer).get(address).status_code == 200
    assert Entry.objects.filter(action="strategic_plans.plan_word_downloaded").exists()


def test_the_buttons_ask_for_it_and_show_it(version, chief_officer, officer, sign_in):
    client = sign_in(officer)
    page = "/angus/plan/2026-29/versions/1/"
    assert "Make the Word file" in client.get(page).content.decode()
    answer = client.post(f"{page}word/")
    document = Document.objects.get(kind=PLAN_WORD)
    assert answer.url == f"/documents/{document.pk}/"
    made(document)
    assert "Download the Word file" in client.get(page).content.decode()


def test_a_draft_is_asked_for_from_its_workspace(ready_plan, officer, auditor, sign_in):
    page = sign_in(officer).get("/angus/plan/2026-29/").content.decode()
    assert 'formaction="/angus/plan/2026-29/word/"' in page
    assert sign_in(officer).post("/angus/plan/2026-29/word/").status_code == 302
    assert sign_in(auditor).post("/angus/plan/2026-29/word/").status_code == 403


def test_its_charts_are_words_own_with_the_frozen_figures(version, chief_officer):
    """A figure that changes after publication changes no published file, in Word neither."""
    document = services.request_version_word(version=version, by=chief_officer)
    make(document.pk)
    document.refresh_from_db()
    with document.file.open() as file, zipfile.ZipFile(file) as parts:
        charts = [name for name in parts.namelist() if name.startswith("word/charts/chart")]
        drawn = [parts.read(name).decode() for name in charts]
        text = parts.read("word/document.xml").decode()
    book = documents.snapshot_book(version.snapshot)
    assert len(charts) == sum(chapter.html.count("portal-chart__drawing") for chapter in book.chapters) >= 2
    assert any("<c:lineChart>" in one and ">98.7<" in one for one in drawn)
    assert any("<c:barChart>" in one for one in drawn)
    assert text.count("<c:chart ") == len(charts)
    with document.file.open() as file:
        before = file.read()
    release = DataRelease.objects.create(name="Core suite, October 2026", attribution="OGL")
    for newer in IndicatorValue.objects.all():
        newer.pk, newer.release, newer.value = None, release, 1
        newer.save()
    assert documents.build_word(document, lambda *_: None) == before
