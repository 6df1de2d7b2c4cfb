"""A published plan cut into passages: each is found by its words, and says of which places and outcomes it speaks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foundation.richtext.cleaning import plain_text

from .chapters import Chapter, chapters_of
from .editions import Edition, PriorityPart

# The configuration by which PostgreSQL brings words to their stems.
LANGUAGE = "english"


@dataclass(frozen=True, kw_only=True)
class PassageText:
    """`chapter` and `anchor` are where it is read; `outcomes` and `localities` are those that the plan names for it.

    `section` is the heading of the section whose text it is, and empty for everything else.
    """

    chapter: str
    section: str = ""
    anchor: str
    heading: str
    text: str
    outcomes: tuple[int, ...] = ()
    localities: tuple[str, ...] = ()


def passages_of(edition: Edition) -> tuple[PassageText, ...]:
    """Everything in the edition that somebody wrote for it, in reading order."""
    return tuple(passage for chapter in chapters_of(edition) for passage in _of_chapter(edition, chapter))


def years_of(edition: Edition) -> list[int]:
    """The years from April to March in which the plan runs, each by the year in which it begins."""
    if edition.period_start is None or edition.period_end is None:
        return []
    first = edition.period_start.year - (edition.period_start.month < 4)
    last = edition.period_end.year - (edition.period_end.month < 4)
    return list(range(first, last + 1))


def _of_chapter(edition: Edition, chapter: Chapter) -> Iterator[PassageText]:
    places = (chapter.locality.name,) if chapter.locality else ()
    heading = chapter.heading
    for paragraph in chapter.paragraphs:
        text = plain_text(paragraph.html)
        if paragraph.is_heading:
            heading = f"{chapter.heading}: {text}"
        elif text:
            yield PassageText(
                chapter=chapter.key,
                anchor=paragraph.anchor,
                section="" if chapter.locality else chapter.heading,
                heading=heading,
                text=text,
                localities=places,
            )
    if chapter.generated == "priorities":
        for priority in edition.priorities:
            yield from _of_priority(chapter, priority)
    elif chapter.generated == "engagement" and edition.engagement:
        for activity in edition.engagement.activities:
            yield PassageText(
                chapter=chapter.key,
                anchor="",
                heading=f"{chapter.heading}: {activity.place}",
                text=activity.heard,
                localities=(activity.locality,) if activity.locality else (),
            )


def _of_priority(chapter: Chapter, priority: PriorityPart) -> Iterator[PassageText]:
    outcomes = tuple(link.number for link in priority.outcomes)
    heading = f"Priority {priority.number}: {priority.title}"
    said = (priority.rationale, priority.evidence_of_need, *(link.explanation for link in priority.outcomes))
    yield PassageText(
        chapter=chapter.key,
        anchor=priority.anchor,
        heading=heading,
        text="\n".join(words for words in said if words),
        outcomes=outcomes,
        localities=priority.localities,
    )
    for action in priority.actions:
        yield PassageText(
            chapter=chapter.key,
            anchor=priority.anchor,
            heading=f"{heading}, action {action.label}",
            text="\n".join(words for words in (action.title, action.what) if words),
            outcomes=outcomes,
            localities=action.localities,
        )
