"""Keeping what people type before they save it. Nothing here is part of the plan, so nothing here is audited."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from foundation.richtext.cleaning import clean_html
from partnerships.models import User

from ..models import LocalityArrangement, Section, WorkingCopy
from ..models.texts import reference_to
from .plans import PlanFrozen

# A copy that nobody came back to. Stated in docs/retention.md.
FORGOTTEN_AFTER = timedelta(days=30)


def keep_copy(*, text: Section | LocalityArrangement, by: User, body: str, base_revision: int) -> WorkingCopy:
    """The person's unsaved text is kept, cleaned, with the saved state that they began from; it replaces the last.

    A text that says what is saved already is not unsaved, and nothing is kept of it.

    Raises PlanFrozen, TextTooLong.
    """
    if not text.plan.is_draft:
        raise PlanFrozen(f"“{text.plan}” was published in the meantime: this text can be copied, not saved.")
    clean = clean_html(body)
    unsaved = clean != text.body
    values = {
        "body": clean if unsaved else "",
        "base_revision": base_revision,
        "kept_at": timezone.now() if unsaved else None,
    }
    with transaction.atomic():
        return _set(text, by, values)


def look_in(*, text: Section | LocalityArrangement, by: User) -> WorkingCopy:
    """Others see for half a minute that the person has the text open."""
    with transaction.atomic():
        return _set(text, by, {})


def throw_away(*, text: Section | LocalityArrangement, by: User) -> None:
    """The person has nothing unsaved at this text."""
    if text.pk is not None:
        WorkingCopy.objects.of(text).filter(person=by).delete()


def forget_copies() -> int:
    """Unsaved texts to which nobody came back for thirty days are gone. Returns how many."""
    deleted, _ = WorkingCopy.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN_AFTER).delete()
    return deleted


def made(text: Section | LocalityArrangement) -> Section | LocalityArrangement:
    """The text as a row that others can name; made here for a locality for which nothing is written yet."""
    if text.pk is not None:
        return text
    assert isinstance(text, LocalityArrangement)  # noqa: S101 - sections are made with their plan
    return LocalityArrangement.objects.get_or_create(plan=text.plan, locality=text.locality)[0]


def _set(text: Section | LocalityArrangement, by: User, values: dict[str, object]) -> WorkingCopy:
    copy, _ = WorkingCopy.objects.update_or_create(
        **reference_to(made(text)), person=by, defaults={"seen_at": timezone.now(), **values}
    )
    return copy
