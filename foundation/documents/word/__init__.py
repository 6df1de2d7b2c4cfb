"""A book as a Word file (.docx): the same HTML that is printed, as headings, lists and tables that Word itself knows.

Charts are Word's own, with their sentence and their table; other drawings are left out. Why python-docx:
docs/adr/0007. The modules behind `write_word` are loaded by a process that writes such a file, and by no other.
"""

from importlib import import_module

from ..assembly.book import Book
from ..pdf import silent
from ..registry import Progress

__all__ = ["EXTENSION", "MEDIA_TYPE", "write_word"]

EXTENSION = "docx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def write_word(book: Book, *, progress: Progress = silent) -> bytes:
    """The book as one .docx file, a step for each of its chapters. The same book is the same bytes.

    Raises what `progress` raises.
    """
    data: bytes = import_module(f"{__name__}.writing").write(book, progress)
    return data
