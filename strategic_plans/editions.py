"""A plan as its readers see it, with every figure in it: the typed content that is frozen when a version is made.

Pages, PDF and comparisons of a version are made from an Edition alone, never from the working rows. Its JSON is
canonical, so that equal content has equal bytes and one SHA-256.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.frozen import digest, encode, since, thawed
from foundation.richtext.cleaning import plain_text
from foundation.sgds.formats import date_uk

from .enums import ActionStatus

# Format 2 tells the evidence, the places and the actions of a priority; format 3 what live blocks in the text show.
FORMAT = 3


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
class OutcomePart:
    number: int
    title: str
    text: str


@dataclass(frozen=True, kw_only=True)
class PrinciplePart:
    code: str
    text: str


@dataclass(frozen=True, kw_only=True)
class OutcomeLink:
    number: int
    explanation: str


@dataclass(frozen=True, kw_only=True)
class FundingPart:
    """A share, in per cent, of a line of a year's integrated budget, and what it comes to in pounds."""

    line: str
    year: str
    line_amount: Decimal
    share: Decimal
    amount: Decimal


def period_in_words(starts_on: date | None, due_on: date | None) -> str:
    """From when to when, as far as it is known; nothing when no day is."""
    if starts_on and due_on:
        return f"{date_uk(starts_on)} to {date_uk(due_on)}"
    if due_on:
        return f"By {date_uk(due_on)}"
    return f"From {date_uk(starts_on)}" if starts_on else ""


@dataclass(frozen=True, kw_only=True)
class ActionPart:
    """What is promised under a priority. `label` is its number (2.3); no places: the whole area."""

    label: str
    title: str
    what: str
    owner: str
    starts_on: date | None
    due_on: date | None
    status: str
    cost: Decimal | None
    paid_from: str
    localities: tuple[str, ...]

    @property
    def is_under_way(self) -> bool:
        """Whether something was reported on it already: it was carried over from the plan before."""
        return self.status != ActionStatus.NOT_STARTED.label

    @property
    def when(self) -> str:
        return period_in_words(self.starts_on, self.due_on)

    @property
    def where(self) -> str:
        return ", ".join(self.localities) or "The whole area"


@dataclass(frozen=True, kw_only=True)
class PriorityPart:
    number: int
    title: str
    rationale: str
    outcomes: tuple[OutcomeLink, ...]
    principles: tuple[str, ...]
    indicators: tuple[str, ...]
    funding: tuple[FundingPart, ...]
    evidence_of_need: str = since(2, "")
    localities: tuple[str, ...] = since(2, ())
    actions: tuple[ActionPart, ...] = since(2, ())

    @property
    def anchor(self) -> str:
        return f"priority-{self.number}"

    @property
    def amount(self) -> Decimal:
        return sum((part.amount for part in self.funding), Decimal(0))


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
class PointPart:
    """One period's value as it was published; None where the publisher withheld it."""

    period: str
    starts_on: date
    value: Decimal | None
    release: str
    is_provisional: bool
    breaks_series: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class IndicatorPart:
    """An indicator with its values here and in Scotland, and what they say in a sentence."""

    code: str
    slug: str
    title: str
    short_title: str
    indicator_set: str
    unit: str
    decimals: int
    better: str
    interval_years: int
    is_survey: bool
    is_total: bool
    status: str
    status_note: str
    source: str
    sentence: str
    points: tuple[PointPart, ...]
    scotland: tuple[PointPart, ...]

    @property
    def anchor(self) -> str:
        return f"indicator-{self.slug}"


@dataclass(frozen=True, kw_only=True)
class SourcePart:
    """A published file that figures were taken from, with the words that its licence asks for."""

    name: str
    attribution: str
    url: str


@dataclass(frozen=True, kw_only=True)
class ContributionPart:
    """`kind` in words: Payment, Set aside, Lead agency's own resource."""

    body: str
    kind: str
    amount: Decimal
    is_set_aside: bool
    is_notional: bool


@dataclass(frozen=True, kw_only=True)
class LinePart:
    title: str
    group: str
    category: str
    delivered_by: str
    is_set_aside: bool
    amount: Decimal


@dataclass(frozen=True, kw_only=True)
class BudgetPart:
    year: str
    is_agreed: bool
    source: str
    contributions: tuple[ContributionPart, ...]
    lines: tuple[LinePart, ...]

    @property
    def anchor(self) -> str:
        return f"budget-{self.year.replace('/', '-')}"

    @property
    def payments(self) -> Decimal:
        """Everything but the set-aside, which is never added to it without being named."""
        return sum((part.amount for part in self.contributions if not part.is_set_aside), Decimal(0))

    @property
    def set_aside(self) -> Decimal:
        return sum((part.amount for part in self.contributions if part.is_set_aside), Decimal(0))

    @property
    def resources(self) -> Decimal:
        return self.payments + self.set_aside

    @property
    def allocated_payment(self) -> Decimal:
        return sum((line.amount for line in self.lines if not line.is_set_aside), Decimal(0))

    @property
    def allocated_set_aside(self) -> Decimal:
        return sum((line.amount for line in self.lines if line.is_set_aside), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class PromisePart:
    """`key` is the promise's own, by which its state of today is found."""

    text: str
    due_on: date
    state: str
    key: int = since(3, 0)

    @property
    def ends_plainly(self) -> bool:
        """Whether its text lacks the full stop that a sentence behind it needs."""
        return not self.text.rstrip().endswith((".", "!", "?"))


@dataclass(frozen=True, kw_only=True)
class ActivityPart:
    held_on: date
    place: str
    locality: str
    method: str
    groups: tuple[str, ...]
    attendance: int | None
    heard: str
    promises: tuple[PromisePart, ...]

    @property
    def where(self) -> str:
        return self.locality or "The whole area"


@dataclass(frozen=True, kw_only=True)
class EngagementPart:
    """What was heard and promised: totals over all activities since `since`, and the activities told one by one."""

    since: date | None
    activities_count: int
    attendance: int
    groups: tuple[str, ...]
    activities: tuple[ActivityPart, ...]


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


@dataclass(frozen=True, kw_only=True)
class PartnershipPart:
    slug: str
    name: str
    short_name: str
    model: str
    health_board: str
    councils: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Publication:
    """What made a draft a version. `correction` says why a minor correction of the version before was made."""

    number: int
    label: str
    approval_reference: str
    published_on: date
    correction: str = since(3, "")


@dataclass(frozen=True, kw_only=True)
class Edition:
    format: int = FORMAT
    partnership: PartnershipPart
    slug: str
    title: str
    period_start: date | None
    period_end: date | None
    publication: Publication | None
    sections: tuple[SectionPart, ...]
    priorities: tuple[PriorityPart, ...]
    outcomes: tuple[OutcomePart, ...]
    principles: tuple[PrinciplePart, ...]
    localities: tuple[LocalityPart, ...]
    indicators: tuple[IndicatorPart, ...]
    sources: tuple[SourcePart, ...]
    budgets: tuple[BudgetPart, ...]
    engagement: EngagementPart | None

    @property
    def is_draft(self) -> bool:
        return self.publication is None

    @property
    def blocks(self) -> tuple[BlockPart, ...]:
        """What the live blocks of the text show, in reading order."""
        parts: tuple[SectionPart | LocalityPart, ...] = (*self.sections, *self.localities)
        return tuple(p.block for part in parts for p in part.paragraphs if p.block is not None)

    def to_json(self) -> dict[str, Any]:
        """The content as plain JSON values: money and shares as strings, dates as 2027-03-31."""
        plain: dict[str, Any] = encode(self, self.format)
        return plain

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Edition:
        """The edition that `to_json` wrote down, in this format or an older one. Raises UnknownFormat."""
        return thawed(cls, content, newest=FORMAT, what="a plan's content")

    @property
    def sha256(self) -> str:
        return digest(self.to_json())
