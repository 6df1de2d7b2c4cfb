"""What the figures of a chart count, and how they are written in full, on the drawing and as a difference."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from foundation.sgds import formats

MOST_PLACES = 2
# A chart whose figures have pence shows them on its bars up to here.
POUNDS_WITH_PENCE = 1000


class Kind(StrEnum):
    """What is counted."""

    NUMBER = "number"
    POUNDS = "pounds"
    PERCENT = "percent"


@dataclass(frozen=True)
class Unit:
    """How figures are written. `places` is the number of decimals that all figures of one chart share."""

    kind: Kind
    words: str = ""
    additive: bool = True
    places: int = 0

    def fitted(self, figures: Iterable[float | None]) -> "Unit":
        """This unit with as many decimals (two at most) as the figures need, so that columns line up."""
        needed = max((places_of(figure) for figure in figures if figure is not None), default=0)
        return replace(self, places=needed)

    def full(self, value: float) -> str:
        """As in tables and sentences."""
        if self.kind is Kind.POUNDS:
            return formats.money(value)
        written = formats.number(value, self.places)
        if self.kind is Kind.PERCENT:
            return f"{written}%"
        return f"{written} {self.words}".strip()

    def cell(self, value: float) -> str:
        """As in a table's cell, where the header has the words."""
        return formats.number(value, self.places) if self.kind is Kind.NUMBER else self.full(value)

    def short(self, value: float) -> str:
        """As on the drawing."""
        if self.kind is Kind.POUNDS:
            return (
                formats.money(value)
                if self.places and abs(value) < POUNDS_WITH_PENCE
                else short_pounds(value)
            )
        if self.kind is Kind.PERCENT:
            return f"{formats.number(value, min(self.places, places_of(value)))}%"
        return short_number(value, self.places)

    @property
    def in_sheets(self) -> str:
        """As a spreadsheet's format of numbers."""
        digits = "#,##0" + f".{'0' * self.places}" * bool(self.places)
        if self.kind is Kind.POUNDS:
            return f'"£"{digits}'
        return f'{digits}"%"' if self.kind is Kind.PERCENT else digits

    def gap(self, value: float) -> str:
        """As a difference: `2.4 percentage points`."""
        if self.kind is not Kind.PERCENT:
            return self.full(value)
        written = formats.number(value, self.places)
        return f"{written} percentage point{'' if written in {'1', '1.0', '1.00'} else 's'}"


def places_of(figure: float) -> int:
    """How many decimals, up to two, the figure has."""
    if abs(figure) >= 1e12:
        return 0
    return next(
        (places for places in range(MOST_PLACES) if abs(figure - round(figure, places)) < 1e-9), MOST_PLACES
    )


def short_number(value: float, places: int) -> str:
    size = abs(value)
    if size >= 1e9:
        return f"{formats.number(value / 1e9, 1)}bn"
    if size >= 1e6:
        return f"{formats.number(value / 1e6, 1)}m"
    return formats.number(value, min(places, places_of(value)))


def short_pounds(value: float) -> str:
    written = short_number(abs(value), 0) if abs(value) >= 1e6 else formats.number(abs(value), 0)
    return formats.signed(Decimal(str(value)), f"£{written}")


NUMBER = Unit(Kind.NUMBER)
POUNDS = Unit(Kind.POUNDS)
PERCENT = Unit(Kind.PERCENT, additive=False)


def rate(words: str) -> Unit:
    """Figures that are rates, such as `rate("per 100,000 people")`: written with the words, never added up."""
    return Unit(Kind.NUMBER, words=words, additive=False)
