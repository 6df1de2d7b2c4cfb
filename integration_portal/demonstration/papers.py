"""The files that the demonstration's people would have had made by issuing, closing and signing."""

from __future__ import annotations

from budgets.models import Budget, Direction
from budgets.selectors import category_table, latest_close
from budgets.selectors.public_money import public_money
from budgets.services import request_category_pdf, request_public_pdf, request_report, request_set_aside_pdf
from budgets.services.letters import request_letter
from strategic_plans.selectors.statements import statements_of
from strategic_plans.services.statements import request_statement_pdf

from .people import person


def ask_for_papers(budget: Budget) -> None:
    """The year's statement, newest report, table of categories, the board's reports and all letters are on the way.

    The rows are enough: the timetable’s sweep finds them and wakes a worker.
    """
    partnership = budget.partnership
    finance, chief = person("cfo@demo.example"), person("chief@demo.example")
    for statement in statements_of(partnership).filter(budget=budget):
        request_statement_pdf(statement=statement, by=finance)
    close = latest_close(budget)
    if close is not None:
        request_report(close=close, by=finance)
    request_category_pdf(table=category_table(partnership, budget.year), by=finance)
    told = public_money(partnership)
    if told is not None:
        request_public_pdf(told=told, by=finance)
    for report in budget.set_aside_reports.exclude(reported_at=None).select_related("budget__partnership"):
        request_set_aside_pdf(report=report, by=person("partner@demo.example"))
    for direction in Direction.objects.for_partnership(partnership).exclude(issued_at=None):
        request_letter(direction=direction, by=chief)
