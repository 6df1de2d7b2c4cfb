"""What the checks are told of a plan, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.urls import reverse


class CheckState(Enum):
    """Missing blocks publication; advice does not."""

    MET = "met"
    MISSING = "missing"
    ADVICE = "advice"


@dataclass(frozen=True)
class Fix:
    """Where to go to put something right."""

    label: str
    url: str


@dataclass(frozen=True)
class Check:
    """One claim about the plan, whether it holds, and in words what to do when it does not."""

    rule: str
    source: str
    claim: str
    state: CheckState
    words: str
    fixes: tuple[Fix, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.state is CheckState.MET

    @property
    def blocks(self) -> bool:
        return self.state is CheckState.MISSING


def state(*, holds: bool, otherwise: CheckState = CheckState.MISSING) -> CheckState:
    """Met if the claim holds, `otherwise` if not."""
    return CheckState.MET if holds else otherwise


@dataclass(frozen=True)
class SectionFact:
    """A section that the law asks for: whether it has words, and whether figures stand in it."""

    key: str
    title: str
    source: str
    rule: str
    is_written: bool
    has_figures: bool = False


@dataclass(frozen=True)
class LocalityFact:
    slug: str
    name: str
    text: str


@dataclass(frozen=True)
class OutcomeFact:
    number: int
    title: str
    is_addressed: bool
    is_measured: bool


@dataclass(frozen=True)
class PrincipleFact:
    code: str
    is_addressed: bool


@dataclass(frozen=True)
class PriorityFact:
    pk: int
    label: str
    has_indicator: bool
    has_money: bool
    has_action: bool
    has_evidence: bool


@dataclass(frozen=True)
class ActionFact:
    pk: int
    label: str
    has_owner: bool
    has_day: bool
    is_directed: bool = True


@dataclass(frozen=True)
class PictureFact:
    """Pictures of one text that readers could not use: `page` and `key` are where it is written."""

    label: str
    page: str
    key: str
    undescribed: int
    not_kept: int


@dataclass(frozen=True)
class BudgetFact:
    """What of a year's budget pays for no priority: pounds in words, and per cent."""

    year: str
    left: str
    share_left: str
    is_given: bool


@dataclass(frozen=True)
class BlockFact:
    """A live block that has nothing to show: in which part it stands and at which address, and what is missing."""

    name: str
    title: str
    chapter: str
    anchor: str
    words: str
    supply: Fix


@dataclass(frozen=True)
class PlanFacts:
    """What the rules need to know about a plan, read once."""

    partnership: str
    plan: str
    period_start: date | None
    period_end: date | None
    sections: tuple[SectionFact, ...]
    localities: tuple[LocalityFact, ...]
    outcomes: tuple[OutcomeFact, ...]
    principles: tuple[PrincipleFact, ...]
    priorities: tuple[PriorityFact, ...]
    actions: tuple[ActionFact, ...]
    budgets: tuple[BudgetFact, ...]
    pictures: tuple[PictureFact, ...] = ()
    empty_blocks: tuple[BlockFact, ...] = ()

    def fix(self, label: str, page: str, *arguments: object) -> Fix:
        return Fix(label, reverse(f"strategic_plans:{page}", args=[self.partnership, self.plan, *arguments]))
