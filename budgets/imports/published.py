"""Published budgets, read from the app's data folder as they were published."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from foundation import audit
from foundation.audit.services import System
from partnerships.models import Body, Partnership, User

from ..enums import FundKind, Setting, SpendCategory, Subjective
from ..models import Budget, BudgetLine, Contribution
from ..rules import arm_of, is_institutional

DATA = Path(__file__).parent.parent / "data"
MILLION = 1_000_000
EDINBURGH = "S37000012"
NHS_SECTION, COUNCIL_SECTION = "NHS delivered services", "City of Edinburgh delivered services"
SOURCE = (
    "Edinburgh Integration Joint Board, annual performance report 2020/21, "
    "https://www.edinburghhsc.scot/the-ijb/annualperformancereport/strategicpriorityfour/ "
    "(Open Government Licence v3.0)"
)
METHOD = "The published subtotal of the services that this body delivers, without the set-aside"


@dataclass(frozen=True)
class PublishedRow:
    """One row of the published table. Pounds, rounded by the publisher to whole millions."""

    section: str
    service: str
    is_subtotal: bool
    budget: Decimal
    actual: Decimal
    variance: Decimal
    fund: str
    category: str
    setting: str
    function: str
    subjective: str


@dataclass(frozen=True)
class RoundingGap:
    """A published figure and what it comes to when the published rows are added up or subtracted. Pounds."""

    what: str
    published: Decimal
    worked_out: Decimal

    def __str__(self) -> str:
        return (
            f"{self.what}: published £{self.published / MILLION:.0f}m, "
            f"the rows give £{self.worked_out / MILLION:.0f}m"
        )


def edinburgh_2020_21() -> list[PublishedRow]:
    """The published table, subtotals included, in the order of publication."""
    with (DATA / "edinburgh_2020-21.csv").open(newline="", encoding="utf-8") as file:
        return [
            PublishedRow(
                section=row["section"],
                service=row["service"],
                is_subtotal=row["kind"] == "subtotal",
                budget=Decimal(row["budget_m"]) * MILLION,
                actual=Decimal(row["actual_m"]) * MILLION,
                variance=Decimal(row["variance_m"]) * MILLION,
                fund=row["fund"],
                category=row["category"],
                setting=row["setting"],
                function=row["function"],
                subjective=row["subjective"],
            )
            for row in csv.DictReader(file)
        ]


def rounding_gaps(rows: Iterable[PublishedRow]) -> Iterator[RoundingGap]:
    """Every place where the published figures, each rounded by itself, do not add up or subtract exactly."""
    rows = list(rows)
    for row in rows:
        if row.budget - row.actual != row.variance:
            yield RoundingGap(f"variance of “{row.service}”", row.variance, row.budget - row.actual)
        if row.is_subtotal:
            parts = [part for part in rows if part.section == row.section and not part.is_subtotal]
            for column in ("budget", "actual", "variance"):
                added = sum((getattr(part, column) for part in parts), Decimal(0))
                if added != getattr(row, column):
                    yield RoundingGap(f"{column} of “{row.service}”", getattr(row, column), added)


def rounding_note(rows: Iterable[PublishedRow]) -> str:
    """The gaps as a note for readers, none of them forced away."""
    gaps = "; ".join(str(gap) for gap in rounding_gaps(rows))
    return (
        "Every figure was published rounded to whole millions of pounds, so rows do not always add up to the published "
        f"subtotals. They are kept as published. Where they differ: {gaps}. The contributions are the published "
        "subtotals, so the difference shows as not allocated. Categories, settings, functions and types of spend are "
        "the portal’s own reading of the published rows: external purchasing includes places in care homes that the "
        "table does not tell apart, and the set-aside covers several hospital specialties."
    )


@transaction.atomic
def load_edinburgh_2020_21(*, by: User | System) -> Budget:
    """Edinburgh has its 2020/21 budget as published: contributions, lines, set-aside apart, and a note on rounding.

    The budget stays a draft. Run again, it changes nothing and gives the budget that is there.

    Raises Partnership.DoesNotExist before the partnerships and their functions are loaded. Source: SOURCE.
    """
    partnership = Partnership.objects.select_related("health_board").get(code=EDINBURGH)
    rows = edinburgh_2020_21()
    budget, is_new = Budget.objects.get_or_create(
        partnership=partnership, year=2020, defaults={"source": SOURCE, "note": rounding_note(rows)}
    )
    if not is_new:
        return budget
    bodies = {NHS_SECTION: partnership.health_board, COUNCIL_SECTION: partnership.councils.get()}
    person = by if isinstance(by, User) else None
    contributions = list(_contributions(budget, bodies, rows, person))
    Contribution.objects.bulk_create(contributions)
    lines = list(_lines(budget, bodies, rows, person))
    BudgetLine.objects.bulk_create(lines)
    audit.record(
        by=by,
        action="budgets.imported",
        subject=budget,
        tenant=partnership.slug,
        after={
            "source": SOURCE,
            "contributions": {str(row): row.amount for row in contributions},
            "lines": {f"{line}, {line.delivered_by}": line.amount for line in lines},
        },
    )
    return budget


def _contributions(
    budget: Budget, bodies: dict[str, Body], rows: list[PublishedRow], by: User | None
) -> Iterator[Contribution]:
    for section, body in bodies.items():
        subtotal = next(row.budget for row in rows if row.section == section and row.is_subtotal)
        aside = sum(
            (row.budget for row in rows if row.section == section and row.fund == FundKind.SET_ASIDE),
            Decimal(0),
        )
        yield Contribution(
            budget=budget,
            body=body,
            kind=FundKind.PAYMENT,
            amount=subtotal - aside,
            method=METHOD,
            changed_by=by,
        )
        if aside:
            yield Contribution(
                budget=budget,
                body=body,
                kind=FundKind.SET_ASIDE,
                amount=aside,
                method="As published; how the sum was worked out is not published",
                changed_by=by,
            )


def _lines(
    budget: Budget, bodies: dict[str, Body], rows: list[PublishedRow], by: User | None
) -> Iterator[BudgetLine]:
    functions = {function.code: function for function in budget.partnership.functions.all()}
    published = [row for row in rows if not row.is_subtotal]
    for position, row in enumerate(published):
        yield BudgetLine(
            budget=budget,
            title=row.service,
            group=row.section,
            function=functions[row.function] if row.function else None,
            delivered_by=bodies[row.section],
            fund=FundKind(row.fund),
            category=SpendCategory(row.category),
            setting=Setting(row.setting),
            subjective=Subjective(row.subjective) if row.subjective else "",
            arm=arm_of(FundKind(row.fund), bodies[row.section]),
            is_institutional=is_institutional(SpendCategory(row.category), Setting(row.setting)),
            position=position,
            amount=row.budget,
            actual=row.actual,
            changed_by=by,
        )
