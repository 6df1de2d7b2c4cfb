"""Virements and allocations in the year: lists, and everything that the page of one of them says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from partnerships.permissions import Answer

from ..models import Budget, BudgetLine, Direction, FundingChange, Virement
from ..rules import needs_the_board
from .monitoring import rules_for
from .totals import NOTHING, added_up


def virements_of(budget: Budget) -> QuerySet[Virement]:
    """The year's virements, newest first, each with what it moves (`size`)."""
    rows = budget.virements.select_related("proposed_by", "decided_by", "budget__partnership")
    return rows.annotate(size=added_up("entries__amount", entries__amount__gt=0)).order_by("-number")


def funding_changes_of(budget: Budget) -> QuerySet[FundingChange]:
    """The year's allocations, newest first."""
    return budget.funding_changes.select_related(
        "body", "proposed_by", "decided_by", "budget__partnership"
    ).order_by("-number")


@dataclass(frozen=True)
class MovedLine:
    """What a movement does to a line. While it is only proposed, `before` is what holds now. Pounds."""

    line: BudgetLine
    original: Decimal | None
    before: Decimal
    amount: Decimal

    @property
    def after(self) -> Decimal:
        return self.before + self.amount


@dataclass(frozen=True)
class MovementFacts:
    """`board` says why the board decides, where it does. `directions` become wrong by it."""

    rows: Sequence[MovedLine]
    size: Decimal
    board: Answer
    crosses_partners: bool
    directions: Sequence[Direction]


def movement_facts(movement: Virement | FundingChange) -> MovementFacts:
    """Everything that whoever decides it must know. At most three queries."""
    held: Any = movement.entries  # of either kind of movement
    entries = held.select_related("line__delivered_by").order_by("line__position", "line")
    rows = [
        MovedLine(
            entry.line,
            entry.line.original,
            entry.line.amount - entry.amount if movement.is_applied else entry.line.amount,
            entry.amount,
        )
        for entry in entries
    ]
    crosses = False
    if isinstance(movement, Virement):
        size = sum((row.amount for row in rows if row.amount > 0), NOTHING)
        bodies: dict[int, Decimal] = {}
        for row in rows:
            bodies[row.line.delivered_by_id] = bodies.get(row.line.delivered_by_id, NOTHING) + row.amount
        crosses = any(bodies.values())
    else:
        size = abs(movement.amount)
    return MovementFacts(
        rows=rows,
        size=size,
        board=needs_the_board(rules_for(movement.budget.partnership), size),
        crosses_partners=crosses,
        directions=_directions([row.line for row in rows]) if movement.is_proposed and crosses else [],
    )


def _directions(lines: Sequence[BudgetLine]) -> list[Direction]:
    standing = Direction.objects.issued().filter(Q(ends_on__isnull=True), lines__line__in=lines)
    return list(standing.select_related("partnership").distinct())
