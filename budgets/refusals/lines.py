"""What the budget refuses, each as a fact with a name. The texts are for people and go to the field they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from ..models import BudgetLine


class MoneyRefused(ValidationError):
    """A change to the money that is refused. A form shows it: `form.add_error(None, refusal)`."""


class ChangedMeanwhile(Exception):
    """Somebody saved it after this form was opened; `current` is what they saved."""

    def __init__(self, current: Any) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current


class BudgetIsAgreed(MoneyRefused):
    """The figures stand still until the budget is reopened."""


class YearIsOpenAlready(MoneyRefused):
    """One budget a year and partnership."""


class NothingToAgree(MoneyRefused):
    """A budget without money or without lines."""


class AgainstTheAct(MoneyRefused):
    """The 2014 Act does not let this money come from there or go there; the text cites the section."""


class OutsideThePartnership(MoneyRefused):
    """A body, function, locality or line that belongs to another partnership."""


class NotAnAmount(MoneyRefused):
    """A negative amount, parts of a penny, or more digits than a budget has."""


class LineTitleTaken(MoneyRefused):
    """Two lines of one year with the same title and delivering body could not be told apart."""


class LineCodeTaken(MoneyRefused):
    """Two lines of one year with the same code could not be told apart in files."""


class SplitExceedsLine(MoneyRefused):
    """More money in localities than the line has."""


class LineIsUsed(MoneyRefused):
    """Something else in the portal points at the line."""


@dataclass(frozen=True)
class LineFigures:
    """The two figures of a line: allocated, and spent where that is known. Pounds."""

    amount: Decimal
    actual: Decimal | None


@dataclass(frozen=True)
class Conflict:
    """One figure that two people changed: `theirs` is saved, `mine` was to be. Pounds; `column` is amount or actual."""

    line: BudgetLine
    column: str
    theirs: Decimal | None
    mine: Decimal | None


class LinesChangedMeanwhile(Exception):
    """Somebody changed some of these figures after the grid was opened. Nothing of it was saved."""

    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__(f"{len(conflicts)} figures were changed meanwhile")
        self.conflicts = conflicts


class AllocationRefused(Exception):
    """Some cells of the grid cannot be saved, so none was: `faults[line_id][column]` says why."""

    def __init__(self, faults: Mapping[int, Mapping[str, str]]) -> None:
        super().__init__(f"{len(faults)} lines cannot be saved")
        self.faults = faults
