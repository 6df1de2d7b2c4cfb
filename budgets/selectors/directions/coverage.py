"""Which functions are directed on a day, to whom, and with which money (2014 Act s.26(1))."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from foundation.sgds.formats import count_in_words, joined
from partnerships.enums import IntegrationModel
from partnerships.models import Body, DelegatedFunction, Partnership
from partnerships.selectors import function_groups, name_in_its_group

from ...enums import MoneyStated, Progress
from ...models import Direction, DirectionLine, DirectionReport, DirectionTarget, FunctionExemption
from ...rules.directions import NO_DIRECTION_IN_FORCE, must_direct
from ..scheme import bodies_of
from .record import model_on


@dataclass(frozen=True, slots=True)
class Directed:
    """A direction in a cell. `for_function` is what its lines give this body for this function; None: it has none.

    `whole` is what the direction states altogether; None where it states a method alone. Pounds.
    """

    pk: int
    reference: str
    title: str
    is_set_aside: bool
    for_function: Decimal | None
    whole: Decimal | None
    progress: Progress | None
    reported_on: date | None


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A delegated function and, for each body, the directions in force for it."""

    function: DelegatedFunction
    exemption: FunctionExemption | None
    cells: tuple[tuple[Directed, ...], ...]
    is_owed: bool

    @property
    def name(self) -> str:
        return name_in_its_group(self.function)

    @property
    def is_bare(self) -> bool:
        """Whether no direction is in force for the function, and no order exempts it."""
        return self.exemption is None and not any(self.cells)

    @property
    def is_missing(self) -> bool:
        """Whether a direction must be given (2014 Act s.26(1)) and none is in force."""
        return self.is_bare and self.is_owed

    @property
    def words(self) -> str:
        if self.exemption is not None:
            return f"exempt (s.27(6)): {self.exemption.order}"
        if not self.is_bare:
            return "directed"
        return NO_DIRECTION_IN_FORCE if self.is_owed else "no direction; a lead agency may give one"


# So few are named above the groups; of more the groups say how many.
FEW_MISSING = 10


@dataclass(frozen=True, slots=True)
class CoverageGroup:
    """Functions under one law; `bodies` are those that a direction for any of them goes to."""

    heading: str
    rows: Sequence[CoverageRow]
    bodies: list[str]

    @property
    def missing(self) -> int:
        return sum(1 for row in self.rows if row.is_missing)

    @property
    def summary(self) -> str:
        exempt = sum(1 for row in self.rows if row.exemption)
        said = [
            f"{len(self.rows)} function{'' if len(self.rows) == 1 else 's'}",
            f"directed to {joined(self.bodies)}" if self.bodies else "",
            f"{exempt} exempt" if exempt else "",
            f"{self.missing} without a direction" if self.missing else "",
        ]
        return f"{self.heading}: {', '.join(filter(None, said))}"


@dataclass(frozen=True)
class Coverage:
    """Functions by bodies on a day."""

    day: date
    model: IntegrationModel | None
    bodies: tuple[Body, ...]
    rows: tuple[CoverageRow, ...]

    @property
    def bare(self) -> list[CoverageRow]:
        return [row for row in self.rows if row.is_bare]

    @property
    def few_missing(self) -> list[CoverageRow]:
        """The functions that lack a direction, where they can be named in a short list."""
        missing = [row for row in self.rows if row.is_missing]
        return missing if len(missing) <= FEW_MISSING else []

    @property
    def groups(self) -> list[CoverageGroup]:
        """The functions under the law that each comes from, what lacks a direction first."""
        rows = {row.function: row for row in self.rows}
        groups = [
            self._group(group.heading, _bare_first(rows[function] for function in group.functions))
            for group in function_groups(rows)
        ]
        return sorted(groups, key=lambda group: not group.missing)

    def _group(self, heading: str, rows: Sequence[CoverageRow]) -> CoverageGroup:
        reached = [body.name for at, body in enumerate(self.bodies) if any(row.cells[at] for row in rows)]
        return CoverageGroup(heading, rows, reached)

    @property
    def sentence(self) -> str:
        if not self.rows:
            return "No function is delegated on this day."
        if not self.bare:
            return f"A direction is in force, or an exemption holds, for {_all(len(self.rows))}."
        return (
            f"{count_in_words(len(self.bare), 'function').capitalize()} of {len(self.rows)} "
            f"{'has' if len(self.bare) == 1 else 'have'} no direction in force"
            f"{', and none is owed' if not any(row.is_owed for row in self.bare) else ''}."
        )


def _bare_first(rows: Iterable[CoverageRow]) -> tuple[CoverageRow, ...]:
    """What has no direction stands on top, where it is seen."""
    return tuple(sorted(rows, key=lambda row: not row.is_bare))


def _all(count: int) -> str:
    return "the one function" if count == 1 else f"each of {count} functions"


def coverage_on(partnership: Partnership, day: date) -> Coverage:
    """The matrix of functions and bodies on a day. Eight queries, however many directions."""
    model = model_on(partnership, day)
    bodies = tuple(bodies_of(partnership))
    in_force = {row.pk: row for row in Direction.objects.for_partnership(partnership).in_force(day)}
    cells = _cells(in_force)
    exempt = {row.function_id: row for row in FunctionExemption.objects.for_partnership(partnership).on(day)}
    functions = DelegatedFunction.objects.for_partnership(partnership).on(day)
    return Coverage(
        day=day,
        model=model,
        bodies=bodies,
        rows=_bare_first(
            CoverageRow(
                function,
                exempt.get(function.pk),
                tuple(tuple(cells[function.pk, body.pk]) for body in bodies),
                must_direct(model),
            )
            for function in functions.order_by("pk")
        ),
    )


def _cells(in_force: dict[int, Direction]) -> defaultdict[tuple[int, int], list[Directed]]:
    targets = defaultdict(list)
    for direction, body in DirectionTarget.objects.filter(direction__in=in_force).values_list(
        "direction", "body"
    ):
        targets[direction].append(body)
    last: dict[tuple[int, int], DirectionReport] = {}
    for report in DirectionReport.objects.filter(direction__in=in_force).order_by("-reported_on", "-pk"):
        last.setdefault((report.direction_id, report.body_id), report)
    sums = {(direction, function, body): amount for direction, function, body, amount in _sums(in_force)}
    whole: dict[int, Decimal] = defaultdict(Decimal)
    for (direction, _, _), amount in sums.items():
        whole[direction] += amount
    cells: defaultdict[tuple[int, int], list[Directed]] = defaultdict(list)
    named = Direction.functions.through.objects.filter(direction__in=in_force)
    for direction, function in named.values_list("direction", "delegatedfunction"):
        found = in_force[direction]
        for body in targets[direction]:
            report = last.get((direction, body))  # type: ignore[assignment]
            cells[function, body].append(
                Directed(
                    pk=direction,
                    reference=found.reference,
                    title=found.title,
                    is_set_aside=found.money == MoneyStated.SET_ASIDE,
                    for_function=sums.get((direction, function, body)),
                    whole=found.amount if found.amount is not None else whole.get(direction),
                    progress=Progress(report.progress) if report else None,
                    reported_on=report.reported_on if report else None,
                )
            )
    return cells


def _sums(in_force: Iterable[int]) -> Iterable[tuple[int, int | None, int, Decimal]]:
    return (
        DirectionLine.objects.filter(direction__in=in_force)
        .order_by()
        .values_list("direction", "line__function", "line__delivered_by")
        .annotate(sum=Sum("amount"))
    )
