"""A plan's working rows gathered into what its readers will see. The only bridge from live figures to frozen ones."""

from collections.abc import Iterable
from datetime import date
from string import ascii_uppercase
from typing import Any

from django.db.models import FilteredRelation, Prefetch, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from budgets.enums import BudgetState, FundKind
from budgets.models import Budget, BudgetLine, Contribution
from engagement.models import Activity
from localities.models import Locality
from localities.selectors import localities_on
from outcomes.models import Indicator, Outcome, Principle
from outcomes.selectors import Finding, findings_of
from outcomes.series import Point
from partnerships.models import Partnership

from ..editions import (
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
from ..models import Plan, Priority, PriorityFunding, Section
from ..outline import template_of
from ..paragraphs import numbered
from .priorities import linked

# Totals count every activity; this many of the latest are told one by one.
ACTIVITIES_TOLD = 40


def draft_edition(plan: Plan) -> Edition:
    """The plan as it would be read if it were published now, with the figures of this moment."""
    partnership = plan.partnership
    sections = sections_of(plan)
    numbers = {section.key: section.number for section in sections}
    findings = findings_of(
        Indicator.objects.filter(priorities__plan=plan).distinct(),
        partnership,
    )
    return Edition(
        partnership=_partnership(partnership),
        slug=plan.slug,
        title=plan.title,
        period_start=plan.period_start,
        period_end=plan.period_end,
        publication=None,
        sections=sections,
        priorities=tuple(_priority(priority) for priority in linked(plan.priorities.all())),
        outcomes=tuple(
            OutcomePart(number=o.number, title=o.title, text=o.text) for o in Outcome.objects.all()
        ),
        principles=tuple(PrinciplePart(code=p.code, text=p.text) for p in Principle.objects.all()),
        localities=_localities(plan, numbers.get("localities", 0)),
        indicators=tuple(_indicator(finding) for finding in findings),
        sources=_sources(findings),
        budgets=_budgets(plan),
        engagement=_engagement(plan),
    )


def plan_localities(plan: Plan) -> QuerySet[Locality]:
    """The localities that the plan must speak for: those that stand on its first day, or today while it has none."""
    return localities_on(plan.partnership, plan.period_start)


def with_arrangements(plan: Plan) -> Any:
    """The localities, each with the text of its arrangements as `arranged` and its length as `arranged_words`."""
    mine = FilteredRelation("arrangements", condition=Q(arrangements__plan=plan))
    return plan_localities(plan).annotate(
        arrangement=mine,
        arranged=Coalesce("arrangement__body", Value(""), output_field=TextField()),
        arranged_words=Coalesce("arrangement__word_count", Value(0)),
    )


def sections_of(plan: Plan) -> tuple[SectionPart, ...]:
    """The sections that have text or that the portal fills, numbered in order."""
    shown = [
        section
        for section in Section.objects.filter(plan=plan)
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


def _partnership(partnership: Partnership) -> PartnershipPart:
    period = partnership.model_periods.on(timezone.localdate()).first()
    return PartnershipPart(
        slug=partnership.slug,
        name=partnership.name,
        short_name=partnership.short_name,
        model=period.get_model_display() if period else "",
        health_board=partnership.health_board.name,
        councils=tuple(council.name for council in partnership.councils.all()),
    )


def _priority(priority: Priority) -> PriorityPart:
    return PriorityPart(
        number=priority.number,
        title=priority.title,
        rationale=priority.rationale,
        outcomes=tuple(
            OutcomeLink(number=link.outcome.number, explanation=link.explanation)
            for link in priority.outcome_links.all()
        ),
        principles=tuple(principle.code for principle in priority.principles.all()),
        indicators=tuple(indicator.code for indicator in priority.indicators.all()),
        funding=tuple(
            FundingPart(
                line=part.line.title,
                year=part.line.budget.year_label,
                line_amount=part.line.amount,
                share=part.share,
                amount=part.amount,
            )
            for part in priority.funding.all()
        ),
    )


def _localities(plan: Plan, section: int) -> tuple[LocalityPart, ...]:
    parts = []
    for place, locality in enumerate(with_arrangements(plan)):
        number = f"{section}{ascii_uppercase[place] if place < len(ascii_uppercase) else f'.L{place + 1}'}"
        parts.append(
            LocalityPart(
                number=number,
                slug=locality.slug,
                name=locality.name,
                population=locality.population,
                population_65_plus=locality.population_65_plus,
                population_75_plus=locality.population_75_plus,
                population_year=locality.population_year,
                boundary=locality.boundary,
                boundary_note=locality.boundary_note,
                paragraphs=numbered(locality.arranged, number, f"locality-{locality.slug}"),
            )
        )
    return tuple(parts)


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
    return budgets.filter(Q(pk__in=paying) | Q(pk=Subquery(newest)) | Q(pk=Subquery(agreed))).order_by("year")


def _budgets(plan: Plan) -> tuple[BudgetPart, ...]:
    shown = budgets_shown(plan).prefetch_related(
        Prefetch("contributions", Contribution.objects.select_related("body").order_by("body__name", "kind")),
        Prefetch("lines", BudgetLine.objects.select_related("delivered_by")),
    )
    return tuple(_budget(budget) for budget in shown)


def _budget(budget: Budget) -> BudgetPart:
    return BudgetPart(
        year=budget.year_label,
        is_agreed=budget.is_agreed,
        source=budget.source,
        contributions=tuple(
            ContributionPart(
                body=part.body.name,
                kind=part.get_kind_display(),
                amount=part.amount,
                is_set_aside=part.kind == FundKind.SET_ASIDE,
                is_notional=part.is_notional,
            )
            for part in budget.contributions.all()
        ),
        lines=tuple(
            LinePart(
                title=line.title,
                group=line.group,
                category=line.get_category_display(),
                delivered_by=line.delivered_by.name,
                is_set_aside=line.fund == FundKind.SET_ASIDE,
                amount=line.amount,
            )
            for line in budget.lines.all()
        ),
    )


def _engagement(plan: Plan) -> EngagementPart | None:
    """What was heard since the plan before took effect, or ever if this is the first."""
    since = plan.supersedes.period_start if plan.supersedes else None
    activities = Activity.objects.filter(partnership=plan.partnership)
    if since:
        activities = activities.filter(held_on__gte=since)
    rows = list(activities.select_related("locality").prefetch_related("groups", "promises"))
    if not rows:
        return None
    groups = {group.number: group.short_name for row in rows for group in row.groups.all()}
    today = timezone.localdate()
    return EngagementPart(
        since=since,
        activities_count=len(rows),
        attendance=sum(row.attendance or 0 for row in rows),
        groups=tuple(groups[number] for number in sorted(groups)),
        activities=tuple(_activity(row, today) for row in rows[:ACTIVITIES_TOLD]),
    )


def _activity(activity: Activity, today: date) -> ActivityPart:
    return ActivityPart(
        held_on=activity.held_on,
        place=activity.place,
        locality=activity.locality.name if activity.locality else "",
        method=activity.get_method_display(),
        groups=tuple(group.short_name for group in activity.groups.all()),
        attendance=activity.attendance,
        heard=activity.heard,
        promises=tuple(
            PromisePart(text=promise.text, due_on=promise.due_on, state=promise.state_on(today).label)
            for promise in activity.promises.all()
        ),
    )
