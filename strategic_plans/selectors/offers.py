"""Which live blocks can be placed in a plan's text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from budgets.models import Budget
from foundation.richtext import placed
from localities.selectors import localities_on
from outcomes.models import Indicator

from ..blocks import Reference
from ..enums import BlockKind
from ..models import Plan
from .blocks import measured


@dataclass(frozen=True)
class Offer:
    """A block that can be placed; `note` says what its figures lack as yet."""

    reference: Reference
    title: str
    note: str = ""


@dataclass(frozen=True)
class OfferGroup:
    title: str
    offers: tuple[Offer, ...]

    def as_json(self) -> dict[str, Any]:
        """The group as the editor reads it (placed.js)."""
        rows = [
            {
                "reference": str(one.reference),
                "title": one.title,
                "note": one.note,
                "words": placed.words_of(str(one.reference)),
            }
            for one in self.offers
        ]
        return {"title": self.title, "offers": rows}


def offers_like(groups: Iterable[OfferGroup], typed: str) -> list[OfferGroup]:
    """The offers that have all these words in the names of theirs or of their group."""
    words = typed.lower().split()
    left = (
        replace(
            group,
            offers=tuple(
                one
                for one in group.offers
                if all(word in f"{group.title} {one.title}".lower() for word in words)
            ),
        )
        for group in groups
    )
    return [group for group in left if group.offers]


def offers(plan: Plan) -> tuple[OfferGroup, ...]:
    """Every block that can be placed in the plan's text, by kind. Four queries, whatever there is."""
    indicators = list(Indicator.objects.values_list("code", "short_title"))
    places = list(localities_on(plan.partnership, plan.period_start).values_list("slug", "name"))
    held = measured(plan, {code for code, _ in indicators})
    years = list(Budget.objects.for_partnership(plan.partnership).order_by("-year"))
    return (
        OfferGroup(
            BlockKind.INDICATOR.label,
            tuple(
                Offer(
                    Reference(BlockKind.INDICATOR, code),
                    f"{code}: {title}",
                    "" if held.get(code) else f"no value for {plan.partnership.short_name} yet",
                )
                for code, title in indicators
            ),
        ),
        OfferGroup(
            BlockKind.BUDGET.label,
            tuple(
                Offer(
                    Reference.of_year(budget.year),
                    f"Budget of {budget.year_label}",
                    "" if budget.is_agreed else "draft",
                )
                for budget in years
            ),
        ),
        OfferGroup(
            BlockKind.LOCALITY.label,
            tuple(
                Offer(Reference(BlockKind.LOCALITY, slug), f"{name}: profile and map")
                for slug, name in places
            ),
        ),
        OfferGroup(
            "Priorities",
            (
                Offer(Reference(BlockKind.OUTCOMES), "Which priority serves which national outcome"),
                Offer(Reference(BlockKind.PRINCIPLES), "Which priority has regard to which principle"),
            ),
        ),
        OfferGroup(
            BlockKind.ENGAGEMENT.label,
            (
                Offer(Reference(BlockKind.ENGAGEMENT), "You said, we did: the whole area"),
                *(
                    Offer(Reference(BlockKind.ENGAGEMENT, slug), f"You said, we did: {name}")
                    for slug, name in places
                ),
            ),
        ),
    )
