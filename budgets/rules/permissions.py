"""Who may touch the money."""

from partnerships.enums import Role
from partnerships.permissions import EVERY_ROLE, permission

VIEW_BUDGETS = permission("budgets.view", "Reading the budget", *EVERY_ROLE, writes=False)
OPEN_BUDGET = permission(
    "budgets.open", "Opening a year's budget", Role.FINANCE_OFFICER, Role.CHIEF_FINANCE_OFFICER
)
SET_CONTRIBUTIONS = permission(
    "budgets.set_contributions",
    "Recording what a council or the health board pays",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    source="2014 Act s.14",
)
ALLOCATE = permission(
    "budgets.allocate",
    "Allocating the budget",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)
AGREE_BUDGET = permission(
    "budgets.agree",
    "Agreeing the budget",
    Role.CHIEF_FINANCE_OFFICER,
    needs_second_factor=True,
)
