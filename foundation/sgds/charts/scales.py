"""From figures to places on the drawing."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Scale:
    """A straight scale: `low` is drawn at `start`, `high` at `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return self.start + share * (self.end - self.start)


def ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round figures that enclose low and high, about as many as wanted; low may equal high."""
    if not low < high:
        room = abs(low) * 0.1 or 1.0
        low, high = low - room, high + room
    rough = (high - low) / max(wanted - 1, 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(candidate * size for candidate in STEPS if candidate * size >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def enclosing(figures: Iterable[float], *, from_zero: bool) -> list[float]:
    """Ticks around the figures; from zero where asked, or where zero is near enough to cost little room."""
    found = list(figures)
    if not found:
        return [0.0, 1.0]
    low, high = min(found), max(found)
    near_zero = low > 0 and low <= (high - low) * 1.5
    if from_zero or near_zero:
        low = min(low, 0.0)
        high = max(high, 0.0)
    lines = ticks(low, high)
    if low >= 0 and lines[0] < 0:
        lines = [0.0, *[line for line in lines if line > 0]]
    return lines
