"""The years ahead, scenario by scenario, as table F10 of a finance report shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import accumulate

from django.db.models import QuerySet

from foundation.sgds.formats import money
from partnerships.enums import IntegrationModel
from partnerships.models import Body, Partnership

from ..enums import FundKind, PlanItem, Pressure, Scenario
from ..models import Budget, MediumTermPlan, Outlook, OutlookFigure
from ..rules import gap_of, may_contribute, unidentified_of
from .scheme import bodies_of, model_of_integration
from .totals import NOTHING

# What a row is: item, pressure, the body's key, fund.
RowKey = tuple[str, str, int | None, str]


@dataclass(frozen=True)
class FigureRow:
    """One row of the plan's grid: what it is, and by which body and fund where it is funding."""

    item: PlanItem
    label: str
    pressure: str = ""
    body: Body | None = None
    fund: str = ""

    @property
    def key(self) -> RowKey:
        return (self.item, self.pressure, self.body.pk if self.body else None, self.fund)


@dataclass(frozen=True)
class OutlookYear:
    """One year of one scenario, added up. Pounds."""

    year: int
    base: Decimal
    pressures: Decimal
    paid: Decimal
    set_aside: Decimal
    savings: Decimal

    @property
    def label(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"

    @property
    def funding(self) -> Decimal:
        return self.paid + self.set_aside

    @property
    def gap(self) -> Decimal:
        return gap_of(funding=self.funding, base=self.base, pressures=self.pressures, savings=self.savings)

    @property
    def unidentified(self) -> Decimal:
        return unidentified_of(self.gap)


@dataclass(frozen=True)
class ShownRow:
    """One row of a scenario's table, a figure for each year; None where nothing is recorded."""

    label: str
    figures: tuple[Decimal | None, ...]


@dataclass(frozen=True)
class OutlookView:
    """One scenario with its figures; `rows` are those that somebody has filled in."""

    outlook: Outlook
    rows: tuple[ShownRow, ...]
    years: tuple[OutlookYear, ...]

    @cached_property
    def cumulative(self) -> tuple[Decimal, ...]:
        """The gaps of the years so far, added up."""
        return tuple(accumulate(year.gap for year in self.years))

    @property
    def label(self) -> str:
        """`expected case`."""
        return str(self.outlook).lower()

    @property
    def is_expected(self) -> bool:
        return self.outlook.scenario == Scenario.EXPECTED

    @property
    def is_empty(self) -> bool:
        return not self.rows

    @property
    def together(self) -> str:
        """What the years come to: `£86,152,159 short`."""
        whole = self.cumulative[-1]
        return f"{money(-whole)} short" if whole < 0 else f"{money(whole)} to spare" if whole else "balanced"

    @property
    def words(self) -> str:
        """What is missing next year and over all years."""
        if self.is_empty:
            return "No figure yet."
        first = self.years[0]
        missing = money(first.unidentified) if first.unidentified else "Nothing"
        return (
            f"{missing} is still to be found in {first.label}; the five years together are {self.together}."
        )

    @property
    def totals(self) -> tuple[ShownRow, ...]:
        """The rows under the line, in the order in which they are worked out."""
        return (
            ShownRow("All pressures", tuple(year.pressures for year in self.years)),
            ShownRow("Funding without the set-aside", tuple(year.paid for year in self.years)),
            ShownRow("Set aside", tuple(year.set_aside for year in self.years)),
            ShownRow("Funding with the set-aside", tuple(year.funding for year in self.years)),
            ShownRow("Gap before savings", tuple(year.gap - year.savings for year in self.years)),
            ShownRow("Gap left (below zero: missing)", tuple(year.gap for year in self.years)),
            ShownRow("Gap left, years added up", self.cumulative),
            ShownRow("Still to be found", tuple(year.unidentified for year in self.years)),
        )


def years_of(
    plan: MediumTermPlan, figures: Mapping[RowKey, Mapping[int, Decimal]]
) -> tuple[OutlookYear, ...]:
    """The years of a scenario from its rows' figures."""
    sums: defaultdict[tuple[int, str, bool], Decimal] = defaultdict(lambda: NOTHING)
    for (item, _, _, fund), by_year in figures.items():
        for year, amount in by_year.items():
            sums[year, item, fund == FundKind.SET_ASIDE] += amount
    return tuple(
        OutlookYear(
            year,
            base=sums[year, PlanItem.BASE, False],
            pressures=sums[year, PlanItem.PRESSURE, False],
            paid=sums[year, PlanItem.FUNDING, False],
            set_aside=sums[year, PlanItem.FUNDING, True],
            savings=sums[year, PlanItem.SAVINGS, False],
        )
        for year in plan.years
    )


def plan_rows(plan: MediumTermPlan, recorded: Iterable[OutlookFigure] = ()) -> tuple[FigureRow, ...]:
    """The rows that the plan's grid has: funding as the Act lets each body give it, the base, pressures, savings.

    A body's money that is recorded and is not lawful any more keeps its row, so that no figure disappears.
    """
    # Where the model is not recorded yet, the usual one: these are assumptions, and nobody pays by them.
    model = (
        model_of_integration(Budget(partnership=plan.partnership, year=plan.first_year))
        or IntegrationModel.BODY_CORPORATE
    )
    funding = {
        (body.pk, str(kind)): (body, kind)
        for body in bodies_of(plan.partnership)
        for kind in FundKind
        if may_contribute(model, body, kind)
    }
    for figure in recorded:
        if figure.body is not None:
            funding.setdefault((figure.body.pk, figure.fund), (figure.body, FundKind(figure.fund)))
    return (
        FigureRow(PlanItem.BASE, PlanItem.BASE.label),
        *(FigureRow(PlanItem.PRESSURE, pressure.label, pressure=pressure) for pressure in Pressure),
        *(
            FigureRow(PlanItem.FUNDING, f"{kind.label} by {body}", body=body, fund=kind)
            for body, kind in funding.values()
        ),
        FigureRow(PlanItem.SAVINGS, PlanItem.SAVINGS.label),
    )


def figures_of(
    figures: Iterable[OutlookFigure],
) -> dict[RowKey, dict[int, Decimal]]:
    """The figures by row and year."""
    found: defaultdict[RowKey, dict[int, Decimal]] = defaultdict(dict)
    for figure in figures:
        found[figure.item, figure.pressure, figure.body_id, figure.fund][figure.year] = figure.amount
    return dict(found)


def plan_outlooks(plan: MediumTermPlan) -> list[OutlookView]:
    """The plan's scenarios, worst first, with their figures. Four queries, however many figures."""
    order = list(Scenario)
    outlooks = sorted(
        plan.outlooks.select_related("changed_by").prefetch_related("figures__body"),
        key=lambda outlook: order.index(Scenario(outlook.scenario)),
    )
    recorded = [figure for outlook in outlooks for figure in outlook.figures.all()]
    rows = plan_rows(plan, recorded)
    return [_view(plan, outlook, rows) for outlook in outlooks]


def _view(plan: MediumTermPlan, outlook: Outlook, rows: Sequence[FigureRow]) -> OutlookView:
    outlook.plan = plan
    figures = figures_of(outlook.figures.all())
    shown = tuple(
        ShownRow(row.label, tuple(figures[row.key].get(year) for year in plan.years))
        for row in rows
        if row.key in figures
    )
    return OutlookView(outlook, shown, years_of(plan, figures))


def medium_term_plans(partnership: Partnership) -> QuerySet[MediumTermPlan]:
    """The partnership's plans, newest first."""
    return MediumTermPlan.objects.for_partnership(partnership).order_by("-first_year")
