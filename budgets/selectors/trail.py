"""The pound trail: contribution, allocation, direction, service, locality, and on, followed from any of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import OuterRef, QuerySet, Subquery

from foundation.sgds.formats import money
from localities.models import Locality
from partnerships.models import Body

from ..enums import FundKind
from ..models import Budget, BudgetLine, Direction, DirectionLine, LocalityShare
from ..onward import Onward, onward_of
from ..rules import is_part_of
from .confirmations import whose_line
from .directions import directed_lines
from .lines import lines_of_year
from .totals import NOTHING, SpendTotal, total_of


@dataclass(frozen=True)
class TrailStart:
    """Where one begins to follow the money; what is empty narrows nothing."""

    paid_by: Body | None = None
    fund: str = ""
    line: BudgetLine | None = None
    direction: Direction | None = None
    locality: Locality | None = None

    @property
    def is_whole(self) -> bool:
        return not (self.paid_by or self.fund or self.line or self.direction or self.locality)


@dataclass(frozen=True, slots=True)
class Place:
    """The part of a line that is spent in a locality, or in none; pounds."""

    label: str
    slug: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a line is for, of one kind: `Priority: Care closer to home; Prevention`."""

    kind: str
    steps: tuple[Onward, ...]

    @property
    def words(self) -> str:
        return f"{self.kind}: {'; '.join(step.label for step in self.steps)}"


@dataclass(frozen=True)
class TrailRow:
    """One line of the year and its pounds in both directions. Amounts are pounds, and add up to the line's."""

    line: BudgetLine
    paid_by: str
    directed: tuple[DirectionLine, ...]
    places: tuple[Place, ...]
    onward: tuple[Onward, ...]

    @property
    def undirected(self) -> Decimal:
        """What no direction in force takes; below nothing where directions take more than there is."""
        return self.line.amount - sum((row.amount for row in self.directed), NOTHING)

    @property
    def undirected_words(self) -> str:
        """What no direction takes, or that directions take too much; empty where they take just what there is."""
        if not self.undirected:
            return ""
        if not is_part_of(self.undirected, self.line.amount):
            return "more is directed than the line has"
        return f"{money(self.undirected)} not directed"

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """What the money goes on to, each kind once."""
        kinds = dict.fromkeys(step.kind for step in self.onward)
        return tuple(Purpose(kind, tuple(s for s in self.onward if s.kind == kind)) for kind in kinds)

    @property
    def is_set_aside(self) -> bool:
        return self.line.fund == FundKind.SET_ASIDE


def trail_lines(budget: Budget, start: TrailStart, day: date) -> QuerySet[BudgetLine]:
    """The lines through which the money flows that begins, or ends, where one starts."""
    party = Body.objects.filter(pk=OuterRef("party_id")).values("name")
    lines = lines_of_year(budget).annotate(party_id=whose_line(budget))
    lines = lines.annotate(party_name=Subquery(party[:1]))
    if start.paid_by:
        lines = lines.filter(party_id=start.paid_by.pk)
    if start.fund:
        lines = lines.filter(fund=start.fund)
    if start.line:
        lines = lines.filter(pk=start.line.pk)
    if start.direction:
        lines = lines.filter(
            pk__in=directed_lines(budget, day).filter(direction=start.direction).values("line")
        )
    if start.locality:
        lines = lines.filter(pk__in=LocalityShare.objects.filter(locality=start.locality).values("line"))
    return lines


def trail_total(lines: QuerySet[BudgetLine]) -> SpendTotal:
    """The lines of the trail added up, payments and set-aside apart. One query."""
    return total_of(BudgetLine.objects.filter(pk__in=lines.values("pk")))


def trail_rows(budget: Budget, lines: Iterable[BudgetLine], day: date) -> list[TrailRow]:
    """A row for each line. Three queries, and those of the apps above."""
    shown = list(lines)
    keys = [line.pk for line in shown]
    directed = defaultdict(list)
    for row in directed_lines(budget, day).filter(line__in=keys):
        directed[row.line_id].append(row)
    shares = defaultdict(list)
    for share in (
        LocalityShare.objects.filter(line__in=keys).select_related("locality").order_by("locality__name")
    ):
        shares[share.line_id].append(Place(share.locality.name, share.locality.slug, share.amount))
    onward = onward_of(budget.partnership, keys)
    return [
        TrailRow(
            line=line,
            paid_by=vars(line)["party_name"] or "",
            directed=tuple(directed[line.pk]),
            places=_places(line, shares[line.pk]),
            onward=tuple(onward.get(line.pk, ())),
        )
        for line in shown
    ]


def _places(line: BudgetLine, shares: list[Place]) -> tuple[Place, ...]:
    """The localities and, as a place of its own, what belongs to none of them."""
    left = line.amount - sum((place.amount for place in shares), NOTHING)
    return (*shares, Place("Area-wide, not attributable", "", left)) if left else tuple(shares)
