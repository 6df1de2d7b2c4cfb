"""Whether a plan in somebody's hands is the published one; the data of a version; what changed between versions."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.documents.making import make
from foundation.documents.services import open_document
from strategic_plans import services
from strategic_plans.editions import Edition, Paragraph
from strategic_plans.exports import archive, table_file, tables_of
from strategic_plans.models import PlanVersion
from strategic_plans.verification import NoCode, code_of, read_code
from tests.portfolio import write_everything

pytestmark = pytest.mark.django_db

VERSION = "/published/angus/2026-29/versions/1/"
VERIFY = "/published/verify/"


@pytest.fixture
def version(ready_plan, chief_officer) -> PlanVersion:
    return services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Board, item 7")


@pytest.fixture
def successor(version, ready_plan, chief_officer, indicator, line) -> PlanVersion:
    plan = services.start_plan(
        partnership=ready_plan.partnership,
        title="The plan after it",
        period_start=timezone.localdate() - timedelta(days=1),
        period_end=timezone.localdate() + timedelta(days=1_000),
        by=ready_plan.started_by,
    )
    write_everything(plan, ready_plan.started_by, indicator, line)
    section = plan.sections.get(key="needs")
    services.save_section(
        section=section,
        body="<p>Quite other words.</p>",
        expected_revision=section.revision,
        by=ready_plan.started_by,
    )
    return services.publish_plan(plan=plan, by=chief_officer, approval_reference="Board, item 9")


def page(address, **sent):
    client = Client()
    answer = client.post(address, sent) if sent else client.get(address)
    return answer.status_code, answer.content.decode()


# Codes


def test_a_code_is_the_beginning_of_the_fingerprint_and_is_read_however_it_is_typed(version):
    code = code_of(version.sha256)
    assert len(code) == 19
    for typed in (code, code.lower(), code.replace(" ", ""), code.replace(" ", "-"), f" {code} "):
        assert read_code(typed) == version.sha256[:16]
    assert read_code(version.sha256) == version.sha256


@pytest.mark.parametrize("typed", ["1234", "zzzz zzzz zzzz zzzz", "3F2A 91BC 77D0 12A", "' or 1=1 --"])
def test_what_is_no_code_is_said(version, typed):
    with pytest.raises(NoCode):
        read_code(typed)
    status, html = page(VERIFY, code=typed)
    assert status == 422
    assert "Enter the code as it is printed" in html


def test_a_code_says_which_version_it_is(version):
    status, html = page(VERIFY, code=code_of(version.sha256))
    assert status == 200
    assert "Yes: this is the plan as it stands" in html
    assert "Board, item 7" in html
    assert "A code does not show whether the pages beside it were changed" in html


def test_the_address_beside_the_code_says_the_same(version):
    status, html = page(f"{VERIFY}{version.sha256[:16]}/")
    assert status == 200
    assert "Yes: this is the plan as it stands" in html
    assert page(f"{VERIFY}{'0' * 16}/")[0] == 404
    assert page(f"{VERIFY}nonsense/")[0] == 404


def test_an_unknown_code_is_said_to_be_unknown(version):
    status, html = page(VERIFY, code="0000 0000 0000 0000")
    assert status == 200
    assert "No published version has this code" in html


def test_a_superseded_plan_says_what_took_its_place(version, successor):
    status, html = page(VERIFY, code=code_of(version.sha256))
    assert status == 200
    assert "It was published, but something newer is" in html
    assert "The plan after it" in html


# Files


def test_the_pdf_is_recognised_byte_for_byte(version, chief_officer):
    document = services.request_version_pdf(version=version, by=chief_officer)
    make(document.pk)
    document.refresh_from_db()
    content = open_document(document=document, by=chief_officer).read()
    status, html = page(VERIFY, file=SimpleUploadedFile("plan.pdf", content))
    assert status == 200
    assert "byte for byte the one that the portal issued" in html
    assert document.label in html
    changed = content.replace(b"%%EOF", b"%%EOE")
    assert (
        "The portal does not know this file" in page(VERIFY, file=SimpleUploadedFile("plan.pdf", changed))[1]
    )


def test_a_draft_is_not_a_published_plan(ready_plan, officer):
    document = services.request_plan_pdf(plan=ready_plan, by=officer)
    make(document.pk)
    document.refresh_from_db()
    content = open_document(document=document, by=officer).read()
    assert "The portal does not know this file" in page(VERIFY, file=SimpleUploadedFile("x.pdf", content))[1]


def test_the_data_file_is_recognised_too(version):
    content = Client().get(f"{VERSION}data.json").content
    assert "byte for byte" in page(VERIFY, file=SimpleUploadedFile("plan.json", content))[1]


def test_neither_code_nor_file_is_said(version):
    status, html = page(VERIFY, code="")
    assert status == 422
    assert "Enter the code, or choose the file" in html


# Data


def test_the_data_are_the_bytes_of_the_fingerprint(version):
    answer = Client().get(f"{VERSION}data.json")
    assert hashlib.sha256(answer.content).hexdigest() == version.sha256
    assert Edition.from_json(json.loads(answer.content)) == version.snapshot.edition
    assert Client().get(f"{VERSION}data.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_every_table_is_a_file_and_all_are_in_the_archive(version):
    client = Client()
    html = client.get(f"{VERSION}tables/").content.decode()
    answer = client.get(f"{VERSION}tables.zip")
    assert answer.content == archive(version.snapshot.edition)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
        names = files.namelist()
        for table in tables_of(version.snapshot.edition):
            assert f"{table.name}.csv" in names
            assert f"{table.name}.csv" in html
            assert files.read(f"{table.name}.csv") == client.get(f"{VERSION}tables/{table.name}.csv").content
        listed = rows_of(files.read("contents.csv"))
    assert [row["file"] for row in listed] == names[1:]
    assert client.get(f"{VERSION}tables/secrets.csv").status_code == 404


def test_the_money_in_the_files_is_that_of_the_plan(version):
    edition = version.snapshot.edition
    files = {table.name: rows_of(table_file(table)) for table in tables_of(edition)}
    budget = edition.budgets[0]
    lines = [row for row in files["budget-lines"] if row["year"] == budget.year]
    assert [row["amount"] for row in lines] == [format(line.amount, "f") for line in budget.lines]
    assert {row["set_aside"] for row in lines} <= {"yes", "no"}
    assert files["funding"][0]["amount"] == format(edition.priorities[0].funding[0].amount, "f")
    assert {row["area"] for row in files["indicators"]} == {edition.partnership.short_name, "Scotland"}


def test_tables_in_the_text_are_files_with_merged_cells_repeated(version):
    edition = version.snapshot.edition
    table = (
        '<table><caption>Who does what</caption><thead><tr><th scope="col">Who</th><th scope="col" colspan="2">'
        'What</th></tr></thead><tbody><tr><td rowspan="2">We</td><td>=1+1</td><td>b</td></tr><tr><td>c</td><td>d</td>'
        "</tr></tbody></table>"
    )
    first = replace(edition.sections[0], paragraphs=(Paragraph(anchor="", number="", html=table),))
    tables = tables_of(replace(edition, sections=(first,)))
    (found,) = [each for each in tables if each.name == f"section-{first.number}-table-1"]
    assert (found.title, found.header) == ("Who does what", ("Who", "What", "What"))
    assert found.rows == (("We", "=1+1", "b"), ("We", "c", "d"))
    assert "'=1+1" in table_file(found).decode("utf-8-sig")


# Comparison


def test_what_changed_since_the_plan_before_is_public(version, successor):
    status, html = page(f"/published/angus/{successor.plan.slug}/versions/1/changes/")
    assert status == 200
    assert "Quite other words." in html.replace("</span>", "").replace("<ins>", "")
    assert "[added:" in html


def test_a_first_version_has_nothing_to_be_compared_with(version):
    status, html = page(f"{VERSION}changes/")
    assert status == 200
    assert "Nothing was published before this version" in html


@pytest.mark.parametrize(
    "address", ["data.json", "tables.zip", "tables/", "tables/priorities.csv", "changes/"]
)
def test_nothing_of_a_draft_is_public(ready_plan, address):
    assert page(f"{VERSION}{address}")[0] == 404


@pytest.mark.parametrize(
    "address", ["data.json", "tables.zip", "tables/", "tables/priorities.csv", "changes/"]
)
def test_public_pages_ask_the_database_little(version, address):
    with CaptureQueriesContext(connection) as queries:
        Client().get(f"{VERSION}{address}")
    assert len(queries) <= 5
