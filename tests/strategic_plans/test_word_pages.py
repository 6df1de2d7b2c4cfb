"""The pages on which a Word document is brought in: what they show, refuse and keep."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.richtext.placed import paragraph as placed
from foundation.undescribed import NOT_DESCRIBED
from partnerships.enums import Role
from strategic_plans import services, tasks
from strategic_plans.enums import ImportState
from strategic_plans.imports.proposals import LEAVE, NEW
from strategic_plans.models import WordImport
from tests.browser.checks import markup_faults

from .word_files import heading, paragraph, picture, table, word_file

pytestmark = pytest.mark.django_db

HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def files(settings, tmp_path, monkeypatch):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(tasks.read_import, "apply_async", lambda *_args, **_named: None)
    monkeypatch.setattr(tasks.render_ahead, "apply_async", lambda *_args, **_named: None)
    return lambda: [path for path in tmp_path.rglob("*") if path.is_file()]


def of(plan, name, *arguments):
    return reverse(f"strategic_plans:{name}", args=["angus", plan.slug, *arguments])


def text_of(response):
    return response.content.decode()


def upload(file, name="Our plan.docx"):
    data = file.getvalue() if isinstance(file, io.BytesIO) else file
    return {"file": SimpleUploadedFile(name, data)}


@pytest.fixture
def client(officer, sign_in):
    return sign_in(officer)


@pytest.fixture
def brought(client, plan):
    """Sends a file and has it read; returns the import."""

    def bring(file, name="Our plan.docx") -> WordImport:
        assert client.post(of(plan, "new_import"), upload(file, name)).status_code == 302
        row = WordImport.objects.exclude(state=ImportState.APPLIED).get()
        services.read_import(row.pk)
        row.refresh_from_db()
        return row

    return bring


@pytest.fixture
def two_parts():
    return word_file(
        heading("Foreword"), paragraph("By the chair."), heading("Digital"), paragraph("Reach us.")
    )


def filled(client, row, **changes):
    """What the preview's form would send as it stands, with some answers changed."""
    form = client.get(row.get_absolute_url()).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in (values | changes).items() if value not in {None, False}}


def test_the_way_in_stands_with_the_sections(client, plan):
    page = text_of(client.get(of(plan, "sections")))
    assert of(plan, "new_import") in page


def test_a_document_is_chosen_read_looked_through_and_applied(
    client, plan, two_parts, django_capture_on_commit_callbacks, files
):
    with django_capture_on_commit_callbacks(execute=True):
        sent = client.post(of(plan, "new_import"), upload(two_parts))
    row = WordImport.objects.get()
    assert sent.url == row.get_absolute_url()
    waiting = text_of(client.get(row.get_absolute_url()))
    assert "Waiting for its turn" in waiting and of(plan, "word_import_progress", row.pk) in waiting
    with django_capture_on_commit_callbacks(execute=True):
        tasks.read_import(str(row.pk))
    preview = text_of(client.get(row.get_absolute_url()))
    assert "The file has four paragraphs with words. Four paragraphs are in the two parts below." in preview
    assert markup_faults(preview) == []
    answer = client.post(row.get_absolute_url(), filled(client, row))
    assert answer.url == row.get_absolute_url()
    done = text_of(client.get(answer.url))
    assert "The document is in the plan" in done and "Two sections brought in" in done
    assert "Three words, the first text of this section" in done and "Two words, a new section" in done
    assert plan.sections.get(key="foreword").body == "<p>By the chair.</p>"
    assert plan.sections.get(key="digital-2").body == "<p>Reach us.</p>"
    assert files() == []


def test_progress_is_told_until_it_is_over(client, plan, two_parts):
    client.post(of(plan, "new_import"), upload(two_parts))
    row = WordImport.objects.get()
    url = of(plan, "word_import_progress", row.pk)
    told = text_of(client.get(url, **HX))
    assert ">Waiting for its turn</p>" in told and markup_faults(told) == []
    assert client.get(url, {"step": "Waiting for its turn"}, **HX).status_code == 204, "told once"
    WordImport.objects.update(step="Reading the text")
    assert ">Reading the text</p>" in text_of(client.get(url, {"step": "Waiting for its turn"}, **HX))
    assert client.get(url).url == row.get_absolute_url(), "without a script it is an ordinary page"
    services.read_import(row.pk)
    assert client.get(url, **HX)["HX-Redirect"] == row.get_absolute_url()


# Refusals


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 something", "This is not a Word document, whatever its name says"),
    ],
)
def test_what_is_plainly_no_word_document_is_refused_at_once(client, plan, data, words, files):
    response = client.post(of(plan, "new_import"), upload(data))
    assert response.status_code == 422 and words in text_of(response)
    assert not WordImport.objects.exists() and files() == []


def test_no_file_is_asked_for(client, plan):
    assert "Choose the Word document" in text_of(client.post(of(plan, "new_import"), {}))


def test_a_file_over_the_limit_is_thrown_away_while_it_arrives(client, plan, settings, files):
    settings.LARGEST_UPLOAD = 100_000
    response = client.post(of(plan, "new_import"), upload(b"PK\x03\x04" + b"x" * 200_000))
    assert response.status_code == 422
    assert "This file is larger than 50 MB" in text_of(response)
    assert not WordImport.objects.exists() and files() == []


def test_what_is_found_out_while_reading_is_said_on_the_page(client, plan, brought):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("hello.txt", "Not Word")
    row = brought(archive, "holiday.docx")
    page = text_of(client.get(row.get_absolute_url()))
    assert "The document was not brought in" in page and "zip archive and not a Word document" in page
    assert "could not be brought in" in text_of(client.get(of(plan, "new_import")))


def test_only_those_who_edit_the_plan_bring_documents_in(plan, cast, sign_in):
    for role in (Role.FINANCE_OFFICER, Role.LOCALITY_LEAD, Role.CLERK, Role.AUDITOR):
        assert sign_in(cast[role]).get(of(plan, "new_import")).status_code == 403


def test_a_published_plan_takes_none(client, plan):
    type(plan).objects.filter(pk=plan.pk).update(state="published")
    response = client.post(of(plan, "new_import"), upload(b"PK\x03\x04"))
    assert response.status_code == 403 and "its text is frozen" in text_of(response)


def test_a_plan_that_is_published_at_that_moment_is_not_changed(
    client, brought, two_parts, plan, monkeypatch
):
    row = brought(two_parts)
    sent = filled(client, row)

    def published(plan):
        raise services.PlanFrozen(f"“{plan}” was published in the meantime.")

    monkeypatch.setattr("strategic_plans.services.imports.lock_draft", published)
    assert "was published in the meantime" in text_of(client.post(row.get_absolute_url(), sent, follow=True))
    two_parts.seek(0)
    again = client.post(of(plan, "new_import"), upload(two_parts), follow=True)
    assert "was published in the meantime" in text_of(again)
    assert WordImport.objects.get() == row and plan.sections.get(key="foreword").body == ""


def test_nobody_else_sees_what_somebody_brought(brought, two_parts, plan, cast, sign_in):
    row = brought(two_parts)
    chief = sign_in(cast[Role.CHIEF_OFFICER])
    assert chief.get(row.get_absolute_url()).status_code == 404
    assert chief.get(of(plan, "word_import_part", row.pk, 1)).status_code == 404
    assert chief.post(of(plan, "discard_import", row.pk)).status_code == 404


# Looking through


def test_the_preview_proposes_and_says_what_is_lost(client, brought, plan, officer):
    services.save_section(
        section=plan.sections.get(key="foreword"),
        body="<p>Three words stand.</p>",
        expected_revision=0,
        by=officer,
    )
    file = word_file(
        paragraph("Angus plan", "Title"),
        heading("1. Foreword"),
        table(("A", "B"), ("1", "2")),
        heading("Other"),
        paragraph("B."),
    )
    row = brought(file)
    page = client.get(row.get_absolute_url())
    rows = list(page.context["form"].parts())
    assert [item.goes.value() for item in rows] == [str(plan.sections.get(key="foreword").pk), NEW]
    assert rows[0].heading.value() == "Foreword"
    text = text_of(page)
    assert "“Foreword”, replacing three words" in text
    assert "The title of the document is not a part of its text: “Angus plan”." in text
    assert "One table had no header row" in text


def test_a_part_can_be_read_with_its_pictures_before_it_is_applied(client, brought, plan):
    row = brought(
        word_file(heading("Foreword"), paragraph("By the chair."), picture("A house"), picture(None, "red"))
    )
    page = text_of(client.get(of(plan, "word_import_part", row.pk, 1)))
    address = of(plan, "word_import_picture", row.pk, 1)
    assert f'<img src="{address}" alt="A house">' in page and "By the chair." in page
    assert f'<img src="{of(plan, "word_import_picture", row.pk, 2)}" alt="{NOT_DESCRIBED}">' in page
    shown = client.get(address)
    assert shown["Content-Type"] == "image/png" and shown.content.startswith(b"\x89PNG")
    assert "private" in shown["Cache-Control"]
    assert client.get(of(plan, "word_import_part", row.pk, 2)).status_code == 404
    assert client.get(of(plan, "word_import_picture", row.pk, 3)).status_code == 404


def test_what_was_sent_is_still_there_when_it_is_refused(client, brought, two_parts, plan):
    row = brought(two_parts)
    foreword = str(plan.sections.get(key="foreword").pk)
    sent = filled(client, row, goes_2=foreword, heading_2="Our own words")
    response = client.post(row.get_absolute_url(), sent)
    text = text_of(response)
    assert response.status_code == 422
    assert "“Foreword” goes into “Foreword” as well" in text and "Our own words" in text


def test_what_would_be_replaced_is_said_with_its_figures_and_pictures(
    client, brought, two_parts, plan, officer
):
    body = f"<p>Three words stand.</p>{placed('outcomes')}"
    services.save_section(
        section=plan.sections.get(key="foreword"), body=body, expected_revision=0, by=officer
    )
    assert "and one live figure" in text_of(client.get(brought(two_parts).get_absolute_url()))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"goes_1": LEAVE, "goes_2": LEAVE}, "Every part is left out"),
        ({"goes_2": NEW, "heading_2": "  "}, "Enter the heading of the new section for “Digital”"),
        ({"goes_1": "999999"}, "999999 is not one of the available choices"),
    ],
)
def test_choices_that_make_no_sense_are_answered(client, brought, two_parts, changes, words):
    row = brought(two_parts)
    response = client.post(row.get_absolute_url(), filled(client, row, **changes))
    assert response.status_code == 422 and words in text_of(response)
    row.refresh_from_db()
    assert row.state == ImportState.READ


def test_a_picture_is_described_or_called_decoration_before_it_is_in_the_plan(client, brought, plan):
    row = brought(word_file(heading("Foreword"), picture(None), paragraph("Words.")))
    sent = filled(client, row)
    refused = client.post(row.get_absolute_url(), sent)
    assert refused.status_code == 422
    assert "Say what picture 1 shows, or tick that it is decoration" in text_of(refused)
    both = client.post(row.get_absolute_url(), sent | {"shows_1": "A ramp", "decorative_1": "on"})
    assert "Take away the words, or the tick" in text_of(both)
    assert client.post(row.get_absolute_url(), sent | {"shows_1": "A ramp"}).status_code == 302
    assert 'alt="A ramp"' in plan.sections.get(key="foreword").body


def test_decoration_is_kept_as_decoration(client, brought, plan):
    row = brought(word_file(heading("Foreword"), picture(None), paragraph("Words.")))
    client.post(row.get_absolute_url(), filled(client, row, decorative_1="on"))
    assert 'alt=""' in plan.sections.get(key="foreword").body


def test_pictures_of_parts_that_are_left_out_need_no_words(client, brought, plan):
    row = brought(word_file(heading("Foreword"), paragraph("Words."), heading("Other"), picture(None)))
    assert client.post(row.get_absolute_url(), filled(client, row, goes_2=LEAVE)).status_code == 302
    assert plan.pk


def test_if_somebody_saved_in_between_nothing_is_applied_and_the_page_says_so(
    client, brought, two_parts, plan, chief_officer
):
    row = brought(two_parts)
    sent = filled(client, row, heading_2="Reaching us")
    foreword = plan.sections.get(key="foreword")
    services.save_section(section=foreword, body="<p>Theirs.</p>", expected_revision=0, by=chief_officer)
    response = client.post(row.get_absolute_url(), sent)
    text = text_of(response)
    assert response.status_code == 409
    assert "Somebody changed the plan in between" in text and "“Foreword” was saved or removed" in text
    assert "Reaching us" in text, "what was chosen is still there"
    assert plan.sections.get(key="foreword").body == "<p>Theirs.</p>"
    assert not plan.sections.filter(title="Reaching us").exists()
    again = response.context["form"]
    knowingly = sent | {"seen": again["seen"].value()}
    done = text_of(client.post(row.get_absolute_url(), knowingly, follow=True))
    assert "in place of what stood there; the earlier text is in its history" in done
    assert plan.sections.get(key="foreword").body == "<p>By the chair.</p>"


def test_the_same_file_is_recognised_and_said(client, brought, two_parts, officer):
    first = brought(two_parts)
    client.post(first.get_absolute_url(), filled(client, first))
    again = brought(two_parts, "renamed.docx")
    text = text_of(client.get(again.get_absolute_url()))
    assert "This file was brought in before" in text and officer.name in text


def test_sending_it_again_changes_nothing(client, brought, two_parts, plan):
    row = brought(two_parts)
    sent = filled(client, row)
    client.post(row.get_absolute_url(), sent)
    again = client.post(row.get_absolute_url(), sent, follow=True)
    assert "Nothing was changed" in text_of(again)
    assert plan.sections.get(key="foreword").revision == 1


def test_a_document_can_be_given_up(client, brought, two_parts, plan):
    row = brought(two_parts)
    assert "A document of yours is waiting" in text_of(client.get(of(plan, "new_import")))
    answer = client.post(of(plan, "discard_import", row.pk), follow=True)
    assert "Nothing of “Our plan.docx” is kept." in text_of(answer)
    assert not WordImport.objects.exists()


def test_what_is_in_the_plan_cannot_be_given_up(client, brought, two_parts, plan):
    row = brought(two_parts)
    client.post(row.get_absolute_url(), filled(client, row))
    answer = client.post(of(plan, "discard_import", row.pk), follow=True)
    assert "is in the plan already" in text_of(answer)
    assert WordImport.objects.exists()


def test_hostile_names_and_headings_are_shown_as_text(client, brought):
    row = brought(word_file(heading("<script>alert(1)</script>"), paragraph("x")), "<img src=x>.docx")
    text = text_of(client.get(row.get_absolute_url()))
    assert "<script>alert" not in text and "<img src=x>" not in text


def test_the_pages_cost_the_same_however_much_was_found(client, brought, plan):
    counts = []
    for parts in (1, 6):
        things = [
            add
            for n in range(parts)
            for add in (heading(f"H{n}"), paragraph("x"), picture(None, f"#{n:02d}0000"))
        ]
        row = brought(word_file(*things))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(row.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
