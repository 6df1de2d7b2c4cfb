"""Who may move money in an agreed budget, and up to which sum."""

from __future__ import annotations

from decimal import Decimal

from foundation.sgds.formats import money
from partnerships.enums import Role
from partnerships.models import User
from partnerships.permissions import YES, Answer, permission

from ..models import Budget, FundingChange, MonitoringRules, Virement

PROPOSE_MOVEMENT = permission(
    "budgets.propose_movement",
    "Proposing a virement or an allocation in the year",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)
APPROVE_MOVEMENT = permission(
    "budgets.approve_movement",
    "Approving a virement or an allocation in the year",
    Role.CHIEF_FINANCE_OFFICER,
    Role.CHIEF_OFFICER,
    needs_second_factor=True,
)


def can_be_moved(budget: Budget) -> Answer:
    """Whether virements and allocations change this budget: an agreed one only."""
    if budget.is_agreed:
        return YES
    return Answer(
        False,
        f"The {budget.year_label} budget is not agreed yet, so its lines are simply changed. "
        "Money is moved by virement once it is agreed.",
    )


def may_decide(movement: Virement | FundingChange, by: User) -> Answer:
    """Whether this person may approve it: somebody else than who proposed it."""
    if movement.proposed_by_id != by.pk:
        return YES
    return Answer(
        False, "You proposed this yourself, so somebody else approves it: two people look at each movement."
    )


def needs_the_board(rules: MonitoringRules, size: Decimal) -> Answer:
    """Yes above the officers' limit, with the reason in words. Pounds."""
    if size > rules.officer_limit:
        return Answer(
            True,
            f"{money(size)} is above {money(rules.officer_limit)}, up to which officers approve. The board decides: "
            "enter the reference of its minute.",
        )
    return Answer(False)
