"""What stands against a line saying what a file says of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from foundation.sgds.formats import money

from ...enums import Arm, FundKind, Subjective
from ...models import BudgetLine
from ...refusals import MoneyRefused
from ...rules import (
    ModelSpan,
    has_its_sign,
    is_part_of,
    may_be_hosts_total,
    may_be_income,
    may_fund,
    may_have_own_resource,
)
from ...selectors.line_words import LineValues, LineWords
from ...shape import AREA_WIDE, LOCALITY, METHOD
from ..lines import below_shares
from ..scope import check_host, check_provider

Objection = tuple[str, str]  # the key of the column, and the words


def figures(values: LineValues, said: dict[str, Any]) -> Iterator[Objection]:
    """Whether the amounts can stand, and the split adds up. `said` is what the file says of the line, by key."""
    amount: Decimal = values.own["amount"]
    is_income = values.own["subjective"] == Subjective.INCOME
    area_wide: Decimal | None = said.get(AREA_WIDE.key)
    if is_income and not (answer := may_be_income(values.own["fund"])):
        yield "subjective", answer.reason
    total: Decimal | None = values.own["hosted_total"]
    is_hosted = values.own["arm"] == Arm.HOSTED
    if total is not None and not (
        answer := may_be_hosts_total(total, is_hosted=is_hosted, is_income=is_income)
    ):
        yield "hosted_total", answer.reason
    if not has_its_sign(amount, is_income=is_income):
        yield "amount", _wrong_side(amount, is_income=is_income)
        return
    for pk, share in values.shares.items():
        if not has_its_sign(share, is_income=is_income):
            side = "above" if is_income else "below"
            yield f"{LOCALITY}{pk}", f"A part of this line cannot be {side} zero. Correct the amount"
    shared = sum(values.shares.values(), Decimal(0))
    if not is_part_of(shared, amount):
        yield "amount", below_shares(shared)
    elif area_wide is not None and area_wide != values.area_wide:
        yield (
            AREA_WIDE.key,
            (
                f"The localities have {money(shared)} of {money(amount)}, so {money(values.area_wide)} is area-wide, "
                f"not {money(area_wide)}. Correct one of the figures, or leave this one empty"
            ),
        )
    is_split_here = METHOD.key in said or any(key.startswith(LOCALITY) for key in said)
    if is_split_here and values.shares and not values.own[METHOD.key]:
        yield METHOD.key, "Say how the split by locality was worked out"


def _wrong_side(amount: Decimal, *, is_income: bool) -> str:
    if is_income:
        return (
            f"Income lowers what the year costs, so it stands below zero, and this is {money(amount)}. Correct the "
            "sign or the type of spend. If spending stands below zero in this file, say so in its layout"
        )
    return (
        f"Only income is budgeted below zero ({money(amount)}). Write Income as the type of spend, or correct the "
        "amount. If the whole column is negative, the ledger writes spending as minus: say so in its layout"
    )


def law(own: dict[str, Any], words: LineWords, spans: Sequence[ModelSpan]) -> Iterator[Objection]:
    """Whether the Act and the line's own side of the budget let it be paid for like this."""
    if own["fund"] == FundKind.OWN_RESOURCE and not may_have_own_resource(spans):
        yield (
            "fund",
            (
                "Only a lead agency has a resource of its own in the budget (2014 Act ss.18, 19). Write Payment or "
                "Set aside"
            ),
        )
    function = words.functions.get(own["function_id"])
    answer = may_fund(FundKind(own["fund"]), function, words.bodies[own["delivered_by_id"]])
    if not answer:
        yield "fund", answer.reason
    line = _as_line(own, words)
    for check in (check_provider, check_host):
        try:
            check(line)
        except MoneyRefused as refusal:
            for named, texts in refusal.message_dict.items():
                yield "hosted_by_id" if named == "hosted_by" else named, " ".join(texts)


def _as_line(own: dict[str, Any], words: LineWords) -> BudgetLine:
    """What the checks of the line's own form ask for, as a line that is never saved."""
    line = BudgetLine(
        fund=own["fund"],
        arm=own["arm"],
        hosted_share=own["hosted_share"],
        provider_sector=own["provider_sector"],
        provider=own["provider"],
    )
    line.delivered_by = words.bodies[own["delivered_by_id"]]
    line.hosted_by = words.hosts.get(own["hosted_by_id"])
    return line
