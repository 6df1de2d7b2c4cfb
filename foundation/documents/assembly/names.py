"""The name under which a part is kept: the hash of all that shapes it. Its place in the book is no part of it."""

import hashlib
import json
import posixpath
import re
from collections.abc import Iterable, Iterator

from weasyprint import VERSION
from weasyprint.text.ffi import pango

from ..static_files import static_file
from .book import Book, Chapter

# Raise it when a part comes out differently from the same chapter.
FORMAT = 4
# The stylesheet that makes a chapter a document of its own, after the book's stylesheets.
PART_STYLESHEET = "documents/part.css"

_ADDRESS = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")


class PartNames:
    """Names of one book's parts."""

    def __init__(self, book: Book) -> None:
        style = [
            _sha256(data) for name in (*book.stylesheets, PART_STYLESHEET) for data in _with_its_files(name)
        ]
        self._shared = [
            FORMAT,
            VERSION,
            pango.pango_version(),
            style,
            book.language,
            book.running_title or book.title,
        ]

    def of(self, chapter: Chapter) -> str:
        files = {name: _sha256(data) for name, data in chapter.files.items()}
        return self.of_sheet("chapter", chapter.key, chapter.title, chapter.html, files)

    def of_sheet(self, kind: str, *what: object) -> str:
        """The name of something that is no chapter of the book: the mark, the folio's model."""
        return _sha256(json.dumps([*self._shared, kind, *what], sort_keys=True).encode())


def name_of_font(face: str, version: tuple[int, ...], glyphs: Iterable[int]) -> str:
    """The name of the font that holds these glyphs of a face, whichever parts they come from."""
    return _sha256(json.dumps([FORMAT, "font", face, version, sorted(glyphs)]).encode())


def _with_its_files(stylesheet: str) -> Iterator[bytes]:
    data = static_file(stylesheet)
    yield data
    for address in _ADDRESS.findall(data.decode()):
        yield static_file(posixpath.normpath(posixpath.join(posixpath.dirname(stylesheet), address)))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
