from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from foundation.documents import making, registry, selectors, services, tasks
from foundation.documents.enums import State
from foundation.documents.models import Document
from foundation.documents.registry import DocumentKind, UnknownKind
from foundation.documents.services import FileGone, WrongState

pytestmark = pytest.mark.django_db


def age(document: Document, **times) -> None:
    """Lets time pass for the row: requested_at=-6 was six seconds ago."""
    Document.objects.filter(pk=document.pk).update(
        **{name: timezone.now() + timedelta(seconds=seconds) for name, seconds in times.items()}
    )


def swept() -> list:
    woken = []
    services.sweep(woken.append)
    return woken


# Asking


def test_a_request_is_one_row_that_waits(document, olive):
    assert document.state == State.QUEUED
    assert (document.requested_by, document.requested_by_id) == ("Olive Officer", olive.pk)
    assert document.is_under_way
    assert not document.is_ready


def test_asking_again_gives_the_same_row(document, ask, olive):
    assert ask(by=olive).pk == document.pk
    making.make(document.pk)
    assert ask(by=olive).state == State.READY
    assert Document.objects.count() == 1


def test_another_key_is_another_document(document, ask):
    assert ask(key="angus-v2").pk != document.pk


def test_a_failed_request_waits_again_with_the_new_inputs(document, ask, build):
    build.does = lambda *_: 1 / 0
    making.make(document.pk)
    again = ask(inputs={"version": 2})
    assert (again.pk, again.state, again.inputs, again.error) == (
        document.pk,
        State.QUEUED,
        {"version": 2},
        "",
    )
    assert again.attempts == 0


def test_a_ready_document_that_lost_its_file_waits_again(document, ask):
    making.make(document.pk)
    document.refresh_from_db()
    document.file.storage.delete(document.file.name)
    assert ask().state == State.QUEUED


def test_an_unknown_kind_is_refused(ask, kind):
    with pytest.raises(UnknownKind):
        ask(kind="novel")
    assert not Document.objects.exists()


def test_a_label_longer_than_the_column_is_cut_not_refused(kind, ask):
    assert ask(label="x" * 500).label == "x" * 200


def test_two_kinds_cannot_share_a_code(kind):
    registry.register(kind)  # the same again is no harm: AppConfig.ready may run twice
    with pytest.raises(registry.KindRegisteredTwice):
        registry.register(DocumentKind("plan", "Another", lambda *_: b"", lambda *_: True))
    assert registry.get("plan") == kind


@pytest.mark.parametrize(
    "nonsense",
    [
        {"state": "asleep"},
        {"state": State.READY},
        {"state": State.RUNNING},
        {"state": State.FAILED},
    ],
)
def test_the_database_refuses_a_row_that_makes_no_sense(document, nonsense):
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**nonsense)


# Cancelling and trying again


def test_a_waiting_document_can_be_cancelled_and_asked_for_again(document, olive, build):
    services.cancel_document(document=document, by=olive)
    assert document.state == State.CANCELLED
    assert making.make(document.pk) is None
    assert build.calls == 0
    services.retry_document(document=document, by=olive)
    assert making.make(document.pk) == State.READY


def test_what_is_finished_cannot_be_cancelled(document, olive):
    making.make(document.pk)
    with pytest.raises(WrongState, match="no longer being made"):
        services.cancel_document(document=document, by=olive)
    document.refresh_from_db()
    assert document.state == State.READY


def test_what_is_on_its_way_cannot_be_tried_again(document, olive):
    with pytest.raises(WrongState, match="on its way already"):
        services.retry_document(document=document, by=olive)


# Opening


def test_the_domain_hears_of_each_download(document, olive, kind, monkeypatch):
    heard = []
    noting = DocumentKind(
        "plan", "Plan", kind.build, kind.may_download, downloaded=lambda user, doc: heard.append((user, doc))
    )
    monkeypatch.setattr(registry, "_kinds", {"plan": noting})
    with pytest.raises(WrongState):
        services.open_document(document=document, by=olive)
    making.make(document.pk)
    document.refresh_from_db()
    with services.open_document(document=document, by=olive) as file:
        assert file.read() == b"%PDF-1.7 the plan"
    assert heard == [(olive, document)]


def test_a_download_that_cannot_be_recorded_does_not_happen(document, olive, kind, monkeypatch):
    def refuse(user, document):
        raise RuntimeError("the record is down")

    monkeypatch.setattr(
        registry,
        "_kinds",
        {"plan": DocumentKind("plan", "Plan", kind.build, kind.may_download, downloaded=refuse)},
    )
    making.make(document.pk)
    document.refresh_from_db()
    with pytest.raises(RuntimeError):
        services.open_document(document=document, by=olive)


def test_a_lost_file_is_said_in_words(document, olive):
    making.make(document.pk)
    document.refresh_from_db()
    document.file.storage.delete(document.file.name)
    with pytest.raises(FileGone, match="Make it again"):
        services.open_document(document=document, by=olive)


# The sweep


def test_a_fresh_request_is_left_to_the_worker_that_was_woken(document):
    assert swept() == []


def test_a_request_that_no_worker_took_is_announced_again(document):
    age(document, requested_at=-6)
    assert swept() == [document.pk]
    assert swept() == []  # not with every sweep while the queue is long
    age(document, woken_at=-61)
    assert swept() == [document.pk]


def test_a_document_whose_worker_died_is_made_by_another(document, build):
    dead = making.claim_document(document.pk)
    assert swept() == []  # its lease still runs
    age(document, lease_until=-1)
    assert swept() == [document.pk]
    assert making.make(document.pk) == State.READY
    with pytest.raises(making.LeaseLost):
        making.complete(dead, b"%PDF late", "pdf")


def test_a_document_that_kills_its_workers_fails_in_words(document):
    for _ in range(services.ATTEMPTS_LIMIT):
        assert making.claim_document(document.pk)
        age(document, lease_until=-1)
    assert swept() == []
    document.refresh_from_db()
    assert document.state == State.FAILED
    assert "was interrupted each time" in document.error
    assert making.make(document.pk) is None


def test_the_sweep_leaves_what_is_at_rest(document, olive, ask, build):
    ready, cancelled = document, ask(key="b")
    making.make(ready.pk)
    services.cancel_document(document=cancelled, by=olive)
    build.does = lambda *_: 1 / 0
    failed = ask(key="c")
    making.make(failed.pk)
    for row in (ready, cancelled, failed):
        age(row, requested_at=-600)
    assert swept() == []


def test_documents_of_a_tenant_the_latest_first(document, ask):
    later = ask(key="angus-v2")
    age(document, requested_at=-60)
    ask(key="moray-v1", tenant="moray")
    assert list(selectors.documents_of("angus")) == [later, document]


# The broker


def test_a_document_is_asked_for_although_the_broker_is_down(document, settings, monkeypatch, caplog):
    from kombu.exceptions import OperationalError

    def refuse(*args, **kwargs):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.build_document, "apply_async", refuse)
    tasks.enqueue(document)
    assert "the sweep will announce it" in caplog.text


def test_only_a_waiting_document_wakes_a_worker(document, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.build_document, "apply_async", lambda args, **_: woken.append(args))
    tasks.enqueue(document)
    assert woken == [(str(document.pk),)]
    making.make(document.pk)
    document.refresh_from_db()
    tasks.enqueue(document)
    assert len(woken) == 1


def test_the_tasks_do_what_they_say(document, monkeypatch):
    woken = []
    monkeypatch.setattr(tasks, "wake", woken.append)
    age(document, requested_at=-6)
    tasks.sweep_documents.apply(throw=True)
    assert woken == [document.pk]
    tasks.build_document.apply([str(document.pk)], throw=True)
    document.refresh_from_db()
    assert document.is_ready
