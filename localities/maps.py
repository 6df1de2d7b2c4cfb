"""Maps of a partnership's localities. A list beside each says the same in the same order."""

from __future__ import annotations

from collections.abc import Sequence

from foundation.sgds.formats import number
from foundation.sgds.maps import Map, Place, map_of
from partnerships.models import Partnership

from .models import Locality

SOURCE = (
    "Outlines: ScotPHO, February 2020, simplified. Contains OS data © Crown copyright and database right. "
    "Open Government Licence v3.0."
)


def partnership_map(partnership: Partnership, localities: Sequence[Locality]) -> Map | None:
    """All localities with outlines and links; nothing where no outline is held."""
    return map_with(
        f"Localities of {partnership.short_name}", size_sentence(localities), partnership, localities
    )


def locality_map(locality: Locality, localities: Sequence[Locality]) -> Map | None:
    """The locality in its partnership; nothing where its own outline is not held."""
    if not locality.boundary:
        return None
    area = locality.partnership
    sentence = f"{locality} is the dark area, with its number in the list printed bold."
    return map_with(f"{locality} in {area.short_name}", sentence, area, localities, current=locality)


def map_with(
    title: str,
    sentence: str,
    partnership: Partnership,
    localities: Sequence[Locality],
    current: Locality | None = None,
) -> Map | None:
    if not any(locality.boundary for locality in localities):
        return None
    places = [place_of(locality, partnership, is_current=locality == current) for locality in localities]
    return map_of(title=title, places=places, sentence=sentence, source=SOURCE)


def size_sentence(localities: Sequence[Locality]) -> str:
    """The smallest and the largest locality by population; empty, so that the map says its own, where none is known."""
    known = [
        (locality.population, locality.name) for locality in localities if locality.population is not None
    ]
    if len(known) < 2:
        return ""
    (fewest, smallest), (most, largest) = min(known), max(known)
    return f"From {number(fewest)} people in {smallest} to {number(most)} in {largest}."


def place_of(locality: Locality, partnership: Partnership, *, is_current: bool) -> Place:
    locality.partnership = partnership  # one partnership for all: its address is not asked for again
    words = f"{number(locality.population)} people" if locality.population is not None else ""
    url = "" if is_current else locality.get_absolute_url()
    return Place(locality.name, locality.boundary, url, words, is_current)
