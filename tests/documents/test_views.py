import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from foundation.documents import making, registry, services, tasks
from foundation.documents.enums import State
from foundation.documents.models import Document
from foundation.documents.registry import DocumentKind
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def url(name: str, document: Document) -> str:
    return reverse(f"documents:{name}", args=[document.pk])


@pytest.fixture
def woken(monkeypatch) -> list:
    woken = []
    monkeypatch.setattr(tasks, "wake", lambda pk, _priority: woken.append(pk))
    return woken


@pytest.fixture
def client(client, olive):
    client.force_login(olive)
    return client


def poll(client, document: Document, stage: str = ""):
    return client.get(url("progress", document) + f"?stage={stage}", headers={"HX-Request": "true"})


def ready(document: Document) -> Document:
    making.make(document.pk)
    document.refresh_from_db()
    return document


def test_the_page_of_a_waiting_document(client, document):
    response = client.get(url("detail", document))
    page = response.content.decode()
    assert response.status_code == 200
    assert "<h1" in page
    assert "Plan 2026 to 2029" in page
    assert "Waiting for its turn." in page
    assert 'role="status"' in page
    assert "Look again now" in page  # works without JavaScript
    assert "Cancel this document" in page
    assert 'hx-trigger="every 1s"' in page
    assert response["Cache-Control"] == "no-store"


def test_the_page_shows_the_real_step(client, document):
    claim = making.claim_document(document.pk)
    claim(3, 8, "Drawing <charts>")
    page = client.get(url("detail", document)).content.decode()
    assert "Step 3 of 8: Drawing &lt;charts&gt;" in page
    assert '<progress class="document-progress__bar" max="8" value="3"' in page


def test_polling_answers_only_when_something_changed(client, document):
    first = poll(client, document)
    assert first.status_code == 200
    assert "<html" not in first.content.decode()
    stage = first.context["stage"]
    assert poll(client, document, stage).status_code == 204
    making.claim_document(document.pk)(1, 2, "Reading")
    changed = poll(client, document, stage)
    assert "Step 1 of 2: Reading" in changed.content.decode()
    assert 'hx-swap-oob="innerHTML"' in changed.content.decode()


def test_who_waits_is_told_that_the_worker_died(client, document):
    making.claim_document(document.pk)
    stage = poll(client, document).context["stage"]
    Document.objects.filter(pk=document.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert (
        "The making was interrupted. It begins again by itself."
        in poll(client, document, stage).content.decode()
    )


def test_polling_stops_when_the_document_is_ready(client, document):
    page = poll(client, ready(document)).content.decode()
    assert "hx-trigger" not in page
    assert "Ready to download." in page
    assert f"{url('download', document)}" in page
    assert "17" in page


def test_without_javascript_the_part_leads_to_the_page(client, document):
    assert client.get(url("progress", document)).url == url("detail", document)


def test_a_failure_is_shown_with_a_way_out(client, document, build):
    build.does = lambda *_: 1 / 0
    page = client.get(url("detail", ready(document))).content.decode()
    assert "because of a fault in the portal" in page
    assert "ZeroDivisionError" not in page
    assert "Try again" in page


def test_the_download(client, document):
    response = client.get(url("download", ready(document)))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 the plan"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="plan-2026-to-2029.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"] == f'"{document.sha256}"'
    assert response["Content-Length"] == "17"
    assert "private" in response["Cache-Control"]


def test_a_file_that_the_browser_has_is_not_sent_twice(client, document):
    ready(document)
    response = client.get(url("download", document), headers={"If-None-Match": f'"{document.sha256}"'})
    assert response.status_code == 304
    assert response.content == b""


def test_what_is_not_ready_leads_to_its_page(client, document):
    assert client.get(url("download", document)).url == url("detail", document)


def test_a_lost_file_is_said_on_the_page(client, document):
    ready(document).file.delete(save=False)
    Document.objects.filter(pk=document.pk).update(file="documents/00/lost.pdf")
    page = client.get(url("download", document), follow=True).content.decode()
    assert "is missing. Make it again." in page


@pytest.mark.parametrize("name", ["detail", "progress", "download"])
def test_to_a_stranger_it_does_not_exist(client, document, name):
    ready(document)
    client.force_login(UserFactory(name="Stranger"))
    assert client.get(url(name, document)).status_code == 404


@pytest.mark.parametrize("name", ["cancel", "retry"])
def test_a_stranger_changes_nothing(client, document, name, woken):
    client.force_login(UserFactory(name="Stranger"))
    assert client.post(url(name, document)).status_code == 404
    document.refresh_from_db()
    assert document.state == State.QUEUED
    assert woken == []


@pytest.mark.parametrize("name", ["cancel", "retry"])
def test_a_reader_who_did_not_ask_for_it_changes_nothing(client, document, name, woken):
    client.force_login(UserFactory(name="Olive Auditor"))
    response = client.post(url(name, document))
    assert response.status_code == 403
    document.refresh_from_db()
    assert document.state == State.QUEUED
    page = client.get(url("detail", document)).content.decode()
    assert "Cancel this document" not in page


def test_a_kind_may_say_who_manages_its_documents(client, document, kind, monkeypatch, woken):
    shared = DocumentKind(
        "plan",
        "Plan",
        kind.build,
        kind.may_download,
        may_manage=lambda user, _: user.name == "Olive Colleague",
    )
    monkeypatch.setattr(registry, "_kinds", {"plan": shared})
    assert client.post(url("cancel", document)).status_code == 403
    client.force_login(UserFactory(name="Olive Colleague"))
    assert client.post(url("cancel", document)).status_code == 302


@pytest.mark.parametrize("name", ["detail", "progress", "download", "cancel", "retry"])
def test_signing_in_comes_first(client, document, name):
    client.logout()
    response = client.get(url(name, document))
    assert response.status_code == 302
    assert "/login/" in response.url


@pytest.mark.parametrize("name", ["detail", "progress", "download"])
def test_the_permission_is_asked_each_time(client, document, kind, name, monkeypatch):
    ready(document)
    assert client.get(url(name, document)).status_code in {200, 302}
    closed = DocumentKind("plan", "Plan", kind.build, lambda *_: False)
    monkeypatch.setattr(registry, "_kinds", {"plan": closed})
    assert client.get(url(name, document)).status_code == 404


def test_a_kind_that_is_gone_shows_nothing(client, document, monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    assert client.get(url("detail", document)).status_code == 404


def test_an_unknown_document_does_not_exist(client, db):
    assert client.get(reverse("documents:detail", args=[uuid.uuid4()])).status_code == 404
    assert client.get("/documents/not-a-uuid/").status_code == 404


def test_cancel_and_try_again(client, document, woken):
    page = client.post(url("cancel", document), follow=True).content.decode()
    assert "cancelled before it was ready" in page
    again = client.post(url("cancel", document), follow=True).content.decode()
    assert "cannot be cancelled" in again
    page = client.post(url("retry", document), follow=True).content.decode()
    assert "Waiting for its turn." in page
    assert woken == [document.pk]


@pytest.mark.parametrize("name", ["cancel", "retry"])
def test_a_link_changes_nothing(client, document, name):
    assert client.get(url(name, document)).status_code == 405


def test_the_page_leads_back_to_where_it_was_asked_for(client, document, kind, monkeypatch):
    led = DocumentKind(
        "plan", "Plan", kind.build, kind.may_download, origin=lambda _: ("/angus/plan/", "The plan")
    )
    monkeypatch.setattr(registry, "_kinds", {"plan": led})
    assert '<a href="/angus/plan/">The plan</a>' in client.get(url("detail", document)).content.decode()


def test_the_page_shows_where_one_is_to_those_who_belong_there(client, kind, ask, partnership, olive):
    from partnerships.enums import Role
    from tests.factories import MembershipFactory

    document = ask(by=olive)
    assert client.get(url("detail", document)).context["navigation"] == []
    MembershipFactory(user=olive, partnership=partnership, role=Role.PLANNING_OFFICER)
    response = client.get(url("detail", document))
    assert response.context["partnership"] == partnership
    assert [item.label for item in response.context["navigation"]][:2] == ["Home", "Plan"]


def test_polling_costs_few_queries(client, document, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        poll(client, document)


def test_no_request_is_lost_when_asked_for_twice(document, ask):
    assert (
        ask().pk
        == services.request_document(kind="plan", key="angus-v1", label="x", tenant="angus", by=None).pk
    )
