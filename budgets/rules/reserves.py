"""Reserves: who may move them, what the board's policy asks, and how long they last."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from foundation.sgds.formats import money, number, percent
from partnerships.enums import Role
from partnerships.permissions import YES, Answer, permission

MANAGE_RESERVES = permission(
    "budgets.manage_reserves",
    "Recording reserves and what moves in and out of them",
    Role.FINANCE_OFFICER,
    Role.CHIEF_FINANCE_OFFICER,
)
SET_MONEY_POLICY = permission(
    "budgets.set_money_policy",
    "Setting the policy on reserves, savings and offers",
    Role.CHIEF_FINANCE_OFFICER,
    needs_second_factor=True,
)


def meets_policy(general: Decimal, net_budget: Decimal, asked: Decimal) -> Answer:
    """Whether the general reserve holds what the policy asks, in per cent of the net budget (R-FIN-07)."""
    if net_budget <= 0:
        return Answer(False, "The net budget is not known yet, so the policy cannot be tested.")
    held = general * 100 / net_budget
    policy = f"the policy of {percent(asked, 2)}" if asked % 1 else f"the policy of {percent(asked)}"
    if held < asked:
        # Rounded down, so that 1.96% never reads as the 2% that it misses.
        told = percent(held.quantize(Decimal("0.1"), rounding=ROUND_DOWN))
        return Answer(False, f"{told} of the net budget, below {policy}")
    return Answer(True, f"{percent(held)} of the net budget, which meets {policy}")


def runway_words(closing: Decimal, used: Decimal) -> str:
    """How long a reserve lasts when every year uses what this year uses. Pounds."""
    if not used:
        return "None of it is used this year."
    if not closing:
        return f"This year’s use of {money(used)} uses it up."
    years = (closing / used).quantize(Decimal("0.1"), rounding=ROUND_DOWN)
    if years < 1:
        return f"At this year’s use of {money(used)} it lasts less than a year more."
    return f"At this year’s use of {money(used)} it lasts another {number(years)} {'year' if years == 1 else 'years'}."


def stays_above_zero(name: str, year_label: str, balance: Decimal, *, is_planned: bool) -> Answer:
    """Whether a reserve can stand at this balance (R-FIN-07). `is_planned` says that plans are counted with it."""
    if balance >= 0:
        return YES
    counted = "with everything that is planned" if is_planned else "counting what has really moved"
    return Answer(
        False,
        f"{name} would end {year_label} {money(-balance)} below zero, {counted}, and a reserve never falls below "
        f"zero. Use {money(-balance)} less, or record first what is transferred in.",
    )
