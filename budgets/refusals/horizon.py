"""What reserves, savings and medium-term plans refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .lines import MoneyRefused

if TYPE_CHECKING:
    from ..models import MoneyPolicy, Outlook, Reserve, ReserveMovement, Risk, Saving, SavingsTarget


class ReserveBelowZero(MoneyRefused):
    """A reserve never falls below zero (R-FIN-07)."""


class NameTaken(MoneyRefused):
    """Two of a kind with one name could not be told apart."""


class OutsideTheYear(MoneyRefused):
    """A day that is not in the financial year, or has not come yet."""


class ChangedMeanwhile(Exception):
    """Somebody saved it after this form was opened; `current` is what they saved."""

    def __init__(
        self, current: Reserve | ReserveMovement | Saving | SavingsTarget | MoneyPolicy | Outlook | Risk
    ) -> None:
        super().__init__(f"{current} was changed meanwhile")
        self.current = current
