"""What a chart is drawn from, as the HTML figure says it."""

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

# What XML cannot hold.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The attribute of an HTML figure that holds a chart's figures as JSON.
ATTRIBUTE = "data-figures"


@dataclass(frozen=True)
class Row:
    """One series: a figure or None for each category.

    `is_level` marks a level to compare with, such as a target. `provisional` holds the positions (from 0) of figures
    that may still change, `set_apart` those of bars in the comparators' colour.
    """

    name: str
    values: tuple[float | None, ...]
    colour: str
    shape: str
    is_level: bool
    provisional: frozenset[int]
    set_apart: frozenset[int]


@dataclass(frozen=True)
class Figures:
    """A chart's figures; `pattern` is the format of a number in a sheet.

    `words` are what the chart is called by assistive technology.
    """

    kind: Literal["lines", "bars", "stacks"]
    title: str
    words: str
    categories: tuple[str, ...]
    category_name: str
    rows: tuple[Row, ...]
    pattern: str


def read(written: str) -> Figures:
    """From the JSON of the attribute."""
    said: dict[str, Any] = json.loads(written)
    return Figures(
        kind=said["kind"],
        title=_clean(said["title"]),
        words=_clean(said["words"]),
        categories=tuple(map(_clean, said["categories"])),
        category_name=_clean(said["category_name"]),
        rows=tuple(_row(row) for row in said["rows"]),
        pattern=said["pattern"],
    )


def _row(said: dict[str, Any]) -> Row:
    return Row(
        name=_clean(said["name"]),
        values=tuple(said["values"]),
        colour=said["colour"],
        shape=said["shape"],
        is_level=said["is_level"],
        provisional=frozenset(said["provisional"]),
        set_apart=frozenset(said["set_apart"]),
    )


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)
