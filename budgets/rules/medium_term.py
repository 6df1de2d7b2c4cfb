"""The years ahead: who may plan them, and what is missing in one."""

from __future__ import annotations

from decimal import Decimal

from partnerships.enums import Role
from partnerships.permissions import permission

PLAN_AHEAD = permission(
    "budgets.plan_ahead",
    "Writing the medium-term plan",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)


def gap_of(*, funding: Decimal, base: Decimal, pressures: Decimal, savings: Decimal) -> Decimal:
    """What is left of a year's funding once its costs are met and its savings made. Pounds; negative is missing."""
    return funding - (base + pressures) + savings


def unidentified_of(gap: Decimal) -> Decimal:
    """What a year still has to find: nothing where its gap is closed. Pounds."""
    return max(Decimal(0), -gap)
