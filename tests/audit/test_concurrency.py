"""Writers wait neither for the sealer nor for each other: real connections on a database of their own."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction

from foundation import audit
from foundation.audit.models import Entry, Seal
from foundation.audit.sealing import seal_entries
from foundation.audit.selectors import verify_chain

NAME = "portal_audit_scratch"
PATIENCE = 10  # seconds; a wait for a lock would last for ever


@pytest.fixture(scope="module")
def scratch(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A database with the audit tables only, in which transactions really commit."""
    with django_db_blocker.unblock():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
            cursor.execute(f"CREATE DATABASE {NAME}")
        connections.databases["scratch"] = connections.databases["default"] | {
            "NAME": NAME,
            "CONN_MAX_AGE": 0,
        }
        call_command("migrate", "audit", database="scratch", verbosity=0)
        connections["scratch"].close()
        try:
            yield
        finally:
            del connections["scratch"]
            del connections.databases["scratch"]
            with connection._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


@contextmanager
def on_scratch() -> Iterator[None]:
    """This thread's connection, whatever code asks for it, goes to the scratch database."""
    connections["default"] = connections.create_connection("scratch")
    try:
        yield
    finally:
        connections["default"].close()


class Actor(threading.Thread):
    """One connection that does one thing; `finish` raises what went wrong in it."""

    def __init__(self, work) -> None:
        super().__init__(daemon=True)
        self._work, self._error = work, None
        self.start()

    def run(self) -> None:
        try:
            with on_scratch():
                self._work()
        except BaseException as error:
            self._error = error

    def finish(self) -> None:
        self.join(PATIENCE)
        assert not self.is_alive(), "it waits for a lock"
        if self._error:
            raise self._error


def write(subject: str) -> Entry:
    return audit.record(by=audit.SYSTEM, action="plans.changed", subject=subject)


def test_writers_and_the_sealer_do_not_wait_for_each_other(scratch):
    first_wrote, release = threading.Event(), threading.Event()

    def slow_writer() -> None:
        with transaction.atomic():
            write("slow")
            first_wrote.set()
            assert release.wait(PATIENCE)

    slow = Actor(slow_writer)
    assert first_wrote.wait(PATIENCE)
    Actor(lambda: write("quick")).finish()  # does not wait for the slow writer
    Actor(seal_entries).finish()  # nor does the sealer, which seals what it can see

    sealing, go_on = threading.Event(), threading.Event()

    def slow_sealer() -> None:
        with transaction.atomic():
            seal_entries()
            sealing.set()
            assert go_on.wait(PATIENCE)

    sealer = Actor(slow_sealer)
    assert sealing.wait(PATIENCE)
    Actor(lambda: write("during the seal")).finish()  # a writer does not wait for the sealer

    def second_sealer() -> None:
        assert seal_entries() == 0  # one sealer at a time, and the other goes away

    Actor(second_sealer).finish()
    go_on.set()
    sealer.finish()
    release.set()
    slow.finish()
    Actor(seal_entries).finish()

    def look() -> None:
        order = list(Entry.objects.order_by("sealed__seal_id").values_list("subject_label", flat=True))
        assert order[0] == "quick"
        assert set(order[1:]) == {"slow", "during the seal"}  # the late one has the lowest number
        assert Entry.objects.order_by("pk").first().subject_label == "slow"
        assert Seal.objects.count() == 2
        assert verify_chain().is_whole

    Actor(look).finish()


def test_many_writers_and_sealers_at_once_leave_a_whole_chain(scratch):
    def busy(name: str) -> None:
        for number in range(10):
            write(f"{name}-{number}")

    actors = [Actor(lambda n=n: busy(str(n))) for n in range(4)] + [Actor(seal_entries) for _ in range(2)]
    for actor in actors:
        actor.finish()

    def look() -> None:
        seal_entries()
        assert not Entry.objects.filter(sealed=None).exists()
        assert verify_chain().is_whole

    Actor(look).finish()
