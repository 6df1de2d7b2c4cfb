"""The PDF of a plan: what is in it, that everybody can read it, and that it is made from the snapshot alone."""

import io
import re
import subprocess
from dataclasses import replace
from decimal import Decimal

import pikepdf
import pytest
import segno
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from foundation.audit.models import Entry
from foundation.documents import pdf_checks, registry
from foundation.documents.assembly import assembling, production
from foundation.documents.enums import State
from foundation.documents.making import make
from foundation.documents.pdf import faults
from foundation.documents.services import open_document
from strategic_plans import documents, services
from strategic_plans.chapters import chapters_of
from strategic_plans.editions import Paragraph
from strategic_plans.selectors.plans import PLAN_PDF
from strategic_plans.squares import square_of
from tests.documents.pdf_tree import walked
from tests.documents.test_assembly import archive_check
from tests.documents.test_pdf import machine_check

pytestmark = pytest.mark.django_db


@pytest.fixture
def version(ready_plan, chief_officer):
    return services.publish_plan(
        plan=ready_plan, by=chief_officer, approval_reference="Board of 12 March 2026, item 7"
    )


@pytest.fixture(scope="module")
def kept_parts(tmp_path_factory):
    return tmp_path_factory.mktemp("files")


@pytest.fixture(autouse=True)
def files(settings, kept_parts):
    settings.MEDIA_ROOT = kept_parts


def words_in(data: bytes) -> str:
    run = subprocess.run(["pdftotext", "-", "-"], input=data, capture_output=True, check=True)
    return " ".join(run.stdout.decode().split())


def test_a_published_plan_is_printed_whole(version, tmp_path):
    data = documents.build_plan_pdf(version)
    words = words_in(data)
    for wanted in (
        "Angus strategic plan 2026 to 2029",
        "1 April 2026 to 31 March 2029",
        "Version 1, published on",
        "Approved: Board of 12 March 2026, item 7",
        "The plan on a page",
        "Nurses visit the glens twice a week",
        "52,000 people live here",
        "Priority 1: Care at home first",
        "It helps with outcome title 6.",
        "£12,000,000",
        "£61,204,000",
        "£12,000,000",
        "Readmissions within 28 days",
        "98.7",
        "People want one number to ring at night.",
        "Print the night number on every letter",
        "2014 Act s.29(3)",
        "Public Health Scotland, OGL v3.0",
        "http://127.0.0.1:8000/published/angus/2026-29/versions/1/",
        version.sha256,
    ):
        assert wanted in words, wanted
    assert "Draft" not in words
    assert faults(data) == []
    assert machine_check(data, tmp_path) == []
    assert archive_check(data, tmp_path) == []
    assert walked(data).faults == []


def test_contents_name_the_page_on_which_each_part_begins(version):
    data = documents.build_plan_pdf(version)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en-GB"
        titles = [str(item.title) for item in pdf.open_outline().root]
        assert "2. Priorities and outcomes" in titles
        pages = len(pdf.pages)
    pages_of = [
        words_in_page(data, number).startswith("3. How services will be arranged")
        or "3. How services will be arranged" in words_in_page(data, number)[:120]
        for number in range(3, pages + 1)
    ]
    beginning = pages_of.index(True) + 3
    assert f"3. How services will be arranged, page {beginning}" in words_in(data)


def words_in_page(data: bytes, number: int) -> str:
    run = subprocess.run(
        ["pdftotext", "-f", str(number), "-l", str(number), "-", "-"],
        input=data,
        capture_output=True,
        check=True,
    )
    return " ".join(run.stdout.decode().split())


def test_a_draft_says_on_every_page_that_it_is_one(ready_plan, officer, tmp_path):
    snapshot = services.take_snapshot(plan=ready_plan, by=officer)
    data = documents.build_snapshot_pdf(snapshot)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pages = len(pdf.pages)
    assert words_in(data).count("Draft: not approved, may change") == pages
    assert "Nobody has approved this text" in words_in(data)
    assert faults(data) == []
    assert machine_check(data, tmp_path) == []


def test_a_plan_without_anything_is_printed_too(plan, officer, tmp_path):
    snapshot = services.take_snapshot(plan=plan, by=officer)
    data = documents.build_snapshot_pdf(snapshot)
    assert "No priorities are set yet." in words_in(data)
    assert faults(data) == []
    assert machine_check(data, tmp_path) == []


def test_the_same_snapshot_gives_the_same_bytes(version):
    first = documents.build_plan_pdf(version)
    assert documents.build_plan_pdf(version) == first


def test_nothing_but_the_snapshot_is_read(version, budget):
    before = documents.build_plan_pdf(version)
    budget.lines.update(amount=Decimal(1))
    version.plan.sections.update(body="<p>Other words.</p>", title="Other title")
    version.snapshot.refresh_from_db()
    with CaptureQueriesContext(connection) as queries:
        after = documents.build_plan_pdf(version)
    assert len(queries) == 0
    assert after == before


def test_a_change_in_one_chapter_renders_no_other(version, monkeypatch):
    documents.build_plan_pdf(version)
    rendered = []
    render = production.render_chapter
    monkeypatch.setattr(
        production,
        "render_chapter",
        lambda book, one, **more: rendered.append(one.title) or render(book, one, **more),
    )
    edition = version.snapshot.edition
    changed = replace(
        edition,
        sections=tuple(
            replace(
                part,
                paragraphs=(replace(part.paragraphs[0], html="<p>Other words.</p>"), *part.paragraphs[1:]),
            )
            if part.key == "arrangements"
            else part
            for part in edition.sections
        ),
    )
    version.snapshot.content = changed.to_json()
    data = documents.build_plan_pdf(version)
    assert "Other words." in words_in(data)
    assert rendered == ["3. How services will be arranged"]  # what stands before it begins and ends a page


def test_publishing_takes_over_what_was_rendered_of_the_draft(ready_plan, chief_officer, monkeypatch):
    production.render_missing(documents.draft_book(ready_plan), lambda: True)
    rendered = []
    render = production.render_chapter
    monkeypatch.setattr(
        production,
        "render_chapter",
        lambda book, one, **more: rendered.append(one.title) or render(book, one, **more),
    )
    version = services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Item 7")
    documents.build_plan_pdf(version)
    assert sorted(rendered) == ["8. Annex: legal basis, words and formats", "Cover"]  # they name the version


def test_a_long_chapter_begins_on_a_new_page_and_a_short_one_follows_on(version):
    chapter = chapters_of(version.snapshot.edition)[0]
    assert chapter.opens_page is False
    long = Paragraph(anchor="", number="", html=f"<p>{'Words ' * 1000}</p>")
    assert replace(chapter, paragraphs=(long,)).opens_page is True


def test_hostile_text_is_printed_harmlessly(ready_plan, officer, tmp_path):
    ready_plan.sections.filter(key="neighbours").update(
        body='<p>Kept <img src="file:///etc/passwd"><script>alert(1)</script><svg><image href="http://x/"/></svg></p>'
        "<h2>A heading</h2><table><tr><td>Cell</td></tr></table>",
        word_count=3,
    )
    ready_plan.priorities.update(title="<script>alert(2)</script>", rationale="</section></body><h1>Broken")
    snapshot = services.take_snapshot(plan=ready_plan, by=officer)
    data = documents.build_snapshot_pdf(snapshot)
    words = words_in(data)
    assert "Kept" in words
    assert "root:" not in words
    assert "<script>alert(2)</script>" in words
    assert "</section></body><h1>Broken" in words
    assert machine_check(data, tmp_path) == []


def test_each_step_names_the_chapters_that_are_set(version, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    told = []
    documents.build_plan_pdf(version, progress=lambda *note: told.append(note))
    steps = told[0][1]
    assert "Setting “The plan on a page to 1. What people told us”" in {label for _, _, label in told}
    assert told[-1] == (steps, steps, "Putting the chapters together")
    assert [step for step, _, _ in told] == sorted(step for step, _, _ in told)


def test_the_worker_makes_the_file_once_and_each_download_is_recorded(version, chief_officer, auditor):
    document = services.request_version_pdf(version=version, by=chief_officer)
    make(document.pk)
    document.refresh_from_db()
    assert document.state == "ready"
    assert document.size > 10_000
    with open_document(document=document, by=auditor) as file:
        assert file.read(5) == b"%PDF-"
    entry = Entry.objects.get(action="strategic_plans.plan_pdf_downloaded")
    assert (entry.actor_id, entry.tenant) == (auditor.pk, "angus")
    assert entry.after["sha256"] == document.sha256


def test_a_document_whose_text_is_gone_says_so(version, chief_officer):
    document = services.request_version_pdf(version=version, by=chief_officer)
    document.inputs = {"snapshot": 999_999}
    with pytest.raises(registry.DocumentRefused, match="not there any more"):
        documents.document_book(document)


def test_the_kind_leads_back_to_the_plan(version, chief_officer):
    document = services.request_version_pdf(version=version, by=chief_officer)
    kind = registry.get(PLAN_PDF)
    assert kind.origin(document) == ("/angus/plan/2026-29/", "Angus strategic plan 2026 to 2029")
    document.inputs = {}
    assert kind.origin(document) == ("/angus/plan/", "The partnership’s plans")


def test_the_cover_has_a_square_that_leads_to_where_its_code_is_checked(version, tmp_path):
    data = documents.build_plan_pdf(version)
    address = f"http://127.0.0.1:8000/published/verify/{version.sha256[:16]}/"
    (tmp_path / "plan.pdf").write_bytes(data)
    dots = 10
    size = square_of(address).side
    # At so many dots for each module, what a camera sees is compared with what was to be written.
    scale = dots * size / (30 / 25.4)
    run = ["pdftoppm", "-r", f"{scale:.3f}", "-f", "1", "-l", "1", "-gray", str(tmp_path / "plan.pdf")]
    sheet = Image.open(io.BytesIO(subprocess.run(run, capture_output=True, check=True).stdout))
    wanted = [
        [bool(one) for one in row] for row in segno.make_qr(address, error="q", boost_error=False).matrix
    ]
    assert found_on(sheet, wanted, dots)
    assert f"Square code (QR) that leads to {address}" in alternative_texts(data)
    assert faults(data) == []
    assert machine_check(data, tmp_path) == []


def found_on(sheet: Image.Image, wanted: list[list[bool]], dots: int) -> bool:
    """Whether the page shows these dark and light modules, somewhere in its lower left quarter."""
    width, height = sheet.size
    pixels = sheet.load()
    count = len(wanted)

    def is_dark(x: int, y: int, across: int, down: int) -> bool:
        return pixels[x + across * dots + dots // 2, y + down * dots + dots // 2] < 128

    step = dots // 3
    return any(
        all(
            is_dark(x, y, across, down) == wanted[down][across]
            for down in range(count)
            for across in range(count)
        )
        for y in range(height // 2, height - count * dots, step)
        for x in range(0, width // 2, step)
        if is_dark(x, y, 0, 0) and is_dark(x, y, 6, 6)
    )


def alternative_texts(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]


def test_a_draft_has_neither_code_nor_square(ready_plan, officer):
    snapshot = services.take_snapshot(plan=ready_plan, by=officer)
    cover = documents.snapshot_book(snapshot).cover
    assert cover is not None
    assert "<svg" not in cover.html
    assert "Code:" not in cover.html


def test_a_fault_in_the_file_is_told_with_a_link_to_the_paragraph(
    version, chief_officer, sign_in, monkeypatch
):
    document = services.request_version_pdf(version=version, by=chief_officer)
    anchor = next(part.paragraphs[0].anchor for part in version.snapshot.edition.sections if part.paragraphs)
    monkeypatch.setattr(
        assembling,
        "joined_faults",
        lambda *_: [pdf_checks.Fault("An image has no alternative text.", 3, anchor)],
    )
    assert make(document.pk) == State.READY
    html = sign_in(chief_officer).get(document.get_absolute_url()).content.decode()
    assert "An image has no alternative text." in html
    (address,) = re.findall(rf'href="(/published/angus/2026-29/versions/1/[a-z-]+/#{anchor})"', html)
    assert f'id="{anchor}"' in sign_in(chief_officer).get(address).content.decode()


def test_a_file_without_faults_says_that_it_was_looked_through(version, chief_officer, sign_in):
    document = services.request_version_pdf(version=version, by=chief_officer)
    make(document.pk)
    document.refresh_from_db()
    assert document.faults == []
    assert (
        "Looked through by machine"
        in sign_in(chief_officer).get(document.get_absolute_url()).content.decode()
    )
