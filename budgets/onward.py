"""Where the money goes on in the apps above. They register in AppConfig.ready: nothing here knows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from partnerships.models import Partnership


@dataclass(frozen=True, slots=True)
class Onward:
    """What the money of a line goes on to: `kind` is its name, `label` which one, `words` what follows from it."""

    kind: str
    label: str
    url: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Pages of an app above that account for the money, open to everybody who reads the budget.

    `words` say what stands there; the routes take the partnership's slug, `year_route` the year as well.
    """

    label: str
    words: str
    list_route: str
    year_route: str


OnwardTeller = Callable[[Partnership, Iterable[int]], Mapping[int, list[Onward]]]

_tellers: list[OnwardTeller] = []
_accounts: list[Account] = []


def register_account(account: Account) -> None:
    """The list of years and the side navigation of each year lead to the account's pages."""
    if account not in _accounts:
        _accounts.append(account)


def accounts() -> list[Account]:
    return list(_accounts)


def register_onward(fn: OnwardTeller) -> None:
    """The trail shows what `fn` says of budget lines, by their keys. At most three queries for all lines of a page."""
    if fn not in _tellers:
        _tellers.append(fn)


def onward_of(partnership: Partnership, lines: Iterable[int]) -> dict[int, list[Onward]]:
    """What the registered apps say, by the line's key."""
    asked, found = list(lines), defaultdict(list)
    for teller in _tellers:
        for line, steps in teller(partnership, asked).items():
            found[line].extend(steps)
    return dict(found)
