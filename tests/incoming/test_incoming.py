"""What holds for every file that somebody brings in, tried on a kind that belongs to no app."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from time import sleep
from uuid import uuid4

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from foundation.incoming.archives import FileRefused
from foundation.incoming.arriving import AGAIN, discard, expect, receive, short_name
from foundation.incoming.enums import State
from foundation.incoming.kinds import ATTEMPTS_LIMIT, NOT_ARRIVED, Found, Kind, Words
from foundation.incoming.models import IncomingFile
from foundation.incoming.reading import _in_hand, claim, read, refuse
from foundation.incoming.sweeping import sweep

pytestmark = pytest.mark.django_db


class Letter(IncomingFile):
    class Meta(IncomingFile.Meta):
        app_label = "incoming"


def read_letter(row: Letter, file, tell) -> Found:
    file.seek(0)
    return Found({"state": State.READ, "found": {"text": file.read().decode()}})


@pytest.fixture(autouse=True)
def letters(db):
    """The table stands for the length of the test."""
    with connection.schema_editor() as editor:
        editor.create_model(Letter)


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> Callable:
    settings.MEDIA_ROOT = tmp_path
    return lambda: [path.name for path in tmp_path.rglob("*") if path.is_file()]


@pytest.fixture(params=[True, False], ids=["keeps its file", "forgets its file"])
def kind(request) -> Kind[Letter]:
    return Kind(
        model=Letter,
        read=read_letter,
        words=Words("Nothing was changed.", "Write it again", "Write two letters."),
        kept_for=timedelta(days=2),
        keeps_file=request.param,
    )


@pytest.fixture
def bring() -> Callable:
    def begin(text: str = "Dear all") -> Letter:
        row = Letter(file_name="letter.txt", size=len(text))
        row.file.name = f"letters/{row.pk}.txt"
        expect(row)
        receive(row, ContentFile(text.encode()))
        return row

    return begin


@pytest.fixture
def later(django_capture_on_commit_callbacks) -> Callable:
    """Does it, and what follows once it stands in the database."""

    def run(act, *given):
        with django_capture_on_commit_callbacks(execute=True):
            return act(*given)

    return run


def age(row: Letter, **times) -> None:
    """Lets time pass for the row: brought_at=-6 was six seconds ago."""
    Letter.objects.filter(pk=row.pk).update(
        **{name: timezone.now() + timedelta(seconds=seconds) for name, seconds in times.items()}
    )


def failing(kind: Kind[Letter], fault: Exception) -> Kind[Letter]:
    def fail(*_):
        raise fault

    return replace(kind, read=fail)


# Arriving


def test_nobody_reads_a_file_that_is_still_on_its_way(kind, bring):
    row = Letter(file_name="letter.txt", size=0, file="letters/late.txt")
    expect(row)
    assert read(kind, row.pk) is None
    receive(row, ContentFile(b"Late"))
    assert read(kind, row.pk) == State.READ


def test_a_long_name_keeps_its_ending():
    name = short_name(f"{'letter ' * 60}.docx")
    assert len(name) <= 200 and name.endswith(".docx")
    assert short_name("letter.txt") == "letter.txt"


# Reading


def test_what_was_read_is_kept_with_its_fingerprint(kind, bring, files, later):
    row = bring()
    assert later(read, kind, row.pk) == State.READ
    row.refresh_from_db()
    assert (row.found, row.held_until, row.step) == ({"text": "Dear all"}, None, "")
    assert row.sha256 == hashlib.sha256(b"Dear all").hexdigest()
    assert files() == ([f"{row.pk}.txt"] if kind.keeps_file else [])
    assert bool(row.file) == kind.keeps_file
    assert read(kind, row.pk) is None, "it is read once"


def test_one_worker_reads_at_a_time_and_one_that_comes_late_changes_nothing(kind, bring):
    row = bring()
    late = claim(kind, row.pk)
    assert late and read(kind, row.pk) is None
    age(row, held_until=-1)
    assert read(kind, row.pk) == State.READ
    assert refuse(kind, late, "Too late.") is None
    row.refresh_from_db()
    assert (row.state, row.refusal) == (State.READ, "")


def test_what_stands_beside_is_kept_only_by_whoever_holds_the_file(kind, bring):
    row = bring()
    kept = []

    def slow(held, file, tell):
        age(row, held_until=-1)
        assert claim(kind, row.pk)
        return Found({"state": State.READ}, keep=lambda: kept.append(held))

    assert read(replace(kind, read=slow), row.pk) is None
    assert kept == []


def test_what_cannot_be_kept_beside_refuses_the_file_whole(kind, bring):
    row = bring()
    broken = replace(kind, read=lambda *_: Found({"state": State.READ}, keep=lambda: 1 / 0))
    assert read(broken, row.pk) == State.REFUSED
    row.refresh_from_db()
    assert row.sha256 == ""


def test_people_see_how_far_the_reading_is(kind, bring):
    row = bring()
    seen = []

    def telling(held, file, tell):
        for step in ("Opening the letter", "Reading " * 40):
            tell(step)
            seen.append(Letter.objects.get(pk=row.pk).step)
        return read_letter(held, file, tell)

    read(replace(kind, read=telling), row.pk)
    assert seen == ["Opening the letter", ("Reading " * 40)[:120]]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (FileRefused("This is not a letter."), "This is not a letter."),
        (SoftTimeLimitExceeded(), "Reading this file took longer than two minutes. Write two letters."),
        (FileNotFoundError(), NOT_ARRIVED),
        (ZeroDivisionError(), "a fault in the portal. Nothing was changed. Tell the portal's administrator"),
    ],
)
def test_every_failure_is_told_in_words(kind, bring, files, later, fault, words):
    row = bring()
    assert later(read, failing(kind, fault), row.pk) == State.REFUSED
    row.refresh_from_db()
    assert words in row.refusal
    assert files() == ([f"{row.pk}.txt"] if kind.keeps_file else [])


def test_a_file_that_never_arrived_is_told_so(kind, bring):
    row = bring()
    default_storage.delete(row.file.name)
    assert read(kind, row.pk) == State.REFUSED
    row.refresh_from_db()
    assert row.refusal == NOT_ARRIVED


def test_a_file_that_is_not_there_or_is_given_up_meanwhile_is_left_alone(kind, bring, files, later):
    assert read(kind, uuid4()) is None
    row = bring()

    def given_up(held, file, tell):
        discard(row)
        return read_letter(held, file, tell)

    assert later(read, replace(kind, read=given_up), row.pk) is None
    assert not Letter.objects.exists() and files() == []


def test_a_file_is_read_again_when_somebody_asks(kind, bring):
    kind = replace(kind, keeps_file=True)
    row = bring()
    read(kind, row.pk)
    Letter.objects.filter(pk=row.pk).update(**AGAIN)
    assert read(kind, row.pk) == State.READ


# The sweep


def test_the_sweep_wakes_workers_for_files_that_nobody_reads(kind, bring):
    row = bring()
    woken = []
    assert sweep(kind, woken.append) == 0, "it was just announced"
    age(row, brought_at=-60)
    assert (sweep(kind, woken.append), sweep(kind, woken.append)) == (1, 0)
    assert woken == [row.pk], "announced once a minute"
    age(row, woken_at=-61)
    assert sweep(kind, woken.append) == 1


def test_a_file_whose_worker_died_is_told_so_and_announced_again_at_once(kind, bring):
    row = bring()
    assert claim(kind, row.pk)
    age(row, woken_at=-6)
    woken = []
    assert sweep(kind, woken.append) == 0, "a worker has it"
    age(row, held_until=-1)
    row.refresh_from_db()
    assert row.where_it_is == "The reading was interrupted. It begins again by itself"
    assert sweep(kind, woken.append) == 1


def test_a_worker_that_reads_for_long_keeps_the_file(kind, bring, monkeypatch):
    monkeypatch.setattr("foundation.keeping.BEAT_SECONDS", 0.01)
    row = bring()
    renewals = []

    class Watched:
        def update(self, **changes):
            renewals.append(changes["held_until"])
            return 1

    held = claim(kind, row.pk)
    first = held.held_until
    monkeypatch.setattr("foundation.incoming.reading._mine", lambda *_: Watched())
    with _in_hand(kind, held):
        while len(renewals) < 2:
            sleep(0.005)
    assert first < renewals[0] < renewals[1] <= held.held_until


def test_a_file_whose_worker_dies_is_read_again_and_refused_after_three_attempts(kind, bring, files, later):
    row = bring()
    for _ in range(ATTEMPTS_LIMIT):
        assert claim(kind, row.pk), "the next worker takes it"
        age(row, held_until=-1)
    assert claim(kind, row.pk) is None
    woken = []
    later(sweep, kind, woken.append)
    row.refresh_from_db()
    assert (row.state, woken) == (State.REFUSED, [])
    assert row.refusal == (
        "The portal began to read this file 3 times and was interrupted each time. Nothing was changed. "
        "Write it again; if it fails again, divide it into smaller files."
    )
    assert files() == ([f"{row.pk}.txt"] if kind.keeps_file else [])


def test_nothing_but_what_was_applied_is_kept_for_longer_than_it_may(kind, bring, files, later):
    kind = replace(kind, keeps_file=True)
    applied, forgotten, young = bring(), bring(), bring()
    Letter.objects.filter(pk=applied.pk).update(state=State.APPLIED)
    age(applied, brought_at=-200_000)
    age(forgotten, brought_at=-200_000)
    later(sweep, kind, lambda _: None)
    assert set(Letter.objects.all()) == {applied, young}
    assert set(files()) == {f"{applied.pk}.txt", f"{young.pk}.txt"}


def test_what_was_applied_cannot_be_discarded(bring, files, later):
    row = bring()
    Letter.objects.update(state=State.APPLIED)
    later(discard, row)
    assert Letter.objects.exists() and files()
