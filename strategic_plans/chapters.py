"""An edition in reading order: chapters with their text and with what the portal adds. Web pages and PDF share it."""

from dataclasses import dataclass

from .editions import Edition, LocalityPart, Paragraph
from .outline import template_of

# A printed plan opens these on a new page, and so does what follows them; other chapters follow where the one before
# ends. What runs on is printed again together, so a change of a word costs the less the fewer run on. The last of them
# names the version, so no two versions share it; what the fingerprint changes is the cover alone.
_ALONE = {"priorities", "budget", "localities", "locality", "indicators", "legal"}
# A chapter with more characters of HTML, about a page, opens one too.
_LONG = 2_500


@dataclass(frozen=True)
class Chapter:
    """One page of the web edition, one part of the PDF. `generated` names what follows the text, or is empty."""

    key: str
    number: str
    title: str
    source: str
    paragraphs: tuple[Paragraph, ...]
    generated: str
    locality: LocalityPart | None = None

    @property
    def anchor(self) -> str:
        return f"part-{self.key}"

    @property
    def heading(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def is_nested(self) -> bool:
        return self.locality is not None

    @property
    def stands_alone(self) -> bool:
        """Whether it begins on a new page and what follows it does too, for what the portal adds to it."""
        return self.generated in _ALONE

    @property
    def opens_page(self) -> bool:
        """Whether it begins on a new page. It depends on itself alone: a change here moves no other beginning."""
        return self.stands_alone or self._length > _LONG

    @property
    def _length(self) -> int:
        return sum(len(paragraph.html) for paragraph in self.paragraphs)


def chapters_of(edition: Edition) -> tuple[Chapter, ...]:
    """Every chapter of the edition; each locality has a chapter of its own behind the section on localities."""
    chapters: list[Chapter] = []
    for section in edition.sections:
        template = template_of(section.key)
        generated = template.generated if template else ""
        chapters.append(
            Chapter(
                section.key, str(section.number), section.title, section.source, section.paragraphs, generated
            )
        )
        if generated == "localities":
            chapters += [_locality_chapter(locality) for locality in edition.localities]
    return tuple(chapters)


def _locality_chapter(locality: LocalityPart) -> Chapter:
    return Chapter(
        key=locality.anchor,
        number=locality.number,
        title=locality.name,
        source="2014 Act s.29(3)(b)",
        paragraphs=locality.paragraphs,
        generated="locality",
        locality=locality,
    )


@dataclass(frozen=True)
class Place:
    """A chapter with its neighbours."""

    chapter: Chapter
    previous: Chapter | None
    next: Chapter | None


def place_of(chapters: tuple[Chapter, ...], key: str) -> Place | None:
    """Where the chapter with this key stands, or None if there is none."""
    for position, chapter in enumerate(chapters):
        if chapter.key == key:
            previous = chapters[position - 1] if position else None
            following = chapters[position + 1] if position + 1 < len(chapters) else None
            return Place(chapter, previous, following)
    return None
