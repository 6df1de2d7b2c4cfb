"""Pictures of a plan's text: who uploads them, who sees them, where they are shown and when they are forgotten."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from foundation.audit.models import Entry
from foundation.documents import assembly
from foundation.documents.making import make
from foundation.documents.pdf import faults, silent
from foundation.documents.services import open_document
from strategic_plans import services
from strategic_plans.documents import draft_book, picture_file
from strategic_plans.models import Picture
from strategic_plans.rules import can_publish_plan
from strategic_plans.selectors.checks import checks_of
from tests.factories import PartnershipFactory, SupportGrantFactory, UserFactory
from tests.richtext.pictures import bomb, photograph, picture

pytestmark = pytest.mark.django_db

ALT = "Two nurses at the door of a croft"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def kept(partnership, officer) -> Picture:
    return services.keep_picture(partnership, picture(), officer)


def figure(picture: Picture, alt: str | None = ALT, caption: str = "") -> str:
    words = "" if alt is None else f' alt="{alt}"'
    below = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<figure><img src="{picture.get_absolute_url()}"{words}>{below}</figure>'


def write(plan, by, body: str, key: str = "foreword"):
    section = plan.sections.get(key=key)
    return services.save_section(section=section, body=body, expected_revision=section.revision, by=by)


def upload(client: Client, plan, data: bytes, name: str = "croft.png", **answers: str):
    file = SimpleUploadedFile(name, data)
    url = reverse("strategic_plans:add_picture", args=[plan.partnership.slug, plan.slug])
    return client.post(url, {"file": file, **answers})


# Uploading


def test_an_uploaded_picture_is_kept_and_stands_in_the_text(plan, officer, sign_in, files):
    client = sign_in(officer)
    answer = upload(client, plan, photograph(), alt=ALT)
    assert answer.status_code == 200
    assert answer.json()["alt"] == ALT
    kept = Picture.objects.get()
    assert answer.json()["src"] == kept.get_absolute_url() == f"/pictures/{kept.digest}"
    assert (kept.width, kept.height, kept.uploaded_by) == (40, 60, officer)
    assert Entry.objects.filter(
        action="strategic_plans.picture_kept", tenant="angus", actor_name=officer.name
    )
    section = write(plan, officer, figure(kept, caption="Glen Clova"))
    assert section.body == figure(kept, caption="Glen Clova")
    shown = client.get(kept.get_absolute_url())
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content)[:2] == b"\xff\xd8"


def test_the_same_picture_is_kept_once(partnership, officer, files):
    first = services.keep_picture(partnership, picture(), officer)
    assert services.keep_picture(partnership, picture(), officer) == first
    assert len([file for file in files.rglob("*") if file.is_file()]) == 1


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({}, "Say what the picture shows"),
        ({"alt": "   "}, "Say what the picture shows"),
        ({"alt": ALT, "decorative": "on"}, "Choose one of the two"),
    ],
)
def test_a_picture_is_described_or_decoration(plan, officer, sign_in, answers, words):
    refused = upload(sign_in(officer), plan, picture(), **answers)
    assert refused.status_code == 422
    assert words in refused.json()["faults"]["alt"]
    assert not Picture.objects.exists()


def test_decoration_has_empty_words_and_a_pasted_picture_may_wait_for_them(plan, officer, sign_in):
    client = sign_in(officer)
    assert upload(client, plan, picture(), decorative="on").json()["alt"] == ""
    assert upload(client, plan, picture(), pasted="on").json()["alt"] is None


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "map.svg", "SVG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "map.png", "SVG"),
        (b"<html><script>alert(1)</script></html>", "photo.jpg", "not a picture"),
        (bomb(), "small.png", "pixels"),
        (b"", "empty.png", "empty"),
    ],
)
def test_harmful_files_are_refused_in_words(plan, officer, sign_in, data, name, words):
    refused = upload(sign_in(officer), plan, data, name, alt=ALT)
    assert refused.status_code == 422
    assert words in refused.json()["faults"]["file"]
    assert not Picture.objects.exists()


def test_who_may_upload(plan, officer, north_lead, auditor, finance_officer, outsider, sign_in):
    assert upload(sign_in(north_lead), plan, picture(), alt=ALT).status_code == 200
    for person in (auditor, finance_officer):
        refused = upload(sign_in(person), plan, picture(), alt=ALT)
        assert refused.status_code == 403
    assert upload(sign_in(outsider), plan, picture(), alt=ALT).status_code == 404


def test_a_published_plan_takes_pictures_for_its_easy_read_alone(
    ready_plan, chief_officer, officer, north_lead, sign_in
):
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 1")
    assert upload(sign_in(north_lead), ready_plan, picture(), alt=ALT).status_code == 403
    assert upload(sign_in(officer), ready_plan, picture(), alt=ALT).status_code == 200
    ready_plan.state = "superseded"
    ready_plan.save()
    assert upload(sign_in(officer), ready_plan, picture(), alt=ALT).status_code == 403


def test_keep_picture_refuses_in_words(partnership, officer):
    with pytest.raises(ValidationError, match="SVG"):
        services.keep_picture(partnership, b"<svg/>", officer)


def test_the_editor_knows_where_to_upload(plan, officer, north_lead, auditor, sign_in):
    address = f'data-pictures="/angus/plan/{plan.slug}/pictures/"'
    section = reverse("strategic_plans:section", args=["angus", plan.slug, "foreword"])
    arrangement = reverse("strategic_plans:arrangement", args=["angus", plan.slug, "north-angus"])
    assert address in sign_in(officer).get(section).content.decode()
    assert address in sign_in(north_lead).get(arrangement).content.decode()
    assert "data-pictures" not in sign_in(auditor).get(section).content.decode()


# Seeing


def test_a_draft_s_picture_is_seen_by_those_who_may_read_it(
    kept, cast, stranger, outsider, sign_in, national_viewer
):
    url = kept.get_absolute_url()
    for client in (Client(), sign_in(stranger), sign_in(outsider), sign_in(national_viewer)):
        assert client.get(url).status_code == 404
    for role, person in cast.items():
        if person != national_viewer:
            answer = sign_in(person).get(url)
            assert answer.status_code == 200, role
            assert answer["Cache-Control"] == "private, no-cache"


def test_everybody_sees_it_once_it_is_published(ready_plan, officer, chief_officer, kept):
    other = services.keep_picture(ready_plan.partnership, picture(size=(80, 80)), officer)
    write(ready_plan, officer, figure(kept))
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 1")
    answer = Client().get(kept.get_absolute_url())
    assert answer.status_code == 200
    assert "immutable" in answer["Cache-Control"]
    again = Client().get(kept.get_absolute_url(), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert Client().get(other.get_absolute_url()).status_code == 404
    published = Client().get(reverse("published:chapter", args=["angus", ready_plan.slug, "foreword"]))
    assert f'<img src="{kept.get_absolute_url()}" alt="{ALT}">' in published.content.decode()


def test_the_same_picture_of_another_partnership_stays_closed_to_strangers(
    ready_plan, kept, other_partnership, chief_officer, officer, outsider, sign_in
):
    """Moray keeps the same picture unpublished; what Angus publishes is open, and nothing tells where else it lies."""
    services.keep_picture(other_partnership, picture(), outsider)
    assert sign_in(outsider).get(kept.get_absolute_url()).status_code == 200
    assert Client().get(kept.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("copies", [1, 3])
def test_seeing_a_picture_takes_the_same_queries_however_many_keep_it(
    kept, copies, officer, other_partnership, sign_in, partnership
):
    for where in [other_partnership, PartnershipFactory(), PartnershipFactory()][: copies - 1]:
        services.keep_picture(where, picture(), officer)
    client = sign_in(officer)
    client.get(kept.get_absolute_url())
    with CaptureQueriesContext(connection) as queries:
        assert client.get(kept.get_absolute_url()).status_code == 200
    assert len(queries) == 4


def test_support_sees_what_it_was_let_in_to(kept, sign_in, partnership):
    person = UserFactory(is_staff=True)
    assert sign_in(person).get(kept.get_absolute_url()).status_code == 404
    SupportGrantFactory(user=person, partnership=partnership)
    assert sign_in(person).get(kept.get_absolute_url()).status_code == 200


def test_an_address_of_another_form_is_no_picture(client, kept):
    for address in (
        "/pictures/x",
        f"/pictures/{kept.digest}/",
        f"/pictures/{kept.digest.upper()}",
        "/pictures/%00",
    ):
        assert client.get(address).status_code == 404


# Publishing


def checked(plan, rule: str):
    return next((one for one in checks_of(plan) if one.rule == rule), None)


def test_a_plan_without_pictures_hears_nothing_of_them(ready_plan):
    assert checked(ready_plan, "R-PLAN-17") is None


def test_a_picture_that_nobody_described_blocks_publication(ready_plan, officer, kept, sign_in):
    write(ready_plan, officer, figure(kept, alt=None))
    found = checked(ready_plan, "R-PLAN-17")
    assert found.blocks
    assert "“Foreword” has 1 picture without" in found.words.replace("one picture", "1 picture")
    assert found.fixes[0].url.endswith("/sections/foreword/")
    page = sign_in(officer).get(reverse("strategic_plans:check", args=["angus", ready_plan.slug]))
    assert "Every picture is described" in page.content.decode()
    write(ready_plan, officer, figure(kept, alt=""))
    assert checked(ready_plan, "R-PLAN-17").is_met
    assert can_publish_plan(checks_of(ready_plan))


def test_a_picture_that_the_partnership_does_not_keep_blocks_publication(
    ready_plan, officer, north_lead, other_partnership, outsider
):
    theirs = services.keep_picture(other_partnership, picture(size=(90, 90)), outsider)
    arrangement = ready_plan.arrangements.get(locality__slug="north-angus")
    services.save_arrangement(
        plan=ready_plan,
        locality=arrangement.locality,
        body=arrangement.body + figure(theirs),
        expected_revision=arrangement.revision,
        by=north_lead,
    )
    found = checked(ready_plan, "R-PLAN-18")
    assert found.blocks
    assert "North Angus" in found.words
    Picture.objects.filter(pk=theirs.pk).update(published_at=timezone.now())
    assert checked(ready_plan, "R-PLAN-18") is None


def test_the_pdf_shows_the_picture_with_its_words(ready_plan, officer, chief_officer, kept):
    photo = services.keep_picture(ready_plan.partnership, photograph(size=(300, 200)), officer)
    see_through = io.BytesIO()
    Image.new("RGBA", (50, 30), (255, 0, 0, 90)).save(see_through, "PNG")
    drawing = services.keep_picture(ready_plan.partnership, see_through.getvalue(), officer)
    grey = services.keep_picture(ready_plan.partnership, picture(size=(70, 30), mode="L"), officer)
    write(
        ready_plan,
        officer,
        figure(kept, caption="Glen Clova")
        + figure(photo, alt="A van on a hill")
        + figure(drawing, alt="")
        + figure(grey, alt="A map"),
    )
    data = assembly.produce(book=draft_book(ready_plan), progress=silent)
    assert faults(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        objects = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        figures = {str(one.Alt) for one in objects if one.get("/S") == "/Figure" and "/Alt" in one}
        drawn = {size: mark for page in pdf.pages for size, mark in images_on(page)}
    assert {ALT, "A van on a hill", "A map"} <= figures
    assert not {"", "portal-decoration"} & figures
    assert drawn == {
        (60, 40): "/Figure",
        (200, 300): "/Figure",
        (50, 30): "/Artifact",
        (70, 30): "/Figure",
    }


def images_on(page: pikepdf.Page) -> Iterator[tuple[tuple[int, int], str]]:
    """The size of each picture drawn on the page, and what its drawing is marked as."""
    marks: list[str] = []
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) in {"BDC", "BMC"}:
            marks.append(str(operands[0]))
        elif str(operator) == "EMC":
            marks.pop()
        elif str(operator) == "Do":
            drawn = page.Resources.XObject[str(operands[0])]
            if drawn.Subtype == "/Image":
                yield (int(drawn.Width), int(drawn.Height)), marks[-1]


def test_the_pdf_of_one_partnership_shows_no_picture_of_another(
    partnership, other_partnership, outsider, kept, officer
):
    theirs = services.keep_picture(other_partnership, picture(size=(90, 90)), outsider)
    assert picture_file(f"angus/{kept.digest}")[:4] == b"\x89PNG"
    assert picture_file(f"angus/{theirs.digest}") is None
    assert picture_file(f"nowhere/{kept.digest}") is None
    assert picture_file(kept.digest) is None


def test_word_has_the_picture_and_the_footnote(ready_plan, officer, chief_officer, kept):
    write(
        ready_plan,
        officer,
        f"<p>Fewer falls<small>ISD, 2024</small>.</p>{figure(kept, caption='Glen Clova')}",
    )
    version = services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 1")
    document = services.request_version_word(version=version, by=chief_officer)
    make(document.pk)
    document.refresh_from_db()
    with open_document(document=document, by=None) as file, zipfile.ZipFile(io.BytesIO(file.read())) as word:
        text = word.read("word/document.xml").decode()
        assert ALT in text
        assert "Glen Clova" in text
        assert "ISD, 2024" in word.read("word/footnotes.xml").decode()
        with kept.file.open() as picture_file:
            assert picture_file.read() in [
                word.read(n) for n in word.namelist() if n.startswith("word/media/")
            ]


def test_footnotes_are_numbered_for_readers_and_told_at_the_end(ready_plan, officer, chief_officer, sign_in):
    body = "<p>Fewer falls<small>ISD, 2024</small>.</p><p>More<small>NRS, 2025</small> of it.</p>"
    write(ready_plan, officer, body)
    client = sign_in(officer)
    preview = client.get(
        reverse("strategic_plans:preview_chapter", args=["angus", ready_plan.slug, "foreword"])
    )
    services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Minute 1")
    public = Client().get(reverse("published:chapter", args=["angus", ready_plan.slug, "foreword"]))
    for page in (preview, public):
        text, _, notes = page.content.decode().partition('<section class="notes"')
        assert 'href="#part-foreword-note-2"' in text
        assert "NRS, 2025" not in text
        assert (
            '<li id="part-foreword-note-2">NRS, 2025 <a class="notes__back" href="#part-foreword-mark-2">'
            in notes
        )
    data = assembly.produce(draft_book(ready_plan))
    assert faults(data) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        links = {
            str(link.Dest)
            for page in pdf.pages
            for link in page.get("/Annots", [])
            if link.get("/Subtype") == "/Link" and isinstance(link.get("/Dest"), pikepdf.String)
        }
    assert {f"part-foreword-{kind}-{number}" for kind in ("note", "mark") for number in (1, 2)} <= links
    table = (
        Client()
        .get(reverse("published:table", args=["angus", ready_plan.slug, 1, "sections"]))
        .content.decode()
    )
    assert "Fewer falls [ISD, 2024]." in table


# Forgetting


def test_a_picture_in_no_text_is_forgotten_after_thirty_days(plan, officer, north_lead, partnership, files):
    unused, saved, taken_out, unsaved, shown, young = (
        services.keep_picture(partnership, picture(size=(60 + number, 40)), officer) for number in range(6)
    )
    write(plan, officer, figure(saved))
    write(plan, officer, figure(taken_out), "about")
    write(plan, officer, "<p>Without it.</p>", "about")
    section = plan.sections.select_related("plan").get(key="needs")
    services.keep_copy(text=section, by=officer, body=figure(unsaved), base_revision=0)
    long_ago = timezone.now() - timedelta(days=31)
    Picture.objects.exclude(pk=young.pk).update(uploaded_at=long_ago)
    Picture.objects.filter(pk=shown.pk).update(published_at=long_ago)
    assert services.forget_pictures() == 1
    assert set(Picture.objects.all()) == {saved, taken_out, unsaved, shown, young}
    assert not default_storage.exists(unused.file.name)
    assert default_storage.exists(saved.file.name)
    assert Entry.objects.filter(action="strategic_plans.picture_forgotten").count() == 1
    assert services.forget_pictures() == 0
