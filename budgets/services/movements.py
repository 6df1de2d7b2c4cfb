"""Virements and allocations in the year: proposed by one person, approved by another, applied whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict, TypeVar, Unpack

from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import money
from partnerships.models import Body, User

from ..enums import FundKind, MovementState
from ..models import (
    Budget,
    BudgetLine,
    Contribution,
    FundingChange,
    FundingEntry,
    LocalityShare,
    Virement,
    VirementEntry,
)
from ..refusals import AgainstTheAct, MovementRefused, NotAnAmount
from ..rules import (
    can_be_moved,
    has_its_sign,
    is_amount,
    is_part_of,
    may_contribute,
    may_decide,
    needs_the_board,
)
from ..selectors.monitoring import rules_for
from ..selectors.scheme import model_of_integration
from .directions import flag_for_revision
from .guarded import check_body

NOTHING = Decimal(0)
M = TypeVar("M", Virement, FundingChange)


@transaction.atomic
def propose_virement(
    *, budget: Budget, entries: Mapping[BudgetLine, Decimal], reason: str, is_recurring: bool, by: User
) -> Virement:
    """The virement waits for somebody else's approval. `entries` give to lines and take from them, in pounds.

    Raises MovementRefused unless they add up to nothing and leave every line at or above zero and its localities.
    """
    current = _held(budget)
    moved = {line: amount for line, amount in entries.items() if amount}
    _check_entries(current, moved)
    net = sum(moved.values(), NOTHING)
    if net:
        raise MovementRefused(
            f"What is given and what is taken differ by {money(net)}. A virement moves money, so the two are the same."
        )
    if not moved:
        raise MovementRefused("Enter what each line gets or gives.")
    _check_kinds(moved)
    _check_room(moved)
    virement = Virement.objects.create(
        budget=current,
        number=_next(Virement, current),
        reason=_said(reason),
        is_recurring=is_recurring,
        proposed_by=by,
    )
    VirementEntry.objects.bulk_create(
        VirementEntry(virement=virement, line=line, amount=amount) for line, amount in moved.items()
    )
    _recorded(virement, by, "budgets.virement_proposed", moved)
    return virement


class FundingFields(TypedDict):
    """What an allocation in the year says. `amount` in pounds, below zero where the partner takes money back."""

    body: Body
    kind: FundKind
    name: str
    amount: Decimal
    is_recurring: bool
    reason: str
    is_ring_fenced: NotRequired[bool]
    reference_of_partner: NotRequired[str]


@transaction.atomic
def propose_funding_change(
    *, budget: Budget, entries: Mapping[BudgetLine, Decimal], by: User, **fields: Unpack[FundingFields]
) -> FundingChange:
    """The allocation waits for somebody else's approval. `entries` say which lines get it.

    Raises MovementRefused unless all of it is placed on lines of the same kind of money, AgainstTheAct where the body
    cannot put in such money, OutsideThePartnership.
    """
    current = _held(budget)
    body, kind, amount = fields["body"], fields["kind"], fields["amount"]
    check_body(current.partnership, body, field="body")
    answer = may_contribute(model_of_integration(current), body, kind)
    if not answer:
        raise AgainstTheAct({"kind": answer.reason})
    if not (answer := is_amount(amount, may_be_negative=True)):
        raise NotAnAmount({"amount": answer.reason})
    if not amount:
        raise MovementRefused({"amount": "Enter the amount of the allocation."})
    moved = {line: part for line, part in entries.items() if part}
    _check_entries(current, moved)
    placed = sum(moved.values(), NOTHING)
    if placed != amount:
        raise MovementRefused(
            f"The lines get {money(placed)} of {money(amount)}. Place all of it, so that the budget stays balanced."
        )
    _check_same_kind(moved, kind)
    _check_room(moved)
    change = FundingChange.objects.create(
        budget=current,
        number=_next(FundingChange, current),
        proposed_by=by,
        **{**fields, "reason": _said(fields["reason"])},
    )
    FundingEntry.objects.bulk_create(
        FundingEntry(funding_change=change, line=line, amount=part) for line, part in moved.items()
    )
    _recorded(change, by, "budgets.allocation_proposed", moved)
    return change


@transaction.atomic
def approve_virement(
    *, virement: Virement, by: User, minute_reference: str = "", at: datetime | None = None
) -> Virement:
    """The virement is applied: every line has its new amount, and directions that it makes wrong are marked.

    `at` is the moment of an approval that is brought in from before the portal.
    Raises MovementRefused for the proposer, above the officers' limit without the board's minute, and where a line
    has no longer the room.
    """
    budget = _held(virement.budget)
    current = Virement.objects.select_for_update().get(pk=virement.pk)
    current.budget = budget
    entries = list(current.entries.all())
    _check_decision(current, by, size_of(entries), minute_reference)
    moved = _apply(entries, by)
    _check_kinds(moved)
    if crosses_partners(moved):
        current.direction_effect = _flagged(current, moved, by)
    current.decided_at = at or timezone.now()
    return _applied(current, by, minute_reference, "budgets.virement_applied", moved)


@transaction.atomic
def approve_funding_change(
    *, change: FundingChange, by: User, minute_reference: str = "", at: datetime | None = None
) -> FundingChange:
    """The allocation is applied: the body's contribution and the lines have their new amounts.

    Raises MovementRefused as `approve_virement` does, and for a contribution that would fall below zero.
    """
    budget = _held(change.budget)
    current = FundingChange.objects.select_for_update().select_related("body").get(pk=change.pk)
    current.budget = budget
    entries = list(current.entries.all())
    _check_decision(current, by, abs(current.amount), minute_reference)
    moved = _apply(entries, by)
    contribution, _ = Contribution.objects.select_for_update().get_or_create(
        budget=budget, body=current.body, kind=current.kind, defaults={"amount": NOTHING, "changed_by": by}
    )
    if contribution.amount + current.amount < 0:
        raise MovementRefused(
            f"{contribution} is {money(contribution.amount)}, so {money(-current.amount)} cannot be taken from it."
        )
    contribution.amount += current.amount
    contribution.revision += 1
    contribution.changed_by = by
    contribution.save(update_fields=["amount", "revision", "changed_by", "changed_at"])
    current.decided_at = at or timezone.now()
    return _applied(current, by, minute_reference, "budgets.allocation_applied", moved)


@transaction.atomic
def turn_down(*, movement: Virement | FundingChange, by: User, reason: str) -> Virement | FundingChange:
    """The proposal is refused, or withdrawn where its own proposer says so; the reason stays with it.

    Raises MovementRefused without a reason, or once it is decided.
    """
    _held(movement.budget)
    current = type(movement).objects.select_for_update().get(pk=movement.pk)
    if not current.is_proposed:
        raise MovementRefused(f"{current} is {current.get_state_display().lower()} already.")
    if not reason.strip():
        raise MovementRefused({"decision": "Say why, so that whoever proposed it knows what to do."})
    own = current.proposed_by_id == by.pk
    current.state = MovementState.WITHDRAWN if own else MovementState.REFUSED
    current.decided_by, current.decided_at, current.decision = by, timezone.now(), reason.strip()
    current.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    audit.record(
        by=by,
        action=f"budgets.movement_{current.state}",
        subject=current,
        tenant=current.budget.partnership.slug,
        reason=current.decision,
    )
    return current


def size_of(entries: list[VirementEntry]) -> Decimal:
    """What a virement moves: the sum of what lines get, in pounds."""
    return sum((entry.amount for entry in entries if entry.amount > 0), NOTHING)


def crosses_partners(moved: Mapping[BudgetLine, Decimal]) -> bool:
    """Whether one body is to carry out what another was paid for (R-FIN-05)."""
    bodies: dict[int, Decimal] = {}
    for line, amount in moved.items():
        bodies[line.delivered_by_id] = bodies.get(line.delivered_by_id, NOTHING) + amount
    return any(bodies.values())


def _held(budget: Budget) -> Budget:
    current = Budget.objects.select_for_update().get(pk=budget.pk)
    answer = can_be_moved(current)
    if not answer:
        raise MovementRefused(answer.reason)
    return current


def _check_entries(budget: Budget, moved: Mapping[BudgetLine, Decimal]) -> None:
    faults = {}
    for line, amount in moved.items():
        if line.budget_id != budget.pk:
            raise MovementRefused(f"{line} is not a line of {budget}. Choose lines of this year.")
        if not (answer := is_amount(amount, may_be_negative=True)):
            faults[f"of-line-{line.pk}"] = answer.reason
    if faults:
        raise NotAnAmount(faults)


def _check_kinds(moved: Mapping[BudgetLine, Decimal]) -> None:
    """Set-aside money never leaves the health board: it moves only between set-aside lines (2014 Act s.14)."""
    by_fund: dict[str, Decimal] = {}
    for line, amount in moved.items():
        by_fund[line.fund] = by_fund.get(line.fund, NOTHING) + amount
    if by_fund.get(FundKind.SET_ASIDE, NOTHING):
        raise AgainstTheAct(
            "Set-aside money stays with the health board, so it moves only between set-aside lines. Change the "
            "payment and the set-aside by an allocation in the year instead (2014 Act s.14)."
        )


def _check_same_kind(moved: Mapping[BudgetLine, Decimal], kind: FundKind) -> None:
    for line in moved:
        if line.fund != kind:
            raise MovementRefused(
                {
                    f"of-line-{line.pk}": f"{line} is paid for from “{line.get_fund_display().lower()}”, and this "
                    f"allocation is “{kind.label.lower()}”. Choose another line."
                }
            )


def _check_room(moved: Mapping[BudgetLine, Decimal]) -> None:
    """Raises MovementRefused where a line would pass zero, or be less than its localities have of it."""
    shared = _shared(moved)
    faults = {}
    for line, amount in moved.items():
        left = line.amount + amount
        floor = shared.get(line.pk, NOTHING)
        if not has_its_sign(left, is_income=line.is_income):
            faults[f"of-line-{line.pk}"] = (
                f"{line} is income of {money(-line.amount)}, so {money(amount)} of it cannot be given up."
                if line.is_income
                else f"{line} has {money(line.amount)}, so {money(-amount)} cannot be taken from it."
            )
        elif abs(left) < abs(line.amount) and not is_part_of(floor, left):
            faults[f"of-line-{line.pk}"] = (
                f"{money(floor)} of {line} is split between localities, and {money(left)} would be left. "
                "Take less, or change the split first."
            )
    if faults:
        raise MovementRefused(faults)


def _shared(moved: Mapping[BudgetLine, Decimal]) -> dict[int, Decimal]:
    rows = LocalityShare.objects.filter(line__in=moved).order_by().values_list("line")
    return dict(rows.annotate(total=Sum("amount")))


def _apply(entries: list[VirementEntry] | list[FundingEntry], by: User) -> dict[BudgetLine, Decimal]:
    """Every line has its new amount, under a lock taken in the order of the keys, or MovementRefused is raised."""
    wanted = {entry.line_id: entry.amount for entry in entries}
    lines = BudgetLine.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    moved = {line: wanted[line.pk] for line in lines.select_related("delivered_by")}
    _check_room(moved)
    for line, amount in moved.items():
        line.amount += amount
        line.revision += 1
        line.changed_by = by
        line.save(update_fields=["amount", "revision", "changed_by", "changed_at"])
    return moved


def _check_decision(
    movement: Virement | FundingChange, by: User, size: Decimal, minute_reference: str
) -> None:
    if not movement.is_proposed:
        raise MovementRefused(f"{movement} is {movement.get_state_display().lower()} already.")
    answer = may_decide(movement, by)
    if not answer:
        raise MovementRefused(answer.reason)
    board = needs_the_board(rules_for(movement.budget.partnership), size)
    if board and not minute_reference.strip():
        raise MovementRefused({"minute_reference": board.reason})


def _flagged(virement: Virement, moved: Mapping[BudgetLine, Decimal], by: User) -> str:
    """Directions over these lines are marked; which, in words."""
    reason = f"{virement} moves money between partners."
    flags = [flag for line in moved for flag in flag_for_revision(line=line, reason=reason, by=by)]
    names = sorted({flag.direction.reference or flag.direction.title for flag in flags})
    if not names:
        return "It moves money between partners. No direction in force names these lines."
    return f"It moves money between partners. To be revised: {', '.join(names)}."


def _applied(
    movement: M, by: User, minute_reference: str, action: str, moved: Mapping[BudgetLine, Decimal]
) -> M:
    movement.state, movement.decided_by = MovementState.APPLIED, by
    movement.minute_reference = minute_reference.strip()
    movement.save()
    _recorded(movement, by, action, moved)
    return movement


def _next(kind: type[Virement] | type[FundingChange], budget: Budget) -> int:
    last: int = kind.objects.filter(budget=budget).aggregate(last=Max("number"))["last"] or 0
    return last + 1


def _said(reason: str) -> str:
    if not reason.strip():
        raise MovementRefused({"reason": "Say why the money moves. It stands in the report."})
    return reason.strip()


def _recorded(
    movement: Virement | FundingChange, by: User, action: str, moved: Mapping[BudgetLine, Decimal]
) -> None:
    audit.record(
        by=by,
        action=action,
        subject=movement,
        tenant=movement.budget.partnership.slug,
        after={
            "reference": movement.reference,
            "minute": movement.minute_reference,
            "lines": {line.title: amount for line, amount in moved.items()},
        },
        reason=movement.reason,
    )
