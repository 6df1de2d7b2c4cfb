"""What the pages of a plan's workspace read: its parts with their state, and progress in words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from foundation.sgds.formats import count_in_words
from localities.models import LocalityLead

from ..models import LocalityArrangement, Plan
from .editions import plan_localities


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
    changed_by: str
    who: str

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
    priorities_count: int

    @property
    def status(self) -> str:
        return str(self.plan.state)

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
        """How far the plan is, in a sentence."""
        return (
            f"{self.sections_written} of {count_in_words(len(self.sections), 'section')} written, arrangements for "
            f"{self.arrangements_written} of {count_in_words(len(self.arrangements), 'locality', 'localities')}, "
            f"{count_in_words(self.priorities_count, 'priority', 'priorities')}, {self.word_count:,} words."
        )

    def navigation(self, current: str) -> tuple[NavigationItem, ...]:
        """The side navigation; `current` is the address of the page that one is on."""
        base = reverse("strategic_plans:workspace", args=[self.plan.partnership.slug, self.plan.slug])

        def item(label: str, path: str = "", children: Iterable[PartRow] = ()) -> NavigationItem:
            url = base + path
            items = tuple(
                NavigationItem(
                    row.title, row.url, current.startswith(row.url), row.status if self.plan.is_draft else ""
                )
                for row in children
            )
            return NavigationItem(label, url, current == url, items=items)

        pages = [
            item("Overview"),
            item("Can we publish?", "check/"),
            item("Priorities", "priorities/"),
            item("Localities", "localities/", self.arrangements),
            NavigationItem("Sections", f"{base}#sections", items=item("", "", self.sections).items),
            item("Read as the public will", "preview/"),
            item("Versions", "versions/"),
        ]
        return tuple(pages)


def workspace_of(plan: Plan) -> Workspace:
    """The plan with the state of its parts. Five queries, whatever there is."""
    return Workspace(
        plan=plan,
        sections=tuple(_section_rows(plan)),
        arrangements=tuple(_arrangement_rows(plan)),
        priorities_count=plan.priorities.count(),
    )


def _section_rows(plan: Plan) -> Iterable[PartRow]:
    rows = plan.sections.defer("body", "prompt").select_related("owner", "changed_by")
    for row in rows:
        yield PartRow(
            title=row.title,
            url=reverse("strategic_plans:section", args=[plan.partnership.slug, plan.slug, row.key]),
            word_count=row.word_count,
            is_needed=row.is_statutory,
            changed_at=row.changed_at,
            changed_by=row.changed_by.name if row.changed_by else "",
            who=row.owner.name if row.owner else "",
        )


def _arrangement_rows(plan: Plan) -> Iterable[PartRow]:
    written = {
        row.locality_id: row
        for row in LocalityArrangement.objects.filter(plan=plan).defer("body").select_related("changed_by")
    }
    leads: dict[int, list[str]] = defaultdict(list)
    for lead in (
        LocalityLead.objects.for_partnership(plan.partnership)
        .on(timezone.localdate())
        .select_related("membership__user")
    ):
        leads[lead.locality_id].append(lead.membership.user.name)
    localities = plan_localities(plan).defer("boundary", "profile", "rationale")
    for locality in localities:
        row = written.get(locality.pk)
        yield PartRow(
            title=locality.name,
            url=reverse(
                "strategic_plans:arrangement", args=[plan.partnership.slug, plan.slug, locality.slug]
            ),
            word_count=row.word_count if row else 0,
            is_needed=True,
            changed_at=row.changed_at if row else None,
            changed_by=row.changed_by.name if row and row.changed_by else "",
            who=", ".join(leads[locality.pk]),
        )
