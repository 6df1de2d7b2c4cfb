"""Easy read and Gaelic: written against a version, published, and flagged when the plan has changed since."""

import io

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import Entry
from foundation.documents.making import make
from foundation.documents.models import Document
from foundation.documents.pdf import faults
from strategic_plans import services
from strategic_plans.enums import WrittenForm
from strategic_plans.models import Picture, PlanVersion, WrittenVariant
from tests.richtext.pictures import picture

pytestmark = pytest.mark.django_db

FORMS = "/angus/plan/2026-29/variants/"
EASY = f"{FORMS}easy-read/"
PUBLIC = "/published/angus/2026-29/"
GAELIC = f"{PUBLIC}variants/gaelic/"


@pytest.fixture
def version(ready_plan, chief_officer) -> PlanVersion:
    return services.publish_plan(plan=ready_plan, by=chief_officer, approval_reference="Board, item 7")


def write(version, by, *, form=WrittenForm.GAELIC, body="<p>Tha am plana seo dhuibhse.</p>", seen=0, **more):
    return services.save_variant(
        plan=version.plan,
        form=form,
        version=version,
        title=more.get("title", "Plana ro-innleachdail"),
        body=body,
        expected_revision=seen,
        by=by,
    )


def correct(version, by) -> PlanVersion:
    return services.correct_version(
        plan=version.plan, number=1, texts={"localities": "<p>Other.</p>"}, reason="Wrong", by=by
    )


def text(answer) -> str:
    return answer.content.decode()


def sent(**more):
    return {
        "title": "Our plan",
        "version": "1",
        "body": "<p>We help you at home.</p>",
        "revision": "0",
    } | more


def test_a_text_is_written_and_published(version, officer, chief_officer):
    row = write(version, officer)
    assert (row.number, row.revision, row.language) == (1, 1, "gd")
    row = write(version, officer, body="<p>Nas giorra.</p>", seen=1)
    assert row.revision == 2
    done = services.publish_variant(variant=row, expected_revision=2, by=chief_officer)
    assert done.published_by == chief_officer
    actions = set(
        Entry.objects.filter(action__startswith="strategic_plans.variant").values_list("action", flat=True)
    )
    assert actions == {"strategic_plans.variant_saved", "strategic_plans.variant_published"}


def test_nobody_overwrites_anybody_unseen(version, officer, chief_officer):
    write(version, officer)
    with pytest.raises(services.VariantChanged) as caught:
        write(version, chief_officer, body="<p>Eile.</p>", seen=0)
    assert caught.value.variant.body == "<p>Tha am plana seo dhuibhse.</p>"
    assert WrittenVariant.objects.get().body == "<p>Tha am plana seo dhuibhse.</p>"


def test_what_is_published_stays_and_the_next_is_another(version, officer, chief_officer):
    row = write(version, officer)
    services.publish_variant(variant=row, expected_revision=1, by=chief_officer)
    with pytest.raises(services.VariantChanged):
        services.publish_variant(variant=row, expected_revision=1, by=chief_officer)
    second = write(version, officer, body="<p>Ùr.</p>")
    assert second.number == 2
    row.refresh_from_db()
    assert row.body == "<p>Tha am plana seo dhuibhse.</p>"
    assert "Tha am plana" in text(Client().get(GAELIC))


def test_an_empty_text_and_one_saved_since_are_not_published(version, officer, chief_officer):
    row = write(version, officer, body="<p> </p>")
    with pytest.raises(services.VariantRefused, match="Nothing is written"):
        services.publish_variant(variant=row, expected_revision=1, by=chief_officer)
    with pytest.raises(services.VariantChanged):
        services.publish_variant(variant=row, expected_revision=7, by=chief_officer)


def test_only_a_published_plan_has_such_forms(ready_plan, version, officer):
    ready_plan.state = "superseded"
    ready_plan.save()
    with pytest.raises(services.VariantRefused, match="not the published plan"):
        write(version, officer)


def test_the_public_reads_it_in_its_language(version, officer, chief_officer):
    assert Client().get(GAELIC).status_code == 404
    row = write(version, officer)
    assert Client().get(GAELIC).status_code == 404
    services.publish_variant(variant=row, expected_revision=1, by=chief_officer)
    page = text(Client().get(GAELIC))
    assert '<h1 class="portal-heading__title" lang="gd">Plana ro-innleachdail</h1>' in page
    assert 'lang="gd"><p>Tha am plana seo dhuibhse.</p>' in page
    assert "changed since" not in page
    listed = text(Client().get(PUBLIC))
    assert f'href="{GAELIC}"' in listed
    assert Client().get(f"{PUBLIC}variants/klingon/").status_code == 404


def test_everybody_has_it_as_a_pdf_in_its_language(version, officer, chief_officer, sign_in):
    write(version, officer)
    assert sign_in(chief_officer).post(f"{FORMS}gaelic/publish/", {"revision": "1"}).url == FORMS
    document = Document.objects.get(kind="strategic_plans.plan_written")
    assert Client().get(f"{GAELIC}pdf/").status_code == 404
    assert document.get_absolute_url() in text(sign_in(officer).get(FORMS))
    make(document.pk)
    assert f'href="{GAELIC}pdf/"' in text(Client().get(GAELIC))
    content = b"".join(Client().get(f"{GAELIC}pdf/").streaming_content)
    assert faults(content) == []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "gd"
    checked = Client().post("/published/verify/", {"file": SimpleUploadedFile("plana.pdf", content)})
    assert "version 1: Gaelic (Gàidhlig) (Angus)" in text(checked)


def test_it_says_that_the_plan_has_changed_since_and_what(version, officer, chief_officer, sign_in):
    row = write(version, officer)
    services.publish_variant(variant=row, expected_revision=1, by=chief_officer)
    correct(version, chief_officer)
    page = text(Client().get(GAELIC))
    assert "This text was made for version 1. The plan now stands at version 2." in page
    assert "<li>Localities</li>" in page
    assert f"versions/2/changes/?with={version.pk}" in page
    assert "made for version 1; the plan has changed since" in text(Client().get(PUBLIC))
    assert "Lags behind" in text(sign_in(officer).get(FORMS))


def test_an_officer_writes_it_and_a_chief_officer_publishes(version, officer, chief_officer, sign_in):
    client = sign_in(officer)
    assert "Write it" in text(client.get(FORMS))
    assert client.get(EASY).status_code == 200
    assert client.post(EASY, sent()).url == EASY
    assert "We help you at home." in text(client.get(EASY))
    assert client.post(f"{EASY}publish/", {"revision": "1"}).status_code == 403
    chief = sign_in(chief_officer)
    assert "Publish the Easy read text" in text(chief.get(FORMS))
    assert chief.post(f"{EASY}publish/", {"revision": "1"}).url == FORMS
    assert "We help you at home." in text(Client().get(f"{PUBLIC}variants/easy-read/"))
    # The next one begins from what the public reads.
    assert "We help you at home." in text(client.get(EASY))


def test_what_was_typed_is_never_lost(version, officer, chief_officer, sign_in):
    client = sign_in(officer)
    untitled = client.post(EASY, sent(title=""))
    assert untitled.status_code == 422
    assert "We help you at home." in text(untitled)
    write(version, chief_officer, form=WrittenForm.EASY_READ, body="<p>We help you in hospital.</p>")
    late = client.post(EASY, sent())
    assert late.status_code == 409
    assert "Somebody saved this text" in text(late)
    assert "hospital." in text(late)
    assert "We help you at home." in text(late)
    assert WrittenVariant.objects.get().body == "<p>We help you in hospital.</p>"
    assert client.post(EASY, sent(revision="1")).url == EASY


def test_others_read_and_do_not_write(version, auditor, locality_lead, outsider, officer, sign_in):
    write(version, officer, form=WrittenForm.EASY_READ)
    for person in (auditor, locality_lead):
        assert "Tha am plana" in text(sign_in(person).get(EASY))
        assert sign_in(person).post(EASY, sent()).status_code == 403
    assert sign_in(outsider).get(EASY).status_code == 404
    assert sign_in(officer).get(f"{FORMS}klingon/").status_code == 404


def test_a_draft_has_no_such_forms_yet(ready_plan, officer, sign_in):
    page = text(sign_in(officer).get(FORMS))
    assert "made for what is published" in page
    assert sign_in(officer).get(EASY).status_code == 200
    assert sign_in(officer).post(EASY, sent()).status_code == 403


def test_its_pictures_are_uploaded_and_public_with_it(
    version, officer, chief_officer, auditor, sign_in, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(officer)
    upload = "/angus/plan/2026-29/pictures/"
    assert f'data-pictures="{upload}"' in text(client.get(EASY))
    answer = client.post(upload, {"file": SimpleUploadedFile("a.png", picture()), "alt": "A nurse at a door"})
    assert answer.status_code == 200, answer.content
    assert sign_in(auditor).post(upload, {"file": SimpleUploadedFile("a.png", picture())}).status_code == 403
    (kept,) = Picture.objects.all()
    address = f"/pictures/{kept.digest}"
    body = f'<figure><img src="{address}" alt="A nurse at a door"></figure>'
    row = write(version, officer, form=WrittenForm.EASY_READ, body=f"<p>We help.</p>{body}")
    assert Client().get(address).status_code == 404
    services.publish_variant(variant=row, expected_revision=1, by=chief_officer)
    assert Client().get(address).status_code == 200
    assert address in text(Client().get(f"{PUBLIC}variants/easy-read/"))


def test_publishing_what_was_saved_since_is_refused_in_words(version, officer, chief_officer, sign_in):
    write(version, officer, form=WrittenForm.EASY_READ)
    answer = sign_in(chief_officer).post(f"{EASY}publish/", {"revision": "9"})
    assert answer.status_code == 409
    assert "saved again after you opened the page" in text(answer)
    assert sign_in(chief_officer).post(f"{FORMS}gaelic/publish/", {"revision": "1"}).status_code == 409


def test_the_pages_ask_the_database_as_often_for_one_form_as_for_all(
    version, officer, chief_officer, sign_in
):
    client = sign_in(officer)

    def asked() -> list[int]:
        counts = []
        for reader, address in ((client, FORMS), (client, EASY), (Client(), PUBLIC)):
            with CaptureQueriesContext(connection) as queries:
                assert reader.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    asked()
    before = asked()
    for form in WrittenForm:
        for _ in range(2):
            row = write(version, officer, form=form)
            services.publish_variant(variant=row, expected_revision=1, by=chief_officer)
        write(version, officer, form=form)
    assert max(asked()) <= max(*before, 15)
