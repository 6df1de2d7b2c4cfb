"""The PDF of a plan, made from a snapshot alone. The same snapshot gives the same bytes."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe

from foundation.documents.models import Document
from foundation.documents.pdf import PHASES, render_pdf
from foundation.documents.registry import DocumentRefused, Progress

from .chapters import Chapter, chapters_of
from .editions import Edition
from .figures import generated_part, locality_map
from .models import PlanVersion, Snapshot


def build(document: Document, progress: Progress) -> bytes:
    """The PDF of the snapshot that the document names. Raises DocumentRefused if there is none."""
    snapshot = Snapshot.objects.filter(pk=document.inputs.get("snapshot")).first()
    if snapshot is None:
        raise DocumentRefused("The text that this document was to be made from is not there any more.")
    return build_snapshot_pdf(snapshot, progress=progress)


def build_plan_pdf(version: PlanVersion, *, progress: Progress) -> bytes:
    """The PDF of a published version."""
    return build_snapshot_pdf(version.snapshot, progress=progress)


def build_snapshot_pdf(snapshot: Snapshot, *, progress: Progress) -> bytes:
    """The PDF of a snapshot, dated with the moment at which it was taken."""
    return plan_pdf(
        snapshot.edition,
        created=snapshot.taken_at,
        fingerprint=snapshot.sha256,
        progress=progress,
    )


def plan_pdf(edition: Edition, *, created: datetime, fingerprint: str, progress: Progress) -> bytes:
    """The edition as a tagged PDF: cover, contents, the plan on a page, every chapter. A step for each chapter."""
    chapters = chapters_of(edition)
    steps = len(chapters) + PHASES
    written: list[str] = []
    for step, (chapter, part) in enumerate(_written(edition, chapters, fingerprint), start=1):
        progress(step, steps, f"Writing “{chapter.title}”")
        written.append(part)
    html = render_to_string(
        "strategic_plans/pdf/document.html",
        {
            "edition": edition,
            "chapters": chapters,
            "map": locality_map(edition),
            # Each part was rendered, and so escaped, by its own template.
            "parts": mark_safe("".join(written)),  # noqa: S308
        },
    )
    return render_pdf(html, created=created, progress=progress, first_step=len(chapters) + 1, steps=steps)


def _written(
    edition: Edition, chapters: tuple[Chapter, ...], fingerprint: str
) -> Iterator[tuple[Chapter, str]]:
    address = public_address(edition)
    for chapter in chapters:
        context = {
            "edition": edition,
            "chapter": chapter,
            "part": generated_part(edition, chapter),
            "address": address,
            "fingerprint": fingerprint,
            "pdf": True,
        }
        yield chapter, render_to_string("strategic_plans/pdf/chapter.html", context)


def public_address(edition: Edition) -> str:
    """Where a published edition is read on the web, for good; nothing for a draft."""
    if edition.publication is None:
        return ""
    path = reverse(
        "published:version", args=[edition.partnership.slug, edition.slug, edition.publication.number]
    )
    return f"{settings.PORTAL_URL}{path}"
