"""What has to be true before a plan becomes public, each claim with the provision behind it and the way to meet it."""

from __future__ import annotations

from collections.abc import Iterable

from . import advised, required
from .facts import (
    ActionFact,
    BlockFact,
    BudgetFact,
    Check,
    CheckState,
    Fix,
    LocalityFact,
    OutcomeFact,
    PictureFact,
    PlanFacts,
    PrincipleFact,
    PriorityFact,
    SectionFact,
)

__all__ = [
    "ActionFact",
    "BlockFact",
    "BudgetFact",
    "Check",
    "CheckState",
    "Fix",
    "LocalityFact",
    "OutcomeFact",
    "PictureFact",
    "PlanFacts",
    "PrincipleFact",
    "PriorityFact",
    "SectionFact",
    "can_publish_plan",
    "publication_checks",
]


def can_publish_plan(checks: Iterable[Check]) -> bool:
    """Nothing that the law asks for is missing."""
    return not any(check.blocks for check in checks)


def publication_checks(facts: PlanFacts) -> tuple[Check, ...]:
    """Every check of a plan in the order of the Act's sections; advice comes last."""
    return (
        *required.statutory_sections(facts),
        required.outcomes_addressed(facts),
        required.two_localities(facts),
        required.every_locality(facts),
        required.start_day(facts),
        required.live_blocks(facts),
        advised.localities_differ(facts),
        *required.pictures(facts),
        advised.principles_addressed(facts),
        advised.priorities_complete(facts),
        advised.evidence(facts),
        advised.actions_answered_for(facts),
        advised.actions_directed(facts),
        advised.outcomes_measured(facts),
        advised.budget_given(facts),
    )
