"""An edition as web pages: the contents, and one page for each chapter with its neighbours."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any

from .block_lines import lines_of
from .chapters import Chapter, chapters_of, place_of
from .comparison import Comparison, compare
from .editions import Edition
from .figures import generated_part, locality_map
from .models import NamedSnapshot

ChapterUrl = Callable[[str], str]


@dataclass(frozen=True)
class ComparedChapter:
    """A chapter in the words of two editions. One that only one of them has is new, or gone."""

    title: str
    key: str
    comparison: Comparison
    is_new: bool
    is_gone: bool


def compared_chapters(before: Edition, after: Edition) -> list[ComparedChapter]:
    """The chapters whose words differ, in the order of the later edition, then those that are gone."""
    old = {chapter.key: chapter for chapter in chapters_of(before)}
    new = {chapter.key: chapter for chapter in chapters_of(after)}
    compared = [
        ComparedChapter(
            (new.get(key) or old[key]).title,
            key,
            compare(_words_of(old.get(key)), _words_of(new.get(key))),
            is_new=key not in old,
            is_gone=key not in new,
        )
        for key in dict.fromkeys([*new, *old])
    ]
    return [chapter for chapter in compared if not chapter.comparison.is_same]


def _words_of(chapter: Chapter | None) -> str:
    """The text, and after the name of each live block what its figures say, a line each."""
    if chapter is None:
        return ""
    return "".join(
        paragraph.html + "".join(f"<p>{escape(line)}</p>" for line in lines_of(paragraph.block))
        for paragraph in chapter.paragraphs
    )


@dataclass(frozen=True)
class Link:
    chapter: Chapter
    url: str


@dataclass(frozen=True)
class Reading:
    """How one edition is read: from a draft as a preview, or from a published version.

    `chapter_url` gives the address of a chapter by its key; `permanent_url` the one that never shows other words,
    which only a version has. `named` is the snapshot that a preview shows instead of the draft of this moment.
    """

    edition: Edition
    fingerprint: str
    contents_url: str
    chapter_url: ChapterUrl
    permanent_url: ChapterUrl | None = None
    address: str = ""
    is_preview: bool = False
    named: NamedSnapshot | None = None
    back_url: str = ""

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        return chapters_of(self.edition)

    @property
    def links(self) -> list[Link]:
        return [self.link(chapter) for chapter in self.chapters]

    @property
    def map(self) -> Any:
        return locality_map(self.edition, address=self.chapter_url)

    def link(self, chapter: Chapter) -> Link:
        return Link(chapter, self.chapter_url(chapter.key))

    def chapter_context(self, key: str) -> dict[str, Any] | None:
        """What the page of a chapter needs, or None if the edition has no such chapter."""
        place = place_of(self.chapters, key)
        if place is None:
            return None
        return {
            "reading": self,
            "edition": self.edition,
            "chapter": place.chapter,
            "part": generated_part(self.edition, place.chapter, self.chapter_url),
            "permanent": self.permanent_url(key) if self.permanent_url else "",
            "address": self.address,
            "fingerprint": self.fingerprint,
            "previous": self.link(place.previous) if place.previous else None,
            "next": self.link(place.next) if place.next else None,
            "pdf": False,
        }
