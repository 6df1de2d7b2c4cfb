"""When a variance needs a reason, what colour a forecast has, and who may enter, close and unlock."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from foundation.sgds.formats import date_uk
from partnerships.enums import Role
from partnerships.permissions import YES, Answer, permission

from ..enums import PeriodState, Rag, ThresholdKind
from ..models import BudgetLine, MonitoringRules, Period, Unlock

ENTER_FIGURES = permission(
    "budgets.enter_figures",
    "Entering the figures of a period",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    Role.PARTNER_OFFICER,
)
BEGIN_PERIOD = permission(
    "budgets.begin_period",
    "Beginning a period and preparing its close",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)
CLOSE_PERIOD = permission(
    "budgets.close_period",
    "Closing a period and unlocking a closed one",
    Role.CHIEF_FINANCE_OFFICER,
    needs_second_factor=True,
)
SET_MONITORING_RULES = permission(
    "budgets.set_monitoring_rules",
    "Setting thresholds and approval limits",
    Role.CHIEF_FINANCE_OFFICER,
    needs_second_factor=True,
)
MAKE_REPORT = permission(
    "budgets.make_report",
    "Having the finance report made as a PDF",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    Role.CHIEF_OFFICER,
    Role.CLERK,
)
PLAN_RECOVERY = permission(
    "budgets.plan_recovery",
    "Writing the recovery plan",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
    Role.CHIEF_OFFICER,
)


def passes_threshold(rules: MonitoringRules, budget: Decimal, variance: Decimal | None) -> bool:
    """Whether a variance of this size, over or under, needs a reason. Pounds."""
    if variance is None or not variance:
        return False
    over_amount = abs(variance) > rules.variance_amount
    over_percent = not budget or abs(variance) * 100 > rules.variance_percent * abs(budget)
    if rules.threshold == ThresholdKind.BOTH:
        return over_amount and over_percent
    return over_amount or over_percent


def rag_of(rules: MonitoringRules, budget: Decimal, forecast: Decimal | None) -> Rag:
    """The colour, in words, of a forecast outturn: how far it is above the budget in per cent of its size.

    Income is below zero, so that less of it than budgeted is above the budget as well.
    """
    if forecast is None:
        return Rag.UNKNOWN
    over = (forecast - budget) * 100
    if over > rules.red_percent * abs(budget):
        return Rag.RED
    return Rag.AMBER if over > rules.amber_percent * abs(budget) else Rag.GREEN


def needs_recovery(rules: MonitoringRules, budget: Decimal, forecast: Decimal) -> bool:
    """Whether the forecast overspend of the whole year asks for a recovery plan (R-FIN-06)."""
    return (forecast - budget) * 100 > rules.recovery_percent * budget


def may_enter(line: BudgetLine, *, is_finance: bool, bodies: Collection[int]) -> Answer:
    """Whether a person may enter this line's figures: finance staff any, partner officers their own body's."""
    if is_finance or line.delivered_by_id in bodies:
        return YES
    return Answer(
        False, f"{line} is delivered by {line.delivered_by}. You enter the figures of your own body."
    )


def may_have_hosts_outturn(line: BudgetLine) -> Answer:
    """Whether somebody else can tell what the whole service of this line will cost: the host of a hosted one can."""
    if line.is_hosted:
        return YES
    return Answer(False, f"Nobody hosts {line} for this partnership, so no host’s outturn is kept with it.")


def takes_figures(period: Period, unlock: Unlock | None, person: int) -> Answer:
    """Whether this person may change the month's figures today: while it is open, or under an unlock of their own."""
    if period.state == PeriodState.OPEN:
        return YES
    if unlock is None:
        return Answer(
            False,
            f"{period} is closed, so its figures stand still. The chief finance officer can unlock it for somebody, "
            "with a reason.",
        )
    return may_use_unlock(unlock, person)


def may_use_unlock(unlock: Unlock, person: int) -> Answer:
    """Whether this person may change the unlocked month today: it is theirs alone, and for a time."""
    if unlock.granted_to_id != person:
        return Answer(
            False,
            f"{unlock.period} is unlocked for {unlock.granted_to} and for nobody else. Ask the chief finance officer.",
        )
    if unlock.is_over:
        return Answer(
            False,
            f"The unlock of {unlock.period} ended {date_uk(unlock.expires_at)}. Ask the chief finance officer for "
            "another.",
        )
    return YES
