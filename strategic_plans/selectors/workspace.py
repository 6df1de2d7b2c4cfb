"""What the pages of a plan's workspace read: its parts with their state, and progress in words."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import FilteredRelation, Q
from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from localities.models import LocalityLead

from ..models import Plan, Section
from .draft_text import DraftText, plan_localities


@dataclass(frozen=True)
class NavigationItem:
    label: str
    url: str
    current: bool = False
    status: str = ""
    items: tuple["NavigationItem", ...] = ()


@dataclass(frozen=True)
class PartRow:
    """A section or a locality's arrangements, without its text."""

    title: str
    url: str
    word_count: int
    is_needed: bool
    changed_at: datetime | None
    who: str = ""

    @property
    def is_written(self) -> bool:
        return self.word_count > 0

    @property
    def status(self) -> str:
        if self.is_written:
            return "draft"
        return "missing" if self.is_needed else "not_started"


@dataclass(frozen=True)
class Workspace:
    plan: Plan
    sections: tuple[PartRow, ...]
    arrangements: tuple[PartRow, ...]

    @property
    def sections_written(self) -> int:
        return sum(row.is_written for row in self.sections)

    @property
    def arrangements_written(self) -> int:
        return sum(row.is_written for row in self.arrangements)

    @property
    def word_count(self) -> int:
        return sum(row.word_count for row in (*self.sections, *self.arrangements))

    @property
    def progress(self) -> str:
        """How far the text is, in a sentence."""
        return (
            f"{self.sections_written} of {count_in_words(len(self.sections), 'section')} written, arrangements for "
            f"{self.arrangements_written} of {count_in_words(len(self.arrangements), 'locality', 'localities')}, "
            f"{self.word_count:,} words."
        )

    def led_by(self, leads: Mapping[str, str]) -> "Workspace":
        """The same with the leads of the localities named."""
        rows = tuple(replace(row, who=leads.get(row.title, "")) for row in self.arrangements)
        return replace(self, arrangements=rows)

    def navigation(self, current: str) -> tuple[NavigationItem, ...]:
        """The side navigation; `current` is the address of the page that one is on."""
        base = reverse("strategic_plans:workspace", args=[self.plan.partnership.slug, self.plan.slug])

        def item(label: str, path: str = "", children: Iterable[PartRow] = ()) -> NavigationItem:
            url = base + path
            items = tuple(
                NavigationItem(
                    row.title,
                    row.url,
                    current.startswith(row.url),
                    row.status if self.plan.is_draft and not row.is_written else "",
                )
                for row in children
            )
            return NavigationItem(label, url, current == url, items=items)

        pages = [
            item("Overview"),
            item("Can we publish?", "check/"),
            item("Priorities", "priorities/"),
            item("Actions", "actions/"),
            item("Golden thread", "thread/"),
            item("Comments", "comments/"),
            item("Localities", "localities/", self.arrangements),
            NavigationItem("Sections", f"{base}#sections", items=item("", "", self.sections).items),
            item("Read as the public will", "preview/"),
            item("Versions", "versions/"),
            item("Easy read and Gaelic", "variants/"),
        ]
        return tuple(pages)


def workspace_of(plan: Plan) -> Workspace:
    """The plan with the state of its parts. Two queries, whatever there is."""
    sections = plan.sections.defer("body", "prompt").select_related("owner")
    mine = FilteredRelation("arrangements", condition=Q(arrangements__plan=plan))
    places = plan_localities(plan).annotate(arrangement=mine)
    found = places.values_list("slug", "name", "arrangement__word_count", "arrangement__changed_at")
    return Workspace(plan, tuple(_section_rows(plan, sections)), tuple(_arrangement_rows(plan, found)))


def workspace_in(plan: Plan, text: DraftText) -> Workspace:
    """The same of a text that is at hand."""
    places = ((row.slug, row.name, row.word_count, row.saved_at) for row in text.places)
    return Workspace(plan, tuple(_section_rows(plan, text.written)), tuple(_arrangement_rows(plan, places)))


def _section_rows(plan: Plan, sections: Iterable[Section]) -> Iterable[PartRow]:
    for row in sections:
        yield PartRow(
            title=row.title,
            url=reverse("strategic_plans:section", args=[plan.partnership.slug, plan.slug, row.key]),
            word_count=row.word_count,
            is_needed=row.is_statutory,
            changed_at=row.changed_at,
            who=row.owner.name if row.owner else "",
        )


def _arrangement_rows(plan: Plan, rows: Iterable[Sequence[Any]]) -> Iterable[PartRow]:
    for slug, name, word_count, changed_at in rows:
        yield PartRow(
            title=name,
            url=reverse("strategic_plans:arrangement", args=[plan.partnership.slug, plan.slug, slug]),
            word_count=word_count or 0,
            is_needed=True,
            changed_at=changed_at,
        )


def leads_by_locality(plan: Plan) -> dict[str, str]:
    """The names of today's leads by the names of their localities. One query."""
    today = timezone.localdate()
    names: dict[str, list[str]] = defaultdict(list)
    leads = LocalityLead.objects.for_partnership(plan.partnership).on(today)
    for locality, lead in leads.values_list("locality__name", "membership__user__name"):
        names[locality].append(lead)
    return {locality: ", ".join(found) for locality, found in names.items()}
