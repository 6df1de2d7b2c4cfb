"""Bringing in a file through its pages: choose, match, look through, apply; and where a figure came from."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from budgets import services
from budgets.imports import tables
from budgets.models import LineImport
from tests.browser.checks import markup_faults

from .line_files import brought

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance(finance_officer, sign_in):
    return sign_in(finance_officer)


@pytest.fixture
def nursing(line):
    line.code = "N1"
    line.save()
    return line


def at(name: str, *more) -> str:
    return reverse(f"budgets:{name}", args=["angus", 2026, *more])


def upload(client, text: str, name: str = "lines.csv", **more):
    file = SimpleUploadedFile(name, text.encode())
    return client.post(at("new_import"), {"file": file, "layout": "", **more})


def read(client, response):
    """The page of the file once a worker has read it."""
    row = LineImport.objects.latest("brought_at")
    assert response.url == row.get_absolute_url()
    waiting = client.get(response.url)
    assert "Waiting for its turn" in waiting.text and markup_faults(waiting.text) == []
    services.read_import(row.pk)
    return client.get(response.url)


def test_a_file_goes_from_the_form_into_the_budget(finance, nursing):
    page = read(finance, upload(finance, "Code,Budget\nN1,5.50\n"))
    assert markup_faults(page.text) == []
    for words in ("Look through the file", "District nursing", "£1,000", "£5.50", "Apply all of it"):
        assert words in page.text
    row = LineImport.objects.get()
    done = finance.post(row.get_absolute_url(), follow=True)
    assert "One line changed from “lines.csv”." in done.text and row.sha256 in done.text
    line = finance.get(nursing.get_absolute_url())
    assert "From row 2 of" in line.text and "it stands as the file said it" in line.text
    file = finance.get(at("imported_file", row.pk))
    assert b"".join(file.streaming_content) == b"Code,Budget\nN1,5.50\n"
    assert file["Content-Disposition"].startswith("attachment")


def test_problems_stand_on_the_page_and_in_a_file(finance, nursing):
    page = read(finance, upload(finance, "Code,Budget\nN1,lots\n"))
    assert "Problems (1)" in page.text and "Apply all of it" not in page.text
    row = LineImport.objects.get()
    faults = finance.get(at("import_faults", row.pk)).content.decode("utf-8-sig").splitlines()
    assert faults[0] == "Row,Column,Header,Problem" and faults[1].startswith('2,B,Budget,"“lots” is not')
    done = finance.post(row.get_absolute_url(), follow=True)
    assert "has faults" in done.text
    nursing.refresh_from_db()
    assert nursing.amount == 1000


def test_columns_are_matched_once_and_known_the_next_time(finance, nursing):
    page = read(finance, upload(finance, "A title\nWas;Wieviel\nN1;2\n"))
    assert page.status_code == 302
    page = finance.get(page.url)
    assert "What do the columns mean?" in page.text and markup_faults(page.text) == []
    row = LineImport.objects.get()
    answers = {"place": "!2", "unit": "thousands", "sign": "plain", "save_as": "Theirs"}
    shown = finance.post(at("match_columns", row.pk), {**answers, "show": "1"})
    assert "Wieviel" in shown.text and "Column B: 2" in shown.text
    lacking = finance.post(at("match_columns", row.pk), {**answers, "means-1": "amount"})
    assert lacking.status_code == 422 and "Say which column has the code" in lacking.text
    same = finance.post(at("match_columns", row.pk), {**answers, "means-0": "code", "means-1": "code"})
    assert same.status_code == 422 and "means the same" in same.text
    finance.post(at("match_columns", row.pk), {**answers, "means-0": "code", "means-1": "amount"})
    services.read_import(row.pk)
    assert "£2,000" in finance.get(row.get_absolute_url()).text
    again = read(finance, upload(finance, "Wieviel;Was\n3;N1\n"))
    assert "£3,000" in again.text and "Theirs" in again.text


def test_a_saved_layout_is_changed_and_removed(finance, nursing, partnership):
    read(finance, upload(finance, "Was,Wieviel\nN1,2\n"))
    row = LineImport.objects.get()
    answers = {"unit": "pounds", "sign": "plain", "means-0": "code", "means-1": "amount"}
    finance.post(at("match_columns", row.pk), {**answers, "place": "!1", "save_as": "Theirs"})
    layout = partnership.ledger_layouts.get()
    page = finance.get(at("ledger_layout", layout.pk))
    assert markup_faults(page.text) == []
    assert at("remove_layout", layout.pk) in page.text  # and not in the list, where one press would do it
    assert at("remove_layout", layout.pk) not in finance.get(at("new_import")).text
    finance.post(at("ledger_layout", layout.pk), {**answers, "save_as": "Ours", "sign": "minus"})
    layout.refresh_from_db()
    assert (layout.name, layout.sign) == ("Ours", "minus")
    finance.post(at("remove_layout", layout.pk))
    assert not partnership.ledger_layouts.exists()


def test_the_same_file_is_recognised_to_the_letter(finance, nursing, budget, finance_officer):
    text = "Code,Budget\nN1,5\n"
    services.apply_import(line_import=brought(budget, finance_officer, text), by=finance_officer)
    page = read(finance, upload(finance, text, name="another name.csv"))
    assert "This file was applied before" in page.text and "Nothing would change." in page.text
    assert "Apply all of it" not in page.text


def test_too_large_a_file_is_refused_before_anybody_reads_it(finance, nursing, monkeypatch, settings):
    monkeypatch.setattr("budgets.forms.imports.MOST_BYTES", 10)
    refused = upload(finance, "Code,Budget\nN1,5.50\n")
    assert refused.status_code == 422 and "larger than 20 MB" in refused.text
    settings.LARGEST_UPLOAD = 5
    refused = upload(finance, "Code,Budget\nN1,5.50\n")
    assert refused.status_code == 422 and "larger than 20 MB" in refused.text
    assert not LineImport.objects.exists() and tables.MOST_BYTES == 20 * 1024 * 1024


def test_what_harms_is_refused_on_the_page_with_what_to_do(finance, nursing):
    ole = io.BytesIO(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 64)
    finance.post(at("new_import"), {"file": SimpleUploadedFile("old.xls", ole.getvalue()), "layout": ""})
    row = LineImport.objects.latest("brought_at")
    services.read_import(row.pk)
    page = finance.get(row.get_absolute_url())
    assert "Excel before 2007" in page.text and markup_faults(page.text) == []


def test_a_file_is_given_up_and_leaves_nothing(finance, nursing):
    read(finance, upload(finance, "Code,Budget\nN1,5\n"))
    row = LineImport.objects.get()
    finance.post(at("discard_import", row.pk))
    assert not LineImport.objects.exists()
    assert finance.get(row.get_absolute_url()).status_code == 404


def test_an_auditor_follows_a_figure_to_its_file_and_changes_nothing(
    nursing, budget, finance_officer, auditor, sign_in
):
    row = brought(budget, finance_officer, "Code,Budget\nN1,5\n")
    reader = sign_in(auditor)
    assert reader.get(row.get_absolute_url()).status_code == 403
    services.apply_import(line_import=row, by=finance_officer)
    assert reader.get(row.get_absolute_url()).status_code == 200
    assert reader.get(at("imported_file", row.pk)).status_code == 200
    assert reader.post(row.get_absolute_url()).status_code == 403


def test_the_template_and_all_lines_leave_as_workbooks(finance, nursing):
    for name in ("lines_template", "lines_xlsx"):
        response = finance.get(at(name))
        assert response.content.startswith(b"PK") and response["Content-Disposition"].endswith('.xlsx"')
