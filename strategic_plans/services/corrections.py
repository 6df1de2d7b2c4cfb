"""Minor corrections: words of a published plan are put right by a new version that says why. Figures stay frozen."""

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from foundation import audit
from foundation.richtext import placed
from foundation.richtext.cleaning import clean_html, plain_text
from partnerships.models import Partnership, User

from ..chapters import Chapter, chapters_of
from ..editions import FORMAT, Edition, Paragraph
from ..enums import PlanState
from ..models import LocalityArrangement, Plan, PlanVersion, Section
from ..paragraphs import numbered, pictures_of
from ..selectors.plans import newest_version
from .pictures import show_in_public
from .texts import rewrite
from .versions import freeze


class CorrectionRefused(Exception):
    """The change is no minor correction, or cannot be made now; the text says to people why, and what to do."""


class CorrectedMeanwhile(CorrectionRefused):
    """Another version was published after the person opened the one that they corrected."""


def correct_version(
    *, plan: Plan, number: int, texts: Mapping[str, str], reason: str, by: User
) -> PlanVersion:
    """The plan is public as its next version, which says `texts` in place of what the newest said, and why.

    `texts` are by the keys of the chapters; `number` is the version that the person had before them. Priorities, money
    and every figure stay as they were frozen. The plan's own text says the same from now on.

    Raises CorrectionRefused in words, CorrectedMeanwhile, TextTooLong.
    """
    with transaction.atomic():
        Partnership.objects.select_for_update().get(pk=plan.partnership_id)
        locked = Plan.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=plan.pk)
        if locked.state != PlanState.PUBLISHED:
            raise CorrectionRefused(
                f"“{locked}” is not the published plan any more, so nothing is corrected in it."
            )
        newest = newest_version(locked)
        if newest.number != number:
            raise CorrectedMeanwhile(
                f"Version {newest.number} was published after you opened version {number}. "
                "Read it, then correct that one."
            )
        if not reason.strip():
            raise CorrectionRefused("Say why the text is corrected: readers see it beside the new version.")
        before = newest.snapshot.edition
        after = corrected(before, texts)
        version = freeze(
            locked,
            after,
            by,
            number=number + 1,
            label=f"Version {number + 1}",
            approval_reference=newest.approval_reference,
            correction=reason.strip(),
        )
        show_in_public(locked.partnership, pictures_of(after) - pictures_of(before))
        changed = _changed_keys(before, after)
        _carry_into_plan(locked, {key: clean_html(texts[key]) for key in changed}, by, reason)
        audit.record(
            by=by,
            action="strategic_plans.version_corrected",
            subject=version,
            tenant=locked.partnership.slug,
            before={"number": number, "sha256": newest.sha256},
            after={"number": version.number, "sha256": version.sha256, "parts": changed},
            reason=reason,
        )
    return version


def corrected(before: Edition, texts: Mapping[str, str]) -> Edition:
    """The edition with these texts, by the keys of its chapters, and everything else as it is.

    Raises CorrectionRefused where a text is not one of the plan's, is emptied, or holds other live figures than before,
    and where nothing differs.
    """
    chapters = {chapter.key: chapter for chapter in chapters_of(before)}
    unknown = sorted(set(texts) - set(chapters))
    if unknown:
        raise CorrectionRefused(
            f"“{unknown[0]}” is not a text of this version. Only words are corrected: for other priorities, money or "
            "actions, start the plan that takes its place."
        )
    written = {key: _paragraphs(chapters[key], text) for key, text in texts.items()}
    after = replace(
        before,
        format=FORMAT,
        sections=tuple(
            replace(part, paragraphs=written.get(part.key, part.paragraphs)) for part in before.sections
        ),
        localities=tuple(
            replace(part, paragraphs=written.get(part.anchor, part.paragraphs)) for part in before.localities
        ),
    )
    if not _changed_keys(before, after):
        raise CorrectionRefused(
            "Nothing differs from the version as it stands, so there is nothing to publish."
        )
    return after


def _paragraphs(chapter: Chapter, text: str) -> tuple[Paragraph, ...]:
    """The text cut into paragraphs as it was before, its live blocks filled with what they showed."""
    clean = clean_html(text)
    if chapter.paragraphs and not plain_text(clean).strip():
        raise CorrectionRefused(f"“{chapter.title}” may be put right, but not emptied.")
    shown = {
        paragraph.block.reference: paragraph.block for paragraph in chapter.paragraphs if paragraph.block
    }
    frozen = placed.references_in("".join(paragraph.html for paragraph in chapter.paragraphs))
    if sorted(placed.references_in(clean)) != sorted(frozen):
        raise CorrectionRefused(
            f"The live figures in “{chapter.title}” stay as they were published: none is added, and none taken away."
        )
    anchor = chapter.key if chapter.is_nested else f"paragraph-{chapter.number}"
    return tuple(
        replace(paragraph, block=shown.get("".join(placed.references_in(paragraph.html))))
        for paragraph in numbered(clean, chapter.number, anchor)
    )


def _changed_keys(before: Edition, after: Edition) -> list[str]:
    old = {chapter.key: chapter.paragraphs for chapter in chapters_of(before)}
    return [chapter.key for chapter in chapters_of(after) if chapter.paragraphs != old[chapter.key]]


def _carry_into_plan(plan: Plan, texts: Mapping[str, str], by: User, reason: str) -> None:
    """The plan's own rows say what its newest version says, for whoever starts the next plan from them."""
    why = f"Correction: {reason}"[:300]
    for section in Section.objects.filter(plan=plan, key__in=texts):
        rewrite(plan=plan, row=section, body=texts[section.key], by=by, reason=why)
    places = {
        key.removeprefix("locality-"): body for key, body in texts.items() if key.startswith("locality-")
    }
    rows = LocalityArrangement.objects.filter(plan=plan, locality__slug__in=places).select_related("locality")
    for arrangement in rows:
        rewrite(plan=plan, row=arrangement, body=places[arrangement.locality.slug], by=by, reason=why)
