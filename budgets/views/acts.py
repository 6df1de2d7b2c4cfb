"""What a person may do with a year."""

from __future__ import annotations

from dataclasses import dataclass

from partnerships.permissions import Standing

from ..enums import BudgetState
from ..models import Budget
from ..rules import AGREE_BUDGET, ALLOCATE, DECLARE_DISAGREEMENT, SET_CONTRIBUTIONS, can_be_changed
from ..rules.directions import VIEW_COVERAGE


@dataclass(frozen=True)
class Acts:
    """What this person may do with this year's budget, today and in its state."""

    allocate: bool
    set_contributions: bool
    agree: bool
    reopen: bool
    see_coverage: bool
    disagree: bool


def acts_of(standing: Standing, budget: Budget) -> Acts:
    changeable, is_disputed = bool(can_be_changed(budget)), budget.state == BudgetState.NOT_AGREED
    return Acts(
        allocate=changeable and bool(standing.may(ALLOCATE)),
        set_contributions=changeable and bool(standing.may(SET_CONTRIBUTIONS)),
        agree=changeable and not is_disputed and bool(standing.may(AGREE_BUDGET)),
        reopen=budget.is_agreed and bool(standing.may(AGREE_BUDGET)),
        see_coverage=bool(standing.may(VIEW_COVERAGE)),
        disagree=is_disputed or (changeable and bool(standing.may(DECLARE_DISAGREEMENT))),
    )
