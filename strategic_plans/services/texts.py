"""Saving what people write. Every saved state is kept; nobody's text overwrites another's unseen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.richtext.cleaning import clean_html, word_count
from localities.models import Locality
from partnerships.models import User

from ..merging import Choice, Merged, merge
from ..models import ArrangementRevision, LocalityArrangement, Plan, Section, SectionRevision
from .copies import throw_away
from .plans import lock_draft

SomeText = TypeVar("SomeText", Section, LocalityArrangement)


class TextChanged(Exception):
    """Somebody saved the text in between, and both changed the same. Both texts are here for the person to decide.

    `merged` holds what could be brought together, with the places where they clash; `base` is the revision that the
    person began from.
    """

    def __init__(self, *, mine: str, text: Section | LocalityArrangement, base: int, merged: Merged) -> None:
        self.mine = mine
        self.base = base
        self.merged = merged
        self.theirs = text.body
        self.revision = text.revision
        self.changed_by: User | None = text.changed_by
        self.changed_at: datetime | None = text.changed_at
        super().__init__(f"“{text}” was saved by {self.changed_by} in between")


class NoSuchRevision(LookupError):
    """The text has no saved state of that number."""


@dataclass(frozen=True)
class Saving:
    """Who saves, which revision they saw when they began, and why.

    What is restored or set aside is not merged with something newer: mixed, it would be neither.
    """

    by: User
    expected_revision: int
    reason: str = ""
    restored_from: int | None = None
    may_merge: bool = True
    takes_copy: bool = True  # what the person had typed and not saved is in the text, or given up


def save_section(
    *, section: Section, body: str, expected_revision: int, by: User, reason: str = ""
) -> Section:
    """The section has this text, cleaned, and one revision more. A text that is the same changes nothing.

    If somebody else saved since `expected_revision` and changed other words, both are brought together: the given text
    is one revision and the text of both the next. What the person had kept unsaved is gone.

    Raises TextChanged when both changed the same, PlanFrozen, TextTooLong.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        return _save(plan, row, body, Saving(by, expected_revision, reason))


def put_section(*, section: Section, body: str, expected_revision: int, by: User, reason: str) -> Section:
    """The section has this text, which came from elsewhere and was not typed in it, and one revision more.

    It is never merged, and what the person had typed without saving it stays theirs. Raises as save_section does.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        saving = Saving(by, expected_revision, reason, may_merge=False, takes_copy=False)
        return _save(plan, row, body, saving)


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


def bring_together(
    *, text: Section | LocalityArrangement, mine: str, base: int, choices: Mapping[int, Choice]
) -> str:
    """The text that both wrote, with the person's choices where they clash; it is not saved yet."""
    return merge(_body_at(text, base), text.body, clean_html(mine)).body(choices)


def restore_section(*, section: Section, number: int, expected_revision: int, by: User) -> Section:
    """The section has the text that it had at revision `number`, as a new revision; nothing is taken away.

    Raises NoSuchRevision, and as save_section does.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        return _restore(plan, row, number, expected_revision, by)


def restore_arrangement(
    *, plan: Plan, locality: Locality, number: int, expected_revision: int, by: User
) -> LocalityArrangement:
    """As restore_section, for the arrangements of a locality."""
    with transaction.atomic():
        locked = lock_draft(plan)
        row = _arrangement(locked, locality)
        return _restore(locked, row, number, expected_revision, by)


def set_aside_section(*, section: Section, body: str, expected_revision: int, by: User) -> Section:
    """The text is kept in the history, and the section says again what it said before.

    For two people who wrote at the same time, when what was saved first is to stand. Raises as save_section does.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.select_related("changed_by").get(pk=section.pk)
        return _set_aside(plan, row, body, expected_revision, by)


def set_aside_arrangement(
    *, plan: Plan, locality: Locality, body: str, expected_revision: int, by: User
) -> LocalityArrangement:
    """As set_aside_section, for the arrangements of a locality."""
    with transaction.atomic():
        locked = lock_draft(plan)
        return _set_aside(locked, _arrangement(locked, locality), body, expected_revision, by)


def _arrangement(plan: Plan, locality: Locality) -> LocalityArrangement:
    """The row of the locality; made here for a locality that was added after the plan was started."""
    row, _ = LocalityArrangement.objects.select_related("changed_by", "locality").get_or_create(
        plan=plan, locality=locality
    )
    return row


def _restore(plan: Plan, row: SomeText, number: int, expected_revision: int, by: User) -> SomeText:
    old = row.revisions.filter(number=number).first()
    if old is None:
        raise NoSuchRevision(f"“{row}” has no revision {number}")
    reason = f"Restored from revision {number}"
    return _save(plan, row, old.body, Saving(by, expected_revision, reason, number, may_merge=False))


def _set_aside(plan: Plan, row: SomeText, body: str, stands: int, by: User) -> SomeText:
    """The text is a revision, and the one after it says again what revision `stands` said, unless that is none."""
    reason = f"Set aside in favour of revision {stands}"
    kept = _save(plan, row, body, Saving(by, stands, reason, may_merge=False))
    if kept.revision == stands or not stands:
        return kept
    return _restore(plan, kept, stands, kept.revision, by)


def _save(plan: Plan, row: SomeText, body: str, saving: Saving) -> SomeText:
    clean = clean_html(body)
    if clean != row.body:
        if row.revision == saving.expected_revision:
            _write(plan, row, clean, saving)
        else:
            _bring_together(plan, row, clean, saving)
    # restoring an old state says nothing about what the person was typing
    if saving.takes_copy and saving.restored_from is None:
        throw_away(text=row, by=saving.by)
    return row


def _bring_together(plan: Plan, row: SomeText, mine: str, saving: Saving) -> None:
    """The row holds what both wrote since the revision that the person began from. Raises TextChanged."""
    base = saving.expected_revision if saving.expected_revision < row.revision else 0  # one that never was
    merged = merge(_body_at(row, base), row.body, mine)
    if not (merged.is_clean and saving.may_merge):
        raise TextChanged(mine=mine, text=row, base=base, merged=merged)
    together, theirs = merged.body(), row.revision
    if together == row.body:  # they had written all of it already
        return
    if together != mine:
        own = saving.reason or f"Written from revision {base}"
        _write(plan, row, mine, replace(saving, reason=own))
        saving = replace(saving, reason=f"Brought together with revision {theirs}")
    _write(plan, row, together, saving)


def _body_at(row: Section | LocalityArrangement, number: int) -> str:
    """What the text said at this revision; nothing at revision 0, or at one that never was."""
    old = row.revisions.filter(number=number).values_list("body", flat=True).first()
    return str(old or "")


def _write(plan: Plan, row: SomeText, clean: str, saving: Saving) -> None:
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


def rewrite(*, plan: Plan, row: SomeText, body: str, by: User, reason: str) -> None:
    """The row says this clean text as one revision more, in a published plan too: for corrections of what is public."""
    _write(plan, row, body, Saving(by, row.revision, reason))


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
