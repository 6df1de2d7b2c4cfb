"""Charts, maps and tables of an edition, drawn from its frozen figures alone."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from foundation.sgds.charts import PAGE, POUNDS, Chart, Sheet, bar_chart
from foundation.sgds.formats import money, number
from foundation.sgds.maps import Map, map_of
from foundation.sgds.maps import Place as MapPlace
from localities.maps import SOURCE as OUTLINE_SOURCE
from outcomes.charts import indicator_chart
from outcomes.enums import Better, IndicatorSet, ReportingStatus
from outcomes.series import IndicatorFacts, IndicatorSeries, Point

from .chapters import Chapter
from .editions import (
    BlockPart,
    BudgetPart,
    Edition,
    IndicatorPart,
    LinePart,
    OutcomeLink,
    OutcomePart,
    PointPart,
    PrinciplePart,
    PriorityPart,
    ProfilePart,
)
from .matrices import outcomes_by_priority, principles_by_priority

ChapterAddress = Callable[[str], str]


@dataclass(frozen=True)
class LineGroup:
    """Budget lines under one heading with their sum; set-aside stays in a column of its own."""

    title: str
    lines: tuple[LinePart, ...]
    payment: Decimal
    set_aside: Decimal


@dataclass(frozen=True)
class BudgetFigure:
    part: BudgetPart
    sentence: str
    groups: tuple[LineGroup, ...]
    chart: Chart | None


@dataclass(frozen=True)
class PriorityFigure:
    """A priority with the outcomes, principles and indicators that it names, in full."""

    part: PriorityPart
    outcomes: tuple[tuple[OutcomePart, OutcomeLink], ...]
    principles: tuple[PrinciplePart, ...]
    indicators: tuple[IndicatorPart, ...]


@dataclass(frozen=True)
class IndicatorFigure:
    part: IndicatorPart
    chart: Chart | None
    priorities: tuple[PriorityPart, ...]


@dataclass(frozen=True)
class AgeGroup:
    """How many people of a locality are of an age, and their share of all who live there in per cent."""

    label: str
    people: int
    share: Decimal


@dataclass(frozen=True)
class BlockFigure:
    """What a live block shows, drawn."""

    part: BlockPart
    chart: Chart | None = None
    budget: BudgetFigure | None = None
    map: Map | None = None
    ages: tuple[AgeGroup, ...] = ()


def priority_figures(edition: Edition) -> tuple[PriorityFigure, ...]:
    outcomes = {outcome.number: outcome for outcome in edition.outcomes}
    return tuple(
        PriorityFigure(
            part=priority,
            outcomes=tuple((outcomes[link.number], link) for link in priority.outcomes),
            principles=tuple(one for one in edition.principles if one.code in priority.principles),
            indicators=tuple(one for one in edition.indicators if one.code in priority.indicators),
        )
        for priority in edition.priorities
    )


def line_groups(budget: BudgetPart) -> tuple[LineGroup, ...]:
    """The lines under their headings, in the order in which the headings first occur."""
    groups: dict[str, list[LinePart]] = defaultdict(list)
    for line in budget.lines:
        groups[line.group].append(line)
    return tuple(
        LineGroup(
            title,
            tuple(lines),
            sum((line.amount for line in lines if not line.is_set_aside), Decimal(0)),
            sum((line.amount for line in lines if line.is_set_aside), Decimal(0)),
        )
        for title, lines in groups.items()
    )


def budget_figures(edition: Edition) -> tuple[BudgetFigure, ...]:
    return tuple(budget_figure(budget) for budget in edition.budgets)


def budget_figure(budget: BudgetPart) -> BudgetFigure:
    return BudgetFigure(
        budget,
        budget_sentence(budget),
        line_groups(budget),
        budget_chart(budget) if budget.lines else None,
    )


def budget_sentence(budget: BudgetPart) -> str:
    """What is put into the budget, with and without the set-aside."""
    if not budget.contributions:
        return f"Nobody’s contribution to {budget.year} is recorded yet."
    said = f"The integrated budget of {budget.year} is {money(budget.payments)}."
    if budget.set_aside:
        said += (
            f" A further {money(budget.set_aside)} is set aside for services in large hospitals, "
            f"which makes {money(budget.resources)} in scope of the plan."
        )
    return said


def budget_chart(budget: BudgetPart) -> Chart:
    """What is allocated to each category of the annual report, the set-aside among them named by its category."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for line in budget.lines:
        sums[line.category] += line.amount
    ordered = sorted(sums.items(), key=lambda item: -item[1])
    return bar_chart(
        title=f"Allocated to each category of spending, {budget.year}",
        categories=[category for category, _ in ordered],
        values=[amount for _, amount in ordered],
        unit=POUNDS,
        source=budget.source,
        value_name="Allocated",
    )


def indicator_figures(edition: Edition, sheet: Sheet = PAGE) -> tuple[IndicatorFigure, ...]:
    area = edition.partnership.short_name
    return tuple(
        IndicatorFigure(
            part,
            chart_of(part, area, sheet),
            tuple(priority for priority in edition.priorities if part.code in priority.indicators),
        )
        for part in edition.indicators
    )


@lru_cache(maxsize=256)
def chart_of(part: IndicatorPart, area: str, sheet: Sheet = PAGE) -> Chart | None:
    """The indicator's line beside Scotland's; nothing where no value is held. The same figures are the same chart."""
    if not (part.points or part.scotland):
        return None
    return indicator_chart(series_of(part, area), sheet=sheet)


def series_of(part: IndicatorPart, area: str) -> IndicatorSeries:
    """The frozen figures as the outcomes app draws them."""
    return IndicatorSeries(
        indicator=IndicatorFacts(
            code=part.code,
            slug=part.slug,
            title=part.title,
            short_title=part.short_title,
            indicator_set=IndicatorSet(part.indicator_set),
            unit=part.unit,
            decimals=part.decimals,
            better=Better(part.better),
            interval_years=part.interval_years,
            is_survey=part.is_survey,
            is_total=part.is_total,
            status=ReportingStatus(part.status),
            status_note=part.status_note,
            source=part.source,
        ),
        area=area,
        points=tuple(_point(point) for point in part.points),
        scotland=tuple(_point(point) for point in part.scotland),
    )


def _point(part: PointPart) -> Point:
    return Point(
        period=part.period,
        starts_on=part.starts_on,
        value=part.value,
        release=part.release,
        is_provisional=part.is_provisional,
        breaks_series=part.breaks_series,
        note=part.note,
    )


def locality_map(edition: Edition, current: str = "", address: ChapterAddress | None = None) -> Map | None:
    """The localities as outlines; nothing where none is held."""
    if not any(locality.boundary for locality in edition.localities):
        return None
    name = next((locality.name for locality in edition.localities if locality.slug == current), "")
    area = edition.partnership.short_name
    return map_of(
        title=f"{name} in {area}" if name else f"Localities of {area}",
        places=[
            MapPlace(
                locality.name,
                locality.boundary,
                address(locality.anchor) if address and locality.slug != current else "",
                f"{number(locality.population)} people" if locality.population is not None else "",
                locality.slug == current,
            )
            for locality in edition.localities
        ],
        source=OUTLINE_SOURCE,
    )


def block_figure(edition: Edition, block: BlockPart, sheet: Sheet = PAGE) -> BlockFigure:
    """The drawings of a live block, from its own figures and the outlines of the edition."""
    if block.indicator:
        return BlockFigure(block, chart=chart_of(block.indicator, edition.partnership.short_name, sheet))
    if block.budget:
        return BlockFigure(block, budget=budget_figure(block.budget))
    if block.locality:
        return BlockFigure(
            block, map=locality_map(edition, block.locality.slug), ages=age_groups(block.locality)
        )
    return BlockFigure(block)


def age_groups(place: ProfilePart) -> tuple[AgeGroup, ...]:
    groups = (
        ("Everyone", place.population),
        ("65 and over", place.population_65_plus),
        ("75 and over", place.population_75_plus),
    )
    everyone = place.population or 0
    return tuple(
        AgeGroup(label, people, Decimal(people * 100) / everyone)
        for label, people in groups
        if people is not None and everyone
    )


def generated_part(
    edition: Edition, chapter: Chapter, address: ChapterAddress | None = None, sheet: Sheet = PAGE
) -> dict[str, Any]:
    """What the template of a chapter's generated part needs.

    `address` gives the web address of a chapter's key; charts of indicators are drawn for `sheet`.
    """
    match chapter.generated:
        case "priorities":
            return {
                "priorities": priority_figures(edition),
                "outcomes": outcomes_by_priority(edition.outcomes, edition.priorities),
                "principles": principles_by_priority(edition.principles, edition.priorities),
            }
        case "localities":
            return {"map": locality_map(edition, address=address)}
        case "locality":
            current = chapter.locality.slug if chapter.locality else ""
            return {"map": locality_map(edition, current, address)}
        case "indicators":
            return {"figures": indicator_figures(edition, sheet)}
        case "budget":
            return {"budgets": budget_figures(edition)}
    return {}
