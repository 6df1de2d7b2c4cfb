"""The localities that the portal ships: names, populations and outlines from public files."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from foundation.audit import SYSTEM, record
from foundation.sgds.formats import joined
from partnerships.models import Partnership

from .models import Locality

DATA = Path(__file__).resolve().parent / "data"
POPULATION_YEAR = "mid-2021"
OUTLINES_OF = "February 2020"

# Partnerships whose localities were redrawn after the last published outlines in a way that no outline of ours shows.
REDRAWN = {
    "S37000001": "Aberdeen City's localities were redrawn",
    "S37000019": "Moray's localities were redrawn",
    "S37000024": "Renfrewshire's localities were redrawn",
}
# What the files say and people do not change; a later file may correct it.
REFERENCE_FIELDS = (
    "name",
    "code",
    "population",
    "population_65_plus",
    "population_75_plus",
    "population_year",
    "population_method",
    "data_zones",
    "boundary",
    "boundary_note",
)


class ReferenceDataIncomplete(ValueError):
    """A file names something that another file or the database does not have."""


@dataclass(frozen=True)
class Outline:
    """A locality's outline and the names of the outlines of February 2020 that it was joined from."""

    geometry: dict[str, Any]
    names_2020: tuple[str, ...]

    def note(self, name: str) -> str:
        said = f"Simplified outline of {OUTLINES_OF}"
        if len(self.names_2020) < 2:
            return f"{said}."
        return f"{said}: {name} joined from the former localities {joined(list(self.names_2020))}."


def load_reference() -> dict[str, int]:
    """Every locality of the files stands in the database as the files say; what people wrote is left as it is.

    Returns how many localities there are, how many were added or changed, and how many have an outline and a
    population. Raises ReferenceDataIncomplete when a partnership is missing: load partnerships first.
    """
    partnerships = {row.code: row for row in Partnership.objects.all()}
    wanted = list(read_localities(partnerships))
    with transaction.atomic():
        added, changed = save(wanted)
        counts = {
            "localities": len(wanted),
            "added": added,
            "changed": changed,
            "with outline": sum(1 for row in wanted if row.boundary),
            "with population": sum(1 for row in wanted if row.population is not None),
        }
        if added or changed:
            record(
                by=SYSTEM,
                action="localities.reference_loaded",
                subject="Localities, populations and outlines",
                after=counts,
            )
    return counts


def read_localities(partnerships: dict[str, Partnership]) -> Iterator[Locality]:
    """The localities of the file, not saved, with the outlines that match by partnership and name."""
    outlines = read_outlines()
    used = set()
    with (DATA / "localities.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, name = row["partnership_code"], row["locality"].strip()
            if code not in partnerships:
                raise ReferenceDataIncomplete(f"There is no partnership {code}: load the partnerships first")
            used.add((code, name))
            yield locality_of(row, partnerships[code], outlines.get((code, name)))
    if unused := sorted(set(outlines) - used):
        raise ReferenceDataIncomplete(f"Outlines of unknown localities: {unused}")


def read_outlines() -> dict[tuple[str, str], Outline]:
    """The outlines by partnership code and locality name."""
    collection = json.loads((DATA / "boundaries.geojson").read_text(encoding="utf-8"))
    outlines = {}
    for feature in collection["features"]:
        facts = feature["properties"]
        key = facts["partnership_code"], facts["locality"]
        outlines[key] = Outline(feature["geometry"], tuple(facts["outlines_2020"]))
    return outlines


def locality_of(row: dict[str, str], partnership: Partnership, outline: Outline | None) -> Locality:
    name = row["locality"].strip()
    has_population = bool(row["population"])
    return Locality(
        partnership=partnership,
        name=name,
        slug=slugify(name),
        code=row["scotpho_code"],
        population=whole(row["population"]),
        population_65_plus=whole(row["population_65plus"]),
        population_75_plus=whole(row["population_75plus"]),
        population_year=POPULATION_YEAR if has_population else "",
        population_method=row["population_method"],
        data_zones=whole(row["data_zones"]),
        boundary=outline.geometry if outline else None,
        boundary_note=outline.note(name) if outline else missing_outline_note(partnership.code),
    )


def missing_outline_note(partnership_code: str) -> str:
    reason = REDRAWN.get(partnership_code, "No outline was published")
    return f"{reason} after {OUTLINES_OF}, the date of the last published outlines."


def whole(text: str) -> int | None:
    return int(text) if text else None


def save(wanted: list[Locality]) -> tuple[int, int]:
    """New localities are added and those that differ from the file are brought in line: how many of each."""
    held = {(row.partnership_id, row.slug): row for row in Locality.objects.all()}
    new, changed = [], []
    for locality in wanted:
        existing = held.get((locality.partnership_id, locality.slug))
        if existing is None:
            new.append(locality)
        elif any(getattr(existing, field) != getattr(locality, field) for field in REFERENCE_FIELDS):
            for field in REFERENCE_FIELDS:
                setattr(existing, field, getattr(locality, field))
            changed.append(existing)
    Locality.objects.bulk_create(new)
    Locality.objects.bulk_update(changed, REFERENCE_FIELDS)
    return len(new), len(changed)
