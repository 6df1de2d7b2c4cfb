"""What the live blocks of a plan's text show, whether it is there, and what else could be placed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef

from budgets.models import Budget, BudgetLine, Contribution
from engagement.models import Promise
from foundation.sgds.formats import date_uk
from localities.models import Locality
from outcomes.models import Indicator, IndicatorValue

from ..blocks import Reference, references_in
from ..editions import BlockPart, IndicatorPart, LocalityPart, Paragraph, ProfilePart, SectionPart
from ..enums import BlockKind
from ..matrices import outcomes_by_priority, principles_by_priority
from ..models import Plan
from ..rules.blocks import BlockFacts, missing_words
from .draft_text import DraftText
from .figures import BudgetFigures, Figures, engagement_since

SomePart = TypeVar("SomePart", SectionPart, LocalityPart)


class BlockFilling:
    """Gives the parts of a draft's text with what their live blocks show. No query of its own."""

    def __init__(self, plan: Plan, text: DraftText, figures: Figures) -> None:
        self._text = text
        self._figures = figures
        self._facts = _facts_of(plan, text, figures)

    def part(self, part: SomePart) -> SomePart:
        """The section or locality with its blocks filled."""
        return replace(part, paragraphs=tuple(self._paragraph(one) for one in part.paragraphs))

    def _paragraph(self, paragraph: Paragraph) -> Paragraph:
        for reference in references_in([paragraph.html]):
            return replace(paragraph, block=self._block(reference))
        return paragraph

    def _block(self, reference: Reference) -> BlockPart:
        missing = missing_words(reference, self._facts)
        empty = BlockPart(
            reference=str(reference),
            title="",
            source="",
            as_at="",
            missing=missing,
            indicator=None,
            budget=None,
            locality=None,
            matrix=None,
            engagement=None,
        )
        if missing:
            return replace(empty, title=f"{reference.name[:1].upper()}{reference.name[1:]}")
        return _FILL[reference.kind](self, empty, reference.key)

    def _indicator(self, block: BlockPart, code: str) -> BlockPart:
        return of_indicator(block, self._figures.indicators[code])

    def _budget(self, block: BlockPart, key: str) -> BlockPart:
        return of_budget(block, self._figures.budgets[key.replace("-", "/")])

    def _locality(self, block: BlockPart, slug: str) -> BlockPart:
        place = next(one for one in self._text.localities if one.slug == slug)
        return of_locality(block, place, self._text.profiles.get(slug, ""))

    def _outcomes(self, block: BlockPart, _: str) -> BlockPart:
        return replace(
            block,
            title="National outcomes and priorities",
            source="The priorities of this plan; outcomes in the words of SSI 2014/343",
            matrix=outcomes_by_priority(self._text.outcomes, self._text.priorities),
        )

    def _principles(self, block: BlockPart, _: str) -> BlockPart:
        return replace(
            block,
            title="Integration delivery principles and priorities",
            source="The priorities of this plan; principles in the words of the 2014 Act, section 31",
            matrix=principles_by_priority(self._text.principles, self._text.priorities),
        )

    def _engagement(self, block: BlockPart, locality: str) -> BlockPart:
        heard = self._figures.promised(locality)
        name = next((one.name for one in self._text.localities if one.slug == locality), "")
        return replace(
            block,
            title=f"You said, we did: {name}" if name else "You said, we did",
            source="The engagement log of the partnership",
            as_at=f"Up to {date_uk(max(one.last_day for one in heard))}",
            engagement=self._figures.engagement_of(heard),
        )


_FILL = {
    BlockKind.INDICATOR: BlockFilling._indicator,
    BlockKind.BUDGET: BlockFilling._budget,
    BlockKind.LOCALITY: BlockFilling._locality,
    BlockKind.OUTCOMES: BlockFilling._outcomes,
    BlockKind.PRINCIPLES: BlockFilling._principles,
    BlockKind.ENGAGEMENT: BlockFilling._engagement,
}


def of_indicator(block: BlockPart, part: IndicatorPart) -> BlockPart:
    """The block with these values, at least one of which is held here."""
    latest = next(point for point in reversed(part.points) if point.value is not None)
    return replace(
        block,
        title=f"{part.code}: {part.short_title}",
        source=latest.release,
        as_at=f"Values to {latest.period}",
        indicator=part,
    )


def of_budget(block: BlockPart, budget: BudgetFigures) -> BlockPart:
    """The block with this budget, agreed or not: it says which."""
    return replace(
        block,
        title=f"Integrated budget of {budget.part.year}",
        source=budget.part.source,
        as_at=f"Agreed on {date_uk(budget.agreed_on)}" if budget.agreed_on else "A draft, not agreed yet",
        budget=budget.part,
    )


def of_locality(block: BlockPart, place: LocalityPart | Locality, profile: str) -> BlockPart:
    """The block with the people of this locality and what it is like."""
    return replace(
        block,
        title=f"{place.name} in figures",
        source=place.boundary_note.rstrip("."),
        as_at=f"Population: {place.population_year}" if place.population_year else "",
        locality=ProfilePart(
            slug=place.slug,
            name=place.name,
            profile=profile,
            population=place.population,
            population_65_plus=place.population_65_plus,
            population_75_plus=place.population_75_plus,
            population_year=place.population_year,
            boundary_note=place.boundary_note,
        ),
    )


def _facts_of(plan: Plan, text: DraftText, figures: Figures) -> BlockFacts:
    promised = figures.promised()
    return BlockFacts(
        **_facts_of_text(plan, text),
        indicators={
            code: any(point.value is not None for point in part.points)
            for code, part in figures.indicators.items()
        },
        budgets={
            year: bool(budget.part.contributions or budget.part.lines)
            for year, budget in figures.budgets.items()
        },
        promises=frozenset({one.locality for one in promised} | ({""} if promised else set())),
    )


def block_facts(plan: Plan, text: DraftText, references: Iterable[Reference]) -> BlockFacts:
    """What is held of the data that these blocks name, without reading it. A query for each kind that has rows."""
    keys = {kind: {one.key for one in references if one.kind is kind} for kind in BlockKind}
    return BlockFacts(
        **_facts_of_text(plan, text),
        indicators=measured(plan, keys[BlockKind.INDICATOR]),
        budgets=_recorded(plan, {Reference(BlockKind.BUDGET, key).year for key in keys[BlockKind.BUDGET]}),
        promises=_promised(plan) if keys[BlockKind.ENGAGEMENT] else frozenset(),
    )


def _facts_of_text(plan: Plan, text: DraftText) -> dict[str, Any]:
    return {
        "area": plan.partnership.short_name,
        "localities": {one.slug: one.population is not None for one in text.localities},
        "serves_outcomes": any(priority.outcomes for priority in text.priorities),
        "regards_principles": any(priority.principles for priority in text.priorities),
    }


def measured(plan: Plan, codes: set[str]) -> dict[str, bool]:
    """Of each of these indicators that there is, whether a value is held here. One query if any is named."""
    if not codes:
        return {}
    values = IndicatorValue.objects.for_partnership(plan.partnership).filter(indicator__code__in=codes)
    newest = values.newest_vintages().values("pk")
    held = IndicatorValue.objects.filter(pk__in=newest, value__isnull=False, indicator=OuterRef("pk"))
    return dict(Indicator.objects.filter(code__in=codes).values_list("code", Exists(held)))


def _recorded(plan: Plan, years: set[int]) -> dict[str, bool]:
    if not years:
        return {}
    mine = {"budget": OuterRef("pk")}
    filled = Exists(Contribution.objects.filter(**mine)) | Exists(BudgetLine.objects.filter(**mine))
    rows = Budget.objects.for_partnership(plan.partnership).filter(year__in=years).annotate(is_filled=filled)
    return {row.year_label: row.is_filled for row in rows}


def _promised(plan: Plan) -> frozenset[str]:
    promises = Promise.objects.for_partnership(plan.partnership)
    if since := engagement_since(plan):
        promises = promises.filter(activity__held_on__gte=since)
    slugs = {slug or "" for slug in promises.values_list("activity__locality__slug", flat=True).distinct()}
    return frozenset(slugs | ({""} if slugs else set()))


@dataclass(frozen=True)
class PlacedBlock:
    """A block where it stands: in which part of the plan, and under which address it is read there."""

    reference: Reference
    chapter: str
    title: str
    anchor: str


@dataclass(frozen=True)
class BlockGap:
    """A block that has nothing to show, where it stands, and which data is missing."""

    placed: PlacedBlock
    words: str


def block_gaps(plan: Plan, text: DraftText) -> tuple[BlockGap, ...]:
    """The blocks of the text that have nothing to show. At most a query for each kind of block that it holds."""
    placed = tuple(_placed_in(text))
    if not placed:
        return ()
    facts = block_facts(plan, text, {one.reference for one in placed})
    return tuple(BlockGap(one, words) for one in placed if (words := missing_words(one.reference, facts)))


def _placed_in(text: DraftText) -> Iterator[PlacedBlock]:
    parts = [(part.key, part.title, part.paragraphs) for part in text.sections]
    parts += [(part.anchor, part.name, part.paragraphs) for part in text.localities]
    for chapter, title, paragraphs in parts:
        for paragraph in paragraphs:
            for reference in references_in([paragraph.html]):
                yield PlacedBlock(reference, chapter, title, paragraph.anchor)
