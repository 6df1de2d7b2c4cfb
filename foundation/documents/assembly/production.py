"""From a book to a file: which parts are missing, who renders them, and when all are there, the assembly."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from ..registry import Progress
from . import store
from .assembling import assemble
from .book import Book, Chapter, File
from .locks import held
from .names import PartNames
from .rendering import render_chapter

logger = logging.getLogger(__name__)

# More, with the one that a long book calls before it is there, would mostly wait for the longest chapter.
HELPERS = 2
_PAUSE_SECONDS = 0.01
_SECONDS_BETWEEN_NOTES = 0.5
_ASSEMBLY_STEPS = 1


@dataclass(frozen=True)
class _Wanted:
    """A chapter, and the name of the part that it becomes."""

    name: str
    chapter: Chapter


def produce(book: Book, progress: Progress, call_help: Callable[[int], None] | None) -> File:
    """See assembly.produce_file."""
    wanted = _wanted(book)
    steps = len(wanted) + _ASSEMBLY_STEPS
    gathering = _Gathering(book, wanted, progress)
    if call_help and len(gathering.missing) > 1:
        call_help(min(HELPERS, len(gathering.missing) - 1))
    gathering.until_complete()
    parts = gathering.parts
    progress(steps, steps, "Putting the chapters together")
    return assemble(book, [parts[one.name] for one in wanted])


def render_missing(book: Book, goes_on: Callable[[], bool]) -> int:
    """See assembly.render_missing."""
    rendered = 0
    for one in _longest_first(_wanted(book)):
        if not goes_on():
            break
        with held(one.name) as is_mine:
            if is_mine and store.read(one.name) is None:
                store.keep(one.name, render_chapter(book, one.chapter, note=_unheard))
                rendered += 1
    return rendered


class _Gathering:
    """Every part of a book: kept ones, those rendered here, and those that helpers render meanwhile."""

    def __init__(self, book: Book, wanted: list[_Wanted], progress: Progress) -> None:
        self._book, self._wanted, self._progress = book, wanted, progress
        self.parts = {one.name: data for one in wanted if (data := store.read(one.name)) is not None}
        self._noted_at = 0.0

    @property
    def missing(self) -> list[_Wanted]:
        return _longest_first([one for one in self._wanted if one.name not in self.parts])

    def until_complete(self) -> None:
        """All parts are in `parts`. What another worker holds is waited for, and rendered here if that worker dies."""
        while missing := self.missing:
            for one in missing:
                self._take(one)
            left = self.missing
            if len(left) == len(missing):
                self._wait_for(left[0])

    def _take(self, one: _Wanted) -> None:
        with held(one.name) as is_mine:
            data = store.read(one.name)
            if data is None and is_mine:
                self._note(one)
                data = render_chapter(
                    self._book, one.chapter, note=lambda words: self._note(one, f": {words}")
                )
                store.keep(one.name, data)
        if data is not None:
            self.parts[one.name] = data

    def _wait_for(self, one: _Wanted) -> None:
        if time.monotonic() - self._noted_at >= _SECONDS_BETWEEN_NOTES:
            self._note(one)
        time.sleep(_PAUSE_SECONDS)

    def _note(self, one: _Wanted, more: str = "") -> None:
        self._noted_at = time.monotonic()
        at = min(len(self.parts) + 1, len(self._wanted))
        self._progress(at, len(self._wanted) + _ASSEMBLY_STEPS, f"Setting “{one.chapter.title}”{more}")


def _wanted(book: Book) -> list[_Wanted]:
    names = PartNames(book)
    return [_Wanted(names.of(chapter), chapter) for chapter in book.rendered_first]


def _longest_first(wanted: list[_Wanted]) -> list[_Wanted]:
    return sorted(wanted, key=lambda one: -len(one.chapter.html))


def _unheard(label: str) -> None:
    """Nobody waits for this chapter."""
