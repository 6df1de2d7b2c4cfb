"""Placing live figures in a text without the editor."""

from __future__ import annotations

from django.db import transaction

from foundation.richtext import placed
from partnerships.models import User

from ..blocks import Reference
from ..models import LocalityArrangement, Section
from ..selectors.copies import desk_of
from .copies import made
from .plans import lock_draft
from .texts import save_arrangement, save_section


class TextUnsaved(Exception):
    """The person has text there that is not saved yet; placing something would have set it aside."""


def place_block(
    *, text: Section | LocalityArrangement, reference: Reference, by: User
) -> Section | LocalityArrangement:
    """The block stands at the end of the text, as a new saved state. Raises PlanFrozen, TextUnsaved, TextTooLong."""
    with transaction.atomic():
        plan = lock_draft(text.plan)
        row = made(text)
        if desk_of(row, by).copy:
            raise TextUnsaved(
                "You wrote something here that is not saved yet. Save it or throw it away, then add the figures."
            )
        row.refresh_from_db(fields=["body", "revision"])
        body = row.body + placed.paragraph(str(reference))
        reason = f"Placed: {placed.words_of(str(reference))}"
        if isinstance(row, Section):
            return save_section(section=row, body=body, expected_revision=row.revision, by=by, reason=reason)
        return save_arrangement(
            plan=plan, locality=row.locality, body=body, expected_revision=row.revision, by=by, reason=reason
        )
