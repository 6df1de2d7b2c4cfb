"""A plan as its readers see it, with every figure in it: the typed content that is frozen when a version is made.

Pages, PDF and comparisons of a version are made from an Edition alone, never from the working rows. Its JSON is
canonical, so that equal content has equal bytes and one SHA-256.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from foundation.frozen import Frozen, since

from .figures import (
    ActivityPart,
    BudgetPart,
    ContributionPart,
    EngagementPart,
    IndicatorPart,
    LinePart,
    PointPart,
    PromisePart,
    SourcePart,
)
from .priorities import (
    ActionPart,
    FundingPart,
    OutcomeLink,
    OutcomePart,
    PrinciplePart,
    PriorityPart,
    period_in_words,
)
from .text import BlockPart, LocalityPart, MatrixPart, MatrixRowPart, Paragraph, ProfilePart, SectionPart

__all__ = [
    "FORMAT",
    "ActionPart",
    "ActivityPart",
    "BlockPart",
    "BudgetPart",
    "ContributionPart",
    "Edition",
    "EngagementPart",
    "FundingPart",
    "IndicatorPart",
    "LinePart",
    "LocalityPart",
    "MatrixPart",
    "MatrixRowPart",
    "OutcomeLink",
    "OutcomePart",
    "Paragraph",
    "PartnershipPart",
    "PointPart",
    "PrinciplePart",
    "PriorityPart",
    "ProfilePart",
    "PromisePart",
    "Publication",
    "SectionPart",
    "SourcePart",
    "period_in_words",
]

# Format 2 tells the evidence, the places and the actions of a priority; format 3 what live blocks in the text show.
FORMAT = 3


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
class Edition(Frozen):
    NEWEST = FORMAT
    WHAT = "a plan's content"

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
