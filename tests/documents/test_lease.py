"""Two workers, two connections, committed rows: the races that one connection cannot show."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from foundation.documents import making, services
from foundation.documents.enums import State
from foundation.documents.models import Document

PATIENCE = 10


@pytest.fixture
def committed(django_db_setup, django_db_blocker, kind) -> Iterator[None]:
    """Rows are committed, and taken away at the end."""
    with django_db_blocker.unblock():
        yield
        Document.objects.filter(tenant="race").delete()
        connection.close()


def ask(**changes) -> Document:
    return services.request_document(
        **{"kind": "plan", "key": "race", "label": "Race", "tenant": "race", "by": None} | changes
    )


def together(work: Callable[[], object], workers: int) -> list:
    """The results of the same work begun in the same instant on connections of their own."""
    results, barrier = [], threading.Barrier(workers)

    def run() -> None:
        try:
            connection.ensure_connection()
            barrier.wait(PATIENCE)
            results.append(work())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, daemon=True) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results


def test_a_button_pressed_many_times_at_once_asks_for_one_document(committed):
    results = together(lambda: ask().pk, 6)
    assert len(results) == 6
    assert len(set(results)) == 1
    assert Document.objects.filter(tenant="race").count() == 1


def test_only_one_of_many_workers_gets_the_document(committed, build):
    build.does = lambda *_: time.sleep(0.3) or b"%PDF"
    pk = ask().pk
    results = together(lambda: making.make(pk), 4)
    assert sorted(map(str, results)) == ["None", "None", "None", "ready"]
    assert build.calls == 1


def test_a_worker_does_not_wait_for_a_row_that_another_holds(committed):
    pk = ask().pk
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        from django.db import transaction

        with transaction.atomic():
            Document.objects.select_for_update().get(pk=pk)
            held.set()
            release.wait(PATIENCE)
        connection.close()

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    assert held.wait(PATIENCE)
    started = time.monotonic()
    assert making.claim_document(pk) is None
    assert time.monotonic() - started < 2
    release.set()
    holder.join(PATIENCE)
    assert making.claim_document(pk)


def test_the_heart_beats_while_a_step_is_long(committed, build, monkeypatch):
    monkeypatch.setattr("foundation.keeping.BEAT_SECONDS", 0.05)
    leases = []

    def long_step(document: Document, progress) -> bytes:
        for _ in range(2):
            time.sleep(0.3)
            leases.append(Document.objects.get(pk=document.pk).lease_until)
        return b"%PDF"

    build.does = long_step
    assert making.make(ask().pk) == State.READY
    assert leases[0] < leases[1]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("hold of")]
