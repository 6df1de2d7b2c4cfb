"""Footnotes as readers meet them: a number at each place, the notes in order at the end, and links both ways."""

import re
from dataclasses import dataclass

_NOTE = re.compile(r"<small>(?P<words>.*?)</small>", re.DOTALL)


@dataclass(frozen=True)
class Note:
    """One footnote: clean HTML of one line, and the addresses of its mark in the text and of itself."""

    number: int
    html: str
    mark: str
    anchor: str


@dataclass(frozen=True)
class Numbered:
    """A text with numbers in the place of its footnotes."""

    html: str
    notes: tuple[Note, ...]


def numbered_notes(html: str, prefix: str) -> Numbered:
    """The text, made safe before, with its footnotes numbered from 1. Ids begin with `prefix`."""
    notes: list[Note] = []

    def mark(found: re.Match[str]) -> str:
        number = len(notes) + 1
        note = Note(number, found["words"], f"{prefix}-mark-{number}", f"{prefix}-note-{number}")
        notes.append(note)
        return (
            f'<a class="note-mark" id="{note.mark}" href="#{note.anchor}">'
            f'<sup><span class="visually-hidden">Note </span>{number}</sup></a>'
        )

    return Numbered(_NOTE.sub(mark, html), tuple(notes))
