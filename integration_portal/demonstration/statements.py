"""The demonstration's annual financial statement, for the year whose budget is agreed and in the published plan."""

from __future__ import annotations

from budgets.models import Budget
from strategic_plans.selectors.statements import plan_in_force, statement_now
from strategic_plans.services.statements import publish_statement, sign_statement

from .people import person

ASSUMPTIONS = "Demonstration. Pay, prices and demand as in the figures published for 2020/21."


def sign_statements(budget: Budget) -> None:
    """The statement of the year is signed by the chief finance officer and published by the chief officer."""
    plan = plan_in_force(budget.partnership)
    if plan is None:
        return
    budget.refresh_from_db()
    statement = sign_statement(
        budget=budget,
        assumptions=ASSUMPTIONS,
        difference_reason="",
        seen=format(statement_now(plan, budget).total, "f"),
        by=person("cfo@demo.example"),
    )
    publish_statement(statement=statement, by=person("chief@demo.example"))
