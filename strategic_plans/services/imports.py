"""Bringing a Word file into a draft: it is kept, read by a worker, looked through by a person, and applied whole.

The file is gone as soon as it was read; what was read is gone when it is applied, given up, or a day old.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.incoming.arriving import discard, expect, receive, short_name
from foundation.incoming.kinds import Found, Kind, Progress, Words
from foundation.incoming.reading import read
from foundation.incoming.sweeping import sweep
from foundation.richtext.cleaning import TextTooLong
from foundation.richtext.pictures import Prepared
from partnerships.models import User

from ..documents import LAW
from ..enums import ImportState
from ..imports.proposals import Read, read_back, with_pictures, written
from ..imports.word import read_word
from ..models import ImportedPicture, Plan, Section, WordImport
from .pictures import keep_prepared
from .plans import lock_draft
from .sections import SectionDetails, add_section
from .texts import TextChanged, put_section


class ImportOver(Exception):
    """The file is not waiting to be applied any more; the text says so to people."""


class SectionsChanged(Exception):
    """Somebody saved or removed sections since the person looked; `titles` names them. Nothing was applied."""

    def __init__(self, titles: Sequence[str]) -> None:
        self.titles = titles
        super().__init__(f"Changed in between: {', '.join(titles)}")


@dataclass(frozen=True)
class Placement:
    """A part of the file, by its number, and the section whose text it becomes; none: a new one under this heading."""

    number: int
    section: Section | None
    heading: str


def start_import(*, plan: Plan, file: File[Any], by: User) -> WordImport:
    """The file is kept for a worker to read; it takes the place of one that the person had not applied yet.

    The row stands before the file does, so that no file is ever kept that nobody sweeps. Raises PlanFrozen.
    """
    word_import = WordImport(
        plan=plan, brought_by=by, file_name=short_name(file.name or "document.docx"), size=file.size
    )
    word_import.file.name = f"imports/{word_import.pk}.docx"
    with transaction.atomic():
        lock_draft(plan)
        for earlier in plan.word_imports.filter(brought_by=by).exclude(state=ImportState.APPLIED):
            discard_import(word_import=earlier)
        expect(word_import)
    receive(word_import, file)
    return word_import


def discard_import(*, word_import: WordImport) -> None:
    """Nothing is left of the file, nor of what was read in it."""
    discard(word_import)


# Reading, in a worker


def read_import(pk: UUID | str) -> str | None:
    """The file was read, or refused in words: its state. None if it is in other hands, at rest or given up."""
    return read(WORD_FILES, pk)


def sweep_imports(wake: Callable[[UUID], None]) -> int:
    """No file is left behind, and none is kept for longer than a day; returns how many wait."""
    return sweep(WORD_FILES, wake)


def _read(held: WordImport, file: IO[bytes], tell: Progress) -> Found:
    found = read_word(file, name=PurePath(held.file_name).stem, own_subject=LAW, progress=tell)
    return Found(
        {"state": ImportState.READ, "found": written(found)},
        keep=lambda: ImportedPicture.objects.bulk_create(
            ImportedPicture(
                word_import=held,
                number=picture.number,
                data=picture.prepared.data,
                media_type=picture.prepared.media_type,
                width=picture.prepared.width,
                height=picture.prepared.height,
            )
            for picture in found.pictures
        ),
    )


WORD_FILES = Kind(
    model=WordImport,
    read=_read,
    words=Words(
        unchanged="Nothing in the plan was changed.",
        save_again="Save the file again in Word and bring that in",
        divide="Divide it into smaller Word documents and bring them in one after the other.",
    ),
    kept_for=timedelta(days=1),
    keeps_file=False,
)


# Applying


def apply_import(
    *,
    word_import: WordImport,
    placements: Sequence[Placement],
    seen: Mapping[int, int],
    words: Mapping[int, str],
    by: User,
) -> list[Section]:
    """Every placed part is a section's text, each in one revision more; all of them or none. Returns the sections.

    `seen` is the revision of each section that the person looked at, `words` what pictures without alternative text
    show, by number; empty words for decoration. A new section stands behind the one that the part before it became,
    or at the end.

    Raises PlanFrozen, ImportOver, SectionsChanged, and ValidationError in words for a text that cannot be kept.
    """
    reason = f"Brought in from {word_import.file_name}"
    with transaction.atomic():
        plan = lock_draft(word_import.plan)
        row = WordImport.objects.select_for_update().get(pk=word_import.pk)
        if row.state != ImportState.READ:
            raise ImportOver(f"“{row}” is in the plan already. Nothing was changed again.")
        _check_unchanged(plan, placements, seen)
        read = read_back(row.found)
        addresses = _kept_pictures(row, read, placements, by)
        done: list[Section] = []
        for placement in placements:
            part = read.parts[placement.number - 1]
            after = done[-1] if done else plan.sections.last()
            section = placement.section or add_section(
                plan=plan, details=_details(placement.heading), after=after, by=by
            )
            body = with_pictures(part.body, addresses, words)
            done.append(_put(section, body, seen.get(section.pk, 0), reason, by))
        _close(row, _outcome(done, placements))
        audit.record(
            by=by,
            action="strategic_plans.word_brought_in",
            subject=plan,
            tenant=plan.partnership.slug,
            after={"file": row.file_name, "sha256": row.sha256, "sections": row.outcome},
            reason=reason,
        )
    return done


def _check_unchanged(plan: Plan, placements: Sequence[Placement], seen: Mapping[int, int]) -> None:
    now = dict(plan.sections.values_list("pk", "revision"))
    targets = [placement.section for placement in placements if placement.section]
    if changed := [target.title for target in targets if now.get(target.pk) != seen.get(target.pk)]:
        raise SectionsChanged(changed)


def _kept_pictures(row: WordImport, read: Read, placements: Sequence[Placement], by: User) -> dict[int, str]:
    """The addresses of the pictures in the placed parts, which the partnership has from now on."""
    wanted = {number for placement in placements for number in read.parts[placement.number - 1].pictures}
    return {
        picture.number: keep_prepared(
            row.plan.partnership,
            Prepared(bytes(picture.data), picture.media_type, picture.width, picture.height),
            by,
        ).get_absolute_url()
        for picture in row.pictures.filter(number__in=wanted)
    }


def _details(heading: str) -> SectionDetails:
    return SectionDetails(title=heading, prompt="", owner=None, due_on=None)


def _put(section: Section, body: str, revision: int, reason: str, by: User) -> Section:
    try:
        return put_section(section=section, body=body, expected_revision=revision, by=by, reason=reason)
    except TextTooLong as refusal:
        raise ValidationError(f"“{section}” {refusal}") from None
    except TextChanged:
        raise SectionsChanged([section.title]) from None


def _outcome(done: Sequence[Section], placements: Sequence[Placement]) -> list[dict[str, Any]]:
    return [
        {
            "key": section.key,
            "title": section.title,
            "words": section.word_count,
            "is_new": placement.section is None,
            "is_first": section.revision <= 1,
        }
        for section, placement in zip(done, placements, strict=True)
    ]


def _close(row: WordImport, outcome: list[dict[str, Any]]) -> None:
    """The import is over and holds nothing of the file any more but its name and fingerprint."""
    row.pictures.all().delete()
    row.state, row.found, row.applied_at = ImportState.APPLIED, {}, timezone.now()
    row.outcome = outcome
    row.save(update_fields=["state", "found", "applied_at", "outcome"])
