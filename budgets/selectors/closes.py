"""What stands closed. Reports are built from these rows and nothing else."""

from __future__ import annotations

from django.db.models import QuerySet

from ..books import LinePart
from ..models import Budget, Close


def closes_of(budget: Budget) -> QuerySet[Close]:
    """Every close of the year, newest period first and in it the newest close; without the frozen content."""
    return (
        Close.objects.of_budget(budget).select_related("period", "prepared_by", "closed_by").defer("content")
    )


def latest_close(budget: Budget) -> Close | None:
    """The last close of the latest period that was closed; None before the first."""
    return (
        Close.objects.of_budget(budget).select_related("period__budget", "prepared_by", "closed_by").first()
    )


def close_of(budget: Budget, period: int, number: int) -> Close | None:
    """One close by its period's number and its own."""
    found = Close.objects.of_budget(budget).filter(period__number=period, number=number)
    return found.select_related("period__budget", "prepared_by", "closed_by").first()


def close_before(close: Close) -> Close | None:
    """What was reported last before this close: the last close of an earlier period, and of the same the one before."""
    earlier = Close.objects.of_budget(close.period.budget).filter(closed_at__lt=close.closed_at)
    if close.number > 1:
        earlier = earlier.filter(period=close.period)
    else:
        earlier = earlier.filter(period__number__lt=close.period.number)
    return earlier.select_related("period__budget", "prepared_by", "closed_by").first()


def frozen_lines(close: Close) -> list[LinePart]:
    """Every line as it stood at the close, with its scope and its reason. No query."""
    return list(close.books.lines)
