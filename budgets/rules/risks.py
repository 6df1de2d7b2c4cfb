"""Who keeps the year's financial risks."""

from partnerships.enums import Role
from partnerships.permissions import permission

MANAGE_RISKS = permission(
    "budgets.manage_risks",
    "Recording financial risks",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)
