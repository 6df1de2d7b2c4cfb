"""A plan's working rows gathered into what its readers will see. The only bridge from live figures to frozen ones.

Rows that hang on other rows come as arrays of the same query, so that a whole plan takes ten queries. Amounts travel
as text: JSON would make floating-point numbers of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.utils import timezone

from budgets.enums import BudgetState, FundKind, SpendCategory
from budgets.models import Budget, BudgetLine, Contribution
from engagement.models import Activity, Group, Promise
from localities.models import Locality
from localities.selectors import localities_on
from outcomes.models import Indicator, Outcome, Principle
from outcomes.selectors import Finding, findings_of
from outcomes.series import Point
from partnerships.enums import IntegrationModel
from partnerships.models import Body, IntegrationModelPeriod, Partnership

from ..editions import (
    ActionPart,
    ActivityPart,
    BudgetPart,
    ContributionPart,
    Edition,
    EngagementPart,
    FundingPart,
    IndicatorPart,
    LinePart,
    LocalityPart,
    OutcomeLink,
    OutcomePart,
    PartnershipPart,
    PointPart,
    PrinciplePart,
    PriorityPart,
    PromisePart,
    SectionPart,
    SourcePart,
)
from ..enums import ActionStatus
from ..models import Action, Plan, Priority, PriorityFunding, PriorityOutcome, Section
from ..outline import template_of
from ..paragraphs import numbered

# Totals count every activity; this many of the latest are told one by one.
ACTIVITIES_TOLD = 10


@dataclass(frozen=True)
class DraftText:
    """What people wrote and tied together: the part of an edition that the publication checks look at."""

    written: tuple[Section, ...]
    sections: tuple[SectionPart, ...]
    priorities: tuple[PriorityPart, ...]
    priority_keys: tuple[int, ...]
    action_keys: tuple[int, ...]
    outcomes: tuple[OutcomePart, ...]
    principles: tuple[PrinciplePart, ...]
    localities: tuple[LocalityPart, ...]


def draft_text(plan: Plan) -> DraftText:
    """The plan's text as it stands. Five queries."""
    written = tuple(plan.sections.all())
    sections = _sections(written)
    rows = list(priorities_with_links(plan))
    return DraftText(
        written=written,
        sections=sections,
        priorities=tuple(_priority(row) for row in rows),
        priority_keys=tuple(row.pk for row in rows),
        action_keys=tuple(action["pk"] for row in rows for action in row.action_array),
        outcomes=tuple(
            OutcomePart(number=o.number, title=o.title, text=o.text) for o in Outcome.objects.all()
        ),
        principles=tuple(PrinciplePart(code=p.code, text=p.text) for p in Principle.objects.all()),
        localities=_localities(plan, next((s.number for s in sections if s.key == "localities"), 0)),
    )


def draft_edition(plan: Plan, text: DraftText | None = None) -> Edition:
    """The plan as it would be read if it were published now, with the figures of this moment.

    Five queries beside those of the text, which is read here unless it is given.
    """
    text = text or draft_text(plan)
    findings = findings_of(Indicator.objects.filter(priorities__plan=plan).distinct(), plan.partnership)
    return Edition(
        partnership=_partnership(plan.partnership),
        slug=plan.slug,
        title=plan.title,
        period_start=plan.period_start,
        period_end=plan.period_end,
        publication=None,
        sections=text.sections,
        priorities=text.priorities,
        outcomes=text.outcomes,
        principles=text.principles,
        localities=text.localities,
        indicators=tuple(_indicator(finding) for finding in findings),
        sources=_sources(findings),
        budgets=tuple(_budget(budget) for budget in _budgets_with_lines(plan)),
        engagement=_engagement(plan),
    )


# Text


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
        action_array=ArraySubquery(_actions(Action.objects.filter(**mine))),
    )


def _actions(actions: Any) -> Any:
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
        )
    )


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


def _localities(plan: Plan, section: int) -> tuple[LocalityPart, ...]:
    mine = FilteredRelation("arrangements", condition=Q(arrangements__plan=plan))
    rows: Any = plan_localities(plan).annotate(
        arrangement=mine, text=Coalesce("arrangement__body", Value(""), output_field=TextField())
    )
    return tuple(_locality(row, place, section) for place, row in enumerate(rows))


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


# Figures and facts


def _partnership(partnership: Partnership) -> PartnershipPart:
    periods = IntegrationModelPeriod.objects.on(timezone.localdate()).filter(partnership=OuterRef("pk"))
    councils = Body.objects.filter(council_partnerships=OuterRef("pk")).values("name")
    row: Any = (
        Partnership.objects.filter(pk=partnership.pk)
        .annotate(model=Subquery(periods.values("model")[:1]), council_names=ArraySubquery(councils))
        .select_related("health_board")
        .get()
    )
    return PartnershipPart(
        slug=row.slug,
        name=row.name,
        short_name=row.short_name,
        model=str(IntegrationModel(row.model).label) if row.model else "",
        health_board=row.health_board.name,
        councils=tuple(row.council_names),
    )


def _indicator(finding: Finding) -> IndicatorPart:
    series = finding.series
    facts = series.indicator
    return IndicatorPart(
        code=facts.code,
        slug=facts.slug,
        title=facts.title,
        short_title=facts.short_title,
        indicator_set=facts.indicator_set.value,
        unit=facts.unit,
        decimals=facts.decimals,
        better=facts.better.value,
        interval_years=facts.interval_years,
        is_survey=facts.is_survey,
        is_total=facts.is_total,
        status=facts.status.value,
        status_note=facts.status_note,
        source=facts.source,
        sentence=finding.sentence,
        points=tuple(_point(point) for point in series.points),
        scotland=tuple(_point(point) for point in series.scotland),
    )


def _point(point: Point) -> PointPart:
    return PointPart(
        period=point.period,
        starts_on=point.starts_on,
        value=point.value,
        release=point.release,
        is_provisional=point.is_provisional,
        breaks_series=point.breaks_series,
        note=point.note,
    )


def _sources(findings: Iterable[Finding]) -> tuple[SourcePart, ...]:
    releases = {release for finding in findings for release in finding.series.releases}
    return tuple(
        SourcePart(name=name, attribution=attribution, url=url) for name, attribution, url in sorted(releases)
    )


def budgets_shown(plan: Plan) -> QuerySet[Budget]:
    """The budgets that pay for the plan's priorities, the newest agreed one and the newest of all, by year.

    Each is shown with its state, so that nobody takes a draft for agreed.
    """
    budgets = Budget.objects.for_partnership(plan.partnership)
    newest = budgets.order_by("-year").values("pk")[:1]
    agreed = budgets.filter(state=BudgetState.AGREED).order_by("-year").values("pk")[:1]
    paying = PriorityFunding.objects.filter(priority__plan=plan).values("line__budget")
    shown: QuerySet[Budget] = budgets.filter(
        Q(pk__in=paying) | Q(pk=Subquery(newest)) | Q(pk=Subquery(agreed))
    ).order_by("year")
    return shown


def _budgets_with_lines(plan: Plan) -> Any:
    mine = {"budget": OuterRef("pk")}
    amount = Cast("amount", TextField())
    contributions = Contribution.objects.filter(**mine).order_by("body__name", "kind")
    lines = BudgetLine.objects.filter(**mine).order_by("position", "title", "pk")
    return budgets_shown(plan).annotate(
        contribution_array=ArraySubquery(
            contributions.values_list(
                JSONObject(body="body__name", kind="kind", amount=amount, is_notional="is_notional")
            )
        ),
        line_array=ArraySubquery(
            lines.values_list(
                JSONObject(
                    title="title",
                    group="group",
                    category="category",
                    delivered_by="delivered_by__name",
                    fund="fund",
                    amount=amount,
                )
            )
        ),
    )


def _budget(row: Any) -> BudgetPart:
    return BudgetPart(
        year=row.year_label,
        is_agreed=row.is_agreed,
        source=row.source,
        contributions=tuple(
            ContributionPart(
                body=one["body"],
                kind=str(FundKind(one["kind"]).label),
                amount=Decimal(one["amount"]),
                is_set_aside=one["kind"] == FundKind.SET_ASIDE,
                is_notional=one["is_notional"],
            )
            for one in row.contribution_array
        ),
        lines=tuple(
            LinePart(
                title=one["title"],
                group=one["group"],
                category=str(SpendCategory(one["category"]).label),
                delivered_by=one["delivered_by"],
                is_set_aside=one["fund"] == FundKind.SET_ASIDE,
                amount=Decimal(one["amount"]),
            )
            for one in row.line_array
        ),
    )


def _engagement(plan: Plan) -> EngagementPart | None:
    """What was heard since the plan before took effect, or ever if this is the first."""
    since = plan.supersedes.period_start if plan.supersedes else None
    activities = Activity.objects.for_partnership(plan.partnership)
    if since:
        activities = activities.filter(held_on__gte=since)
    groups = Group.objects.filter(activities=OuterRef("pk")).order_by("number")
    promises = Promise.objects.filter(activity=OuterRef("pk"))
    rows: list[Any] = list(
        activities.select_related("locality").annotate(
            group_array=ArraySubquery(groups.values_list(JSONObject(number="number", name="short_name"))),
            promise_array=ArraySubquery(
                promises.values_list(
                    JSONObject(text="text", due_on="due_on", done_on="done_on", told_back_on="told_back_on")
                )
            ),
        )
    )
    if not rows:
        return None
    names = {group["number"]: group["name"] for row in rows for group in row.group_array}
    today = timezone.localdate()
    return EngagementPart(
        since=since,
        activities_count=len(rows),
        attendance=sum(row.attendance or 0 for row in rows),
        groups=tuple(names[number] for number in sorted(names)),
        activities=tuple(_activity(row, today) for row in rows[:ACTIVITIES_TOLD]),
    )


def _activity(row: Any, today: date) -> ActivityPart:
    return ActivityPart(
        held_on=row.held_on,
        place=row.place,
        locality=row.locality.name if row.locality else "",
        method=row.get_method_display(),
        groups=tuple(group["name"] for group in row.group_array),
        attendance=row.attendance,
        heard=row.heard,
        promises=tuple(_promise(one, today) for one in row.promise_array),
    )


def _promise(row: dict[str, Any], today: date) -> PromisePart:
    days = {name: _day(row[name]) for name in ("due_on", "done_on", "told_back_on")}
    promise = Promise(text=row["text"], **days)
    return PromisePart(text=promise.text, due_on=promise.due_on, state=str(promise.state_on(today).label))
