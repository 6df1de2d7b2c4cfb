"""What the forming of a budget refuses."""

from __future__ import annotations

from .lines import MoneyRefused


class CareGroupTaken(MoneyRefused):
    """Two care groups of one partnership with the same name could not be told apart."""


class CareGroupIsUsed(MoneyRefused):
    """Lines say that they are for this care group."""


class OfferRefused(MoneyRefused):
    """An offer that cannot be so: without a sum, from the future, before the version that it supersedes."""


class NotYours(MoneyRefused):
    """A figure of another party: each confirms its own and nobody else's."""


class FigureMoved(MoneyRefused):
    """The figure is another one than the person saw."""


class StandsAlready(MoneyRefused):
    """What is to be said has been said of this very amount."""
