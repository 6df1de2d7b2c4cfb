"""The groups of people to hear from, which are the same for everybody."""

from __future__ import annotations

import csv
from pathlib import Path

from django.db import transaction

from .models import Group

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load_reference() -> dict[str, int]:
    """Every group of groups.csv is there with its present words; run again, it changes nothing.

    Source: SSI 2014/283 schedule (numbers 1 to 13); 2014 Act s.41 (number 14).
    """
    with (DATA / "groups.csv").open(newline="", encoding="utf-8") as file:
        groups = [
            Group(
                number=int(row["number"]),
                name=row["name"],
                short_name=row["short_name"],
                is_prescribed=row["is_prescribed"] == "1",
                source=row["source"],
            )
            for row in csv.DictReader(file)
        ]
    Group.objects.bulk_create(
        groups,
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name", "short_name", "is_prescribed", "source"],
    )
    return {"groups": len(groups)}
