"""The figures that a plan shows, at their fixed places and in the blocks of its text, as they stand at this moment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils import timezone

from budgets.enums import BudgetState, FundKind, SpendCategory
from budgets.models import Budget, BudgetLine, Contribution
from engagement.models import Activity, Group, Promise
from outcomes.models import Indicator
from outcomes.selectors import Finding, findings_of
from outcomes.series import Point
from partnerships.models import Partnership

from ..blocks import Reference
from ..editions import (
    ActivityPart,
    BudgetPart,
    ContributionPart,
    EngagementPart,
    IndicatorPart,
    LinePart,
    PointPart,
    PromisePart,
    SourcePart,
)
from ..enums import BlockKind
from ..models import Plan, PriorityFunding

# Totals count every activity; this many of the latest are told one by one.
ACTIVITIES_TOLD = 10


@dataclass(frozen=True)
class BudgetFigures:
    """A year's budget; whether the plan shows it at its fixed place, and since when it is agreed."""

    part: BudgetPart
    is_shown: bool
    agreed_on: date | None


@dataclass(frozen=True)
class Heard:
    """One activity with the slug of its locality (none: the whole area) and the last day that it tells of."""

    part: ActivityPart
    locality: str
    groups: tuple[tuple[int, str], ...]
    last_day: date


@dataclass(frozen=True)
class Figures:
    """Indicators by their codes, budgets by their years (2026/27), activities with the latest first."""

    indicators: Mapping[str, IndicatorPart]
    sources: tuple[SourcePart, ...]
    budgets: Mapping[str, BudgetFigures]
    since: date | None
    heard: tuple[Heard, ...]

    def indicators_named(self, codes: Iterable[str]) -> tuple[IndicatorPart, ...]:
        wanted = set(codes)
        return tuple(part for code, part in self.indicators.items() if code in wanted)

    @property
    def budgets_shown(self) -> tuple[BudgetPart, ...]:
        return tuple(budget.part for budget in self.budgets.values() if budget.is_shown)

    @property
    def engagement(self) -> EngagementPart | None:
        """All that was heard; nothing if nothing was."""
        return self.engagement_of(self.heard) if self.heard else None

    def promised(self, locality: str = "") -> tuple[Heard, ...]:
        """The activities at which something was promised, in one locality if one is given."""
        return tuple(
            one for one in self.heard if one.part.promises and (not locality or one.locality == locality)
        )

    def engagement_of(self, heard: tuple[Heard, ...]) -> EngagementPart:
        """These activities counted, and the latest of them told."""
        names = {number: name for one in heard for number, name in one.groups}
        return EngagementPart(
            since=self.since,
            activities_count=len(heard),
            attendance=sum(one.part.attendance or 0 for one in heard),
            groups=tuple(names[number] for number in sorted(names)),
            activities=tuple(one.part for one in heard[:ACTIVITIES_TOLD]),
        )


def figures_of(plan: Plan, codes: Iterable[str], references: Iterable[Reference]) -> Figures:
    """The figures of these indicators, of what the plan always shows and of what the blocks name. Five queries."""
    placed = [reference.key for reference in references if reference.kind is BlockKind.INDICATOR]
    indicators, sources = indicators_of([*codes, *placed], plan.partnership)
    years = {reference.year for reference in references if reference.kind is BlockKind.BUDGET}
    since = engagement_since(plan)
    budgets = _with_lines(plan.partnership, _is_shown(plan), years)
    return Figures(
        indicators=indicators,
        sources=sources,
        budgets={row.year_label: _budget_figures(row) for row in budgets},
        since=since,
        heard=tuple(_heard(plan, since)),
    )


def indicators_of(
    codes: Iterable[str], partnership: Partnership
) -> tuple[dict[str, IndicatorPart], tuple[SourcePart, ...]]:
    """The indicators of these codes, by their codes, and the published files that their values come from."""
    findings = findings_of(Indicator.objects.filter(code__in=set(codes)), partnership)
    return {finding.indicator.code: _indicator(finding) for finding in findings}, _sources(findings)


def budgets_of_years(partnership: Partnership, years: Iterable[int]) -> list[BudgetFigures]:
    """The budgets of the financial years that begin in these."""
    return [_budget_figures(row) for row in _with_lines(partnership, Q(pk__in=()), years)]


def engagement_since(plan: Plan) -> date | None:
    """The day from which engagement counts for the plan: when the one before took effect; none for the first."""
    return plan.supersedes.period_start if plan.supersedes else None


# Indicators


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


# Money


def budgets_shown(plan: Plan) -> QuerySet[Budget]:
    """The budgets that pay for the plan's priorities, the newest agreed one and the newest of all, by year.

    Each is shown with its state, so that nobody takes a draft for agreed.
    """
    return Budget.objects.for_partnership(plan.partnership).filter(_is_shown(plan)).order_by("year")


def _is_shown(plan: Plan) -> Q:
    budgets = Budget.objects.for_partnership(plan.partnership)
    newest = budgets.order_by("-year").values("pk")[:1]
    agreed = budgets.filter(state=BudgetState.AGREED).order_by("-year").values("pk")[:1]
    paying = PriorityFunding.objects.filter(priority__plan=plan).values("line__budget")
    return Q(pk__in=paying) | Q(pk=Subquery(newest)) | Q(pk=Subquery(agreed))


def _with_lines(partnership: Partnership, shown: Q, years: Iterable[int]) -> Any:
    """The budgets that are shown, and those of the years, with what each consists of."""
    mine = {"budget": OuterRef("pk")}
    amount = Cast("amount", TextField())
    contributions = Contribution.objects.filter(**mine).order_by("body__name", "kind")
    lines = BudgetLine.objects.filter(**mine).order_by("position", "title", "pk")
    budgets = Budget.objects.for_partnership(partnership).filter(shown | Q(year__in=years))
    return budgets.order_by("year").annotate(
        is_shown=shown,
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


def _budget_figures(row: Any) -> BudgetFigures:
    agreed_on = timezone.localdate(row.agreed_at) if row.agreed_at else None
    return BudgetFigures(_budget(row), row.is_shown, agreed_on)


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


# Engagement


def _heard(plan: Plan, since: date | None) -> Iterable[Heard]:
    """What was heard since that day, or ever; the latest first."""
    activities = Activity.objects.for_partnership(plan.partnership)
    if since:
        activities = activities.filter(held_on__gte=since)
    groups = Group.objects.filter(activities=OuterRef("pk")).order_by("number")
    promises = Promise.objects.filter(activity=OuterRef("pk"))
    rows: Any = activities.select_related("locality").annotate(
        group_array=ArraySubquery(groups.values_list(JSONObject(number="number", name="short_name"))),
        promise_array=ArraySubquery(
            promises.values_list(
                JSONObject(
                    pk="pk", text="text", due_on="due_on", done_on="done_on", told_back_on="told_back_on"
                )
            )
        ),
    )
    today = timezone.localdate()
    for row in rows:
        days = [one[name] for one in row.promise_array for name in ("done_on", "told_back_on")]
        yield Heard(
            part=_activity(row, today),
            locality=row.locality.slug if row.locality else "",
            groups=tuple((group["number"], group["name"]) for group in row.group_array),
            last_day=max([row.held_on, *(date.fromisoformat(day) for day in days if day)]),
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
    days = {
        name: date.fromisoformat(row[name]) if row[name] else None
        for name in ("due_on", "done_on", "told_back_on")
    }
    promise = Promise(text=row["text"], **days)
    return PromisePart(
        text=promise.text,
        due_on=promise.due_on,
        state=str(promise.state_on(today).label),
        key=row["pk"],
    )
