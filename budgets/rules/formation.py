"""Who may form a year's budget: its scope, the offers, each body's own word on the figures."""

from __future__ import annotations

from partnerships.enums import Role
from partnerships.permissions import permission

EDIT_CARE_GROUPS = permission(
    "budgets.edit_care_groups",
    "Keeping the care groups",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    source="SSI 2014/326 reg 4(2)(f)",
)
