"""The canonical form of rich text, rebuilt from any tree.

Running text is held as runs (text with its marks), so that nesting, repetition and spacing of inline tags cannot
vary; blocks follow a small grammar:

    text   = (heading | paragraph | list | quotation | table | picture | placed)*
    list   = item+          item = paragraph-or-text followed by paragraphs, lists and pictures
    quotation, cell = paragraphs, lists and pictures only
    placed = a paragraph that names something to be shown there (see placed.py)

A footnote stands in running text where its mark is read: <small>its words</small>, which hold marks and links and no
other footnote. A picture is one that the portal keeps, named by the SHA-256 of its bytes. alt="" says that it is
decoration; without alt nobody has described it yet, which is to be put right before readers see it.
"""

from .building import flow
from .grammar import PICTURE_ADDRESS as PICTURE_ADDRESS
from .grammar import TRANSLATED_TAGS as TRANSLATED_TAGS
from .grammar import WRITTEN_TAGS as WRITTEN_TAGS
from .grammar import Heading
from .grammar import address as address
from .tree import parse
from .words import plain_text as plain_text
from .writing import write_block


class HeadingLevels:
    """Levels that start at `top`, never skip one going down and never exceed `deepest`."""

    def __init__(self, top: int, deepest: int) -> None:
        self._top = top
        self._deepest = deepest
        self._above: list[int] = []

    def next(self, level: int) -> int:
        while self._above and self._above[-1] >= level:
            self._above.pop()
        self._above.append(level)
        return min(self._top + len(self._above) - 1, self._deepest)


def rebuild(html: str) -> str:
    """Canonical HTML for markup that nh3 has written (well-formed, no scripts)."""
    blocks = list(flow(parse(html).children, depth=0))
    levels = HeadingLevels(top=2, deepest=4)
    for block in blocks:
        if isinstance(block, Heading):
            block.level = levels.next(block.level)
    return "".join(write_block(block) for block in blocks)
