"""A small partnership with everything that a plan touches: localities with leads, outcomes, indicators, money."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from budgets.enums import Arm, FundKind, Setting, SpendCategory
from budgets.models import Budget, BudgetLine, Contribution
from engagement.models import Activity, Group, Promise
from localities.models import Locality, LocalityLead
from outcomes.enums import Better, IndicatorSet, ReportingStatus
from outcomes.models import DataRelease, Indicator, IndicatorValue, Outcome, Principle
from partnerships.enums import Role
from partnerships.models import Partnership, User
from strategic_plans import services
from strategic_plans.enums import PlanState
from strategic_plans.models import Plan, PlanVersion, Snapshot
from tests.factories import MembershipFactory, UserFactory


@pytest.fixture
def outcomes(db) -> list[Outcome]:
    return Outcome.objects.bulk_create(
        Outcome(number=number, title=f"Outcome title {number}", text=f"Statutory words of outcome {number}.")
        for number in range(1, 10)
    )


@pytest.fixture
def principles(db) -> list[Principle]:
    return Principle.objects.bulk_create(
        Principle(code=code, position=position, text=f"Statutory words of principle {code}.")
        for position, code in enumerate(["a", "i", "ii"], start=1)
    )


@pytest.fixture
def localities(partnership) -> list[Locality]:
    return [
        Locality.objects.create(
            partnership=partnership,
            name=f"{name} Angus",
            slug=f"{name.lower()}-angus",
            population=population,
            population_65_plus=population // 5,
            population_75_plus=population // 10,
            population_year="mid-2021",
            boundary={
                "type": "Polygon",
                "coordinates": [
                    [
                        [west, 56.6],
                        [west + 0.3, 56.6],
                        [west + 0.3, 56.8],
                        [west, 56.8],
                        [west, 56.6],
                    ]
                ],
            },
        )
        for name, population, west in (("North", 52_000, -3.0), ("South", 64_000, -2.7))
    ]


@pytest.fixture
def north_lead(localities, locality_lead) -> User:
    """Leads North Angus. The locality_lead of the cast, tied to a locality."""
    LocalityLead.objects.create(
        locality=localities[0], membership=locality_lead.memberships.get(), starts_on=date(2026, 1, 1)
    )
    return locality_lead


@pytest.fixture
def south_lead(partnership, localities) -> User:
    user = UserFactory(name="Sorcha South")
    membership = MembershipFactory(user=user, partnership=partnership, role=Role.LOCALITY_LEAD)
    LocalityLead.objects.create(locality=localities[1], membership=membership, starts_on=date(2026, 1, 1))
    return user


@pytest.fixture
def indicator(partnership) -> Indicator:
    """Two values here and in Scotland, one of them provisional."""
    indicator = Indicator.objects.create(
        code="NI-14",
        slug="ni-14",
        title="Readmission to hospital within 28 days (per 1,000 discharges)",
        short_title="Readmissions within 28 days",
        indicator_set=IndicatorSet.NATIONAL,
        unit="per 1,000 discharges",
        better=Better.DOWN,
        status=ReportingStatus.REPORTED,
        source="Public Health Scotland",
    )
    release = DataRelease.objects.create(
        name="Core suite, July 2026", attribution="Public Health Scotland, OGL v3.0"
    )
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            indicator=indicator,
            partnership=where,
            period=period,
            period_starts_on=date(int(period[:4]), 4, 1),
            value=Decimal(value),
            is_provisional=period == "2024/25",
            release=release,
        )
        for where, period, value in (
            (partnership, "2023/24", "103.4"),
            (partnership, "2024/25", "98.7"),
            (None, "2023/24", "104.1"),
            (None, "2024/25", "103.0"),
        )
    )
    return indicator


@pytest.fixture
def budget(partnership) -> Budget:
    budget = Budget.objects.create(partnership=partnership, year=2026, source="Board paper 12/26")
    council = partnership.councils.get()
    Contribution.objects.create(
        budget=budget, body=council, kind=FundKind.PAYMENT, amount=Decimal("61204000")
    )
    Contribution.objects.create(
        budget=budget, body=partnership.health_board, kind=FundKind.PAYMENT, amount=Decimal("98000000")
    )
    Contribution.objects.create(
        budget=budget, body=partnership.health_board, kind=FundKind.SET_ASIDE, amount=Decimal("12000000")
    )
    for position, (title, amount) in enumerate((("Care at home", "30000000"), ("Day services", "16000000"))):
        BudgetLine.objects.create(
            budget=budget,
            title=title,
            delivered_by=council,
            category=SpendCategory.OTHER_SOCIAL_CARE,
            setting=Setting.SOCIAL_CARE,
            arm=Arm.COUNCIL,
            position=position,
            amount=Decimal(amount),
        )
    return budget


@pytest.fixture
def activity(partnership, localities, officer) -> Activity:
    """A drop-in at which 23 people were heard and one promise was made."""
    activity = Activity.objects.create(
        partnership=partnership,
        locality=localities[0],
        held_on=date(2026, 9, 14),
        place="Reid Hall, Forfar",
        attendance=23,
        heard="People want one number to ring at night.",
        logged_by=officer,
    )
    activity.groups.add(
        Group.objects.create(number=3, name="Carers of users of health care", short_name="Carers")
    )
    Promise.objects.create(
        activity=activity, text="Print the night number on every letter", due_on=date(2027, 1, 31)
    )
    return activity


@pytest.fixture
def plan(partnership, localities, outcomes, principles, officer) -> Plan:
    """A draft, just started: nothing is written."""
    return services.start_plan(
        partnership=partnership,
        title="Angus strategic plan 2026 to 2029",
        period_start=date(2026, 4, 1),
        period_end=date(2029, 3, 31),
        by=officer,
    )


ARRANGEMENTS = {
    "north-angus": "<p>Nurses visit the glens twice a week, and Forfar has a night team.</p>",
    "south-angus": "<p>Arbroath keeps its minor injury unit; pharmacists work in all seven practices.</p>",
}


def write_everything(plan: Plan, by: User, indicator: Indicator, line: BudgetLine) -> None:
    """Everything that the law asks of the plan is there: it could be published."""
    for section in plan.sections.filter(is_statutory=True):
        services.save_section(
            section=section,
            body=f"<h2>{section.title} in short</h2><p>What we say about {section.title.lower()}.</p>",
            expected_revision=0,
            by=by,
        )
    for arrangement in plan.arrangements.select_related("locality"):
        services.save_arrangement(
            plan=plan,
            locality=arrangement.locality,
            body=ARRANGEMENTS[arrangement.locality.slug],
            expected_revision=0,
            by=by,
        )
    priority = services.add_priority(
        plan=plan,
        details=services.PriorityDetails(
            title="Care at home first",
            rationale="Most people want to stay in their own home.",
            evidence_of_need="Nine in ten said so in the survey of 2025.",
            outcomes={
                outcome: f"It helps with {outcome.title.lower()}." for outcome in Outcome.objects.all()
            },
            principles=list(Principle.objects.all()),
            indicators=[indicator],
            funding={line: Decimal("40")},
        ),
        by=by,
    )
    services.add_action(
        priority=priority,
        details=services.ActionDetails(
            title="Train carers",
            what="A course each quarter.",
            owner_words="Head of learning",
            due_on=date(2028, 3, 31),
            cost=Decimal("40000"),
            line=line,
        ),
        by=by,
    )


@pytest.fixture
def line(budget) -> BudgetLine:
    """£30,000,000 for care at home."""
    return budget.lines.get(title="Care at home")


@pytest.fixture
def ready_plan(plan, officer, indicator, line, activity) -> Plan:
    """A draft in which nothing is missing."""
    write_everything(plan, officer, indicator, line)
    return plan


def published_elsewhere(partnership: Partnership, like: PlanVersion) -> PlanVersion:
    """Another partnership has published a plan with the same content, and the public search finds it."""
    edition = replace(
        like.snapshot.edition,
        partnership=replace(
            like.snapshot.edition.partnership,
            slug=partnership.slug,
            name=partnership.name,
            short_name=partnership.short_name,
        ),
        slug="theirs",
        title=f"{partnership.short_name} plan",
    )
    plan = Plan.objects.create(
        partnership=partnership,
        title=edition.title,
        slug=edition.slug,
        period_start=edition.period_start,
        period_end=edition.period_end,
        state=PlanState.PUBLISHED,
        started_by=like.published_by,
    )
    snapshot = Snapshot.objects.create(
        plan=plan, content=edition.to_json(), sha256=edition.sha256, taken_by=like.published_by
    )
    version = PlanVersion.objects.create(
        plan=plan, number=1, snapshot=snapshot, sha256=edition.sha256, published_by=like.published_by
    )
    services.index_version(version)
    return version
