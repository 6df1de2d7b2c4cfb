from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import date_uk
from partnerships.models import Partnership, User

from ..enums import ReserveFlow, ReserveKind
from ..models import BEFORE_THE_YEAR, Budget, MoneyPolicy, Reserve, ReserveMovement
from ..refusals import (
    ChangedMeanwhile,
    MoneyRefused,
    NameTaken,
    NotAnAmount,
    OutsideThePartnership,
    OutsideTheYear,
    ReserveBelowZero,
)
from ..rules import stays_above_zero
from ..selectors.reserves import balances
from .guarded import check_amount, check_reason, held_at, held_for_change, held_of_year

POLICY_RECORDED = (
    "general_reserve",
    "on_track_from",
    "at_risk_from",
    "council_offers_by",
    "board_offers_by",
    "minute",
)


class ReserveFields(TypedDict):
    """What a reserve says of itself. `expires_on`: until when it is to be used, or when it can be clawed back."""

    name: str
    kind: ReserveKind
    purpose: str
    expires_on: date | None


class MovementFields(TypedDict):
    """What a movement says. `moved_on` None: only planned. `is_budgeted`: decided with the year's budget. Pounds."""

    reserve: Reserve
    flow: ReserveFlow
    amount: Decimal
    is_budgeted: bool
    moved_on: date | None
    reason: str
    minute: str


RESERVE_RECORDED = tuple(ReserveFields.__annotations__)
MOVEMENT_RECORDED = tuple(MovementFields.__annotations__)


@transaction.atomic
def add_reserve(*, budget: Budget, opening: Decimal, by: User, **fields: Unpack[ReserveFields]) -> Reserve:
    """The partnership has one reserve more, which held `opening` pounds when the budget's year began.

    From then on its opening is what the year before closed at, and nobody types it again.
    Raises NameTaken, NotAnAmount.
    """
    check_amount(opening, field="opening")
    reserve = Reserve(partnership=budget.partnership, changed_by=by, **fields)
    _check_names(reserve)
    reserve.save()
    if opening:
        ReserveMovement.objects.create(
            reserve=reserve,
            budget=budget,
            flow=ReserveFlow.OPENING,
            amount=opening,
            moved_on=budget.starts_on,
            reason=f"Held when {budget.year_label} began",
            changed_by=by,
        )
    _record(
        reserve,
        by=by,
        action="budgets.reserve_added",
        after=audit.snapshot(reserve, RESERVE_RECORDED)
        | {"opening": str(opening), "year": budget.year_label},
    )
    return reserve


@transaction.atomic
def change_reserve(*, reserve: Reserve, revision: int, by: User, **fields: Unpack[ReserveFields]) -> Reserve:
    """The reserve says what `fields` say. Raises NameTaken, and ChangedMeanwhile when somebody saved it in between."""
    current = held_at(reserve, revision)
    before = audit.snapshot(current, RESERVE_RECORDED)
    for name, value in fields.items():
        setattr(current, name, value)
    _check_names(current)
    current.revision += 1
    current.changed_by = by
    current.save()
    _record(
        current,
        by=by,
        action="budgets.reserve_changed",
        before=before,
        after=audit.snapshot(current, RESERVE_RECORDED),
    )
    return current


@transaction.atomic
def move_reserve(*, budget: Budget, by: User, **fields: Unpack[MovementFields]) -> ReserveMovement:
    """The reserve gets or gives a sum in the year, planned or on a day.

    Raises BudgetIsAgreed for a movement decided with a budget that stands still, ReserveBelowZero (R-FIN-07),
    OutsideTheYear, OutsideThePartnership, NotAnAmount.
    """
    reserve = _held_reserve(budget, fields["reserve"])
    movement = ReserveMovement(budget=budget, changed_by=by, **fields)
    movement.reserve = reserve
    if movement.is_budgeted:
        held_for_change(budget)
    _check_movement(movement)
    movement.save()
    _check_balance(reserve)
    _record(
        movement, by=by, action="budgets.reserve_moved", after=audit.snapshot(movement, MOVEMENT_RECORDED)
    )
    return movement


@transaction.atomic
def change_movement(
    *, movement: ReserveMovement, revision: int, by: User, **fields: Unpack[MovementFields]
) -> ReserveMovement:
    """The movement says what `fields` say: another sum, or the day on which it was made.

    Raises what `move_reserve` raises, and ChangedMeanwhile when somebody saved it in between. What was decided with an
    agreed budget stands still but for the day, the reason and the minute.
    """
    budget = movement.budget
    both = sorted({movement.reserve_id, fields["reserve"].pk})
    held = {row.pk: row for row in Reserve.objects.select_for_update().filter(pk__in=both).order_by("pk")}
    current = held_of_year(movement, revision)
    _check_partnership(budget, fields["reserve"])
    if current.flow == ReserveFlow.OPENING:
        raise MoneyRefused(
            "What a reserve first held is not a movement. Record a transfer in or a use instead."
        )
    before = audit.snapshot(current, MOVEMENT_RECORDED)
    if _changes_the_budget(current, fields):
        held_for_change(budget)
    for name, value in fields.items():
        setattr(current, name, value)
    _check_movement(current)
    current.revision += 1
    current.changed_by = by
    current.save()
    for reserve in held.values():
        _check_balance(reserve)
    _record(
        current,
        by=by,
        action="budgets.reserve_movement_changed",
        before=before,
        after=audit.snapshot(current, MOVEMENT_RECORDED),
    )
    return current


@transaction.atomic
def remove_movement(*, movement: ReserveMovement, revision: int, reason: str, by: User) -> None:
    """The movement is gone, as if it had never been; the audit trail keeps what it said and why it went.

    Raises MoneyRefused without a reason, BudgetIsAgreed, ReserveBelowZero, ChangedMeanwhile.
    """
    reserve = Reserve.objects.select_for_update().get(pk=movement.reserve_id)
    current = held_of_year(movement, revision)
    current.reserve = reserve
    check_reason(reason, "Say why the movement is removed. Auditors read it.")
    if current.is_budgeted:
        held_for_change(movement.budget)
    before = audit.snapshot(current, MOVEMENT_RECORDED)
    _record(current, by=by, action="budgets.reserve_movement_removed", before=before, reason=reason.strip())
    current.delete()
    _check_balance(reserve)


@transaction.atomic
def set_money_policy(
    *,
    partnership: Partnership,
    general_reserve: Decimal,
    on_track_from: Decimal,
    at_risk_from: Decimal,
    council_offers_by: str,
    board_offers_by: str,
    minute: str,
    revision: int,
    by: User,
) -> MoneyPolicy:
    """The board's policy is recorded, shares in per cent. `revision` 0 says that there was none.

    `council_offers_by` and `board_offers_by` are month and day before the year begins, such as 03-11.

    Raises MoneyRefused, and ChangedMeanwhile when somebody saved it in between.
    """
    if at_risk_from > on_track_from:
        raise MoneyRefused(
            {
                "at_risk_from": "Enter at most the share from which a saving is on track, so that the steps follow."
            }
        )
    for field, day in (("council_offers_by", council_offers_by), ("board_offers_by", board_offers_by)):
        if not re.fullmatch(BEFORE_THE_YEAR, day):
            raise MoneyRefused(
                {field: "Choose a day from 1 January to 31 March: the budget’s year begins on 1 April."}
            )
    # The partnership's row stands for a policy that is not there yet, so that two people take turns.
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    policy = MoneyPolicy.objects.filter(partnership=partnership).first()
    if policy is not None and policy.revision != revision:
        raise ChangedMeanwhile(policy)
    before = audit.snapshot(policy, POLICY_RECORDED) if policy else None
    policy = policy or MoneyPolicy(partnership=partnership, revision=0)
    policy.general_reserve, policy.minute = general_reserve, minute
    policy.on_track_from, policy.at_risk_from = on_track_from, at_risk_from
    policy.council_offers_by, policy.board_offers_by = council_offers_by, board_offers_by
    policy.revision += 1
    policy.changed_by = by
    policy.save()
    _record(
        policy,
        by=by,
        action="budgets.money_policy_set",
        before=before,
        after=audit.snapshot(policy, POLICY_RECORDED),
    )
    return policy


def _held_reserve(budget: Budget, reserve: Reserve) -> Reserve:
    """The reserve, locked, so that its movements take turns."""
    _check_partnership(budget, reserve)
    return Reserve.objects.select_for_update().get(pk=reserve.pk)


def _check_partnership(budget: Budget, reserve: Reserve) -> None:
    if reserve.partnership_id != budget.partnership_id:
        raise OutsideThePartnership(
            {"reserve": f"Choose a reserve of {budget.partnership}: {reserve} is not its own."}
        )


def _check_names(reserve: Reserve) -> None:
    others = Reserve.objects.for_partnership(reserve.partnership).exclude(pk=reserve.pk)
    if others.filter(name__iexact=reserve.name).exists():
        raise NameTaken({"name": f"There is a reserve named “{reserve.name}” already. Choose another name."})
    if reserve.kind == ReserveKind.GENERAL and (other := others.filter(kind=ReserveKind.GENERAL).first()):
        raise NameTaken(
            {
                "kind": f"“{other}” is the general reserve, and there is one. Earmark this one, or move money to that."
            }
        )


def _check_movement(movement: ReserveMovement) -> None:
    budget, day = movement.budget, movement.moved_on
    check_amount(movement.amount)
    if not movement.amount:
        raise NotAnAmount({"amount": "Enter the sum that moves. Nothing moves at £0."})
    if movement.flow == ReserveFlow.OPENING:
        raise MoneyRefused({"flow": "Choose whether the sum goes into the reserve or is used."})
    if day is not None and not budget.starts_on <= day <= budget.ends_on:
        raise OutsideTheYear(
            {
                "moved_on": f"Enter a day between {date_uk(budget.starts_on)} and {date_uk(budget.ends_on)}, or "
                "record the movement in its own year."
            }
        )
    if day is not None and day > timezone.localdate():
        raise OutsideTheYear(
            {
                "moved_on": "This day has not come yet. Leave it empty: the movement is planned until it is made."
            }
        )
    first = movement.reserve.movements.filter(flow=ReserveFlow.OPENING).select_related("budget").first()
    if first is not None and budget.year < first.budget.year:
        raise OutsideTheYear(
            {
                "reserve": f"{movement.reserve} is recorded from {first.budget.year_label} on. Choose a later year."
            }
        )


def _changes_the_budget(current: ReserveMovement, fields: MovementFields) -> bool:
    """Whether the change touches what was or would be decided with the year's budget."""
    figures = ("flow", "amount", "is_budgeted")
    same = all(getattr(current, name) == fields[name] for name in figures)  # type: ignore[literal-required]
    return (current.is_budgeted or fields["is_budgeted"]) and not (
        same and current.reserve_id == fields["reserve"].pk
    )


def _check_balance(reserve: Reserve) -> None:
    """Raises ReserveBelowZero when the reserve ends any year below zero, with its plans or without (R-FIN-07)."""
    for year, planned, made in balances(reserve):
        label = f"{year}/{(year + 1) % 100:02d}"
        for balance, is_planned in ((made, False), (planned, True)):
            answer = stays_above_zero(reserve.name, label, balance, is_planned=is_planned)
            if not answer:
                raise ReserveBelowZero({"amount": answer.reason})


def _record(
    subject: Reserve | ReserveMovement | MoneyPolicy,
    *,
    by: User,
    action: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    owner = subject.reserve if isinstance(subject, ReserveMovement) else subject
    audit.record(
        by=by,
        action=action,
        subject=subject,
        tenant=owner.partnership.slug,
        before=before,
        after=after,
        reason=reason,
    )
