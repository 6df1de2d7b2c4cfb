"""A tagged PDF assembled from chapters that were rendered on their own.

A `Book` says what the file holds. `produce` renders the chapters that are not kept yet, with whichever workers are
free, and assembles them; `help_with` is what a free worker does; `render_ahead` renders before anybody asks. A chapter
is kept by the hash of all that shapes it, so unchanged content is never rendered twice. Why so: docs/adr/0006.

The modules behind these functions need WeasyPrint: they are loaded by a process that prints, and by no other.
"""

from collections.abc import Callable

from ..pdf import printing_module, silent
from ..registry import Progress
from .book import Book, Chapter, File, PageOf
from .faults import AssemblyFault

__all__ = [
    "AssemblyFault",
    "Book",
    "Chapter",
    "File",
    "PageOf",
    "produce",
    "produce_file",
    "render_missing",
]


def produce(book: Book, *, progress: Progress = silent) -> bytes:
    """The bytes of `produce_file`, for whoever needs no more."""
    return produce_file(book, progress=progress).data


def produce_file(
    book: Book, *, progress: Progress = silent, call_help: Callable[[int], None] | None = None
) -> File:
    """The book as one PDF/UA-1 and PDF/A-2a file. The same book is the same bytes, whatever was kept of it before.

    A step for each chapter, which it names, and one for the assembly. `call_help(n)` is called once if n further
    workers could render chapters at the same time; nothing is lost if none comes, or if one dies.

    Raises what `progress` raises, DocumentRefused in words for a book beyond the portal's bounds, AssemblyFault.
    """
    file: File = printing_module("assembly.production").produce(book, progress, call_help)
    return file


def render_missing(book: Book, *, goes_on: Callable[[], bool]) -> int:
    """Chapters that nobody has rendered or is rendering are rendered and kept; returns how many.

    `goes_on` is asked before each chapter.
    """
    rendered: int = printing_module("assembly.production").render_missing(book, goes_on)
    return rendered
