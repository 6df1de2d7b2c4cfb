"""Two texts that grew from one, brought together word by word.

Blocks (paragraphs, headings, lists, tables) are matched first, words only inside a block that both changed. What one
person changed is taken; where both changed the same words, or wrote in the same place, both are kept for a person to
choose from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from foundation.richtext.cleaning import clean_html

from .paragraphs import blocks_of

_TOKENS = re.compile(r"<[^>]+>|[^<\s]+|\s+")
# A table of a thousand cells that both changed is shown to a person rather than compared cell by cell for seconds.
_MOST_TOKENS = 4_000


class Choice(StrEnum):
    """What stands where both changed the same."""

    THEIRS = "theirs"
    MINE = "mine"
    BOTH = "both"


@dataclass(frozen=True)
class Clash:
    """One place that both changed: canonical rich text of either side, empty where that side took it out."""

    number: int
    theirs: str
    mine: str

    def chosen(self, choice: Choice) -> str:
        return {Choice.THEIRS: self.theirs, Choice.MINE: self.mine, Choice.BOTH: self.theirs + self.mine}[
            choice
        ]


@dataclass(frozen=True)
class Merged:
    """The text in pieces, in reading order: what is settled, and what a person chooses."""

    pieces: tuple[str | Clash, ...]

    @property
    def clashes(self) -> list[Clash]:
        return [piece for piece in self.pieces if isinstance(piece, Clash)]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left to choose."""
        return not self.clashes

    def body(self, choices: Mapping[int, Choice] | None = None) -> str:
        """The whole text in canonical form; of a place without a choice both sides stand, theirs first."""
        wanted = choices or {}
        parts = (
            piece.chosen(wanted.get(piece.number, Choice.BOTH)) if isinstance(piece, Clash) else piece
            for piece in self.pieces
        )
        return clean_html("".join(parts))


def merge(base: str, theirs: str, mine: str) -> Merged:
    """`theirs` and `mine` brought together, as far as they changed different words of `base`.

    All three are canonical rich text (foundation.richtext). The same change on both sides is taken once.
    """
    pieces: list[str | Clash] = []
    number = 0
    for old, their_blocks, my_blocks in _chunks(blocks_of(base), blocks_of(theirs), blocks_of(mine)):
        settled = _settled(old, their_blocks, my_blocks)
        if settled is None:
            number += 1
            pieces.append(Clash(number, "".join(their_blocks), "".join(my_blocks)))
        else:
            pieces.append(settled)
    return Merged(tuple(pieces))


def _settled(old: Sequence[str], theirs: Sequence[str], mine: Sequence[str]) -> str | None:
    """What stands in the place of these blocks, or None if a person must choose."""
    if theirs in (old, mine):
        return "".join(mine)
    if mine == old:
        return "".join(theirs)
    if len(old) == len(theirs) == len(mine) == 1:
        return _merged_words(old[0], theirs[0], mine[0])
    return None


def _merged_words(old: str, theirs: str, mine: str) -> str | None:
    """One block with the words that either side changed; None if they touch, or make no whole block together."""
    before, their_words, my_words = (_TOKENS.findall(text) for text in (old, theirs, mine))
    if max(map(len, (before, their_words, my_words))) > _MOST_TOKENS:
        return None
    parts: list[str] = []
    for was, they_have, i_have in _chunks(before, their_words, my_words, apart=True):
        if they_have in (was, i_have):
            parts += i_have
        elif i_have == was:
            parts += they_have
        else:
            return None
    together = "".join(parts)
    # Tags that cross are mended by cleaning, and words that both made spaces around lose one: then it was not whole.
    return together if clean_html(together) == together else None


@dataclass(frozen=True)
class _Hunk:
    """Items `start` to `end` of the old sequence were replaced by `new`."""

    start: int
    end: int
    new: list[str]


def _chunks(
    old: list[str], theirs: list[str], mine: list[str], *, apart: bool = False
) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """The old sequence cut where either side changed it, with what each side has there.

    Changes that overlap, or that insert in the same place, fall into one chunk; with `apart` also those that touch.
    """
    their_hunks, my_hunks = list(_hunks(old, theirs)), list(_hunks(old, mine))
    position = 0
    while their_hunks or my_hunks:
        start = min(hunks[0].start for hunks in (their_hunks, my_hunks) if hunks)
        end = start
        taken: tuple[list[_Hunk], list[_Hunk]] = ([], [])
        growing = True
        while growing:
            growing = False
            for hunks, into, other in ((their_hunks, taken[0], taken[1]), (my_hunks, taken[1], taken[0])):
                while hunks and _belongs(hunks[0], start, end, into, other, apart=apart):
                    hunk = hunks.pop(0)
                    into.append(hunk)
                    end = max(end, hunk.end)
                    growing = True
        yield old[position:start], old[position:start], old[position:start]
        yield old[start:end], _applied(old, start, end, taken[0]), _applied(old, start, end, taken[1])
        position = end
    yield old[position:], old[position:], old[position:]


def _belongs(hunk: _Hunk, start: int, end: int, own: list[_Hunk], other: list[_Hunk], *, apart: bool) -> bool:
    """Whether the hunk is part of the chunk from `start` to `end` that holds these hunks of either side."""
    if not own and not other:
        return hunk.start == start
    if hunk.start < end:
        return True
    if hunk.start > end:
        return False
    if apart:
        return True
    # At the chunk's end: only what both inserted in the same place clashes.
    return any(before.start == before.end == hunk.start == hunk.end for before in other)


def _applied(old: list[str], start: int, end: int, hunks: list[_Hunk]) -> list[str]:
    result, position = [], start
    for hunk in hunks:
        result += old[position : hunk.start] + hunk.new
        position = hunk.end
    return result + old[position:end]


def _hunks(old: list[str], new: list[str]) -> Iterator[_Hunk]:
    """What was replaced by what, in order. Items that replace each other one for one are hunks of their own."""
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    middle = SequenceMatcher(None, old[first : len(old) - last], new[first : len(new) - last], autojunk=False)
    for tag, *places in middle.get_opcodes():
        if tag == "equal":
            continue
        old_from, old_to, new_from, new_to = (place + first for place in places)
        pairs = min(old_to - old_from, new_to - new_from) - 1
        for pair in range(pairs):
            yield _Hunk(old_from + pair, old_from + pair + 1, [new[new_from + pair]])
        pairs = max(pairs, 0)
        yield _Hunk(old_from + pairs, old_to, new[new_from + pairs : new_to])
