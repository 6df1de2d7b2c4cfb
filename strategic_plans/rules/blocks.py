"""Whether what a live block names is held; where it is not, in words which data is missing and who can supply it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from ..blocks import Reference
from ..enums import BlockKind


@dataclass(frozen=True)
class BlockFacts:
    """What is held of the data that blocks name.

    Of each indicator (by code) and year (2026/27) that is known whether it has figures here, of each locality (by
    slug) of the plan whether its population is known; `promises` names the localities in which something was promised,
    "" for the whole area.
    """

    area: str
    indicators: Mapping[str, bool]
    budgets: Mapping[str, bool]
    localities: Mapping[str, bool]
    serves_outcomes: bool
    regards_principles: bool
    promises: frozenset[str]


def missing_words(reference: Reference, facts: BlockFacts) -> str:
    """Which data the block lacks and who can supply it; nothing if it has what it shows."""
    return _GAPS[reference.kind](reference.key, facts)


def _indicator(code: str, facts: BlockFacts) -> str:
    if code not in facts.indicators:
        return f"There is no indicator {code}. {_CHOOSE}"
    if not facts.indicators[code]:
        return (
            f"No value of {code} is held for {facts.area}. Values come with the national data that the portal’s "
            "operator loads; the indicator’s page says why there may be none."
        )
    return ""


def _budget(key: str, facts: BlockFacts) -> str:
    year = key.replace("-", "/")
    if year not in facts.budgets:
        return (
            f"No integrated budget of {year} is recorded. The finance officer opens the year and records it."
        )
    if not facts.budgets[year]:
        return f"The budget of {year} is empty. The finance officer records its contributions and lines."
    return ""


def _locality(slug: str, facts: BlockFacts) -> str:
    if slug not in facts.localities:
        return f"The plan has no locality called {slug} on its first day. {_CHOOSE}"
    if not facts.localities[slug]:
        return (
            f"The population of {slug} is not recorded. It comes with the population estimates that the portal’s "
            "operator loads."
        )
    return ""


def _outcomes(_: str, facts: BlockFacts) -> str:
    return "" if facts.serves_outcomes else f"No priority says which national outcome it serves. {_LINK}"


def _principles(_: str, facts: BlockFacts) -> str:
    return "" if facts.regards_principles else f"No priority says which principle it has regard to. {_LINK}"


def _engagement(slug: str, facts: BlockFacts) -> str:
    if slug and slug not in facts.localities:
        return f"The plan has no locality called {slug} on its first day. {_CHOOSE}"
    if slug not in facts.promises:
        return (
            f"No promise is recorded of an engagement activity{f' in {slug}' if slug else ''}. Whoever logs an "
            "activity records what was promised there."
        )
    return ""


_CHOOSE = "Whoever writes the text takes the block out or chooses another."
_LINK = "Whoever edits the plan links its priorities."
_GAPS = {
    BlockKind.INDICATOR: _indicator,
    BlockKind.BUDGET: _budget,
    BlockKind.LOCALITY: _locality,
    BlockKind.OUTCOMES: _outcomes,
    BlockKind.PRINCIPLES: _principles,
    BlockKind.ENGAGEMENT: _engagement,
}

_SUPPLIED = {
    BlockKind.INDICATOR: ("Go to the indicators", "outcomes:indicators"),
    BlockKind.BUDGET: ("Go to the money", "budgets:list"),
    BlockKind.LOCALITY: ("Go to the localities", "localities:list"),
    BlockKind.ENGAGEMENT: ("Go to the engagement log", "engagement:list"),
}


def supplied_at(reference: Reference, partnership: str, plan: str) -> tuple[str, str]:
    """The words and the address of the page on which the block's data is recorded or read."""
    if reference.kind in _SUPPLIED:
        label, page = _SUPPLIED[reference.kind]
        return label, reverse(page, args=[partnership])
    return "Go to the priorities", reverse("strategic_plans:priorities", args=[partnership, plan])
