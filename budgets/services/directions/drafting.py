from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TypedDict

from django.db import transaction

from foundation import audit
from foundation.sgds.formats import money
from partnerships.models import Body, DelegatedFunction, Partnership, User

from ...enums import DirectionState, Effect, MoneyStated
from ...models import Budget, BudgetLine, Direction, DirectionLine, DirectionTarget, Replacement
from ...refusals import MoneyRefused, NotAnAmount, OutsideThePartnership
from ...refusals.directions import DirectionStandsStill
from ...rules import INCOME_IS_BELOW_ZERO, has_its_sign, is_amount, is_part_of
from ...rules.directions import still_stands
from ..guarded import check_body, check_function
from .held import RECORDED, WORDS, held_draft, save_and_record


class DirectionFields(TypedDict, total=False):
    """What a person writes in a direction. `targets` gives each body its area or task; empty is all of it."""

    title: str
    text: str
    targets: Mapping[Body, str]
    functions: Iterable[DelegatedFunction]
    money: MoneyStated
    budget: Budget | None
    amount: Decimal | None
    method: str
    use_of_money: str
    plan_reference: str
    measures: str
    information: str
    engagement: str
    impact: str
    approved_on: date | None
    minute_reference: str
    starts_on: date | None
    review_on: date | None
    expected_end_on: date | None
    replaces: Mapping[Direction, Effect]


@transaction.atomic
def start_direction(*, partnership: Partnership, by: User, fields: DirectionFields) -> Direction:
    """There is a draft direction; it may be incomplete until it is prepared.

    Raises OutsideThePartnership for a body, function, budget or direction of another partnership, NotAnAmount, and
    DirectionStandsStill where it would replace one that has ended. Source: 2014 Act ss.26-27.
    """
    direction = Direction(partnership=partnership, changed_by=by)
    _check(partnership, fields)
    _write(direction, fields)
    direction.save()
    _write_rows(direction, fields)
    audit.record(
        by=by,
        action="budgets.direction_started",
        subject=direction,
        tenant=partnership.slug,
        after=direction_record(direction),
    )
    return direction


@transaction.atomic
def change_direction(*, direction: Direction, revision: int, by: User, fields: DirectionFields) -> Direction:
    """The draft says what `fields` say; one that was prepared is a draft again and has to be prepared anew.

    Raises as start_direction, and ChangedMeanwhile. An issued one raises DirectionStandsStill.
    """
    current = held_draft(direction, revision)
    _check(current.partnership, fields)
    before = direction_record(current)
    _write(current, fields)
    _back_to_draft(current)
    _write_rows(current, fields)
    save_and_record(
        current,
        by=by,
        action="budgets.direction_changed",
        fields=[*WORDS, "version", "state", "prepared_by", "prepared_at"],
        before=before,
        after=direction_record(current),
    )
    return current


@transaction.atomic
def set_direction_money(
    *, direction: Direction, amounts: Mapping[BudgetLine, Decimal], revision: int, by: User
) -> Direction:
    """The draft takes these amounts out of these lines, in pounds, and states their sum unless a method is stated.

    Lines that are left out, or get nothing, are not part of it. Without any line the stated amount stays.

    Raises NotAnAmount under the line's name (`line-12`), OutsideThePartnership, MoneyRefused for a line of another
    year, DirectionStandsStill and ChangedMeanwhile.
    """
    current = held_draft(direction, revision)
    _check_lines(current, amounts)
    before = _money_record(current)
    kept = {line: amount for line, amount in amounts.items() if amount}
    current.lines.all().delete()
    DirectionLine.objects.bulk_create(
        DirectionLine(direction=current, line=line, amount=amount) for line, amount in kept.items()
    )
    if kept and current.money != MoneyStated.METHOD:
        current.amount = sum(kept.values(), Decimal(0))
        if current.amount < 0:
            raise MoneyRefused(
                f"The income of these lines is {money(-current.amount)} more than what they cost, and a direction pays "
                "something. Take in lines that cost more, or less of the income."
            )
    _back_to_draft(current)
    save_and_record(
        current,
        by=by,
        action="budgets.direction_money_set",
        fields=["amount", "state", "prepared_by", "prepared_at"],
        before=before,
        after=_money_record(current),
    )
    return current


@transaction.atomic
def follow_direction(*, earlier: Direction, effect: Effect, by: User) -> Direction:
    """There is a draft that varies or supersedes the earlier direction and says what it says, for somebody to change.

    Raises DirectionStandsStill unless the earlier one still stands. Source: 2014 Act s.27(5)(a).
    """
    fields = DirectionFields(
        title=earlier.title,
        text=earlier.text,
        money=MoneyStated(earlier.money),
        budget=earlier.budget,
        amount=earlier.amount,
        method=earlier.method,
        use_of_money=earlier.use_of_money,
        plan_reference=earlier.plan_reference,
        measures=earlier.measures,
        information=earlier.information,
        engagement=earlier.engagement,
        impact=earlier.impact,
        targets={target.body: target.part for target in earlier.targets.select_related("body")},
        functions=list(earlier.functions.all()),
        replaces={earlier: effect},
    )
    draft = start_direction(partnership=earlier.partnership, by=by, fields=fields)
    DirectionLine.objects.bulk_create(
        DirectionLine(direction=draft, line_id=line, amount=amount)
        for line, amount in earlier.lines.values_list("line", "amount")
    )
    return draft


@transaction.atomic
def remove_direction(*, direction: Direction, revision: int, by: User) -> None:
    """The draft is gone; the audit trail keeps what it said. Raises as change_direction."""
    current = held_draft(direction, revision)
    audit.record(
        by=by,
        action="budgets.direction_removed",
        subject=current,
        tenant=current.partnership.slug,
        before=direction_record(current),
    )
    current.delete()


def direction_record(direction: Direction) -> dict[str, object]:
    """What the audit trail keeps of a direction."""
    return {
        **audit.snapshot(direction, RECORDED),
        "targets": {target.body.name: target.part for target in direction.targets.select_related("body")},
        "functions": [function.title for function in direction.functions.all()],
        "replaces": {
            link.earlier.reference: link.effect for link in direction.replaces.select_related("earlier")
        },
    }


def _money_record(direction: Direction) -> dict[str, object]:
    rows = direction.lines.values_list("line__title", "amount")
    return {"amount": direction.amount, "lines": dict(rows)}


def _write(direction: Direction, fields: DirectionFields) -> None:
    for name in WORDS:
        if name in fields:
            setattr(direction, name, fields[name])  # type: ignore[literal-required]
    replaced = fields.get("replaces")
    if replaced is not None:
        direction.version = 1 + max((earlier.version for earlier in replaced), default=0)


def _write_rows(direction: Direction, fields: DirectionFields) -> None:
    if (targets := fields.get("targets")) is not None:
        direction.targets.all().delete()
        DirectionTarget.objects.bulk_create(
            DirectionTarget(direction=direction, body=body, part=part.strip())
            for body, part in targets.items()
        )
    if (functions := fields.get("functions")) is not None:
        direction.functions.set(functions)
    if (replaced := fields.get("replaces")) is not None:
        direction.replaces.all().delete()
        Replacement.objects.bulk_create(
            Replacement(direction=direction, earlier=earlier, effect=effect)
            for earlier, effect in replaced.items()
        )
    if "budget" in fields:
        # Lines belong to their own year: those of another year are not part of it any more.
        direction.lines.exclude(line__budget=fields["budget"]).delete()


def _back_to_draft(direction: Direction) -> None:
    direction.state = DirectionState.DRAFT
    direction.prepared_by = direction.prepared_at = None


def _check(partnership: Partnership, fields: DirectionFields) -> None:
    for body in fields.get("targets") or {}:
        check_body(partnership, body, field="bodies")
    for function in fields.get("functions") or ():
        check_function(partnership, function)
    budget = fields.get("budget")
    if budget is not None and budget.partnership_id != partnership.pk:
        raise OutsideThePartnership({"budget": f"Choose a year of {partnership}."})
    starts_on, expected = fields.get("starts_on"), fields.get("expected_end_on")
    if starts_on and expected and expected < starts_on:
        raise MoneyRefused(
            {"expected_end_on": "It is expected to end before its first day. Correct one of the two days."}
        )
    amount = fields.get("amount")
    if amount is not None and not (answer := is_amount(amount)):
        raise NotAnAmount({"amount": answer.reason})
    for earlier in fields.get("replaces") or {}:
        if earlier.partnership_id != partnership.pk:
            raise OutsideThePartnership({"supersedes": f"Choose directions of {partnership}."})
        if not (answer := still_stands(earlier)):
            raise DirectionStandsStill({"supersedes": answer.reason})


def _check_lines(direction: Direction, amounts: Mapping[BudgetLine, Decimal]) -> None:
    faults: dict[str, str] = {}
    for line, amount in amounts.items():
        if line.budget_id != direction.budget_id:
            raise MoneyRefused(f"“{line}” is not a line of the year that this direction is for.")
        answer = is_amount(amount, may_be_negative=line.is_income)
        if not answer or not has_its_sign(amount, is_income=line.is_income):
            faults[f"line-{line.pk}"] = answer.reason or INCOME_IS_BELOW_ZERO
        elif not is_part_of(amount, line.amount):
            faults[f"line-{line.pk}"] = "A direction cannot take more than the line has. Lower the amount."
    if faults:
        raise NotAnAmount(faults)
