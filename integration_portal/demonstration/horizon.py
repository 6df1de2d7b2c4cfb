"""The demonstration's reserves, savings and medium-term plan: invented figures, each labelled so."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from budgets import services
from budgets.enums import (
    STANDING,
    Arm,
    Assessment,
    FundKind,
    Likelihood,
    PlanItem,
    Pressure,
    ReserveFlow,
    ReserveKind,
    Scenario,
)
from budgets.models import Budget, Direction
from budgets.services import FigureEntry
from partnerships.models import Body, Partnership, User

from .people import person

YEAR = 2026
LABEL = "Demonstration: an invented figure."
MINUTE = "Demonstration board of 24 March 2026, item 5"

# name, kind, what it is for, until when, held when the year began
RESERVES = (
    ("General reserve", ReserveKind.GENERAL, "What nobody foresees.", None, 8_600_000),
    (
        "Primary care improvement fund",
        ReserveKind.RING_FENCED,
        "Pharmacy and vaccination teams in general practice, as the Scottish Government’s letter sets out.",
        date(2027, 3, 31),
        2_400_000,
    ),
    (
        "Alcohol and drug partnership",
        ReserveKind.RING_FENCED,
        "National mission on drug deaths; what is not used can be claimed back.",
        date(2028, 3, 31),
        1_150_000,
    ),
    (
        "Transformation",
        ReserveKind.EARMARKED,
        "One-off costs of changing how services work.",
        None,
        3_000_000,
    ),
)
# reserve, what happens, amount, with the budget, day, reason
MOVEMENTS = (
    ("General reserve", ReserveFlow.USED, 2_000_000, False, None, "To meet the rise in prescribing costs"),
    ("Transformation", ReserveFlow.USED, 900_000, False, date(2026, 6, 30), "Double running of day services"),
    (
        "Primary care improvement fund",
        ReserveFlow.USED,
        1_600_000,
        False,
        date(2026, 9, 30),
        "Vaccination teams, first half of the year",
    ),
    (
        "Alcohol and drug partnership",
        ReserveFlow.IN,
        250_000,
        False,
        date(2026, 5, 29),
        "Unused part of last year’s allocation",
    ),
)
SAVINGS_TARGET = 22_000_000
# reference, title, lead, side, target, recurring, delivered, forecast, assessment, where it is kept, note
SAVINGS = (
    (
        "S1",
        "Prescribing: switch to generic medicines",
        "Lead pharmacist",
        Arm.HEALTH_BOARD,
        4_200_000,
        True,
        2_050_000,
        4_100_000,
        Assessment.DONE,
        "IIA 2026-04",
        "",
    ),
    (
        "S2",
        "Fewer agency shifts in hospital wards",
        "Chief nurse",
        Arm.HEALTH_BOARD,
        3_500_000,
        True,
        900_000,
        2_700_000,
        Assessment.DONE,
        "IIA 2026-07",
        "Recruitment is two months behind; a second round closes in January.",
    ),
    (
        "S3",
        "Care at home: plan journeys by neighbourhood",
        "Head of older people’s services",
        Arm.COUNCIL,
        5_000_000,
        True,
        1_100_000,
        3_200_000,
        Assessment.UNDER_WAY,
        "",
        "Two of the four neighbourhoods begin in autumn.",
    ),
    (
        "S4",
        "Sale of a vacant office’s lease",
        "Head of finance",
        Arm.COUNCIL,
        600_000,
        False,
        600_000,
        600_000,
        Assessment.NOT_NEEDED,
        "No service and nobody’s job changes",
        "",
    ),
    (
        "S5",
        "Review of small grants",
        "Head of strategic planning",
        Arm.COUNCIL,
        1_200_000,
        True,
        0,
        None,
        Assessment.NONE,
        "",
        "",
    ),
)
# By the reference of a saving: the title of the direction that carries it out.
CARRIED_BY = {"S1": "Community health services and primary care", "S3": "Care at home"}
FIRST_PLANNED = 2027
# By scenario: what each year brings in more than the year before, in per cent, and each pressure in year one.
CASES = {
    Scenario.WORST: ("0.5", Decimal("1.3"), "Pay rises by 4% a year and funding by 0.5%."),
    Scenario.EXPECTED: ("1.5", Decimal(1), "Pay rises by 3% a year and funding by 1.5%."),
    Scenario.BEST: ("2.5", Decimal("0.8"), "Pay rises by 2.5% a year and funding by 2.5%."),
}
PRESSURES = {
    Pressure.PAY: 6_800_000,
    Pressure.NATIONAL_INSURANCE: 900_000,
    Pressure.NON_PAY: 500_000,
    Pressure.DEMOGRAPHY: 1_200_000,
    Pressure.PRESCRIBING: 4_300_000,
    Pressure.CARE_HOMES: 2_600_000,
    Pressure.CARE_AT_HOME: 2_700_000,
    Pressure.LEARNING_DISABILITY: 1_800_000,
    Pressure.TRANSITION: 800_000,
    Pressure.CONTRACTS: 2_600_000,
    Pressure.NEW_DUTIES: 300_000,
}
RISKS = (
    (
        "Prescribing volume and price rise faster than planned",
        800_000,
        3_200_000,
        Likelihood.HIGH,
        "The prescribing group reviews the ten costliest medicines each month.",
    ),
    (
        "More people than planned need care at home in winter",
        400_000,
        1_500_000,
        Likelihood.MEDIUM,
        "Assessments are planned a month ahead, with the winter reserve behind them.",
    ),
    (
        "The pay award is above the assumption of the offers",
        0,
        2_000_000,
        Likelihood.LOW,
        "Both partners have agreed in writing to fund it if the Scottish Government does.",
    ),
)
PLANNED_SAVINGS = (9_000_000, 6_000_000, 4_000_000, 2_000_000, 1_000_000)


def look_ahead(partnership: Partnership) -> None:
    """The demonstration year has reserves, savings with a gap, and a medium-term plan in three cases follows it."""
    finance = person("finance@demo.example")
    budget = partnership.budgets.get(year=YEAR)
    _keep_reserves(budget, finance)
    _save_money(budget, finance)
    _plan_years(budget, finance)
    for title, lowest, highest, likelihood, mitigation in RISKS:
        services.add_risk(
            budget=budget,
            title=title,
            lowest=Decimal(lowest),
            highest=Decimal(highest),
            likelihood=likelihood,
            mitigation=f"{mitigation} {LABEL}",
            by=finance,
        )


def _keep_reserves(budget: Budget, by: User) -> None:
    reserves = {
        name: services.add_reserve(
            budget=budget,
            opening=Decimal(held),
            name=name,
            kind=kind,
            purpose=f"{purpose} {LABEL}",
            expires_on=expires_on,
            by=by,
        )
        for name, kind, purpose, expires_on, held in RESERVES
    }
    for name, flow, amount, is_budgeted, moved_on, reason in MOVEMENTS:
        services.move_reserve(
            budget=budget,
            reserve=reserves[name],
            flow=flow,
            amount=Decimal(amount),
            is_budgeted=is_budgeted,
            # A demonstration that is loaded earlier has the same movements, not made yet.
            moved_on=moved_on if moved_on and moved_on <= timezone.localdate() else None,
            reason=f"{reason}. {LABEL}",
            minute=MINUTE,
            by=by,
        )


def _save_money(budget: Budget, by: User) -> None:
    services.set_savings_target(
        budget=budget, amount=Decimal(SAVINGS_TARGET), minute=MINUTE, revision=0, by=by
    )
    standing = Direction.objects.for_partnership(budget.partnership).filter(state__in=STANDING)
    for reference, title, lead, arm, target, recurring, delivered, forecast, state, kept, note in SAVINGS:
        services.add_saving(
            budget=budget,
            by=by,
            reference=reference,
            title=title,
            lead=lead,
            arm=arm,
            target=Decimal(target),
            is_recurring=recurring,
            delivered=Decimal(delivered),
            forecast=None if forecast is None else Decimal(forecast),
            note=f"{note} {LABEL}".strip(),
            assessment=state,
            assessment_reference=kept,
            lines=[],
            directions=standing.filter(title=CARRIED_BY[reference]) if reference in CARRIED_BY else [],
        )


def _plan_years(budget: Budget, by: User) -> None:
    plan = services.start_medium_term_plan(partnership=budget.partnership, first_year=FIRST_PLANNED, by=by)
    contributions = [
        (row.body, FundKind(row.kind), row.amount) for row in budget.contributions.select_related("body")
    ]
    base = sum((amount for _, _, amount in contributions), Decimal(0))
    for outlook in plan.outlooks.all():
        outlook.plan = plan
        growth, heavier, words = CASES[Scenario(outlook.scenario)]
        services.save_outlook(
            outlook=outlook,
            figures=_figures(plan.years, base, contributions, Decimal(growth), heavier),
            assumptions=f"{words} {LABEL}",
            revision=outlook.revision,
            by=by,
        )


def _figures(
    years: range,
    base: Decimal,
    contributions: list[tuple[Body, FundKind, Decimal]],
    growth: Decimal,
    heavier: Decimal,
) -> list[FigureEntry]:
    """Each year begins with what the last one cost and saved, and its pressures come on top."""
    entries = []
    for number, year in enumerate(years):
        risen = (1 + growth / 100) ** (number + 1)
        saved = Decimal(PLANNED_SAVINGS[number])
        pressures = {
            pressure: (amount * heavier).quantize(Decimal(1)) for pressure, amount in PRESSURES.items()
        }
        entries.append(FigureEntry(year, PlanItem.BASE, base))
        entries += [
            FigureEntry(year, PlanItem.PRESSURE, amount, pressure=pressure)
            for pressure, amount in pressures.items()
        ]
        entries += [
            FigureEntry(year, PlanItem.FUNDING, (amount * risen).quantize(Decimal(1)), body=body, fund=kind)
            for body, kind, amount in contributions
        ]
        entries.append(FigureEntry(year, PlanItem.SAVINGS, saved))
        base += sum(pressures.values(), Decimal(0)) - saved
    return entries
