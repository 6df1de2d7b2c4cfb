"""Saving what people write. Every saved state is kept; nobody's text overwrites another's unseen."""

from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.richtext.cleaning import clean_html, word_count
from localities.models import Locality
from partnerships.models import User

from ..models import ArrangementRevision, LocalityArrangement, Plan, Section, SectionRevision
from .plans import lock_draft

SomeText = TypeVar("SomeText", Section, LocalityArrangement)


class TextChanged(Exception):
    """Somebody saved the text in between. Both texts are here, so that the person can decide what stands."""

    def __init__(self, *, mine: str, text: Section | LocalityArrangement) -> None:
        self.mine = mine
        self.theirs = text.body
        self.revision = text.revision
        self.changed_by: User | None = text.changed_by
        self.changed_at: datetime | None = text.changed_at
        super().__init__(f"“{text}” was saved by {self.changed_by} in between")


class NoSuchRevision(LookupError):
    """The text has no saved state of that number."""


def save_section(
    *, section: Section, body: str, expected_revision: int, by: User, reason: str = ""
) -> Section:
    """The section has this text, cleaned, and one revision more. A text that is the same changes nothing.

    Raises TextChanged when its revision is not `expected_revision` any more, PlanFrozen, TextTooLong.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        return _save(plan, row, body, expected_revision, by, reason)


def save_arrangement(
    *, plan: Plan, locality: Locality, body: str, expected_revision: int, by: User, reason: str = ""
) -> LocalityArrangement:
    """The plan says this for the locality (2014 Act s.29(3)(b)), and the text has one revision more.

    Raises as save_section does.
    """
    with transaction.atomic():
        locked = lock_draft(plan)
        row = _arrangement(locked, locality)
        return _save(locked, row, body, expected_revision, by, reason)


def restore_section(*, section: Section, number: int, expected_revision: int, by: User) -> Section:
    """The section has the text that it had at revision `number`, as a new revision; nothing is taken away.

    Raises NoSuchRevision, and as save_section does.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        old = row.revisions.filter(number=number).first()
        return _restore(plan, row, old, number, expected_revision, by)


def restore_arrangement(
    *, plan: Plan, locality: Locality, number: int, expected_revision: int, by: User
) -> LocalityArrangement:
    """As restore_section, for the arrangements of a locality."""
    with transaction.atomic():
        locked = lock_draft(plan)
        row = _arrangement(locked, locality)
        old = row.revisions.filter(number=number).first()
        return _restore(locked, row, old, number, expected_revision, by)


def _arrangement(plan: Plan, locality: Locality) -> LocalityArrangement:
    """The row of the locality; made here for a locality that was added after the plan was started."""
    row, _ = LocalityArrangement.objects.select_related("changed_by", "locality").get_or_create(
        plan=plan, locality=locality
    )
    return row


def _restore(
    plan: Plan,
    row: SomeText,
    old: SectionRevision | ArrangementRevision | None,
    number: int,
    expected_revision: int,
    by: User,
) -> SomeText:
    if old is None:
        raise NoSuchRevision(f"“{row}” has no revision {number}")
    return _save(plan, row, old.body, expected_revision, by, f"Restored from revision {number}", number)


def _save(
    plan: Plan,
    row: SomeText,
    body: str,
    expected_revision: int,
    by: User,
    reason: str,
    restored_from: int | None = None,
) -> SomeText:
    clean = clean_html(body)
    if clean == row.body:
        return row
    if row.revision != expected_revision:
        raise TextChanged(mine=clean, text=row)
    before = {"revision": row.revision, "words": row.word_count}
    row.body, row.word_count = clean, word_count(clean)
    row.revision += 1
    row.changed_by, row.changed_at = by, timezone.now()
    row.save(update_fields=["body", "word_count", "revision", "changed_by", "changed_at"])
    _keep_revision(row, reason, restored_from)
    audit.record(
        by=by,
        action=f"strategic_plans.{'section' if isinstance(row, Section) else 'arrangement'}_saved",
        subject=row,
        tenant=plan.partnership.slug,
        before=before,
        after={"revision": row.revision, "words": row.word_count},
        reason=reason,
    )
    return row


def _keep_revision(row: Section | LocalityArrangement, reason: str, restored_from: int | None) -> None:
    state = {
        "number": row.revision,
        "body": row.body,
        "word_count": row.word_count,
        "saved_by": row.changed_by,
        "saved_at": row.changed_at,
        "reason": reason,
        "restored_from": restored_from,
    }
    if isinstance(row, Section):
        SectionRevision.objects.create(section=row, **state)
    else:
        ArrangementRevision.objects.create(arrangement=row, **state)
