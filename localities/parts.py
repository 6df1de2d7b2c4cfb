"""What the apps above add to a locality's page. They register in AppConfig.ready, so that nothing here knows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from partnerships.permissions import Standing

from .models import Locality


@dataclass(frozen=True)
class Part:
    """A section of the page: its heading, the template of what stands under it, the template's values as `part`."""

    title: str
    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


PartTeller = Callable[[Standing, Locality], Part | None]

_parts: dict[int, PartTeller] = {}


def register_part(order: int, fn: PartTeller) -> None:
    """The page of every locality shows the part, lowest order first; None is left out. At most two queries a part.

    Raises ValueError when the order is taken by another part.
    """
    if _parts.get(order, fn) is not fn:
        raise ValueError(f"A part of the locality page has order {order} already")
    _parts[order] = fn


def parts_for(standing: Standing, locality: Locality) -> list[Part]:
    """What the registered apps have to say of the locality to this person, in order."""
    told = [fn(standing, locality) for _, fn in sorted(_parts.items())]
    return [part for part in told if part is not None]
