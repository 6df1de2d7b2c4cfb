from collections.abc import Iterable

from budgets.models import BudgetLine

from ..models import Plan
from .editions import budgets_shown


def fundable_lines(plan: Plan, kept: Iterable[BudgetLine] = ()) -> list[BudgetLine]:
    """The lines that can pay for a priority: those of the budgets that the plan shows, and those that pay already."""
    lines = BudgetLine.objects.filter(budget__in=budgets_shown(plan)).select_related("budget")
    found = list(lines.order_by("budget__year", "position", "title"))
    known = {line.pk for line in found}
    return found + [line for line in kept if line.pk not in known]
