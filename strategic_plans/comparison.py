"""What changed between two texts, word by word. Clean rich text in, plain words out: the result is shown as text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import combinations, groupby

from foundation.richtext.cleaning import compared_text, plain_text

_WORDS = re.compile(r"\S+")
_SHINGLE = 3


class Change(Enum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, came or went."""

    change: Change
    text: str

    @property
    def is_added(self) -> bool:
        return self.change is Change.ADDED

    @property
    def is_removed(self) -> bool:
        return self.change is Change.REMOVED


Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Passage:
    """A line with a change in it, or how many lines without one stand between two such lines."""

    line: Line = ()
    unchanged: int = 0


@dataclass(frozen=True)
class Comparison:
    """A line for each block of text, in reading order."""

    lines: tuple[Line, ...]

    @property
    def passages(self) -> list[Passage]:
        """What changed, in reading order, with what stayed the same only counted."""
        found: list[Passage] = []
        for is_same, run in groupby(self.lines, key=_is_same):
            lines = list(run)
            found += [Passage(unchanged=len(lines))] if is_same else [Passage(line) for line in lines]
        return found

    @property
    def added(self) -> int:
        return self._count(Change.ADDED)

    @property
    def removed(self) -> int:
        return self._count(Change.REMOVED)

    @property
    def is_same(self) -> bool:
        return not self.added and not self.removed

    def _count(self, change: Change) -> int:
        pieces = (piece for line in self.lines for piece in line if piece.change is change)
        return sum(len(_WORDS.findall(piece.text)) for piece in pieces)


def _is_same(line: Line) -> bool:
    return all(piece.change is Change.SAME for piece in line)


def compare(before: str, after: str) -> Comparison:
    """The words of `after` with those of `before` that went, block by block.

    Blocks are matched first and words only inside blocks that changed, so a long text with one changed paragraph
    is compared as fast as that paragraph.
    """
    old, new = compared_text(before).splitlines(), compared_text(after).splitlines()
    lines: list[Line] = []
    for tag, old_from, old_to, new_from, new_to in _steps(old, new):
        if tag == "equal":
            lines += [(Piece(Change.SAME, line),) for line in new[new_from:new_to]]
        else:
            lines += _changed_lines(old[old_from:old_to], new[new_from:new_to])
    return Comparison(tuple(lines))


def _changed_lines(old: list[str], new: list[str]) -> Iterator[Line]:
    """Lines that replace each other are compared in pairs; what is left over came or went whole."""
    for before, after in zip(old, new, strict=False):
        yield tuple(_changed_words(before.split(), after.split()))
    for line in old[len(new) :]:
        yield (Piece(Change.REMOVED, line),)
    for line in new[len(old) :]:
        yield (Piece(Change.ADDED, line),)


def _changed_words(old: list[str], new: list[str]) -> Iterator[Piece]:
    for tag, old_from, old_to, new_from, new_to in _steps(old, new):
        if tag == "equal":
            yield Piece(Change.SAME, " ".join(new[new_from:new_to]))
            continue
        if old_from < old_to:
            yield Piece(Change.REMOVED, " ".join(old[old_from:old_to]))
        if new_from < new_to:
            yield Piece(Change.ADDED, " ".join(new[new_from:new_to]))


def _steps(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, old, new, autojunk=False).get_opcodes()


def near_identical(texts: dict[str, str], threshold: float = 0.85) -> list[tuple[str, str]]:
    """The names of all pairs of texts that share more than the threshold of their three-word sequences.

    A text copied with only the names changed is found; texts on one subject in their own words are not. Empty texts
    are left out, and texts of fewer than three words are compared whole.
    """
    sequences = {name: _shingles(text) for name, text in texts.items() if text.strip()}
    return [
        (one, other)
        for one, other in combinations(sequences, 2)
        if _overlap(sequences[one], sequences[other]) > threshold
    ]


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", plain_text(text).lower())
    size = min(_SHINGLE, len(words)) or 1
    return Counter(tuple(words[start : start + size]) for start in range(len(words) - size + 1))


def _overlap(first: Counter[tuple[str, ...]], second: Counter[tuple[str, ...]]) -> float:
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 0.0
