"""Saving what people write. Every saved state is kept; nobody's text overwrites another's unseen."""

from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Saving:
    """Who saves, which revision they saw when they began, and why."""

    by: User
    expected_revision: int
    reason: str = ""
    restored_from: int | None = None


def save_section(
    *, section: Section, body: str, expected_revision: int, by: User, reason: str = ""
) -> Section:
    """The section has this text, cleaned, and one revision more. A text that is the same changes nothing.

    Raises TextChanged when its revision is not `expected_revision` any more, PlanFrozen, TextTooLong.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        return _save(plan, row, body, Saving(by, expected_revision, reason))


def save_arrangement(
    *, plan: Plan, locality: Locality, body: str, expected_revision: int, by: User, reason: str = ""
) -> LocalityArrangement:
    """The plan says this for the locality (2014 Act s.29(3)(b)), and the text has one revision more.

    Raises as save_section does.
    """
    with transaction.atomic():
        locked = lock_draft(plan)
        row = _arrangement(locked, locality)
        return _save(locked, row, body, Saving(by, expected_revision, reason))


def restore_section(*, section: Section, number: int, expected_revision: int, by: User) -> Section:
    """The section has the text that it had at revision `number`, as a new revision; nothing is taken away.

    Raises NoSuchRevision, and as save_section does.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        old = row.revisions.filter(number=number).first()
        return _restore(plan, row, old, Saving(by, expected_revision, restored_from=number))


def restore_arrangement(
    *, plan: Plan, locality: Locality, number: int, expected_revision: int, by: User
) -> LocalityArrangement:
    """As restore_section, for the arrangements of a locality."""
    with transaction.atomic():
        locked = lock_draft(plan)
        row = _arrangement(locked, locality)
        old = row.revisions.filter(number=number).first()
        return _restore(locked, row, old, Saving(by, expected_revision, restored_from=number))


def set_aside_section(*, section: Section, body: str, expected_revision: int, by: User) -> Section:
    """The text is kept in the history, and the section says again what it said before.

    For two people who wrote at the same time, when what was saved first is to stand. Raises as save_section does.
    """
    with transaction.atomic():
        kept = save_section(
            section=section,
            body=body,
            expected_revision=expected_revision,
            by=by,
            reason=f"Set aside in favour of revision {expected_revision}",
        )
        if kept.revision == expected_revision or not expected_revision:
            return kept
        return restore_section(
            section=section, number=expected_revision, expected_revision=kept.revision, by=by
        )


def set_aside_arrangement(
    *, plan: Plan, locality: Locality, body: str, expected_revision: int, by: User
) -> LocalityArrangement:
    """As set_aside_section, for the arrangements of a locality."""
    with transaction.atomic():
        kept = save_arrangement(
            plan=plan,
            locality=locality,
            body=body,
            expected_revision=expected_revision,
            by=by,
            reason=f"Set aside in favour of revision {expected_revision}",
        )
        if kept.revision == expected_revision or not expected_revision:
            return kept
        return restore_arrangement(
            plan=plan, locality=locality, number=expected_revision, expected_revision=kept.revision, by=by
        )


def _arrangement(plan: Plan, locality: Locality) -> LocalityArrangement:
    """The row of the locality; made here for a locality that was added after the plan was started."""
    row, _ = LocalityArrangement.objects.select_related("changed_by", "locality").get_or_create(
        plan=plan, locality=locality
    )
    return row


def _restore(
    plan: Plan, row: SomeText, old: SectionRevision | ArrangementRevision | None, saving: Saving
) -> SomeText:
    if old is None:
        raise NoSuchRevision(f"“{row}” has no revision {saving.restored_from}")
    return _save(plan, row, old.body, replace(saving, reason=f"Restored from revision {old.number}"))


def _save(plan: Plan, row: SomeText, body: str, saving: Saving) -> SomeText:
    clean = clean_html(body)
    if clean == row.body:
        return row
    if row.revision != saving.expected_revision:
        raise TextChanged(mine=clean, text=row)
    before = {"revision": row.revision, "words": row.word_count}
    row.body, row.word_count = clean, word_count(clean)
    row.revision += 1
    row.changed_by, row.changed_at = saving.by, timezone.now()
    row.save(update_fields=["body", "word_count", "revision", "changed_by", "changed_at"])
    _keep_revision(row, saving)
    audit.record(
        by=saving.by,
        action=f"strategic_plans.{'section' if isinstance(row, Section) else 'arrangement'}_saved",
        subject=row,
        tenant=plan.partnership.slug,
        before=before,
        after={"revision": row.revision, "words": row.word_count},
        reason=saving.reason,
    )
    return row


def _keep_revision(row: Section | LocalityArrangement, saving: Saving) -> None:
    state = {
        "number": row.revision,
        "body": row.body,
        "word_count": row.word_count,
        "saved_by": saving.by,
        "saved_at": row.changed_at,
        "reason": saving.reason,
        "restored_from": saving.restored_from,
    }
    if isinstance(row, Section):
        SectionRevision.objects.create(section=row, **state)
    else:
        ArrangementRevision.objects.create(arrangement=row, **state)
