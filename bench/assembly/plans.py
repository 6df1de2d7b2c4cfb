"""Large plans for measuring: the demonstration's plan, written at length, through the portal's own chapters."""

from __future__ import annotations

import random
from dataclasses import replace

from foundation.richtext.cleaning import clean_html
from strategic_plans.editions import Edition, IndicatorPart, Paragraph, SectionPart

# Plain words of the field, so that lines break and letters repeat as they do in a plan.
WORDS = (
    *(
        "people",
        "care",
        "home",
        "carers",
        "support",
        "services",
        "community",
        "locality",
        "hospital",
        "nurse",
        "team",
    ),
    *(
        "plan",
        "health",
        "wellbeing",
        "evidence",
        "need",
        "partnership",
        "prevention",
        "early",
        "help",
        "family",
    ),
    *(
        "area",
        "budget",
        "resource",
        "workforce",
        "housing",
        "recovery",
        "outcome",
        "indicator",
        "delivery",
        "review",
    ),
    *(
        "change",
        "first",
        "through",
        "with",
        "from",
        "which",
        "their",
        "between",
        "during",
        "where",
        "every",
        "year",
    ),
    *(
        "across",
        "local",
        "the",
        "the",
        "the",
        "and",
        "and",
        "of",
        "of",
        "to",
        "to",
        "in",
        "in",
        "a",
        "a",
        "for",
        "on",
    ),
    *("by", "is", "are", "will", "be", "more", "less"),
)
INDICATORS = 20
TEXT_TABLES = 12
ROWS, COLUMNS = 9, 4


def large_edition(edition: Edition, *, words: int, seed: int = 1) -> Edition:
    """The edition with about so many words in its sections, twelve tables in them, and twenty indicators."""
    chance = random.Random(seed)
    each = words // len(edition.sections)
    tables = spread(TEXT_TABLES, len(edition.sections))
    sections = tuple(
        written_at_length(section, words=each, tables=tables[place], chance=chance)
        for place, section in enumerate(edition.sections)
    )
    return replace(edition, sections=sections, indicators=twenty(edition.indicators))


def many_times(edition: Edition, times: int) -> Edition:
    """The edition with its plain sections written out several times, each with words of its own."""
    sections = list(edition.sections)
    for time in range(1, times):
        longer = large_edition(edition, words=sum(map(words_in, edition.sections)), seed=time + 1)
        for section in longer.sections:
            number = len(sections) + 1
            key = f"{section.key}-{time}"
            paragraphs = tuple(
                replace(one, anchor=f"{one.anchor}-{time}" if one.anchor else "")
                for one in section.paragraphs
            )
            sections.append(replace(section, key=key, number=number, paragraphs=paragraphs))
    return replace(edition, sections=tuple(sections))


def with_a_change(edition: Edition, place: int, words: str) -> Edition:
    """The edition with other words in the first paragraph of one section."""
    sections = list(edition.sections)
    first, *others = sections[place].paragraphs
    changed = replace(first, html=f"<p>{words}</p>")
    sections[place] = replace(sections[place], paragraphs=(changed, *others))
    return replace(edition, sections=tuple(sections))


def words_in(section: SectionPart) -> int:
    return sum(len(paragraph.html.split()) for paragraph in section.paragraphs)


def spread(things: int, places: int) -> list[int]:
    """So many things dealt out as evenly as they go."""
    return [things * (place + 1) // places - things * place // places for place in range(places)]


def written_at_length(section: SectionPart, *, words: int, tables: int, chance: random.Random) -> SectionPart:
    blocks: list[Paragraph] = []
    written = numbered = 0
    while written < words:
        numbered += 1
        if numbered % 6 == 0:
            heading = sentence(chance, 4).rstrip(".")
            anchor = f"heading-{section.number}-{numbered}"
            blocks.append(Paragraph(anchor=anchor, number="", html=f"<h2>{heading}</h2>"))
        text = " ".join(sentence(chance, chance.randint(9, 24)) for _ in range(chance.randint(3, 6)))
        written += len(text.split())
        number = f"{section.number}.{numbered}"
        anchor = f"paragraph-{section.number}-{numbered}"
        blocks.append(Paragraph(anchor=anchor, number=number, html=f"<p>{text}</p>"))
        if tables and numbered % 3 == 0:
            tables -= 1
            blocks.append(Paragraph(anchor="", number="", html=table(chance)))
    return replace(section, paragraphs=tuple(blocks))


def sentence(chance: random.Random, length: int) -> str:
    return " ".join(chance.choices(WORDS, k=length)).capitalize() + "."


def table(chance: random.Random) -> str:
    head = "".join(f'<th scope="col">{sentence(chance, 2)}</th>' for _ in range(COLUMNS))
    rows = "".join(
        f'<tr><th scope="row">{sentence(chance, 3)}</th>'
        + "".join(f"<td>{chance.randint(100, 99_999):,}</td>" for _ in range(COLUMNS - 1))
        + "</tr>"
        for _ in range(ROWS)
    )
    caption = sentence(chance, 5)
    return clean_html(
        f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def twenty(indicators: tuple[IndicatorPart, ...]) -> tuple[IndicatorPart, ...]:
    """Twenty indicators with figures: the edition's own, over and over under other names."""
    drawn = [one for one in indicators if one.points]
    return tuple(
        replace(drawn[place % len(drawn)], code=f"B-{place + 1}", slug=f"b-{place + 1}")
        for place in range(INDICATORS)
    )
