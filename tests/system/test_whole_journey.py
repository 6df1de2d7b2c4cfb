"""One plan from draft to an auditor's hands, played in a browser on the running system.

Web, worker, beat, database and broker are processes of their own; the worker is killed while it makes the PDF.
"""

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest
from playwright.sync_api import Browser, Page, expect

from foundation.documents.pdf import faults
from tests.documents.test_pdf import machine_check
from tests.runtime.running import System, wait_for

PLAN = "/edinburgh/plan/2027-30/"
WRITTEN_BY_THE_OFFICER = "A link worker will sit in every surgery of the city by the summer of 2028."
WRITTEN_BY_THE_LEAD = "In Leith the evening clinic moves to the library, beside the food bank."
HEARD = "The last bus leaves before the clinic closes, so people give their appointments up."
PROMISED = "Ask the bus company for a later service on Thursdays"
ALLOCATED, ALLOCATED_IN_WORDS = "16204017", "£16,204,017"
INDICATOR = "NI-17"

WRITES_OF_OTHERS = [
    ("/edinburgh/plan/new/", {"title": "An auditor's plan", "reason": "review"}),
    (f"{PLAN}sections/foreword/", {"body": "<p>Changed</p>", "revision": "2"}),
    (f"{PLAN}localities/edinburgh-north-east/", {"body": "<p>Changed</p>", "revision": "1"}),
    (f"{PLAN}priorities/new/", {"title": "Mine", "revision": "0"}),
    (f"{PLAN}publish/", {"approval_reference": "None"}),
    (f"{PLAN}pdf/", {}),
    ("/edinburgh/money/2027/allocate/", {}),
    ("/edinburgh/money/2027/agree/", {}),
    ("/edinburgh/engagement/log/", {"place": "Nowhere", "heard": "Nothing"}),
    ("/edinburgh/localities/edinburgh-north-east/change/", {"profile": "Changed", "revision": "1"}),
    ("/edinburgh/localities/leads/", {}),
    ("/edinburgh/scheme/change/", {"version": "2"}),
    ("/edinburgh/administer/invite/", {"email": "friend@example.scot", "role": "administrator"}),
    ("/edinburgh/administer/support/", {"hours": "8"}),
]


@pytest.fixture(scope="module")
def journey_pdf(system: System, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The PDF that the auditor took away at the end of the journey."""

    def somebody(email: str, *, width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=system.url,
            viewport={"width": width, "height": 900},
            locale="en-GB",
            timezone_id="Europe/London",
        )
        page = context.new_page()
        system.sign_in(page, email)
        return page

    officer = somebody("officer@demo.example")
    officer_writes(officer)
    officer_ties_an_indicator_to_a_priority(officer)
    lead = somebody("lead@demo.example", width=390)
    lead_writes_the_arrangements(lead)
    lead_logs_what_was_heard(lead)
    finance_allocates(somebody("finance@demo.example"))
    chief_publishes(somebody("chief@demo.example"))
    the_worker_dies_and_the_pdf_comes_out_once(system)
    auditor = somebody("auditor@demo.example")
    data = auditor_downloads(auditor, tmp_path_factory.mktemp("download"))
    every_write_of_the_auditor_is_refused(auditor)
    the_download_is_recorded(auditor)
    return data


def officer_writes(page: Page) -> None:
    page.goto(f"{PLAN}sections/foreword/")
    append_to_editor(page, WRITTEN_BY_THE_OFFICER)
    page.get_by_label("What did you change, and why?").fill("Link workers, as the planning group asked")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#save-state")).to_contain_text("Revision 2")


def append_to_editor(page: Page, sentence: str) -> None:
    editor = page.locator(".ProseMirror")
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.insert_text(sentence)
    expect(editor).to_contain_text(sentence)


def officer_ties_an_indicator_to_a_priority(page: Page) -> None:
    page.goto(f"{PLAN}priorities/")
    page.get_by_role("link", name="Prevention and early intervention").first.click()
    page.get_by_role("link", name="Change the priority").click()
    page.get_by_role("checkbox", name=INDICATOR).check()
    page.get_by_role("button", name="Save the priority").click()
    expect(page.get_by_role("main")).to_contain_text(INDICATOR)
    expect(page.get_by_role("link", name="Change the priority")).to_be_visible()


def lead_writes_the_arrangements(page: Page) -> None:
    page.goto(f"{PLAN}localities/edinburgh-north-east/")
    append_to_editor(page, WRITTEN_BY_THE_LEAD)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#save-state")).to_contain_text("Revision 1")


def lead_logs_what_was_heard(page: Page) -> None:
    page.goto("/edinburgh/engagement/log/")
    page.get_by_label("Place").fill("Leith library")
    page.get_by_role("checkbox", name="Carers").first.check()
    page.get_by_label("What we heard").fill(HEARD)
    page.get_by_role("radio", name="Yes").check()
    page.get_by_label("What was promised").fill(PROMISED)
    page.get_by_label("By when").fill("31/03/2027")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("main")).to_contain_text(HEARD)


def finance_allocates(page: Page) -> None:
    page.goto("/edinburgh/money/2027/allocate/")
    cell = page.get_by_label("Day services", exact=False).and_(page.locator("[data-column=amount]"))
    before = page.locator("[data-total=amount]").inner_text()
    cell.fill(ALLOCATED)
    expect(page.locator("[data-total=amount]")).not_to_have_text(before)
    page.get_by_role("button", name="Save all lines").click()
    expect(page.get_by_role("main")).to_contain_text("One line saved")


def chief_publishes(page: Page) -> None:
    page.goto(f"{PLAN}check/")
    expect(page.get_by_role("main")).not_to_contain_text("something that the law asks for is missing")
    page.goto(f"{PLAN}publish/")
    page.locator("[name=approval_reference]").fill("Board meeting of 19 November 2026, minute 4")
    page.get_by_role("button", name="Publish now, for everybody").click()
    expect(page.get_by_role("main")).to_contain_text("Published")


NEWEST = """
    select state, attempts, file, sha256 from documents_document
     where tenant = 'edinburgh' and kind = 'strategic_plans.plan_pdf' order by requested_at desc limit 1
"""


def the_worker_dies_and_the_pdf_comes_out_once(system: System) -> None:
    wait_for(lambda: system.query(NEWEST)[0][0] == "running", "the worker makes the PDF", seconds=120)
    system.worker.kill()
    system.worker.restart()
    wait_for(lambda: system.query(NEWEST)[0][0] == "ready", "the PDF is there all the same", seconds=120)
    ((_, attempts, file, sha256),) = system.query(NEWEST)
    assert attempts == 2
    ((same,),) = system.query("select count(*) from documents_document where sha256 = %s", sha256)
    assert same == 1
    stored = list((Path(system.environment["PORTAL_VAR"]) / "files").rglob(f"{sha256}*"))
    assert [path.name for path in stored] == [Path(file).name]


def auditor_downloads(page: Page, folder: Path) -> bytes:
    page.goto(f"{PLAN}versions/1/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the PDF").click()
    target = folder / "plan.pdf"
    download.value.save_as(target)
    return target.read_bytes()


def every_write_of_the_auditor_is_refused(page: Page) -> None:
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    for address, values in WRITES_OF_OTHERS:
        answer = page.request.post(
            address,
            form={**values, "csrfmiddlewaretoken": token},
            headers={"Referer": page.url},
            max_redirects=0,
        )
        assert answer.status == 403, f"POST {address} answers the auditor with {answer.status}"
        assert "needs the" in answer.text() or "Only the locality lead" in answer.text(), address


def the_download_is_recorded(page: Page) -> None:
    page.goto("/edinburgh/audit/?action=strategic_plans.plan_pdf_downloaded")
    expect(page.get_by_role("main")).to_contain_text("Alasdair Demo")


@pytest.fixture(scope="module")
def journey_text(journey_pdf: bytes) -> str:
    done = subprocess.run(["pdftotext", "-", "-"], input=journey_pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


@pytest.mark.parametrize(
    "entered",
    [WRITTEN_BY_THE_OFFICER, WRITTEN_BY_THE_LEAD, HEARD, PROMISED, ALLOCATED_IN_WORDS, INDICATOR],
)
def test_what_was_entered_is_in_the_pdf(journey_text: str, entered: str) -> None:
    assert entered in journey_text


def test_the_pdf_is_tagged_and_passes_the_machine_check(journey_pdf: bytes, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(journey_pdf)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en-GB"
        assert len(pdf.pages) >= 20
    assert faults(journey_pdf) == []
    assert machine_check(journey_pdf, tmp_path) == []
