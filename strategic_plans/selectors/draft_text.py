"""A draft's text as it stands: what people wrote and tied together.

Rows that hang on other rows come as arrays of the same query, so that a whole plan takes ten queries. Amounts travel
as text: JSON would make floating-point numbers of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils import timezone

from budgets.models import Budget, BudgetLine
from budgets.selectors.directions.lines import lines_without_direction
from localities.models import Locality
from localities.selectors import localities_on
from outcomes.models import Indicator, Outcome, Principle
from partnerships.enums import IntegrationModel
from partnerships.models import IntegrationModelPeriod, Partnership

from ..blocks import Reference, references_in
from ..editions import (
    ActionPart,
    FundingPart,
    LocalityPart,
    OutcomeLink,
    OutcomePart,
    PrinciplePart,
    PriorityPart,
    SectionPart,
)
from ..enums import ActionStatus
from ..models import Action, Plan, Priority, PriorityFunding, PriorityOutcome, Section
from ..outline import template_of
from ..paragraphs import numbered


@dataclass(frozen=True)
class DraftText:
    """What people wrote and tied together: the part of an edition that the publication checks look at."""

    written: tuple[Section, ...]
    sections: tuple[SectionPart, ...]
    priorities: tuple[PriorityPart, ...]
    priority_keys: tuple[int, ...]
    action_keys: tuple[int, ...]
    # Those that a budget line pays for which no direction carries, where directions are owed.
    undirected_actions: frozenset[int]
    outcomes: tuple[OutcomePart, ...]
    principles: tuple[PrinciplePart, ...]
    localities: tuple[LocalityPart, ...]
    # The rows of those localities, with the `word_count` and the `saved_at` of their arrangements.
    places: tuple[Any, ...]

    @property
    def profiles(self) -> Mapping[str, str]:
        """What each locality is like, in the words of its own page, by its slug."""
        return {row.slug: row.profile for row in self.places}

    @property
    def references(self) -> frozenset[Reference]:
        """The live blocks that stand in the text."""
        parts: tuple[SectionPart | LocalityPart, ...] = (*self.sections, *self.localities)
        return references_in(paragraph.html for part in parts for paragraph in part.paragraphs)


def draft_text(plan: Plan) -> DraftText:
    """The plan's text as it stands. Five queries."""
    written = tuple(plan.sections.select_related("owner"))
    sections = _sections(written)
    rows = list(priorities_with_links(plan))
    places = list(_places(plan))
    section = next((s.number for s in sections if s.key == "localities"), 0)
    return DraftText(
        written=written,
        sections=sections,
        priorities=tuple(_priority(row) for row in rows),
        priority_keys=tuple(row.pk for row in rows),
        action_keys=tuple(action["pk"] for row in rows for action in row.action_array),
        undirected_actions=frozenset(
            action["pk"] for row in rows for action in row.action_array if action["is_undirected"]
        ),
        outcomes=tuple(
            OutcomePart(number=o.number, title=o.title, text=o.text) for o in Outcome.objects.all()
        ),
        principles=tuple(PrinciplePart(code=p.code, text=p.text) for p in Principle.objects.all()),
        localities=tuple(_locality(row, place, section) for place, row in enumerate(places)),
        places=tuple(places),
    )


def plan_localities(plan: Plan) -> QuerySet[Locality]:
    """The localities that the plan must speak for: those that stand on its first day, or today while it has none."""
    return localities_on(plan.partnership, plan.period_start)


def _sections(written: Iterable[Section]) -> tuple[SectionPart, ...]:
    """The sections that have text or that the portal fills, numbered in order."""
    shown = [
        section
        for section in written
        if section.is_written or ((template := template_of(section.key)) and template.generated)
    ]
    return tuple(
        SectionPart(
            number=number,
            key=section.key,
            title=section.title,
            source=section.source,
            paragraphs=numbered(section.body, str(number), f"paragraph-{number}"),
        )
        for number, section in enumerate(shown, start=1)
    )


def priorities_with_links(plan: Plan) -> Any:
    """The priorities, each with what hangs on it as arrays: outcomes, money, places, actions and so on. One query."""
    mine = {"priority": OuterRef("pk")}
    outcomes = PriorityOutcome.objects.filter(**mine).order_by("outcome__number")
    funding = PriorityFunding.objects.filter(**mine).order_by("line__position", "line__title")
    return Priority.objects.filter(plan=plan).annotate(
        outcome_array=ArraySubquery(
            outcomes.values_list(JSONObject(number="outcome__number", explanation="explanation"))
        ),
        principle_array=ArraySubquery(
            Principle.objects.filter(priorities=OuterRef("pk")).values_list(JSONObject(pk="pk", code="code"))
        ),
        indicator_array=ArraySubquery(
            Indicator.objects.filter(priorities=OuterRef("pk")).values_list(JSONObject(pk="pk", code="code"))
        ),
        funding_array=ArraySubquery(
            funding.values_list(
                JSONObject(
                    line="line_id",
                    title="line__title",
                    year="line__budget__year",
                    amount=Cast("line__amount", TextField()),
                    share=Cast("share", TextField()),
                )
            )
        ),
        locality_array=ArraySubquery(
            Locality.objects.filter(priorities=OuterRef("pk"))
            .order_by("name")
            .values_list(JSONObject(pk="pk", name="name"))
        ),
        action_array=ArraySubquery(_actions(Action.objects.filter(**mine), plan.partnership)),
    )


def _actions(actions: Any, partnership: Partnership) -> Any:
    localities = Locality.objects.filter(plan_actions=OuterRef("pk")).order_by("name").values_list("name")
    return actions.order_by("number").values_list(
        JSONObject(
            pk="pk",
            number="number",
            title="title",
            what="what",
            owner="owner__name",
            owner_words="owner_words",
            starts_on="starts_on",
            due_on="due_on",
            status="status",
            cost=Cast("cost", TextField()),
            line="line__title",
            paid_from="paid_from",
            localities=ArraySubquery(localities),
            is_undirected=_is_undirected(partnership, timezone.localdate()),
        )
    )


def _is_undirected(partnership: Partnership, day: date) -> Exists:
    """Whether no direction in force carries the action's line, under a joint board, which owes one (s.26(1))."""
    owed = IntegrationModelPeriod.objects.for_partnership(partnership).on(day)
    bare = lines_without_direction(partnership, day).filter(pk=OuterRef("line"))
    return Exists(bare.filter(Exists(owed.filter(model=IntegrationModel.BODY_CORPORATE))))


def _priority(row: Any) -> PriorityPart:
    return PriorityPart(
        number=row.number,
        title=row.title,
        rationale=row.rationale,
        outcomes=tuple(OutcomeLink(**link) for link in row.outcome_array),
        principles=tuple(one["code"] for one in row.principle_array),
        indicators=tuple(one["code"] for one in row.indicator_array),
        funding=tuple(_funding(one) for one in row.funding_array),
        evidence_of_need=row.evidence_of_need,
        localities=tuple(one["name"] for one in row.locality_array),
        actions=tuple(_action(row.number, one) for one in row.action_array),
    )


def _action(priority: int, row: dict[str, Any]) -> ActionPart:
    """The promise as readers see it: a body or role answers for it in public, and a person only where none is named.

    The status is what was reported; whether that is late depends on the day of reading, which is not frozen.
    """
    return ActionPart(
        label=f"{priority}.{row['number']}",
        title=row["title"],
        what=row["what"],
        owner=row["owner_words"] or row["owner"] or "",
        starts_on=_day(row["starts_on"]),
        due_on=_day(row["due_on"]),
        status=str(ActionStatus(row["status"]).label),
        cost=Decimal(row["cost"]) if row["cost"] else None,
        paid_from=row["line"] or row["paid_from"],
        localities=tuple(row["localities"]),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _funding(row: dict[str, Any]) -> FundingPart:
    budget = Budget(year=row["year"])
    line = BudgetLine(title=row["title"], amount=Decimal(row["amount"]))
    part = PriorityFunding(line=line, share=Decimal(row["share"]))
    return FundingPart(
        line=line.title,
        year=budget.year_label,
        line_amount=line.amount,
        share=part.share,
        amount=part.amount,
    )


def _places(plan: Plan) -> Any:
    """The plan's localities with the texts of their arrangements."""
    mine = FilteredRelation("arrangements", condition=Q(arrangements__plan=plan))
    return plan_localities(plan).annotate(
        arrangement=mine,
        text=Coalesce("arrangement__body", Value(""), output_field=TextField()),
        word_count=F("arrangement__word_count"),
        saved_at=F("arrangement__changed_at"),
    )


def _locality(row: Any, place: int, section: int) -> LocalityPart:
    letter = ascii_uppercase[place] if place < len(ascii_uppercase) else f".L{place + 1}"
    number = f"{section}{letter}"
    return LocalityPart(
        number=number,
        slug=row.slug,
        name=row.name,
        population=row.population,
        population_65_plus=row.population_65_plus,
        population_75_plus=row.population_75_plus,
        population_year=row.population_year,
        boundary=row.boundary,
        boundary_note=row.boundary_note,
        paragraphs=numbered(row.text, number, f"locality-{row.slug}"),
    )
