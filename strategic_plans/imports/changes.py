"""What bringing a Word file in changes or leaves out, in sentences for the person who does it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from foundation.sgds.formats import count_in_words

# What was counted: one of it, several of it, and what became of it.
_TOLD: tuple[tuple[str, str, str, str, str], ...] = (
    ("tracked", "tracked change", "tracked changes", "was taken as accepted", "were taken as accepted"),
    ("comments", "comment", "comments", "is left out", "are left out"),
    (
        "boxes",
        "text box",
        "text boxes",
        "became text, behind the paragraph it was anchored to",
        "became text, each behind the paragraph it was anchored to",
    ),
    (
        "lost_boxes",
        "text box",
        "text boxes",
        "cannot be read and is left out",
        "cannot be read and are left out",
    ),
    ("chart", "chart", "charts", "is left out", "are left out"),
    ("diagram", "SmartArt drawing", "SmartArt drawings", "is left out", "are left out"),
    ("shape", "drawing made of shapes", "drawings made of shapes", "is left out", "are left out"),
    (
        "altChunk",
        "piece taken from another file",
        "pieces taken from other files",
        "is left out: open the document in Word and save it, which brings it in",
        "are left out: open the document in Word and save it, which brings them in",
    ),
    (
        "subDoc",
        "document within the document",
        "documents within the document",
        "is left out",
        "are left out",
    ),
    (
        "vanish",
        "stretch of hidden text",
        "stretches of hidden text",
        "can be read now: take it out if it is not meant for readers",
        "can be read now: take them out if they are not meant for readers",
    ),
    (
        "object",
        "embedded object",
        "embedded objects",
        "is left out, except for its picture",
        "are left out, except for their pictures",
    ),
    ("oMath", "equation", "equations", "is left out", "are left out"),
    (
        "linked",
        "picture",
        "pictures",
        "is only linked to and not in the file, so it is left out",
        "are only linked to and not in the file, so they are left out",
    ),
    ("nested", "table within a table", "tables within tables", "became paragraphs", "became paragraphs"),
    (
        "headed",
        "table",
        "tables",
        "had no header row, so its first row is one now",
        "had no header row, so their first rows are now",
    ),
    ("boxed", "box drawn as a table", "boxes drawn as tables", "became text", "became text"),
    (
        "links",
        "link to a place within the file",
        "links to places within the file",
        "became text",
        "became text",
    ),
)


def changes_in_words(counts: Mapping[str, int], refused: Counter[str]) -> Iterator[str]:
    """A sentence for each kind of change. `refused` says of pictures why they are left out, and how many."""
    for name, one, many, is_so, are_so in _TOLD:
        if number := counts.get(name, 0):
            yield _sentence(f"{count_in_words(number, one, many)} {is_so if number == 1 else are_so}.")
    for why, number in refused.items():
        yield _sentence(f"{count_in_words(number, 'picture')} left out: {why}.")
    yield "Colours, fonts, page breaks, headers and footers stay behind."


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]
