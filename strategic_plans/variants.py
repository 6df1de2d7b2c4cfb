"""Shorter forms of a plan, made from the same frozen edition: at a glance, and what it says to one locality."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .editions import ActionPart, BudgetPart, Edition, LocalityPart, OutcomePart, PriorityPart
from .figures import budget_sentence, locality_map

SUMMARY = "summary"
_LOCALITY = "locality-"


@dataclass(frozen=True)
class Variant:
    """One of the forms of an edition. `locality` is the part that it is about; the summary is about the whole plan."""

    key: str
    title: str
    locality: LocalityPart | None = None


def variants_of(edition: Edition) -> tuple[Variant, ...]:
    """Every form that can be made of the edition."""
    places = (Variant(f"{_LOCALITY}{place.slug}", place.name, place) for place in edition.localities)
    return (Variant(SUMMARY, "Summary"), *places)


def variant_of(edition: Edition, key: str) -> Variant | None:
    """The form of this key, or None if the edition has no such form."""
    return next((variant for variant in variants_of(edition) if variant.key == key), None)


@dataclass(frozen=True)
class Served:
    """A national outcome with the priorities that serve it."""

    outcome: OutcomePart
    priorities: tuple[PriorityPart, ...]


@dataclass(frozen=True)
class Glance:
    """The plan at a glance: what its template needs beside the edition."""

    outcomes: tuple[Served, ...]
    budgets: tuple[tuple[BudgetPart, str], ...]


def glance_of(edition: Edition) -> Glance:
    served = (
        Served(
            outcome,
            tuple(
                priority
                for priority in edition.priorities
                if outcome.number in {link.number for link in priority.outcomes}
            ),
        )
        for outcome in edition.outcomes
    )
    return Glance(
        outcomes=tuple(one for one in served if one.priorities),
        budgets=tuple((budget, budget_sentence(budget)) for budget in edition.budgets),
    )


@dataclass(frozen=True)
class Promised:
    """A priority with those of its actions that are for the place."""

    priority: PriorityPart
    actions: tuple[ActionPart, ...]


@dataclass(frozen=True)
class Extract:
    """What the plan says to one locality: actions that name it, and how many are for the whole area.

    `cost` is what the actions that name it cost, as far as that is known; the cost of one that names other localities
    too is not divided, so it is counted whole and said to be shared.
    """

    locality: LocalityPart
    priorities: tuple[Promised, ...]
    cost: Decimal
    shared: int
    unpriced: int
    everywhere: int

    @property
    def actions(self) -> int:
        return sum(len(promised.actions) for promised in self.priorities)


def extract_of(edition: Edition, locality: LocalityPart) -> Extract:
    promised = [
        Promised(
            priority,
            tuple(action for action in priority.actions if locality.name in action.localities),
        )
        for priority in edition.priorities
    ]
    named = [action for one in promised for action in one.actions]
    return Extract(
        locality=locality,
        priorities=tuple(one for one in promised if one.actions or locality.name in one.priority.localities),
        cost=sum((action.cost for action in named if action.cost is not None), Decimal(0)),
        shared=sum(len(action.localities) > 1 for action in named),
        unpriced=sum(action.cost is None for action in named),
        everywhere=sum(
            not action.localities for priority in edition.priorities for action in priority.actions
        ),
    )


def variant_context(edition: Edition, variant: Variant) -> dict[str, object]:
    """What the template of the form needs, on a page and in a PDF."""
    if variant.locality is None:
        return {
            "edition": edition,
            "variant": variant,
            "glance": glance_of(edition),
            "map": locality_map(edition),
        }
    return {
        "edition": edition,
        "variant": variant,
        "extract": extract_of(edition, variant.locality),
        "map": locality_map(edition, variant.locality.slug),
    }
