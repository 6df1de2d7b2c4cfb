"""The years ahead: who may plan them."""

from partnerships.enums import Role
from partnerships.permissions import permission

PLAN_AHEAD = permission(
    "budgets.plan_ahead",
    "Writing the medium-term plan",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)
