"""Scotland's integration authorities, their bodies and what must be delegated to them, from the files in data/."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from foundation.audit import SYSTEM, record

from .enums import IntegrationModel
from .models import Body, DelegatedFunction, IntegrationModelPeriod, IntegrationScheme, Partnership

DATA = Path(__file__).with_name("data")


def load_reference() -> dict[str, int]:
    """All bodies, partnerships, models, scheme records and prescribed functions of the files are there.

    Codes, names, bodies and populations follow the files each time. What a partnership may change (its model, its
    scheme, its functions) is only added where it is missing. Returns the number of rows of each kind.

    Source: data/README.md; the prescribed minimum: SSI 2014/344 and SSI 2014/345 under 2014 Act s.1(6)-(8).
    """
    before = _counts()
    with transaction.atomic():
        _load_bodies()
        _load_partnerships()
        _load_councils()
        partnerships = list(Partnership.objects.prefetch_related("councils"))
        _load_schemes(partnerships)
        _load_functions(partnerships)
        counts = _counts()
        if counts != before:
            record(
                by=SYSTEM,
                action="partnerships.reference_loaded",
                subject="Partnerships, bodies and prescribed functions",
                before=before,
                after=counts,
            )
    return counts


def partnership_code(text: str) -> str | None:
    """The current S37 code for a code or a name as public files write it; None for what is no single partnership.

    Capitals, spaces around the text and "&" do not matter. Of the superseded codes only those of partnerships count.
    """
    wanted = _plain(text)
    return _known_areas().get(wanted)


@lru_cache(maxsize=1)
def _known_areas() -> dict[str, str]:
    known = {_plain(row["alias"]): row["partnership_code"] for row in rows("name_aliases.csv")}
    for row in rows("partnerships.csv"):
        known[_plain(row["code"])] = row["code"]
        known[_plain(row["short_name"])] = row["code"]
    for row in rows("code_changes.csv"):
        if row["old_code"].startswith("S37"):
            known[_plain(row["old_code"])] = row["current_code"]
    return known


def _plain(text: str) -> str:
    return " ".join(text.replace("&", " and ").casefold().split())


def rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _counts() -> dict[str, int]:
    kinds = (Body, Partnership, IntegrationModelPeriod, IntegrationScheme, DelegatedFunction)
    return {str(kind._meta.verbose_name_plural): kind.objects.count() for kind in kinds}


def _load_bodies() -> None:
    Body.objects.bulk_create(
        [Body(**row) for row in rows("bodies.csv")],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["kind", "name"],
    )


def _load_partnerships() -> None:
    boards = dict(Body.objects.values_list("code", "pk"))
    population = {row.pop("code"): row for row in rows("population.csv")}
    changing = ["slug", "short_name", "name", "health_board", "population_year", *_POPULATIONS]
    Partnership.objects.bulk_create(
        [
            Partnership(
                code=row["code"],
                slug=row["slug"],
                short_name=row["short_name"],
                name=row["name"],
                health_board_id=boards[row["health_board_code"]],
                population_year=population[row["code"]]["year"],
                **{name: int(population[row["code"]][name]) for name in _POPULATIONS},
            )
            for row in rows("partnerships.csv")
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=changing,
    )


_POPULATIONS = ("population", "population_18_plus", "population_65_plus", "population_75_plus")


def _load_councils() -> None:
    bodies = dict(Body.objects.values_list("code", "pk"))
    partnerships = dict(Partnership.objects.values_list("code", "pk"))
    through = Partnership.councils.through
    through.objects.bulk_create(
        [
            through(partnership_id=partnerships[row["code"]], body_id=bodies[code])
            for row in rows("partnerships.csv")
            for code in row["council_codes"].split(";")
        ],
        ignore_conflicts=True,
    )


def _load_schemes(partnerships: list[Partnership]) -> None:
    models = {row["code"]: IntegrationModel(row["model"]) for row in rows("partnerships.csv")}
    with_model = set(IntegrationModelPeriod.objects.values_list("partnership", flat=True))
    with_scheme = set(IntegrationScheme.objects.values_list("partnership", flat=True))
    ours = [partnership for partnership in partnerships if partnership.code in models]
    IntegrationModelPeriod.objects.bulk_create(
        IntegrationModelPeriod(
            partnership=partnership,
            model=models[partnership.code],
            starts_on=partnership.integration_start_day,
        )
        for partnership in ours
        if partnership.pk not in with_model
    )
    IntegrationScheme.objects.bulk_create(
        IntegrationScheme(partnership=partnership)
        for partnership in ours
        if partnership.pk not in with_scheme
    )


def _load_functions(partnerships: list[Partnership]) -> None:
    councils_of_board: dict[int, int] = {}
    for partnership in partnerships:
        councils = len(partnership.councils.all())
        board = partnership.health_board_id
        councils_of_board[board] = councils_of_board.get(board, 0) + councils
    prescribed = list(rows("prescribed_functions.csv"))
    codes = {row["code"] for row in rows("partnerships.csv")}
    DelegatedFunction.objects.bulk_create(
        [
            DelegatedFunction(
                **{name: row[name] for name in _FUNCTION_TEXTS},
                partnership=partnership,
                starts_on=date.fromisoformat(row["starts_on"]),
                # Section 1(14): only where hospitals can serve the areas of two or more councils.
                is_large_hospital=row["is_large_hospital"] == "1"
                and councils_of_board[partnership.health_board_id] > 1,
            )
            for partnership in partnerships
            if partnership.code in codes
            for row in prescribed
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


_FUNCTION_TEXTS = ("code", "title", "legal_basis", "limits", "delegated_by", "setting")
