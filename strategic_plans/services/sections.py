"""Which sections a plan has, in which order, who looks after each and by when."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from django.db import transaction
from django.utils.text import slugify

from foundation import audit
from partnerships.models import User

from ..models import Plan, Section
from ..outline import template_of
from .plans import change_places, lock_draft

KEY_LENGTH = 36  # leaves room for a number behind it


class SectionChanged(Exception):
    """Somebody changed the section's details in between; `section` carries what is saved now."""

    def __init__(self, section: Section) -> None:
        self.section = section
        super().__init__(f"The details of “{section}” were changed in between")


class SectionNeeded(Exception):
    """The section stays in the plan; the text says why."""


@dataclass(frozen=True, kw_only=True)
class SectionDetails:
    """What is said about a section, its text apart. `prompt` is what belongs in it."""

    title: str
    prompt: str
    owner: User | None
    due_on: date | None

    @classmethod
    def of(cls, section: Section) -> SectionDetails:
        return cls(title=section.title, prompt=section.prompt, owner=section.owner, due_on=section.due_on)

    def values(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


def add_section(*, plan: Plan, details: SectionDetails, after: Section | None, by: User) -> Section:
    """The plan has one section more, without text, behind `after` or as its first. Raises PlanFrozen."""
    with transaction.atomic():
        locked = lock_draft(plan)
        sections = list(locked.sections.all())
        key = _free_key(details.title, {row.key for row in sections})
        section = Section.objects.create(plan=locked, key=key, position=0, **details.values())
        place = _place_behind(after, sections)
        _renumber([*sections[:place], section, *sections[place:]])
        audit.record(
            by=by,
            action="strategic_plans.section_added",
            subject=section,
            tenant=locked.partnership.slug,
            after={**details.values(), "position": section.position},
        )
    return section


def change_section(
    *, section: Section, details: SectionDetails, after: Section | None, expected_revision: int, by: User
) -> Section:
    """The section says this about itself and stands behind `after`, or first; its text and address stay as they are.

    Raises PlanFrozen, and SectionChanged when somebody else changed its details in between.
    """
    with transaction.atomic():
        plan = lock_draft(section.plan)
        sections = list(plan.sections.select_related("owner"))
        row = next(row for row in sections if row.pk == section.pk)
        others = [other for other in sections if other.pk != row.pk]
        said, place = SectionDetails.of(row), _place_behind(after, others)
        if details == said and sections.index(row) == place:
            return row
        if row.details_revision != expected_revision:
            raise SectionChanged(row)
        before = {**said.values(), "position": row.position}
        for name, value in details.values().items():
            setattr(row, name, value)
        row.details_revision += 1
        row.save(update_fields=[*details.values(), "details_revision"])
        _renumber([*others[:place], row, *others[place:]])
        audit.record(
            by=by,
            action="strategic_plans.section_changed",
            subject=row,
            tenant=plan.partnership.slug,
            before=before,
            after={**details.values(), "position": row.position},
        )
    return row


def move_section(*, section: Section, direction: Literal["up", "down"], by: User) -> None:
    """The section has changed places with its neighbour; at either end nothing happens. Raises PlanFrozen."""
    with transaction.atomic():
        plan = lock_draft(section.plan)
        change_places(
            section,
            direction,
            among=list(plan.sections.all()),
            field="position",
            plan=plan,
            action="strategic_plans.section_moved",
            by=by,
        )


def remove_section(*, section: Section, by: User) -> None:
    """The section is gone from the plan. Raises PlanFrozen, and SectionNeeded for one that has to stay."""
    with transaction.atomic():
        plan = lock_draft(section.plan)
        row = Section.objects.get(pk=section.pk)
        if reason := why_it_stays(row):
            raise SectionNeeded(reason)
        audit.record(
            by=by,
            action="strategic_plans.section_removed",
            subject=row,
            tenant=plan.partnership.slug,
            before={"title": row.title, "position": row.position},
        )
        row.delete()
        _renumber(list(plan.sections.all()))


def why_it_stays(section: Section) -> str:
    """Why the section cannot be removed, or nothing if it can."""
    template = template_of(section.key)
    if section.is_statutory:
        return f"“{section}” answers {section.source}: a plan cannot be without it."
    if template and template.generated:
        return f"The portal writes a part of “{section}” from what is recorded elsewhere, so it stays."
    if section.revision:
        return (
            f"“{section}” has saved texts, which are never lost. Empty it instead: "
            "a section without text is not printed."
        )
    return ""


def _free_key(title: str, taken: set[str]) -> str:
    wanted = slugify(title)[:KEY_LENGTH].strip("-") or "section"
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(key for key in candidates if key not in taken and template_of(key) is None)


def _place_behind(after: Section | None, others: list[Section]) -> int:
    """How many of the others stand before a section that follows `after`; none if it stands first."""
    return next((place for place, row in enumerate(others, start=1) if after and row.pk == after.pk), 0)


def _renumber(sections: list[Section]) -> None:
    for position, row in enumerate(sections, start=1):
        row.position = position
    Section.objects.bulk_update(sections, ["position"])
