"""What the apps above tell the partnership's home page. They register in AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from .permissions import Standing


@dataclass(frozen=True, slots=True)
class Line:
    """One subject at a glance: its name, one sentence, where to read on, and values for a sparkline.

    `values` run from the oldest to the newest; None is a gap. `values_label` says what they are ("NI-14, ten years").
    """

    label: str
    sentence: str
    url: str
    values: tuple[float | None, ...] = ()
    values_label: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """Something to be done: `action` is the words on its button, which leads to `url`.

    `mine` is true for what this person owes and may do. `source` is the law that asks for it.
    """

    title: str
    due_on: date | None
    url: str
    action: str
    mine: bool = False
    source: str = ""


StateTeller = Callable[[Standing], str | None]
LineTeller = Callable[[Standing], Line | None]
DueTeller = Callable[[Standing], list[Due]]

_Teller = TypeVar("_Teller")

_states: dict[int, StateTeller] = {}
_lines: dict[int, LineTeller] = {}
_dues: list[DueTeller] = []


def register_state(order: int, fn: StateTeller) -> None:
    """The home page opens with the sentence of the lowest order that has one to say."""
    _keep(_states, order, fn)


def register_line(order: int, fn: LineTeller) -> None:
    """The home page shows this line, lowest order first; None is left out. At most two queries a line."""
    _keep(_lines, order, fn)


def register_due(fn: DueTeller) -> None:
    """What `fn` returns stands under "Due". At most two queries."""
    if fn not in _dues:
        _dues.append(fn)


def _keep(places: dict[int, _Teller], order: int, fn: _Teller) -> None:
    if places.setdefault(order, fn) != fn:
        raise ValueError(f"Place {order} of the home page is taken by {places[order]}")


def state_of(standing: Standing) -> str:
    """The first sentence that any app has to say, or nothing."""
    for order in sorted(_states):
        if said := _states[order](standing):
            return said
    return ""


def lines_for(standing: Standing) -> list[Line]:
    told = [_lines[order](standing) for order in sorted(_lines)]
    return [line for line in told if line]


def due_for(standing: Standing) -> list[Due]:
    """Mine first, then the partnership's, each by day; what has no day comes last."""
    told = [due for teller in _dues for due in teller(standing)]
    return sorted(told, key=lambda due: (not due.mine, due.due_on is None, due.due_on or date.max, due.title))
