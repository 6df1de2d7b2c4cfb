"""The register of directions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum

from foundation.sgds.formats import count_in_words, date_uk
from partnerships.models import Body, DelegatedFunction
from partnerships.permissions import Standing

from ...enums import DirectionState, MoneyStated, Progress
from ...models import Direction, DirectionReport, DirectionTarget, RevisionFlag
from ...models.directions import DirectionQuerySet
from ...rules.directions import sees_own_body_only

SHOWN = 2
DIRECTIONS: DirectionQuerySet = Direction.objects.select_related("partnership")


@dataclass(frozen=True)
class DirectionFilter:
    """Which directions are shown; what is empty filters nothing."""

    words: str = ""
    in_force_on: date | None = None
    body: Body | None = None
    function: DelegatedFunction | None = None
    state: str = ""


def readable_directions(
    standing: Standing,
    among: DirectionQuerySet = DIRECTIONS,
) -> DirectionQuerySet:
    """The partnership's directions that this person may read: a partner officer those issued to their own body."""
    rows = among.for_partnership(standing.partnership)
    if not sees_own_body_only(standing):
        return rows
    own = DirectionTarget.objects.filter(body__in=standing.body_ids)
    return rows.issued().filter(pk__in=own.values("direction"))


def readable_keys(standing: Standing) -> set[int] | None:
    """The keys of the directions that this person may open; None: all of them. At most one query."""
    if not sees_own_body_only(standing):
        return None
    return set(readable_directions(standing).values_list("pk", flat=True))


def directions_shown(standing: Standing, chosen: DirectionFilter) -> DirectionQuerySet:
    """Those that pass the filter, newest first, drafts before them."""
    rows = readable_directions(standing)
    if chosen.in_force_on:
        rows = rows.in_force(chosen.in_force_on)
    if chosen.words:
        rows = rows.filter(
            Q(title__icontains=chosen.words)
            | Q(reference__icontains=chosen.words)
            | Q(text__icontains=chosen.words)
        )
    if chosen.body:
        rows = rows.filter(Exists(DirectionTarget.objects.filter(direction=OuterRef("pk"), body=chosen.body)))
    if chosen.function:
        rows = rows.filter(pk__in=chosen.function.directions.values("pk"))
    if chosen.state:
        rows = rows.filter(state=chosen.state)
    return rows.order_by("-issued_at", "-pk")


@dataclass(frozen=True, slots=True)
class DirectionRow:
    """A direction as the register and its file show it. Pounds; `method` is said where no amount is stated."""

    pk: int
    reference: str
    version: int
    title: str
    bodies: str
    functions: tuple[str, ...]
    payment: Decimal | None
    set_aside: Decimal | None
    method: str
    state: DirectionState
    issued_on: date | None
    starts_on: date | None
    review_on: date | None
    expected_end_on: date | None
    is_past_its_end: bool
    ends_on: date | None
    progress: Progress | None
    reported_on: date | None
    is_flagged: bool

    @property
    def functions_shown(self) -> str:
        """The first functions by name, and how many more there are."""
        more = len(self.functions) - SHOWN
        named = ", ".join(self.functions[:SHOWN])
        return f"{named} and {count_in_words(more, 'other')}" if more > 0 else named

    @property
    def runs(self) -> str:
        """`1 April 2026 until further notice`."""
        if self.starts_on is None:
            return "not decided yet"
        end = f"to {date_uk(self.ends_on)}" if self.ends_on else "until further notice"
        return f"{date_uk(self.starts_on)} {end}"


def direction_rows(found: QuerySet[Direction]) -> list[DirectionRow]:
    """A row for each, in the same order. Three queries, however many."""
    last = DirectionReport.objects.filter(direction=OuterRef("pk")).order_by("-reported_on", "-pk")
    rows = list(
        found.annotate(
            by_line=Subquery(
                Direction.objects.filter(pk=OuterRef("pk")).annotate(sum=Sum("lines__amount")).values("sum")
            ),
            progress=Subquery(last.values("progress")[:1]),
            reported_on=Subquery(last.values("reported_on")[:1]),
            is_flagged=Exists(RevisionFlag.objects.filter(direction=OuterRef("pk"))),
        )
    )
    listed = [row.pk for row in rows]
    bodies, functions = defaultdict(list), defaultdict(list)
    targets = DirectionTarget.objects.filter(direction__in=listed).order_by("body__kind", "body__name")
    for direction, name in targets.values_list("direction", "body__name"):
        bodies[direction].append(name)
    named = Direction.functions.through.objects.filter(direction__in=listed).order_by(
        "delegatedfunction__title"
    )
    for direction, title in named.values_list("direction", "delegatedfunction__title"):
        functions[direction].append(title)
    return [_row(row, ", ".join(bodies[row.pk]), tuple(functions[row.pk])) for row in rows]


def _row(direction: Direction, bodies: str, functions: tuple[str, ...]) -> DirectionRow:
    stated = direction.by_line if direction.money == MoneyStated.METHOD else direction.amount  # type: ignore[attr-defined]
    aside = direction.money == MoneyStated.SET_ASIDE
    return DirectionRow(
        pk=direction.pk,
        reference=direction.reference,
        version=direction.version,
        title=direction.title,
        bodies=bodies,
        functions=functions,
        payment=None if aside else stated,
        set_aside=stated if aside else None,
        method=direction.method if direction.money == MoneyStated.METHOD else "",
        state=DirectionState(direction.state),
        issued_on=direction.issued_at.date() if direction.issued_at else None,
        starts_on=direction.starts_on,
        review_on=direction.review_on,
        expected_end_on=direction.expected_end_on,
        is_past_its_end=direction.is_past_its_end,
        ends_on=direction.ends_on,
        progress=Progress(direction.progress) if direction.progress else None,  # type: ignore[attr-defined]
        reported_on=direction.reported_on,  # type: ignore[attr-defined]
        is_flagged=direction.is_flagged and direction.is_standing,  # type: ignore[attr-defined]
    )
