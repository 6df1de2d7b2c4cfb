import hashlib
import logging
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from foundation.documents import making, registry, services, storage
from foundation.documents.enums import State
from foundation.documents.models import Document
from foundation.documents.registry import DocumentRefused

pytestmark = pytest.mark.django_db


def files(settings) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_the_file_is_kept_under_its_own_digest(document, settings):
    assert making.make(document.pk) == State.READY
    document.refresh_from_db()
    digest = hashlib.sha256(b"%PDF-1.7 the plan").hexdigest()
    assert document.sha256 == digest
    assert document.file.name == f"documents/{digest[:2]}/{digest}.pdf"
    assert document.size == 17
    assert document.download_name == "plan-2026-to-2029.pdf"
    assert document.attempts == 1
    assert document.finished_at
    assert len(files(settings)) == 1


def test_a_worker_woken_twice_makes_it_once(document, build, settings):
    making.make(document.pk)
    assert making.make(document.pk) is None
    assert build.calls == 1
    assert len(files(settings)) == 1


def test_a_document_in_other_hands_is_left_alone(document, build):
    assert making.claim_document(document.pk)
    assert making.claim_document(document.pk) is None
    assert making.make(document.pk) is None
    assert build.calls == 0


def test_the_same_content_is_kept_once(document, ask, settings):
    other = ask(key="angus-v2")
    making.make(document.pk)
    making.make(other.pk)
    assert len(files(settings)) == 1


def test_a_file_that_a_crash_cut_short_is_replaced(document, settings):
    digest = hashlib.sha256(b"%PDF-1.7 the plan").hexdigest()
    half = Path(settings.MEDIA_ROOT) / "documents" / digest[:2] / f"{digest}.pdf"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"%PDF-1.7 th")
    making.make(document.pk)
    assert half.read_bytes() == b"%PDF-1.7 the plan"
    assert len(files(settings)) == 1


def test_keeping_is_idempotent(settings):
    name, digest = storage.keep(b"same", "csv")
    assert storage.keep(b"same", "csv") == (name, digest)
    assert storage.holds(name, digest)
    assert not storage.holds(name, "0" * 64)
    assert not storage.holds("", digest)


def test_progress_is_on_the_row_while_it_is_made(document, build):
    seen = []

    def slow(row, progress):
        progress(2, 5, "Drawing the charts" * 50)
        row = Document.objects.get(pk=row.pk)
        seen.append((row.state, row.step, row.steps, row.step_label))
        return b"%PDF"

    build.does = slow
    making.make(document.pk)
    assert seen == [(State.RUNNING, 2, 5, ("Drawing the charts" * 50)[:200])]
    document.refresh_from_db()
    assert (document.step, document.steps, document.step_label) == (5, 5, "")


def test_each_step_renews_the_lease(document, build):
    def slow(row, progress):
        Document.objects.filter(pk=row.pk).update(lease_until=timezone.now() + timedelta(seconds=1))
        progress(1, 2, "Half way")
        left = Document.objects.get(pk=row.pk).lease_until - timezone.now()
        assert timedelta(seconds=15) < left <= making.LEASE
        return b"%PDF"

    build.does = slow
    assert making.make(document.pk) == State.READY


def test_a_cancelled_document_stops_at_its_next_step(document, build, olive, settings):
    def cancelled_meanwhile(row, progress):
        services.cancel_document(document=Document.objects.get(pk=row.pk), by=olive)
        progress(2, 3, "Never reached")
        raise AssertionError

    build.does = cancelled_meanwhile
    assert making.make(document.pk) is None
    document.refresh_from_db()
    assert document.state == State.CANCELLED
    assert files(settings) == []


def test_a_stale_worker_cannot_finish_fail_or_report(document, settings):
    stale = making.claim_document(document.pk)
    Document.objects.filter(pk=document.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    current = making.claim_document(document.pk)
    assert current
    for late in (
        lambda: stale(1, 2, "Still here"),
        lambda: making.complete(stale, b"%PDF stale", "pdf"),
        lambda: making.fail(stale, "I died"),
    ):
        with pytest.raises(making.LeaseLost):
            late()
    assert files(settings) == []
    making.complete(current, b"%PDF current", "pdf")
    with pytest.raises(making.LeaseLost):
        making.complete(current, b"%PDF twice", "pdf")
    document.refresh_from_db()
    assert (document.state, document.attempts) == (State.READY, 2)
    assert document.file.read() == b"%PDF current"


def test_a_refusal_is_shown_in_its_own_words(document, build):
    def refuse(*_):
        raise DocumentRefused("The plan has no sections yet. Write one first.")

    build.does = refuse
    assert making.make(document.pk) == State.FAILED
    document.refresh_from_db()
    assert document.error == "The plan has no sections yet. Write one first."


def test_a_fault_is_told_without_its_traceback(document, build, caplog):
    build.does = lambda *_: {}["secret path /srv/portal"]
    with caplog.at_level(logging.ERROR):
        assert making.make(document.pk) == State.FAILED
    document.refresh_from_db()
    assert "secret" not in document.error
    assert str(document.pk) in document.error
    assert "secret path" in caplog.text


def test_too_long_and_empty_are_said_in_words(document, build, ask):
    def too_long(*_):
        raise SoftTimeLimitExceeded

    build.does = too_long
    making.make(document.pk)
    document.refresh_from_db()
    assert "took longer" in document.error

    build.does = lambda *_: b""
    making.make(ask().pk)
    document.refresh_from_db()
    assert document.error == "There was nothing to put into “Plan 2026 to 2029”."


def test_a_kind_that_is_no_longer_installed_fails_in_words(document, monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    assert making.make(document.pk) == State.FAILED
    document.refresh_from_db()
    assert document.error == "This portal no longer makes documents of this kind."


def test_an_unknown_document_is_left_alone(db):
    assert making.make(uuid.uuid4()) is None
