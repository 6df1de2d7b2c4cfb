"""Ten years of money for every partnership, made up by a seeded generator: what a portal holds after a decade."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection, transaction

from budgets.enums import Arm, BudgetState, FundKind, Setting, SpendCategory
from budgets.models import Budget, BudgetLine, Contribution, LocalityShare
from budgets.rules import arm_of, is_institutional
from localities.models import Locality
from partnerships.models import Body, DelegatedFunction, Partnership

FIRST_YEAR, YEARS, LINES_A_YEAR = 2016, 10, 400
SHARES_EVERY = 10  # every tenth line is split between localities
SERVICES = (
    "Care at home",
    "Care homes",
    "Day services",
    "Community nursing",
    "Pharmacy and prescribing",
    "Mental health",
    "Learning disability",
    "Rehabilitation",
    "Equipment",
    "Unpaid carers",
)


@dataclass(frozen=True)
class Loaded:
    """What was made."""

    budgets: int
    lines: int
    shares: int


def load_ten_years(*, lines_a_year: int = LINES_A_YEAR, seed: int = 2014) -> Loaded:
    """Every partnership has a budget of `lines_a_year` lines in each of ten years; years that are there already stay.

    The same seed makes the same figures. The database's statistics are fresh afterwards.
    """
    chance = random.Random(seed)
    budgets = lines = shares = 0
    for partnership in Partnership.objects.select_related("health_board").prefetch_related("councils"):
        with transaction.atomic():
            made = list(_years_of(partnership))
            Budget.objects.bulk_create(made)
            Contribution.objects.bulk_create(
                row for budget in made for row in _contributions(budget, partnership)
            )
            rows = [
                row for budget in made for row in lines_of_a_year(budget, partnership, chance, lines_a_year)
            ]
            BudgetLine.objects.bulk_create(rows, batch_size=2000)
            split = list(_shares(partnership, rows))
            LocalityShare.objects.bulk_create(split, batch_size=2000)
        budgets, lines, shares = budgets + len(made), lines + len(rows), shares + len(split)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Loaded(budgets, lines, shares)


def _years_of(partnership: Partnership) -> Iterator[Budget]:
    there = set(Budget.objects.for_partnership(partnership).values_list("year", flat=True))
    for year in range(FIRST_YEAR, FIRST_YEAR + YEARS):
        if year not in there:
            yield Budget(
                partnership=partnership,
                year=year,
                state=BudgetState.AGREED,
                agreed_at=datetime(year, 3, 20, 10, tzinfo=UTC),
                note="Made up for a measurement",
            )


def _contributions(budget: Budget, partnership: Partnership) -> Iterator[Contribution]:
    yield Contribution(
        budget=budget, body=partnership.health_board, kind=FundKind.PAYMENT, amount=Decimal(300_000_000)
    )
    yield Contribution(
        budget=budget, body=partnership.health_board, kind=FundKind.SET_ASIDE, amount=Decimal(60_000_000)
    )
    for council in partnership.councils.all():
        yield Contribution(budget=budget, body=council, kind=FundKind.PAYMENT, amount=Decimal(200_000_000))


def lines_of_a_year(
    budget: Budget, partnership: Partnership, chance: random.Random, count: int
) -> Iterator[BudgetLine]:
    """Made-up lines of the year, some of them set aside where the scheme has functions of a large hospital."""
    functions = list(DelegatedFunction.objects.for_partnership(partnership))
    aside = [function for function in functions if function.is_large_hospital]
    bodies: list[Body] = [partnership.health_board, *partnership.councils.all()]
    for position in range(count):
        is_aside = bool(aside) and position % 12 == 0
        body = partnership.health_board if is_aside else bodies[position % len(bodies)]
        fund = FundKind.SET_ASIDE if is_aside else FundKind.PAYMENT
        category = SpendCategory.HOSPITAL_INPATIENTS if is_aside else chance.choice(list(SpendCategory)[1:])
        setting = Setting.HOSPITAL if is_aside else Setting.COMMUNITY
        amount = Decimal(chance.randrange(5_000_000, 300_000_000)) / 100
        yield BudgetLine(
            budget=budget,
            code=f"L{position:04}",
            title=f"{SERVICES[position % len(SERVICES)]} {position:03}",
            group=SERVICES[position % len(SERVICES)],
            function=chance.choice(aside if is_aside else functions) if functions else None,
            delivered_by=body,
            fund=fund,
            arm=Arm(arm_of(fund, body)),
            category=category,
            setting=setting,
            is_institutional=is_institutional(category, setting),
            position=position,
            original=amount,
            amount=amount,
            actual=(amount * Decimal(chance.randrange(950, 1060)) / 1000).quantize(Decimal("0.01")),
        )


def _shares(partnership: Partnership, rows: list[BudgetLine]) -> Iterator[LocalityShare]:
    localities = list(Locality.objects.for_partnership(partnership))
    for line in rows[::SHARES_EVERY]:
        part = (line.amount / (len(localities) + 1)).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        yield from (LocalityShare(line=line, locality=locality, amount=part) for locality in localities)
