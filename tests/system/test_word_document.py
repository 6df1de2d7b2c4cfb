"""A Word document becomes sections of a draft: chosen, read by a worker, looked through, applied and read there."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_page
from tests.runtime.running import System
from tests.strategic_plans.word_files import (
    FOOTNOTES,
    FOOTNOTES_TYPE,
    heading,
    noted,
    paragraph,
    picture,
    table,
    with_part,
    word_file,
)

from .conftest import Somebody

OFFICER = "officer@demo.example"
NOT_ACCEPTED = ("422",)


@pytest.fixture(scope="module")
def officer(somebody: Somebody) -> Page:
    return somebody(OFFICER)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """What a housing officer might send: a title, two chapters, lists, a table, a note and two pictures."""
    file = word_file(
        paragraph("Housing and care, draft 4", "Title"),
        heading("1. Market shaping"),
        noted("Homes come first", ", as the census shows."),
        paragraph("Lifts are mended", "List Bullet"),
        paragraph("Ramps are built", "List Bullet"),
        heading("What it costs", 2),
        paragraph("Table 1: What it costs", "Caption"),
        table(("Service", "Sum"), ("Adaptations", "£1,204,000"), ("Care and repair", "£310,000")),
        heading("Homes by the sea"),
        paragraph("Salt eats the lifts of the houses by the sea, so they are looked after twice a year."),
        picture("Four houses by the sea, each with a ramp"),
        picture(None, "teal"),
    )
    path = tmp_path / "Housing and care.docx"
    path.write_bytes(with_part(file, "footnotes", FOOTNOTES, FOOTNOTES_TYPE).getvalue())
    return path


def choose(page: Page, draft: str, document: Path) -> None:
    page.goto(f"{draft}sections/")
    page.get_by_role("link", name="Bring in a Word document").click()
    page.get_by_label("Word document").set_input_files(document)
    page.get_by_role("button", name="Read the document").click()


def expect_heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def check_at_both_widths(page: Page, *, expected: tuple[str, ...] = ()) -> None:
    check_page(page, expected_reports=expected)
    check_page(page, width=320, expected_reports=expected)


def test_from_word_into_the_plan(officer: Page, own_draft: str, document: Path, system: System) -> None:
    page = officer
    page.goto(f"{own_draft}import/")
    check_at_both_widths(page)
    choose(page, own_draft, document)
    expect_heading(page, "Look through the document")
    expect(page.get_by_role("main")).to_contain_text("not a part of its text: “Housing and care, draft 4”")
    check_at_both_widths(page)

    page.get_by_role("link", name=re.compile("^Read it.*Homes by the sea")).click()
    expect(page.get_by_role("img", name="Four houses by the sea")).to_be_visible()
    check_at_both_widths(page)
    page.get_by_role("link", name="Back to where it goes").click()

    page.get_by_label("Where “1. Market shaping” goes").select_option(label="A new section")
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_role("alert").or_(page.locator(".ds_error-summary")).first).to_contain_text(
        "Say what picture 2 shows"
    )
    check_at_both_widths(page, expected=NOT_ACCEPTED)
    page.get_by_label("What picture 2 shows").fill("The harbour at high tide")
    page.get_by_role("button", name="Bring it in").click()
    expect_heading(page, "The document is in the plan")
    check_at_both_widths(page, expected=NOT_ACCEPTED)

    page.get_by_role("link", name="Market shaping").first.click()
    editor = page.locator(".ProseMirror")
    expect(editor).to_contain_text("Lifts are mended")
    expect(editor.locator("table")).to_contain_text("£1,204,000")
    rows = system.query(
        "select s.title, r.number, r.reason, r.body from strategic_plans_sectionrevision r "
        "join strategic_plans_section s on s.id = r.section_id join strategic_plans_plan p on p.id = s.plan_id "
        "where p.slug = 'a-draft-to-practise-word-document' and r.reason like 'Brought in%%' order by s.position"
    )
    assert [(title, number, reason) for title, number, reason, _ in rows] == [
        ("Market shaping", 1, "Brought in from Housing and care.docx"),
        ("Homes by the sea", 1, "Brought in from Housing and care.docx"),
    ]
    assert "<small>Census 2022, <em>table 4</em></small>" in rows[0][3]
    assert 'alt="The harbour at high tide"' in rows[1][3]


def test_the_same_document_again_and_without_a_script(
    somebody: Somebody, officer: Page, own_draft: str, document: Path
) -> None:
    page = somebody(OFFICER, script=False)
    choose(page, own_draft, document)
    for _ in range(40):
        if page.get_by_role("heading", level=1).inner_text() != "Reading the document":
            break
        page.wait_for_timeout(500)
        page.get_by_role("link", name="Look again now").click()
    expect_heading(page, "Look through the document")
    page.get_by_role("button", name="Keep nothing of this document").click()
    expect(page.get_by_role("main")).to_contain_text("Nothing of “Housing and care.docx” is kept.")


def test_what_cannot_be_brought_in_is_said(officer: Page, own_draft: str, tmp_path: Path) -> None:
    spreadsheet = tmp_path / "old.docx"
    spreadsheet.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600 + "WordDocument".encode("utf-16-le")
    )
    choose(officer, own_draft, spreadsheet)
    expect_heading(officer, "The document was not brought in")
    expect(officer.get_by_role("main")).to_contain_text("format of Word before 2007")
    check_at_both_widths(officer, expected=NOT_ACCEPTED)


def test_a_document_that_no_worker_takes_waits_for_one(
    officer: Page, own_draft: str, document: Path, system: System
) -> None:
    system.worker.kill()
    try:
        choose(officer, own_draft, document)
        expect_heading(officer, "Reading the document")
        expect(officer.get_by_role("status").filter(has_text="Waiting for its turn")).to_be_visible()
        check_at_both_widths(officer, expected=NOT_ACCEPTED)
    finally:
        system.worker.start()
    expect(officer.get_by_role("heading", level=1)).to_have_text("Look through the document", timeout=90_000)
