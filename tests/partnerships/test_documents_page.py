import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from foundation.documents import registry
from foundation.documents.models import Document
from foundation.documents.registry import DocumentKind
from partnerships import permissions
from partnerships.permissions import EDIT_SCHEME


@pytest.fixture
def kinds(monkeypatch):
    """A kind that everybody may have and one for one person."""
    shared = DocumentKind("tests.shared", "Shared", lambda *_: b"", lambda *_: True)
    private = DocumentKind(
        "tests.private", "Private", lambda *_: b"", lambda user, document: document.requested_by_id == user.pk
    )
    monkeypatch.setattr(registry, "_kinds", {kind.code: kind for kind in (shared, private)})


def document(kind, label, tenant="angus", **more):
    return Document.objects.create(
        kind=kind, key=label, label=label, tenant=tenant, requested_at=timezone.now(), **more
    )


def labels(response):
    return [found.label for found in response.context["page"]]


def test_what_one_may_download_is_listed(kinds, sign_in, officer, clerk):
    document("tests.shared", "Plan")
    document("tests.private", "Extract", requested_by_id=officer.pk, requested_by_name=officer.name)
    document("tests.shared", "Elsewhere", tenant="moray")
    document("tests.gone", "From an app that is gone")
    assert labels(sign_in(officer).get("/angus/documents/")) == ["Extract", "Plan"]
    assert labels(sign_in(clerk).get("/angus/documents/")) == ["Plan"]


def test_a_kind_that_is_listed_with_a_permission_is_not_asked_document_by_document(
    kinds, sign_in, clerk, officer, monkeypatch
):
    monkeypatch.setitem(permissions.LISTED_WITH, "tests.private", EDIT_SCHEME)

    def count(client):
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/angus/documents/")
        return len(queries), labels(response)

    document("tests.private", "One")
    one, _ = count(sign_in(clerk))
    document("tests.private", "Two")
    document("tests.private", "Three")
    three, listed = count(sign_in(clerk))
    assert one == three <= 15
    assert sorted(listed) == ["One", "Three", "Two"]
    assert labels(sign_in(officer).get("/angus/documents/")) == []


def test_an_empty_list_says_what_would_be_here(kinds, sign_in, officer):
    assert b"No documents yet" in sign_in(officer).get("/angus/documents/").content


def test_long_lists_have_pages(kinds, sign_in, officer):
    for number in range(30):
        document("tests.shared", f"Plan {number}")
    client = sign_in(officer)
    assert len(labels(client.get("/angus/documents/"))) == 25
    assert len(labels(client.get("/angus/documents/?page=2"))) == 5


def test_the_state_is_said_in_words(kinds, sign_in, officer):
    document("tests.shared", "Plan", state="failed", error="No fonts")
    page = sign_in(officer).get("/angus/documents/").content.decode()
    assert "Failed" in page
