"""What every verb of the money asks before it changes anything."""

from __future__ import annotations

from decimal import Decimal
from typing import TypeVar

from partnerships.models import Body, DelegatedFunction, Partnership

from ..models import Budget, Outlook, Reserve, ReserveMovement, Risk, Saving
from ..refusals import BudgetIsAgreed, ChangedMeanwhile, MoneyRefused, NotAnAmount, OutsideThePartnership
from ..rules import can_be_changed, is_amount, is_constituent_authority, may_be_budgeted


def held_for_change(budget: Budget) -> Budget:
    """The budget as it stands, locked until the transaction ends, so that its writers take turns.

    Raises BudgetIsAgreed when its figures stand still.
    """
    current = Budget.objects.select_for_update().get(pk=budget.pk)
    answer = can_be_changed(current)
    if not answer:
        raise BudgetIsAgreed(answer.reason)
    return current


M = TypeVar("M", Outlook, Reserve, ReserveMovement, Risk, Saving)
Y = TypeVar("Y", ReserveMovement, Risk, Saving)


def held_at(row: M, revision: int) -> M:
    """The row as it stands, locked. Raises ChangedMeanwhile unless it is at the revision that the person had."""
    current = type(row).objects.select_for_update().get(pk=row.pk)
    if current.revision != revision:
        raise ChangedMeanwhile(current)
    return current


def held_of_year(row: Y, revision: int) -> Y:
    """As `held_at`, with the budget that the person's own row has at hand."""
    current = held_at(row, revision)
    current.budget = row.budget
    return current


def check_reason(reason: str, ask: str) -> None:
    """Raises MoneyRefused in the words of `ask` unless there is a reason."""
    if not reason.strip():
        raise MoneyRefused({"reason": ask})


def check_amount(amount: Decimal, *, field: str = "amount", may_be_negative: bool = False) -> None:
    """Raises NotAnAmount, under the field's name, unless the amount can stand in a budget. Pounds."""
    answer = is_amount(amount, may_be_negative=may_be_negative)
    if not answer:
        raise NotAnAmount({field: answer.reason})


def check_line_amount(amount: Decimal, *, is_income: bool) -> None:
    """Raises NotAnAmount unless a line can be budgeted at this sum. Pounds."""
    answer = may_be_budgeted(amount, is_income=is_income)
    if not answer:
        raise NotAnAmount({"amount": answer.reason})


def check_body(partnership: Partnership, body: Body, *, field: str) -> None:
    """Raises OutsideThePartnership unless the body is a party of this partnership's scheme (2014 Act s.61)."""
    answer = is_constituent_authority(partnership, body)
    if not answer:
        raise OutsideThePartnership({field: answer.reason})


def check_function(partnership: Partnership, function: DelegatedFunction | None) -> None:
    """Raises OutsideThePartnership unless this partnership's own scheme delegates the function."""
    if function is not None and function.partnership_id != partnership.pk:
        raise OutsideThePartnership(
            {"function": f"“{function}” is not a delegated function of {partnership}. Choose one of its own."}
        )
