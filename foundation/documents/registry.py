"""Which kinds of documents there are. Domain apps register theirs in AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from .models import Document

if TYPE_CHECKING:
    from .assembly.book import Book


class Progress(Protocol):
    def __call__(self, step: int, steps: int, label: str) -> None:
        """The document's page shows "Step `step` of `steps`: `label`". Raises LeaseLost when work must stop."""


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """How one kind of document is made and who may have it.

    `build(document, progress)` returns the file's bytes; it may raise DocumentRefused with words for people. A kind
    with a `book` needs no build of its own: `book(document)` says what is in the PDF, and all free workers render it.
    `is_long`: the book has many chapters, so another worker is called at once and puts it together too, meanwhile.
    `may_download(user, document)` is asked each time that the page or the file is opened.
    `may_manage(user, document)` is asked before it is cancelled or tried again; without it only who asked for
    the document may do that.
    `downloaded(user, document)` is called once for each download, for the domain's own record.
    `origin(document)` gives the address and the words of the page to go back to.
    `places(document, names)` gives, for named places of the file, the addresses at which they are read or changed.
    """

    code: str
    label: str
    build: Callable[[Document, Progress], bytes] | None
    may_download: Callable[[Any, Document], bool]
    may_manage: Callable[[Any, Document], bool] | None = None
    downloaded: Callable[[Any, Document], None] | None = None
    origin: Callable[[Document], tuple[str, str]] | None = None
    places: Callable[[Document, set[str]], dict[str, str]] | None = None
    extension: str = "pdf"
    content_type: str = "application/pdf"
    book: Callable[[Document], Book] | None = None
    is_long: bool = False

    def __post_init__(self) -> None:
        if (self.build is None) == (self.book is None):
            raise ValueError(f"documents of kind {self.code} are either built or made from a book")

    def is_managed_by(self, user: Any, document: Document) -> bool:
        if self.may_manage:
            return self.may_manage(user, document)
        return document.requested_by_id is not None and document.requested_by_id == user.pk


class DocumentRefused(Exception):
    """Raised by a build: the document cannot be made. The text says to people why, and what to do."""


class UnknownKind(LookupError):
    """No app has registered this kind of document."""


class KindRegisteredTwice(ValueError):
    """Two kinds share one code."""


_kinds: dict[str, DocumentKind] = {}
_files: dict[str, Callable[[str], bytes | None]] = {}


def register(kind: DocumentKind) -> None:
    """Documents of this kind can be requested from here on. The same kind may be registered again."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise KindRegisteredTwice(kind.code)


def get(code: str) -> DocumentKind:
    """The kind with this code. Raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(code) from None


def find(code: str) -> DocumentKind | None:
    """The kind with this code, or None for rows whose app is no longer installed."""
    return _kinds.get(code)


def register_files(folder: str, read: Callable[[str], bytes | None]) -> None:
    """Documents may show the files of this folder of addresses ("pictures/"), which `read` finds by the rest.

    `read` gives the bytes or None, and the same bytes for the same name for ever: parts of documents are kept.
    """
    _files[folder] = read


def kept_file(path: str) -> bytes | None:
    """The file that an app registered under this address on the portal, or None."""
    for folder, read in _files.items():
        if path.startswith(folder):
            return read(path.removeprefix(folder))
    return None
