"""The golden thread: why something is in a plan, how it is carried out, and where the thread between the two is cut.

Outcomes and principles stand at the top; priorities hang on them; actions, indicators, money and places hang on
priorities. Following the links up answers why, following them down answers how.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property


class Kind(Enum):
    """What hangs on the thread, from the top down."""

    OUTCOME = "outcome"
    PRINCIPLE = "principle"
    PRIORITY = "priority"
    ACTION = "action"
    INDICATOR = "indicator"
    LINE = "line"
    PLACE = "place"

    @property
    def word(self) -> str:
        return _WORDS[self][0]

    @property
    def words(self) -> str:
        return _WORDS[self][1]


_WORDS = {
    Kind.OUTCOME: ("Outcome", "National outcomes"),
    Kind.PRINCIPLE: ("Principle", "Principles"),
    Kind.PRIORITY: ("Priority", "Priorities"),
    Kind.ACTION: ("Action", "Actions"),
    Kind.INDICATOR: ("Indicator", "Indicators"),
    Kind.LINE: ("Money", "Budget lines"),
    Kind.PLACE: ("Place", "Places"),
}


@dataclass(frozen=True)
class Knot:
    """Something that hangs on the thread. `said` is what the page tells of it; `url` its own page, if it has one."""

    kind: Kind
    key: str
    label: str
    said: str = ""
    url: str = ""

    @property
    def address(self) -> str:
        """How the page's address names it: priority-12."""
        return f"{self.kind.value}-{self.key}"


@dataclass(frozen=True)
class Link:
    """The lower knot serves the upper one; `words` say how, read from either end."""

    upper: str
    lower: str
    words: str = ""


@dataclass(frozen=True)
class Cut:
    """A place where the thread is cut: the knot that it is at, in words, where it is mended, and tags for the knot."""

    at: str
    words: str
    label: str
    url: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Branch:
    """A knot with what hangs on it in one direction."""

    knot: Knot
    words: str
    branches: tuple[Branch, ...]
    cuts: tuple[Cut, ...]


@dataclass(frozen=True)
class Thread:
    """All knots of a plan, the links between them, and the cuts."""

    knots: tuple[Knot, ...]
    links: tuple[Link, ...]
    cuts: tuple[Cut, ...]

    @cached_property
    def by_address(self) -> dict[str, Knot]:
        return {knot.address: knot for knot in self.knots}

    @cached_property
    def _uppers(self) -> dict[str, list[tuple[str, str]]]:
        return _grouped((link.lower, link.upper, link.words) for link in self.links)

    @cached_property
    def _lowers(self) -> dict[str, list[tuple[str, str]]]:
        return _grouped((link.upper, link.lower, link.words) for link in self.links)

    @cached_property
    def _cuts(self) -> dict[str, list[Cut]]:
        cuts = defaultdict(list)
        for cut in self.cuts:
            cuts[cut.at].append(cut)
        return cuts

    def cuts_at(self, knot: Knot) -> tuple[Cut, ...]:
        return tuple(self._cuts.get(knot.address, ()))

    def why(self, knot: Knot) -> tuple[Branch, ...]:
        """What the knot serves, up to the outcomes and principles."""
        return self._follow(knot, self._uppers)

    def how(self, knot: Knot) -> tuple[Branch, ...]:
        """What serves the knot, down to actions, indicators, money and places."""
        return self._follow(knot, self._lowers)

    def _follow(self, knot: Knot, ways: dict[str, list[tuple[str, str]]]) -> tuple[Branch, ...]:
        found = [(self.by_address[other], words) for other, words in ways.get(knot.address, ())]
        return tuple(
            Branch(other, words, self._follow(other, ways), self.cuts_at(other))
            for other, words in sorted(found, key=lambda pair: _ORDER[pair[0].kind])
        )

    def of_kind(self, kind: Kind) -> tuple[Knot, ...]:
        return tuple(knot for knot in self.knots if knot.kind is kind)

    @property
    def priorities(self) -> tuple[Knot, ...]:
        return self.of_kind(Kind.PRIORITY)

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Every knot under the name of its kind, for a list to choose from."""
        return [
            (kind.words, [(knot.address, knot.label) for knot in found])
            for kind in Kind
            if (found := self.of_kind(kind))
        ]


_ORDER = {kind: place for place, kind in enumerate(Kind)}


def _grouped(rows: Iterable[tuple[str, str, str]]) -> dict[str, list[tuple[str, str]]]:
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one, other, words in rows:
        groups[one].append((other, words))
    return groups
