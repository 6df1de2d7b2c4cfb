"""Directions as pages and other parts of the money read them."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from ..models import Budget, Direction, DirectionLine


def directed_lines(budget: Budget, day: date) -> QuerySet[DirectionLine]:
    """What directions in force on the day direct out of the budget's lines, in pounds."""
    return DirectionLine.objects.filter(
        line__budget=budget, direction__in=Direction.objects.in_force(day).values("pk")
    ).select_related("direction", "line")
