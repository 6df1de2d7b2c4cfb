"""The live blocks that a plan's text may hold: their names. What they show is gathered in selectors/blocks.py.

A block stands in the text as `indicator:NI-12`, `budget:2026-27`, `locality:leith`, `outcomes`, `principles`,
`engagement` or `engagement:leith` (foundation.richtext.placed).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from foundation.richtext import placed

from .enums import BlockKind

_MARK = "Live figures: "
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_KEYS = {
    BlockKind.INDICATOR: re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,39}"),
    BlockKind.BUDGET: re.compile(r"20\d\d-\d\d"),
    BlockKind.LOCALITY: _SLUG,
    BlockKind.OUTCOMES: re.compile(""),
    BlockKind.PRINCIPLES: re.compile(""),
    BlockKind.ENGAGEMENT: re.compile(rf"(?:{_SLUG.pattern})?"),
}


@dataclass(frozen=True, order=True)
class Reference:
    """One block by its kind and its key: an indicator's code, a year, a locality's slug, or nothing."""

    kind: BlockKind
    key: str = ""

    def __str__(self) -> str:
        return f"{self.kind.value}:{self.key}" if self.key else self.kind.value

    @classmethod
    def read(cls, written: str) -> Reference | None:
        """The block of this name, or None if none can be called so."""
        kind, _, key = written.partition(":")
        return cls(BlockKind(kind), key) if kind in BlockKind.values and words(BlockKind(kind), key) else None

    @classmethod
    def of_year(cls, year: int) -> Reference:
        """The block of the budget of the financial year that begins in `year`."""
        return cls(BlockKind.BUDGET, f"{year}-{(year + 1) % 100:02d}")

    @property
    def name(self) -> str:
        """What it shows, inside a sentence: `indicator NI-12`."""
        return words(self.kind, self.key).removeprefix(_MARK)

    @property
    def has_latest(self) -> bool:
        """Whether its figures go on changing after the plan is published; the plan's own tables do not."""
        return self.kind not in {BlockKind.OUTCOMES, BlockKind.PRINCIPLES}

    @property
    def year(self) -> int:
        """The year in which the financial year of a budget's block begins."""
        return int(self.key[:4])


def words(kind: BlockKind, key: str) -> str:
    """What stands in the text for the block, or nothing if the key cannot be one of this kind."""
    if not _KEYS[kind].fullmatch(key) or (kind is BlockKind.BUDGET and not _is_year(key)):
        return ""
    named = {
        BlockKind.INDICATOR: f"indicator {key}",
        BlockKind.BUDGET: f"integrated budget of {key.replace('-', '/')}",
        BlockKind.LOCALITY: f"profile of the locality {key}",
        BlockKind.OUTCOMES: "which priority serves which national outcome",
        BlockKind.PRINCIPLES: "which priority has regard to which principle",
        BlockKind.ENGAGEMENT: f"you said, we did{f' in {key}' if key else ''}",
    }
    return f"{_MARK}{named[kind]}"


def _is_year(key: str) -> bool:
    return (int(key[:4]) + 1) % 100 == int(key[5:])


def references_in(texts: Iterable[str]) -> frozenset[Reference]:
    """The blocks that these texts hold."""
    found = (Reference.read(name) for text in texts for name in placed.references_in(text))
    return frozenset(reference for reference in found if reference)


_WORDS = {kind: partial(words, kind) for kind in BlockKind}


def register() -> None:
    """Texts keep these blocks."""
    for kind, name in _WORDS.items():
        placed.register(kind.value, name)
