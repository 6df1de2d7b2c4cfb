"""What the forming of a budget refuses."""

from __future__ import annotations

from .lines import MoneyRefused


class CareGroupTaken(MoneyRefused):
    """Two care groups of one partnership with the same name could not be told apart."""


class CareGroupIsUsed(MoneyRefused):
    """Lines say that they are for this care group."""
