"""Several workers make one document: each chapter is rendered by one of them, and none waits for the dead."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import psycopg
import pytest
from django.db import connection

from foundation.documents import making, registry, services, tasks
from foundation.documents.assembly import (
    Book,
    Chapter,
    produce,
    produce_file,
    production,
    render_missing,
    store,
)
from foundation.documents.assembly.names import PartNames
from foundation.documents.enums import State
from foundation.documents.models import Document
from foundation.documents.registry import DocumentKind, DocumentRefused

from .books import BOOK, chapter

pytestmark = pytest.mark.django_db

BOOK = replace(
    BOOK,
    contents=None,
    cover=None,
    chapters=(
        chapter("short", "Short"),
        chapter("long", "Long", "<p>More</p>" * 9),
        chapter("mid", "Mid", "<p>x</p>"),
    ),
)
SHORT, LONG, MID = BOOK.chapters


@pytest.fixture
def rendered(monkeypatch) -> list[str]:
    """Keys of the chapters that this worker rendered, in order."""
    seen: list[str] = []
    render = production.render_chapter
    monkeypatch.setattr(
        production,
        "render_chapter",
        lambda book, one, **more: seen.append(one.key) or render(book, one, **more),
    )
    return seen


@pytest.fixture
def document(monkeypatch) -> Document:
    """A document of a kind that is made from the book."""
    monkeypatch.setattr(registry, "_kinds", {})
    registry.register(
        DocumentKind(code="book", label="Book", build=None, book=lambda _: BOOK, may_download=lambda *_: True)
    )
    return services.request_document(kind="book", key="one", label="Plan", tenant="angus", by=None)


class Other:
    """Another worker, with a connection of its own to the database."""

    def __init__(self) -> None:
        self.connection = psycopg.connect(**connection.get_connection_params(), autocommit=True)

    def takes(self, one: Chapter) -> None:
        key = int.from_bytes(bytes.fromhex(PartNames(BOOK).of(one)[:16]), signed=True)
        (taken,) = self.connection.execute("select pg_try_advisory_lock(%s)", [key]).fetchone()
        assert taken

    def dies(self) -> None:
        self.connection.close()


@pytest.fixture
def other() -> Iterator[Other]:
    worker = Other()
    yield worker
    worker.dies()


def when(label: str, act: Callable[[], object]) -> Callable[[int, int, str], None]:
    """A progress function that acts once, when it is told of `label` for the second time."""
    told: list[str] = []

    def progress(step: int, steps: int, said: str) -> None:
        told.append(said)
        if said == label and told.count(label) == 2:
            act()

    return progress


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(production, "_SECONDS_BETWEEN_NOTES", 0)


def test_a_kind_is_made_from_its_book(document, rendered):
    told = []
    assert making.make(document.pk, call_help=told.append) == State.READY
    document.refresh_from_db()
    with document.file.open() as file:
        assert file.read() == produce(BOOK)
    assert rendered == ["long", "mid", "short"]
    assert told == [2]
    assert (document.step, document.steps) == (4, 4)


def test_a_long_book_calls_a_helper_before_it_is_put_together(document):
    told = []

    def book(_: Document) -> Book:
        assert told == [1]
        return BOOK

    registry.register(replace(registry.find("book"), code="long", book=book, is_long=True))
    Document.objects.update(kind="long")
    assert making.make(document.pk, call_help=told.append) == State.READY
    assert told == [1, 2]


def test_each_step_names_the_chapter(rendered):
    told = []
    produce(BOOK, progress=lambda *note: told.append(note))
    assert told == [
        (1, 4, "Setting “Long”"),
        (2, 4, "Setting “Mid”"),
        (3, 4, "Setting “Short”"),
        (4, 4, "Putting the chapters together"),
    ]


def test_help_is_called_for_work_that_can_be_shared_and_no_more_than_is_of_use(rendered):
    called = []
    many = replace(BOOK, chapters=tuple(chapter(f"c{n}", f"Chapter {n}") for n in range(9)))
    produce_file(many, call_help=called.append)
    produce_file(many, call_help=called.append)
    assert called == [production.HELPERS]
    produce_file(replace(many, chapters=(*many.chapters, SHORT)), call_help=called.append)
    assert called == [production.HELPERS]


def test_a_helper_takes_what_nobody_has_taken(document, other, rendered):
    making.claim_document(document.pk)
    other.takes(LONG)
    assert making.help_with(document.pk) == 2
    assert rendered == ["mid", "short"]
    assert making.help_with(document.pk) == 0
    other.dies()
    assert making.help_with(document.pk) == 1
    assert rendered == ["mid", "short", "long"]


def test_a_helper_leaves_documents_that_nobody_makes(document, rendered):
    assert making.help_with(document.pk) == 0
    making.make(document.pk)
    rendered.clear()
    assert making.help_with(document.pk) == 0
    assert rendered == []


def test_a_helper_stops_when_the_document_is_cancelled(document, monkeypatch, rendered):
    making.claim_document(document.pk)
    keep = store.keep

    def cancelled_meanwhile(name: str, data: bytes) -> None:
        keep(name, data)
        services.cancel_document(document=Document.objects.get(pk=document.pk), by=None)

    monkeypatch.setattr(store, "keep", cancelled_meanwhile)
    assert making.help_with(document.pk) == 1
    assert rendered == ["long"]


def test_what_another_worker_renders_is_waited_for(other, rendered):
    other.takes(LONG)
    data = produce(BOOK, progress=when("Setting “Long”", lambda: store.keep(name_of(LONG), part_of(LONG))))
    assert rendered == ["mid", "short"]
    assert produce(BOOK) == data


def name_of(one: Chapter) -> str:
    return PartNames(BOOK).of(one)


def part_of(one: Chapter) -> bytes:
    from foundation.documents.assembly.rendering import render_chapter

    return render_chapter(BOOK, one, note=lambda _: None)


def test_what_a_dead_worker_held_is_rendered_here(other, rendered):
    other.takes(LONG)
    produce(BOOK, progress=when("Setting “Long”", other.dies))
    assert rendered == ["mid", "short", "long"]


def test_whoever_waits_for_another_worker_can_be_stopped(other, document):
    other.takes(LONG)
    claim = making.claim_document(document.pk)

    def cancelled() -> None:
        services.cancel_document(document=document, by=None)
        claim(1, 1, "Still here?")

    with pytest.raises(making.LeaseLost):
        produce(BOOK, progress=when("Setting “Long”", cancelled))


def test_a_document_that_is_begun_again_renders_only_what_is_missing(rendered):
    class Killed(BaseException):
        pass

    def killed_at_the_third(step: int, *_) -> None:
        if step == 3:
            raise Killed

    with pytest.raises(Killed):
        produce(BOOK, progress=killed_at_the_third)
    assert rendered == ["long", "mid"]
    produce(BOOK)
    assert rendered == ["long", "mid", "short"]


def test_chapters_can_be_rendered_before_anybody_asks(rendered):
    assert render_missing(BOOK, goes_on=lambda: True) == 3
    rendered.clear()
    assert render_missing(BOOK, goes_on=lambda: True) == 0
    produce(BOOK)
    assert rendered == []


def test_rendering_ahead_stops_when_it_is_told_to(rendered):
    answers = iter([True, False])
    assert render_missing(BOOK, goes_on=lambda: next(answers)) == 1
    assert rendered == ["long"]


def test_a_refusal_is_told_by_the_worker_that_makes_the_document(document, monkeypatch):
    def refuse(*_):
        raise DocumentRefused("The text is not there any more.")

    monkeypatch.setattr(registry, "_kinds", {})
    registry.register(
        DocumentKind(code="book", label="Book", build=None, book=refuse, may_download=lambda *_: True)
    )
    claim = making.claim_document(document.pk)
    assert making.help_with(document.pk) == 0
    Document.objects.filter(pk=document.pk).update(state=State.QUEUED)
    assert claim
    assert making.make(document.pk) == State.FAILED
    document.refresh_from_db()
    assert document.error == "The text is not there any more."


def test_a_kind_is_built_or_made_from_a_book_and_not_both():
    for build, book in ((None, None), (lambda *_: b"", lambda _: BOOK)):
        with pytest.raises(ValueError, match="either built or made from a book"):
            DocumentKind(code="odd", label="Odd", build=build, book=book, may_download=lambda *_: True)


def test_the_tasks_wake_helpers_and_need_none(document, monkeypatch, rendered):
    woken = []
    monkeypatch.setattr(tasks.help_with_document, "apply_async", lambda args, **_: woken.append(args))
    tasks.build_document.apply([str(document.pk)], throw=True)
    assert woken == [(str(document.pk),)] * 2
    document.refresh_from_db()
    assert document.state == State.READY
    monkeypatch.undo()
    tasks.help_with_document.apply([str(document.pk)], throw=True)
    tasks.sweep_parts.apply(throw=True)
