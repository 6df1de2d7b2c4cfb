"""Blocks that stand in a text by name alone; what they show is filled in where the text is read.

A domain app registers its kinds in AppConfig.ready. In the text a block is a paragraph of its own with the words that
name it, `<p data-block="kind:key">words</p>`, so that it is read, compared, merged and carried like any paragraph.
"""

import re
from collections.abc import Callable
from html import escape

_REFERENCE = re.compile(r"(?P<kind>[a-z]{1,40})(?::(?P<key>[A-Za-z0-9][A-Za-z0-9._-]{0,119}))?")
_PARAGRAPH = re.compile(r'<p data-block="([A-Za-z0-9:._-]+)">')
_WHOLE = re.compile(r'<p data-block="[^"]*">.*?</p>', re.DOTALL)

Words = Callable[[str], str]
"""Gives the words that name the block with this key ("" for one without a key); nothing where it cannot be."""


class KindRegisteredTwice(ValueError):
    """Two apps name their blocks alike."""


_kinds: dict[str, Words] = {}


def register(kind: str, words: Words) -> None:
    """Blocks of this kind are kept in texts from here on. The same may be registered again."""
    if _kinds.setdefault(kind, words) is not words:
        raise KindRegisteredTwice(kind)


def words_of(reference: str) -> str:
    """The words that stand in a text for the block; nothing where no app knows such a block."""
    found = _REFERENCE.fullmatch(reference)
    words = _kinds.get(found["kind"]) if found else None
    return words(found["key"] or "") if found and words else ""


def paragraph(reference: str) -> str:
    """The block as it stands in canonical text. Raises ValueError where no app knows such a block."""
    words = words_of(reference)
    if not words:
        raise ValueError(f"No block is called {reference!r}")
    return f'<p data-block="{reference}">{escape(words, quote=False)}</p>'


def references_in(html: str) -> list[str]:
    """The blocks that stand in canonical text, in order, as often as they do."""
    return _PARAGRAPH.findall(html)


def without_blocks(html: str) -> str:
    """Canonical text as people wrote it: blocks, which only name what the portal shows, are left out."""
    return _WHOLE.sub("", html)
