from collections.abc import Iterable

from budgets.models import Budget, BudgetLine

from ..models import Plan


def fundable_lines(plan: Plan, kept: Iterable[BudgetLine] = ()) -> list[BudgetLine]:
    """The lines that can pay for a priority: those of the newest budget, and those that pay for it already."""
    newest = Budget.objects.filter(partnership=plan.partnership).first()
    lines = list(BudgetLine.objects.filter(budget=newest).select_related("budget")) if newest else []
    known = {line.pk for line in lines}
    return lines + [line for line in kept if line.pk not in known]
