"""Sparklines: a line without words, beside a sentence that says the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import palette
from .marks import Mark, Spot, Stroke
from .scales import Scale
from .series import Figure, Series

WIDTH = 120.0
HEIGHT = 28.0


@dataclass(frozen=True)
class Spark:
    """A small drawing that assistive technology passes over."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def sparkline(values: Sequence[Figure]) -> Spark:
    """The figures as a line with gaps; the last figure as a spot. Nothing known: nothing drawn."""
    figures = Series("", values).figures(len(values))
    known = [figure for figure in figures if figure is not None]
    if not known:
        return Spark(WIDTH, HEIGHT, ())
    x = Scale(0, max(len(figures) - 1, 1), 4, WIDTH - 5)
    y = Scale(min(known), max(known), HEIGHT - 5, 5)
    marks: list[Mark] = []
    run: list[tuple[float, float]] = []
    last = (0.0, 0.0)
    for position, figure in enumerate(figures):
        if figure is None:
            marks += stroke(run)
            run = []
        else:
            last = (x.at(position), y.at(figure))
            run.append(last)
    marks += stroke(run)
    marks.append(Spot(*last, palette.OURS, size=3))
    return Spark(WIDTH, HEIGHT, tuple(marks))


def stroke(points: Sequence[tuple[float, float]]) -> list[Mark]:
    return [Stroke(tuple(points), palette.OURS, 2)] if len(points) > 1 else []
