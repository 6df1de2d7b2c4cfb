"""Maps: outlines from GeoJSON as one SVG, with a list beside it that says the same in the same order.

Longitudes are shrunk by the cosine of the mean latitude, which for an area the size of a partnership is as true to
shape as any projection. Coordinates beyond 180 are taken as metres on a grid and drawn as they are.
"""

import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .charts.marks import coordinate
from .charts.text import text_width

WIDTH = 420.0
TALLEST = 480.0
MARGIN = 6.0
LABEL_SIZE = 14.0
# Points nearer to the last one than this (user units) are left out: the eye does not see them.
FINEST = 0.7

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Place:
    """What is to be shown: a name, its GeoJSON geometry (None if none is held), a link, a line of words."""

    name: str
    geometry: Mapping[str, Any] | None
    url: str = ""
    words: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Outline:
    """One place as drawn: number in the list, path, and where its label stands."""

    number: int
    place: Place
    path: str
    label: str
    x: float
    y: float


@dataclass(frozen=True)
class Map:
    """A finished map; `places` are all places in the order given, also those without an outline."""

    title: str
    sentence: str
    width: float
    height: float
    outlines: tuple[Outline, ...]
    places: tuple[Place, ...]
    source: str = ""

    @property
    def key(self) -> str:
        content = "\x1f".join([self.title, *(place.name for place in self.places)])
        return f"map-{hashlib.sha256(content.encode()).hexdigest()[:10]}"

    @property
    def message(self) -> str:
        return f"{self.title.rstrip('.')}. {self.sentence}"


def map_of(*, title: str, places: Sequence[Place], sentence: str = "", source: str = "") -> Map:
    """The places as outlines on one drawing, numbered in the order given."""
    rings = [list(rings_of(place.geometry)) for place in places]
    frame = Frame([point for found in rings for ring in found for point in ring])
    drawn = [[frame.ring(ring) for ring in found] for found in rings]
    return Map(
        title=title,
        sentence=sentence or sentence_for(places, drawn),
        width=WIDTH,
        height=frame.height,
        outlines=tuple(outlines(places, drawn)),
        places=tuple(places),
        source=source,
    )


def sentence_for(places: Sequence[Place], drawn: Sequence[Sequence[Ring]]) -> str:
    """How many outlines there are, and whose is missing."""
    missing = [place.name for place, rings in zip(places, drawn, strict=True) if not rings]
    if not places:
        return "There is nothing to show."
    if len(missing) == len(places):
        return "No outlines are held; the list names every place."
    shown = [place.name for place, rings in zip(places, drawn, strict=True) if rings]
    names = ", ".join(shown)
    text = f"{len(shown)} outlines: {names}." if len(shown) > 1 else f"The outline of {names}."
    return f"{text} No outline is held for {', '.join(missing)}." if missing else text


def rings_of(geometry: Mapping[str, Any] | None) -> Iterator[Ring]:
    """Every ring of the areas in a GeoJSON geometry, feature or collection; whatever is no area is passed over."""
    if not isinstance(geometry, Mapping):
        return
    kind = geometry.get("type")
    if kind == "Feature":
        yield from rings_of(geometry.get("geometry"))
    elif kind == "FeatureCollection":
        for feature in listed(geometry.get("features")):
            yield from rings_of(feature)
    elif kind == "GeometryCollection":
        for part in listed(geometry.get("geometries")):
            yield from rings_of(part)
    elif kind == "Polygon":
        yield from polygon_rings(geometry.get("coordinates"))
    elif kind == "MultiPolygon":
        for polygon in listed(geometry.get("coordinates")):
            yield from polygon_rings(polygon)


def polygon_rings(polygon: Any) -> Iterator[Ring]:
    for ring in listed(polygon):
        points = [point for point in map(point_of, listed(ring)) if point is not None]
        if len(points) >= 3:
            yield points


def listed(value: Any) -> Sequence[Any]:
    """The value if it is a list, as GeoJSON has it; nothing for anything else."""
    return value if isinstance(value, list | tuple) else ()


def point_of(pair: Any) -> Point | None:
    """The position as two finite figures; None for anything else."""
    try:
        x, y = float(pair[0]), float(pair[1])
    except (TypeError, ValueError, IndexError, KeyError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


class Frame:
    """From longitude and latitude to places on the drawing."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.height = 120.0
        if not points:
            return
        xs, ys = [x for x, _ in points], [y for _, y in points]
        on_a_grid = max(map(abs, [*xs, *ys])) > 180
        self.shrink = 1.0 if on_a_grid else math.cos(math.radians((min(ys) + max(ys)) / 2))
        self.west, self.north = min(xs), max(ys)
        across = (max(xs) - self.west) * self.shrink or 1e-9
        down = self.north - min(ys) or 1e-9
        self.factor = min((WIDTH - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / down)
        self.left = (WIDTH - across * self.factor) / 2
        self.height = down * self.factor + 2 * MARGIN

    def ring(self, ring: Ring) -> Ring:
        """The ring on the drawing, without points that nobody could see."""
        drawn: Ring = []
        for x, y in ring:
            point = (
                self.left + (x - self.west) * self.shrink * self.factor,
                MARGIN + (self.north - y) * self.factor,
            )
            if not drawn or math.dist(point, drawn[-1]) >= FINEST:
                drawn.append(point)
        return drawn


def outlines(places: Sequence[Place], drawn: Sequence[Sequence[Ring]]) -> Iterator[Outline]:
    """Each place that has rings. Its label is number and name where both fit, else the number."""
    taken: list[tuple[float, float, float, float]] = []
    for number, (place, rings) in enumerate(zip(places, drawn, strict=True), start=1):
        visible = [ring for ring in rings if len(ring) >= 3]
        if not visible:
            continue
        x, y, room = label_place(visible)
        label = f"{number} {place.name}"
        box = label_box(x, y, label)
        overlaps = any(boxes_overlap(box, other) for other in taken)
        outside = box[0] < 0 or box[2] > WIDTH
        # White letters on the current place are bold, and beyond its edge nobody could read them.
        wanted = text_width(label, LABEL_SIZE) * (1.1 if place.is_current else 1.0)
        if wanted > room or overlaps or outside:
            label = str(number)
            box = label_box(x, y, label)
        taken.append(box)
        yield Outline(number, place, path_of(visible), label, x, y + LABEL_SIZE * 0.35)


def path_of(rings: Sequence[Ring]) -> str:
    return "".join(
        "M" + "L".join(f"{coordinate(round(x, 1))} {coordinate(round(y, 1))}" for x, y in ring) + "Z"
        for ring in rings
    )


def label_place(rings: Sequence[Ring]) -> tuple[float, float, float]:
    """The middle of the widest level stretch inside the rings, and its width."""
    ys = [y for ring in rings for _, y in ring]
    top, bottom = min(ys), max(ys)
    best = (rings[0][0][0], (top + bottom) / 2, 0.0)
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
        level = top + (bottom - top) * share
        crossings = sorted(crossings_at(rings, level))
        for start, end in zip(crossings[::2], crossings[1::2], strict=False):
            # A level off the middle must be clearly wider to win.
            if end - start > best[2] * 1.1:
                best = ((start + end) / 2, level, end - start)
    return best


def crossings_at(rings: Sequence[Ring], level: float) -> Iterator[float]:
    """Where the rings cross a level line."""
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > level) != (y2 > level):
                yield x1 + (level - y1) * (x2 - x1) / (y2 - y1)


def label_box(x: float, y: float, label: str) -> tuple[float, float, float, float]:
    half = text_width(label, LABEL_SIZE) / 2
    return (x - half, y - LABEL_SIZE * 0.6, x + half, y + LABEL_SIZE * 0.6)


def boxes_overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
