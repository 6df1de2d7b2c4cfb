"""Bringing a Word file into a draft: it is kept, read by a worker, looked through by a person, and applied whole.

The file is gone as soon as it was read; what was read is gone when it is applied, given up, or a day old. Times come
from the database's clock, as for documents.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from foundation import audit
from foundation.documents.archives import FileRefused
from foundation.richtext.cleaning import TextTooLong
from foundation.richtext.pictures import Prepared
from partnerships.models import User

from ..documents import LAW
from ..enums import ImportState
from ..imports.proposals import Read, read_back, with_pictures, written
from ..imports.word import FoundText, read_word
from ..models import ImportedPicture, Plan, Section, WordImport
from .pictures import keep_prepared
from .plans import lock_draft
from .sections import SectionDetails, add_section
from .texts import TextChanged, put_section

logger = logging.getLogger(__name__)

# Stated in docs/retention.md.
KEPT_FOR = timedelta(days=1)
ATTEMPTS_LIMIT = 3
# Reading may take this long; then another worker may begin again.
READING_SECONDS = 120
HELD = timedelta(seconds=READING_SECONDS + 30)
ARRIVING = timedelta(minutes=10)
FIRST_REMINDER = timedelta(seconds=5)
NEXT_REMINDER = timedelta(seconds=60)

INTERRUPTED = (
    f"The portal began to read this file {ATTEMPTS_LIMIT} times and was interrupted each time. Nothing in the plan was "
    "changed. Save the file again in Word and bring that in; if it fails again, divide it into smaller files."
)
TOO_LONG = (
    "Reading this file took longer than two minutes. Divide it into smaller Word documents and bring them in one "
    "after the other."
)
FAULT = (
    "This file could not be read because of a fault in the portal. Nothing in the plan was changed. Tell the portal's "
    "administrator the reference {reference}."
)
NOT_ARRIVED = "The file did not reach the portal whole. Choose it again."


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
        plan=plan, brought_by=by, file_name=_short(file.name or "document.docx"), size=file.size
    )
    word_import.file.name = f"imports/{word_import.pk}.docx"
    with transaction.atomic():
        lock_draft(plan)
        for earlier in plan.word_imports.filter(brought_by=by).exclude(state=ImportState.APPLIED):
            discard_import(word_import=earlier)
        word_import.save()
        WordImport.objects.filter(pk=word_import.pk).update(held_until=Now() + ARRIVING)
    default_storage.save(str(word_import.file.name), file)
    WordImport.objects.filter(pk=word_import.pk).update(held_until=None)
    word_import.refresh_from_db()
    return word_import


def _short(name: str) -> str:
    """The name at a length that can be kept, with its ending."""
    path = PurePath(name)
    return f"{path.stem[: 190 - len(path.suffix)]}{path.suffix[:10]}"


def discard_import(*, word_import: WordImport) -> None:
    """Nothing is left of the file, nor of what was read in it."""
    name = str(word_import.file.name or "")
    WordImport.objects.filter(pk=word_import.pk).exclude(state=ImportState.APPLIED).delete()
    _forget_file(name)


def _forget_file(name: str) -> None:
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


# Reading, in a worker


def read_import(pk: UUID | str) -> ImportState | None:
    """The file was read, or refused in words; None if it is in other hands, at rest or given up."""
    held = _claim(pk)
    if held is None:
        return None
    try:
        with default_storage.open(str(held.file.name)) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            found = read_word(
                file,
                name=PurePath(held.file_name).stem,
                own_subject=LAW,
                progress=lambda step: _tell(held, step),
            )
    except FileRefused as refusal:
        logger.info("the Word file of import %s is refused: %s (%r)", pk, refusal, refusal.__cause__)
        return _refuse(held, str(refusal))
    except FileNotFoundError:
        return _refuse(held, NOT_ARRIVED)
    except SoftTimeLimitExceeded:
        return _refuse(held, TOO_LONG)
    except Exception:
        logger.exception("the Word file of import %s could not be read", pk)
        return _refuse(held, FAULT.format(reference=pk))
    return _keep(held, found, digest)


def _claim(pk: UUID | str) -> WordImport | None:
    """The import in this worker's hands. `held_until` is its token: nobody else has the same."""
    free = Q(held_until=None) | Q(held_until__lt=Now())
    waiting = WordImport.objects.filter(free, pk=pk, state=ImportState.WAITING, attempts__lt=ATTEMPTS_LIMIT)
    if not waiting.update(held_until=Now() + HELD, attempts=F("attempts") + 1):
        return None
    return WordImport.objects.filter(pk=pk).first()


def _mine(held: WordImport) -> Q:
    return Q(pk=held.pk, state=ImportState.WAITING, held_until=held.held_until)


def _tell(held: WordImport, step: str) -> None:
    WordImport.objects.filter(_mine(held)).update(step=step)


def _refuse(held: WordImport, words: str) -> ImportState | None:
    with transaction.atomic():
        refused = WordImport.objects.filter(_mine(held)).update(
            state=ImportState.REFUSED, refusal=words, file="", held_until=None, step=""
        )
        if refused:
            _forget_file(str(held.file.name))
    return ImportState.REFUSED if refused else None


def _keep(held: WordImport, found: FoundText, digest: str) -> ImportState | None:
    with transaction.atomic():
        if not WordImport.objects.filter(_mine(held)).update(
            state=ImportState.READ, found=written(found), sha256=digest, file="", held_until=None, step=""
        ):
            return None
        ImportedPicture.objects.bulk_create(
            ImportedPicture(
                word_import=held,
                number=picture.number,
                data=picture.prepared.data,
                media_type=picture.prepared.media_type,
                width=picture.prepared.width,
                height=picture.prepared.height,
            )
            for picture in found.pictures
        )
        _forget_file(str(held.file.name))
    return ImportState.READ


def sweep_imports(wake: Callable[[UUID], None]) -> int:
    """No file is left behind, and none is kept for longer than a day: `wake` is called for each that waits.

    One whose worker died is read again, or refused in words after ATTEMPTS_LIMIT attempts. Returns how many wait.
    """
    for old in WordImport.objects.filter(brought_at__lt=Now() - KEPT_FOR).exclude(state=ImportState.APPLIED):
        with transaction.atomic():
            discard_import(word_import=old)
    free = Q(held_until=None) | Q(held_until__lt=Now())
    waiting = WordImport.objects.filter(free, state=ImportState.WAITING)
    for tired in waiting.filter(attempts__gte=ATTEMPTS_LIMIT):
        _refuse(tired, INTERRUPTED)
    never_woken = Q(woken_at=None, brought_at__lt=Now() - FIRST_REMINDER)
    left_behind = waiting.filter(
        never_woken | Q(woken_at__lt=Now() - NEXT_REMINDER), attempts__lt=ATTEMPTS_LIMIT
    )
    found = list(left_behind.order_by("brought_at").values_list("pk", flat=True)[:50])
    WordImport.objects.filter(pk__in=found).update(woken_at=Now())
    for pk in found:
        wake(pk)
    return len(found)


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
