"""What directions and the set-aside refuse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from .lines import MoneyRefused

if TYPE_CHECKING:
    from ..rules.directions import Missing


class DirectionStandsStill(MoneyRefused):
    """An issued direction is not changed, and one that ended is not followed up."""


class DirectionIncomplete(MoneyRefused):
    """Something that the Act or the guidance asks of a direction is missing; each with its section."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__([f"{one.words} ({one.source})" for one in missing])
        self.missing = missing


class IssuedByOnePerson(MoneyRefused):
    """Who prepared a direction, or its revocation, may not issue or decide it."""


class MoneyNotConfirmed(MoneyRefused):
    """Lines of the direction are not confirmed, and nobody said why it is issued all the same."""


class NotTheirDirection(MoneyRefused):
    """The person does not speak for a body that the direction goes to."""
