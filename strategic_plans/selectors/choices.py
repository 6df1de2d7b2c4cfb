from django.db.models import QuerySet

from budgets.models import BudgetLine

from ..models import Plan
from .figures import budgets_shown


def fundable_lines(plan: Plan) -> QuerySet[BudgetLine]:
    """The lines that can pay for a priority: those of the budgets that the plan shows, which are those that pay."""
    lines: QuerySet[BudgetLine] = BudgetLine.objects.filter(budget__in=budgets_shown(plan).values("pk"))
    return lines.select_related("budget").order_by("budget__year", "position", "title")
