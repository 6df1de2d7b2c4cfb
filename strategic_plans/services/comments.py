"""Saying something about a draft's text, answering it, and settling it."""

from __future__ import annotations

import re
from html import escape

from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.richtext.cleaning import plain_text
from partnerships.models import User

from ..models import Comment, LocalityArrangement, Plan, Section
from ..models.texts import reference_to
from ..paragraphs import blocks_of
from .copies import made
from .plans import lock_draft
from .texts import save_arrangement, save_section


class ParagraphChanged(Exception):
    """The paragraph does not say any more what the suggestion was made for; nothing was changed."""


class CommentSettled(Exception):
    """Somebody settled the comment in between."""


def add_comment(
    *,
    text: Section | LocalityArrangement,
    words: str,
    by: User,
    block: int | None = None,
    suggestion: str = "",
    assigned_to: User | None = None,
) -> Comment:
    """The comment stands beside the paragraph numbered `block` (from 0), or beside the text as a whole.

    Raises PlanFrozen, and ParagraphChanged if the text has no such paragraph any more.
    """
    with transaction.atomic():
        plan = lock_draft(text.plan)
        row = made(text)
        comment = Comment.objects.create(
            **reference_to(row),
            quote=_quote(row, block),
            words=words,
            suggestion=suggestion if block is not None else "",
            written_by=by,
            assigned_to=assigned_to,
        )
        audit.record(
            by=by,
            action="strategic_plans.comment_written",
            subject=comment,
            tenant=plan.partnership.slug,
            after={"on": row, "assigned_to": assigned_to, "suggests": bool(comment.suggestion)},
        )
    return comment


def answer_comment(*, comment: Comment, words: str, by: User) -> Comment:
    """The answer stands under the comment. Raises PlanFrozen."""
    with transaction.atomic():
        lock_draft(comment.text.plan)
        return Comment.objects.create(
            **reference_to(comment.text), parent=comment, quote=comment.quote, words=words, written_by=by
        )


def settle_comment(*, comment: Comment, by: User, words: str = "") -> Comment:
    """The comment is done with; a suggestion was not taken, for the reason in `words`.

    Raises PlanFrozen, CommentSettled.
    """
    with transaction.atomic():
        return _settle(comment, by, words, was_taken=False if comment.suggestion else None)


def take_suggestion(*, comment: Comment, by: User) -> Comment:
    """The paragraph has the suggested words, as a new saved state of the text, and the comment is settled.

    Raises PlanFrozen, CommentSettled, and ParagraphChanged if the paragraph says something else by now.
    """
    with transaction.atomic():
        settled = _settle(comment, by, "", was_taken=True)
        row = settled.text
        blocks = blocks_of(row.body)
        place = next((i for i, block in enumerate(blocks) if plain_text(block) == settled.quote), None)
        if place is None or not blocks[place].startswith("<p>"):
            raise ParagraphChanged(
                "The paragraph was changed after the suggestion was made. Open the text and write it there."
            )
        blocks[place] = _suggested(settled.suggestion, blocks[place])
        reason = f"Suggested by {settled.written_by.name}"
        if isinstance(row, Section):
            save_section(
                section=row, body="".join(blocks), expected_revision=row.revision, by=by, reason=reason
            )
        else:
            save_arrangement(
                plan=row.plan,
                locality=row.locality,
                body="".join(blocks),
                expected_revision=row.revision,
                by=by,
                reason=reason,
            )
    return settled


def _suggested(words: str, paragraph: str) -> str:
    """The paragraph in these words. Footnotes that they still tell in brackets are the paragraph's own again."""
    written = escape(words)
    for note in _NOTE.findall(paragraph):
        told = escape(plain_text(note))
        written = (
            written.replace(f" {told}", note, 1) if f" {told}" in written else written.replace(told, note, 1)
        )
    return f"<p>{written}</p>"


_NOTE = re.compile(r"<small>.*?</small>", re.DOTALL)


def reopen_comment(*, comment: Comment, by: User) -> Comment:
    """The comment waits again for somebody to settle it. Raises PlanFrozen."""
    with transaction.atomic():
        plan = lock_draft(comment.text.plan)
        row = Comment.objects.select_for_update(of=("self",)).get(pk=comment.pk)
        row.settled_at, row.settled_by, row.was_taken, row.settled_words = None, None, None, ""
        row.save(update_fields=["settled_at", "settled_by", "was_taken", "settled_words"])
        audit.record(
            by=by, action="strategic_plans.comment_reopened", subject=row, tenant=plan.partnership.slug
        )
    return row


def _settle(comment: Comment, by: User, words: str, *, was_taken: bool | None) -> Comment:
    plan = lock_draft(comment.text.plan)
    related = ("section__plan", "arrangement__plan", "arrangement__locality", "written_by")
    row: Comment = Comment.objects.select_related(*related).select_for_update(of=("self",)).get(pk=comment.pk)
    if row.is_settled:
        raise CommentSettled("Somebody settled this comment in between.")
    row.settled_by, row.settled_at = by, timezone.now()
    row.was_taken, row.settled_words = was_taken, words
    row.save(update_fields=["settled_by", "settled_at", "was_taken", "settled_words"])
    audit.record(
        by=by,
        action="strategic_plans.comment_settled",
        subject=row,
        tenant=plan.partnership.slug,
        after={"taken": was_taken} if row.suggestion else None,
        reason=words,
    )
    return row


def _quote(text: Section | LocalityArrangement, block: int | None) -> str:
    if block is None:
        return ""
    blocks = blocks_of(text.body)
    if not 0 <= block < len(blocks):
        raise ParagraphChanged("The text was changed in between, and this paragraph is not there any more.")
    return plain_text(blocks[block])


def carry_comments(*, source: Plan, target: Plan) -> int:
    """What is still open beside a text of the source stands beside the same text of the target, with its answers.

    The comments of the source stay as they are. Returns how many were carried. Call it within a transaction.
    """
    sections = {row.key: row for row in target.sections.all()}
    arrangements = {row.locality_id: row for row in target.arrangements.all()}
    still_open = Comment.objects.of_plan(source).open().select_related("section", "arrangement")
    carried = 0
    for old in still_open.prefetch_related("answers"):
        text = (
            sections.get(old.section.key)
            if old.section
            else arrangements.get(old.arrangement.locality_id if old.arrangement else 0)
        )
        if text is not None:
            comment = _carried(old, text, parent=None)
            for answer in old.answers.all():
                _carried(answer, text, parent=comment)
            carried += 1
    return carried


def _carried(old: Comment, text: Section | LocalityArrangement, *, parent: Comment | None) -> Comment:
    return Comment.objects.create(
        **reference_to(text),
        parent=parent,
        quote=old.quote,
        words=old.words,
        suggestion=old.suggestion,
        written_by_id=old.written_by_id,
        written_at=old.written_at,
        assigned_to_id=old.assigned_to_id,
        carried_from=old,
    )
