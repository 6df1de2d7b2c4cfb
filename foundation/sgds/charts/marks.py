"""What a chart is drawn with. Coordinates are SVG user units, y grows downwards."""

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from . import palette
from .figures import Figures

Anchor = Literal["start", "middle", "end"]
Shape = Literal["dot", "ring", "diamond", "triangle", "square"]


@dataclass(frozen=True)
class Box:
    """A filled rectangle; `fill` is a colour, or the name of a pattern of the chart when `pattern` is set."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    pattern: str = ""
    kind: Literal["box"] = "box"


@dataclass(frozen=True)
class Stroke:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1
    dashes: str = ""
    kind: Literal["stroke"] = "stroke"

    @property
    def written(self) -> str:
        return " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in self.points)


@dataclass(frozen=True)
class Spot:
    """One figure of a line: filled, or a ring for a provisional one, or another shape for another series."""

    x: float
    y: float
    colour: str
    shape: Shape = "dot"
    size: float = 4
    kind: Literal["spot"] = "spot"

    @property
    def path(self) -> str:
        """The outline of the shapes that are no circle."""
        x, y, size = self.x, self.y, self.size
        corners = {
            "diamond": ((x, y - size * 1.4), (x + size * 1.4, y), (x, y + size * 1.4), (x - size * 1.4, y)),
            "triangle": ((x, y - size * 1.3), (x + size * 1.3, y + size), (x - size * 1.3, y + size)),
            "square": (
                (x - size, y - size),
                (x + size, y - size),
                (x + size, y + size),
                (x - size, y + size),
            ),
        }[self.shape]
        return "M" + "L".join(f"{coordinate(a)} {coordinate(b)}" for a, b in corners) + "Z"


@dataclass(frozen=True)
class Words:
    """Text; the baseline is at y."""

    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    colour: str = palette.INK
    bold: bool = False
    size: float = 14
    kind: Literal["words"] = "words"


Mark = Box | Stroke | Spot | Words


@dataclass(frozen=True)
class Pattern:
    """A filling that is told apart without its colour."""

    name: str
    colour: str
    strokes: str


@dataclass(frozen=True)
class Table:
    """The figures of a chart in words: column headers, then a header cell and cells for each row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Chart:
    """One finished chart."""

    title: str
    sentence: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    table: Table
    patterns: tuple[Pattern, ...] = ()
    source: str = ""
    notes: tuple[str, ...] = field(default=())
    figures: Figures | None = None

    @property
    def key(self) -> str:
        """A name for the chart's ids in the page: the same chart has the same, another has another."""
        content = "\x1f".join([self.title, self.sentence, *("\x1e".join(row) for row in self.table.rows)])
        return f"chart-{hashlib.sha256(content.encode()).hexdigest()[:10]}"

    @property
    def written_figures(self) -> str:
        """What a program needs that draws the chart itself, as JSON; nothing where there is no figure."""
        if self.figures is None or self.figures.is_empty:
            return ""
        return self.figures.written(self.title, self.message)

    @property
    def message(self) -> str:
        """Title and sentence as one text, which is all that a PDF reader's voice gets to know of the drawing."""
        return f"{self.title.rstrip('.')}. {self.sentence}"


def coordinate(value: float) -> str:
    """A coordinate with at most two decimals and nothing behind the point that is not needed."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
