"""What a document is made of, before anything is rendered, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..pdf_checks import Fault

PageOf = Callable[[str], int]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A run of text that begins on a new page. `html` is what stands in the body.

    A link to any chapter of the book is a plain href="#id"; ids that links lead to are unique in the whole book.
    Nothing in the HTML may depend on the page on which the chapter will stand. `files` are images by name, used as
    portal-file:NAME.
    """

    key: str
    title: str
    html: str
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Book:
    """A whole document: a cover, contents with page numbers, chapters.

    `stylesheets` are names of static files. `created` is the date that the file bears: give the content's own, so that
    the same content is the same file. `contents` writes the HTML of the contents once it is known on which page each id
    stands. `mark` is the class of a body whose page background and margin boxes lie under every page: "draft", say.
    `running_title` stands in the head of each page, the title itself unless another is given. `mark_words` stand at
    the foot of each marked page, instead of those that the stylesheet has for the mark.
    """

    title: str
    language: str
    created: datetime
    stylesheets: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    cover: Chapter | None = None
    contents: Callable[[PageOf], str] | None = None
    author: str = ""
    description: str = ""
    mark: str = ""
    running_title: str = ""
    mark_words: str = ""

    @property
    def rendered_first(self) -> tuple[Chapter, ...]:
        """All that can be rendered before the pages are counted."""
        return (self.cover, *self.chapters) if self.cover else self.chapters


@dataclass(frozen=True)
class File:
    """A book as a file, with what is wrong with it for people who use assistive technology.

    `sources` are what it was made from. Letting go of their many thousand objects takes as long as writing the file:
    whoever delivers it holds them until that is done.
    """

    data: bytes
    faults: list[Fault] = field(default_factory=list)
    sources: object = field(default=None, repr=False)
