"""The side navigation of a year: what there is, in the order in which a year goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import reverse

from ..onward import accounts
from .acts import Acts


@dataclass(frozen=True)
class Part:
    """One item of the side navigation."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Group:
    """Parts that belong together, under a heading of their own."""

    label: str
    items: tuple[Part, ...]
    url: str = ""
    current: bool = False


@dataclass(frozen=True)
class Place:
    """A page that the navigation leads to. Its route takes the partnership's slug and the year."""

    label: str
    route: str
    is_shown: Callable[[Acts], bool] = lambda _acts: True


ACCOUNTING = "Accounting for it"
OVERVIEW = Place("Overview", "budgets:detail")
GROUPS: dict[str, tuple[Place, ...]] = {
    "Forming the budget": (
        Place("Offers", "budgets:offers"),
        Place("Due diligence", "budgets:diligence"),
        Place("Contributions", "budgets:contributions"),
        Place("Payments", "budgets:payments"),
        Place("Lines", "budgets:lines"),
        Place("Allocate", "budgets:allocate", lambda acts: acts.allocate),
        Place("Bring in a file", "budgets:new_import", lambda acts: acts.allocate),
        Place("Reserves", "budgets:reserves"),
        Place("Savings", "budgets:savings"),
        Place("Agreement", "budgets:agreement"),
        Place("Not agreed", "budgets:disagreement", lambda acts: acts.disagree),
    ),
    "Through the year": (
        Place("Directed money", "budgets:directed", lambda acts: acts.see_coverage),
        Place("Months and reports", "budgets:months"),
        Place("Virements and allocations", "budgets:movements"),
        Place("Risks", "budgets:risks"),
        Place("Recovery plan", "budgets:recovery"),
        Place("Set-aside", "budgets:set_aside"),
    ),
    ACCOUNTING: (
        Place("Pound trail", "budgets:trail"),
        Place("Spend by category", "budgets:categories"),
        Place("Balance of care", "budgets:balance_of_care"),
    ),
}


def parts_of_year(slug: str, year: int, path: str, acts: Acts) -> list[Part | Group]:
    """The overview and the groups of what this person may open; where the page at `path` belongs is current."""
    above = tuple(Place(account.label, account.year_route) for account in accounts())
    places_of = {**GROUPS, ACCOUNTING: (*GROUPS[ACCOUNTING], *above)}
    shown = [OVERVIEW, *(place for places in places_of.values() for place in places if place.is_shown(acts))]
    urls = {place.route: reverse(place.route, args=[slug, year]) for place in shown}
    current = _current(urls, path)

    def parts(places: tuple[Place, ...]) -> Iterator[Part]:
        for place in places:
            if place.route in urls:
                yield Part(place.label, urls[place.route], place.route == current)

    groups = [Group(label, tuple(parts(places))) for label, places in places_of.items()]
    return [*parts((OVERVIEW,)), *(group for group in groups if group.items)]


def _current(urls: dict[str, str], path: str) -> str:
    """The route whose address is the page's, or the longest one that the page stands under."""
    under = [
        route
        for route, url in urls.items()
        if url == path or (route != OVERVIEW.route and path.startswith(url))
    ]
    return max(under, key=lambda route: len(urls[route]), default="")
