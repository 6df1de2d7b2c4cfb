"""What a chart is drawn from, for programs that draw it themselves: Word and spreadsheets."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Literal

from .series import Reference, Series, SeriesBreak, figure_of

Kind = Literal["lines", "bars", "stacks"]


@dataclass(frozen=True)
class Row:
    """One series: a figure or None for each category.

    `is_level` marks a level to compare with, such as a target. `provisional` holds the positions (from 0) of figures
    that may still change, `set_apart` those of bars in the comparators' colour.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    shape: str = "dot"
    is_level: bool = False
    provisional: tuple[int, ...] = ()
    set_apart: tuple[int, ...] = ()


@dataclass(frozen=True)
class Figures:
    """A chart's figures; `pattern` is the format of a number in a sheet."""

    kind: Kind
    categories: tuple[str, ...]
    category_name: str
    rows: tuple[Row, ...]
    pattern: str

    @property
    def is_empty(self) -> bool:
        return all(value is None for row in self.rows for value in row.values)

    def written(self, title: str, words: str) -> str:
        """As JSON, with the chart's title and what it is called by assistive technology."""
        return json.dumps({**asdict(self), "title": title, "words": words}, ensure_ascii=False)


def rows_of(series: Sequence[Series], looks: Sequence[tuple[str, str]], length: int) -> tuple[Row, ...]:
    """The series as rows, each with its colour and the shape of its spots."""
    return tuple(
        Row(row.name, tuple(row.figures(length)), colour, shape, provisional=tuple(sorted(row.provisional)))
        for row, (colour, shape) in zip(series, looks, strict=True)
    )


def level_of(level: Reference | None, colour: str, length: int) -> tuple[Row, ...]:
    """The level that the figures are compared with as a row of its own; none if there is no figure for it."""
    value = figure_of(level.value) if level else None
    if level is None or value is None:
        return ()
    return (Row(level.label or "Target", (value,) * length, colour, is_level=True),)


def parted(row: Row, breaks: Sequence[SeriesBreak], periods: Sequence[str]) -> Iterator[Row]:
    """The row, in as many as there are ways of counting in it: no line may lead from one to the next."""
    length = len(periods)
    edges = sorted({0, length, *(one.position for one in breaks if 0 < one.position < length)})
    rows = [
        replace(
            row,
            name=f"{row.name} from {periods[begin]}" if begin else row.name,
            values=tuple(value if begin <= at < end else None for at, value in enumerate(row.values)),
        )
        for begin, end in pairwise(edges)
    ]
    yield from [one for one in rows if any(value is not None for value in one.values)] or [row]
