"""Savings: who may keep them, and when one is on track."""

from __future__ import annotations

from decimal import Decimal

from foundation.sgds.formats import percent
from partnerships.enums import Role
from partnerships.permissions import permission

from ..enums import SavingState
from ..models import MoneyPolicy

MANAGE_SAVINGS = permission(
    "budgets.manage_savings",
    "Recording savings",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)


def saving_state(target: Decimal, forecast: Decimal | None, policy: MoneyPolicy) -> SavingState:
    """How a saving stands, by the shares of its target that the policy names."""
    if forecast is None:
        return SavingState.NOT_FORECAST
    reached = forecast * 100 / target
    if reached >= policy.on_track_from:
        return SavingState.ON_TRACK
    return SavingState.AT_RISK if reached >= policy.at_risk_from else SavingState.OFF_TRACK


def saving_rule_words(policy: MoneyPolicy) -> str:
    """The rule by which savings are on track, in one sentence for the page."""
    return (
        f"A saving is on track when its forecast is at least {percent(policy.on_track_from)} of its target, at risk "
        f"from {percent(policy.at_risk_from)}, and off track below that."
    )
