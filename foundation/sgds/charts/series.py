"""The figures that go into a chart."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from foundation.sgds.formats import decimal_of

Figure = Decimal | float | int | None
# Beyond this a figure is a fault in the data, and squaring it up with others would lose all of them.
LARGEST = 1e18


class Role(StrEnum):
    """Whose figures a series holds: ours stand out, comparators stay grey."""

    OURS = "ours"
    COMPARATOR = "comparator"
    OTHER = "other"


@dataclass(frozen=True)
class Series:
    """A named row of figures; None where one is missing.

    `provisional` holds the positions (from 0) of figures that may still change.
    """

    name: str
    values: Sequence[Figure]
    role: Role = Role.OTHER
    provisional: Collection[int] = ()

    def figures(self, length: int) -> list[float | None]:
        """Exactly `length` figures: too few are filled up with gaps, what is no finite number is a gap."""
        found = [figure_of(value) for value in list(self.values)[:length]]
        return found + [None] * (length - len(found))


@dataclass(frozen=True)
class Reference:
    """A figure to compare with, drawn as a dashed line: a target, or Scotland's figure."""

    value: Figure
    label: str


@dataclass(frozen=True)
class SeriesBreak:
    """Figures from position (from 0) on are counted in another way than the figures before."""

    position: int
    label: str = "Break in series"


def figure_of(value: Figure) -> float | None:
    exact = decimal_of(value)
    if exact is None:
        return None
    figure = float(exact)
    return figure if abs(figure) < LARGEST else None
