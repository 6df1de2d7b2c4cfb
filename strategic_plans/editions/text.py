"""What is written, and what the live blocks in it show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from foundation.frozen import since
from foundation.richtext.cleaning import plain_text

from .figures import BudgetPart, EngagementPart, IndicatorPart


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A block of clean HTML. Running text has a number (`3.12`) and every block an anchor (`paragraph-3-12`).

    `block` is what a live block shows; its HTML only names it.
    """

    anchor: str
    number: str
    html: str
    block: BlockPart | None = since(3, None)  # noqa: RUF009 - it makes a field

    @property
    def is_table(self) -> bool:
        return self.html.startswith("<table")

    @property
    def is_heading(self) -> bool:
        return self.html.startswith(("<h2", "<h3", "<h4"))

    @property
    def caption(self) -> str:
        """The words above a table, or nothing."""
        found = re.search(r"<caption>(.*?)</caption>", self.html, re.DOTALL)
        return plain_text(found[1]) if found else ""


@dataclass(frozen=True, kw_only=True)
class SectionPart:
    number: int
    key: str
    title: str
    source: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, kw_only=True)
class LocalityPart:
    """`number` continues that of the section on localities: 9A, 9B and so on."""

    number: str
    slug: str
    name: str
    population: int | None
    population_65_plus: int | None
    population_75_plus: int | None
    population_year: str
    boundary: dict[str, Any] | None
    boundary_note: str
    paragraphs: tuple[Paragraph, ...]

    @property
    def anchor(self) -> str:
        return f"locality-{self.slug}"


@dataclass(frozen=True, kw_only=True)
class ProfilePart:
    """A locality as a block in the text tells it; its outline stands with the localities of the edition."""

    slug: str
    name: str
    profile: str
    population: int | None
    population_65_plus: int | None
    population_75_plus: int | None
    population_year: str
    boundary_note: str


@dataclass(frozen=True, kw_only=True)
class MatrixRowPart:
    label: str
    cells: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixPart:
    """For each row whether each of the priorities, given by their numbers, serves it."""

    caption: str
    subject: str
    priorities: tuple[int, ...]
    rows: tuple[MatrixRowPart, ...]


@dataclass(frozen=True, kw_only=True)
class BlockPart:
    """What a live block shows: one of the parts, by its kind. `as_at` says in words up to when its figures reach.

    In a draft there may be nothing to show; `missing` then says which data is needed and who can supply it.
    """

    reference: str
    title: str
    source: str
    as_at: str
    missing: str
    indicator: IndicatorPart | None
    budget: BudgetPart | None
    locality: ProfilePart | None
    matrix: MatrixPart | None
    engagement: EngagementPart | None
