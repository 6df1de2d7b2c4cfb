"""What reserves, savings and medium-term plans refuse."""

from __future__ import annotations

from .lines import MoneyRefused


class ReserveBelowZero(MoneyRefused):
    """A reserve never falls below zero (R-FIN-07)."""


class NameTaken(MoneyRefused):
    """Two of a kind with one name could not be told apart."""


class OutsideTheYear(MoneyRefused):
    """A day that is not in the financial year, or has not come yet."""
