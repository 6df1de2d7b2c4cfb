"""Copying a section of another partnership's published plan into a draft, where both sides can see it."""

import re
from html import escape

from django.db import transaction

from foundation import audit
from foundation.richtext.cleaning import word_count
from partnerships.models import User

from ..documents import public_address
from ..editions import Edition, SectionPart
from ..models import Borrowing, Plan, PlanVersion, Section
from .plans import lock_draft
from .sections import SectionDetails, add_section
from .texts import save_section

# Figures that the borrower has too. What else the lender's text shows in place is named, and not shown.
_SHARED = "indicator|outcomes|principles"
_OWN_FIGURES = re.compile(rf' data-block="(?!(?:{_SHARED})\b)[^"]*"')


class NothingToBorrow(LookupError):
    """The version has no such section, or it has no text, or it is the partnership's own."""


def borrow_section(
    *, plan: Plan, version: PlanVersion, chapter: str, into: Section | None, title: str, by: User
) -> Section:
    """The draft has a copy of the published section: as a section of its own named `title`, or at the end of `into`.

    A last paragraph says where the words come from and leads there. The lender sees who took what. Indicators and
    matrices in the text show the borrower's own figures; of budgets, localities and engagement only the name is left.

    Raises PlanFrozen, NothingToBorrow.
    """
    edition = version.snapshot.edition
    source = next((part for part in edition.sections if part.key == chapter and part.paragraphs), None)
    if source is None or version.plan.partnership_id == plan.partnership_id:
        raise NothingToBorrow(f"There is nothing to borrow at “{chapter}” in {version}")
    copied = _OWN_FIGURES.sub("", "".join(paragraph.html for paragraph in source.paragraphs))
    with transaction.atomic():
        draft = lock_draft(plan)
        section = into or _new_section(draft, title, by)
        row = draft.sections.select_for_update().get(pk=section.pk)
        saved = save_section(
            section=row,
            body=row.body + copied + _attribution(edition, source),
            expected_revision=row.revision,
            by=by,
            reason=f"Borrowed from {edition.partnership.short_name}, “{edition.title}”, section {source.number}",
        )
        borrowing = Borrowing.objects.create(
            plan=draft,
            section_title=saved.title,
            source=version,
            chapter=chapter,
            chapter_title=source.title,
            word_count=word_count(copied),
            borrowed_by=by,
        )
        audit.record(
            by=by,
            action="strategic_plans.section_borrowed",
            subject=borrowing,
            tenant=draft.partnership.slug,
            after={"from": version, "section": source.title, "into": saved.title},
        )
    return saved


def _new_section(draft: Plan, title: str, by: User) -> Section:
    details = SectionDetails(title=title, prompt="", owner=by, due_on=None)
    return add_section(plan=draft, details=details, after=draft.sections.last(), by=by)


def _attribution(edition: Edition, source: SectionPart) -> str:
    """Where the words come from, as a paragraph. The place is the version's own address, which stays."""
    said = f"Taken from “{edition.title}” of {edition.partnership.name}, section {source.number}, “{source.title}”"
    address = escape(f"{public_address(edition)}{source.key}/")
    return f'<p><em>{escape(said)}: <a href="{address}">the original</a>.</em></p>'
