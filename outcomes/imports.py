"""Published values, read row by row and recorded as vintages; and the reference data that the portal ships."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction
from django.db.models import Model

from foundation.audit import SYSTEM, record
from partnerships.imports import partnership_code
from partnerships.models import Partnership

from .models import DataRelease, Indicator, IndicatorValue, Outcome, Principle
from .periods import Period, PeriodNotUnderstood, read_period

DATA = Path(__file__).resolve().parent / "data"
SCOTLAND = "Scotland"
# Councils of a partnership of two: what is published for one of them does not stand for both.
PARTS_OF_PARTNERSHIPS = frozenset({"clackmannanshire", "stirling"})
LARGEST = Decimal(10) ** 10
SMALLEST_STEP = Decimal("0.0001")
BATCH = 2000


class ReleaseAlreadyRecorded(ValueError):
    """A file was recorded under this release name before, with other values."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row of a file: where, what, what to do."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class PublishedValue:
    """One row of a published file, checked. No partnership: the value is Scotland's."""

    indicator: Indicator
    partnership: Partnership | None
    period: Period
    value: Decimal | None
    breaks_series: bool = False
    is_provisional: bool = False
    note: str = ""

    @property
    def key(self) -> tuple[int, int | None, str]:
        return self.indicator.pk, self.partnership.pk if self.partnership else None, self.period.label

    @property
    def facts(self) -> tuple[Decimal | None, bool, bool, str]:
        return self.value, self.breaks_series, self.is_provisional, self.note


@dataclass
class ValuesFile:
    """What was read from a file: its rows by release, the areas that were left out, the faults."""

    rows: dict[str, list[PublishedValue]] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


class NoPartnership(LookupError):
    """The name of an area means neither a partnership nor Scotland."""


@dataclass(frozen=True)
class Areas:
    """The areas that values may be recorded for."""

    partnerships: dict[str, Partnership]  # by their code

    def named(self, name: str) -> Partnership | None:
        """The partnership that a published file names so; None for Scotland. Raises NoPartnership for all others."""
        if name == SCOTLAND:
            return None
        code = partnership_code(name)
        if name.casefold() in PARTS_OF_PARTNERSHIPS or code not in self.partnerships:
            raise NoPartnership(name)
        return self.partnerships[code]


def load_reference() -> dict[str, int]:
    """Outcomes, principles, indicators and values stand in the database as the files say. A second time adds nothing.

    Returns how many of each there are and how many values were added. Raises ReleaseAlreadyRecorded when the shipped
    values differ from those that were recorded under the same release, ValueError when the files do not hold.
    """
    with transaction.atomic():
        outcomes = load_outcomes()
        principles = load_principles()
        indicators = load_indicators()
        releases = load_releases()
        values, added = load_values(releases)
        counts = {
            "outcomes": outcomes,
            "principles": principles,
            "indicators": indicators,
            "values": values,
            "values added": added,
        }
        if added:
            record(
                by=SYSTEM,
                action="outcomes.reference_loaded",
                subject="Outcomes, principles, indicators and their values",
                after=counts,
            )
    return counts


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def upsert(model: type[Model], rows: list[Model], key: str, fields: list[str]) -> int:
    """The rows stand in the database under their key with these fields."""
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[key], update_fields=fields, batch_size=BATCH
    )
    return len(rows)


def load_outcomes() -> int:
    rows: list[Model] = [Outcome(**row) for row in rows_of("outcomes.csv")]
    return upsert(Outcome, rows, "number", ["title", "text"])


def load_principles() -> int:
    rows: list[Model] = [Principle(**row) for row in rows_of("principles.csv")]
    return upsert(Principle, rows, "code", ["position", "text"])


def load_indicators() -> int:
    """The indicators and their default mapping to outcomes."""
    rows = rows_of("indicators.csv")
    indicators = [indicator_of(row) for row in rows]
    unchanging = {"id", "code"}
    fields = [f.name for f in Indicator._meta.concrete_fields if f.name not in unchanging]
    upsert(Indicator, list(indicators), "code", fields)
    outcomes = {outcome.number: outcome.pk for outcome in Outcome.objects.all()}
    held = {indicator.code: indicator.pk for indicator in Indicator.objects.all()}
    link = Indicator.outcomes.through
    wanted = {
        (held[row["code"]], outcomes[int(number)]) for row in rows for number in row["outcomes"].split()
    }
    links = {(row.indicator_id, row.outcome_id): row.pk for row in link._default_manager.all()}
    link._default_manager.filter(pk__in=[pk for key, pk in links.items() if key not in wanted]).delete()
    link._default_manager.bulk_create(
        link(indicator_id=indicator, outcome_id=outcome) for indicator, outcome in sorted(wanted - set(links))
    )
    return len(indicators)


def indicator_of(row: dict[str, str]) -> Indicator:
    return Indicator(
        code=row["code"],
        slug=row["code"].lower(),
        position=int(row["position"]),
        title=row["title"],
        short_title=row["short_title"],
        indicator_set=row["set"],
        unit=row["unit"],
        decimals=int(row["decimals"]),
        better=row["better"],
        interval_years=int(row["interval_years"]),
        is_survey=is_yes(row["is_survey"]),
        is_total=is_yes(row["is_total"]),
        status=row["status"],
        status_note=row["status_note"],
        source=row["source"],
    )


def load_releases() -> dict[str, DataRelease]:
    """The shipped releases by their short name in the files. The moment of recording stays that of the first time."""
    rows = rows_of("releases.csv")
    releases: list[Model] = [
        DataRelease(name=row["name"], attribution=row["attribution"], url=row["url"]) for row in rows
    ]
    upsert(DataRelease, releases, "name", ["attribution", "url"])
    held = {release.name: release for release in DataRelease.objects.all()}
    return {row["release"]: held[row["name"]] for row in rows}


def load_values(releases: dict[str, DataRelease]) -> tuple[int, int]:
    """The shipped values: how many the file holds, how many were new."""
    read = read_values(rows_of("values.csv"), loaded_areas(), {i.code: i for i in Indicator.objects.all()})
    if read.faults or read.left_out:
        said = "; ".join(f"row {fault.row}, {fault.column}: {fault.message}" for fault in read.faults[:5])
        raise ValueError(f"The shipped values do not hold. {said} {dict(read.left_out)}".strip())
    counts = [(len(rows), record_values(rows, releases[name])) for name, rows in read.rows.items()]
    return sum(held for held, _ in counts), sum(added for _, added in counts)


def loaded_areas() -> Areas:
    return Areas({row.code: row for row in Partnership.objects.all()})


def read_values(rows: Iterable[dict[str, str]], areas: Areas, indicators: dict[str, Indicator]) -> ValuesFile:
    """The rows of a file, checked one by one.

    `rows` have the columns indicator, partnership, period, value, release and may have breaks_series, provisional and
    note. Areas that are no partnership are counted under `left_out`, never guessed; a council that is only a part of
    its partnership is among them, because a rate must not stand for the whole.
    """
    read = ValuesFile()
    seen: set[tuple[object, ...]] = set()
    for number, row in enumerate(rows, start=2):
        cells = {column: (text or "").strip() for column, text in row.items() if isinstance(column, str)}
        area = cells.get("partnership", "")
        try:
            partnership = areas.named(area)
        except NoPartnership:
            read.left_out[area or "(blank)"] += 1
            continue
        faults = list(faults_of(number, cells, indicators))
        if faults:
            read.faults += faults
            continue
        value = value_of(cells, partnership, indicators)
        release = cells["release"]
        if (release, *value.key) in seen:
            read.faults.append(
                Fault(
                    number,
                    "period",
                    f"A second value for {area} in {value.period.label}: keep one of the two",
                )
            )
            continue
        seen.add((release, *value.key))
        read.rows.setdefault(release, []).append(value)
    return read


def faults_of(number: int, cells: dict[str, str], indicators: dict[str, Indicator]) -> Iterator[Fault]:
    code = cells.get("indicator", "")
    if code not in indicators:
        yield Fault(number, "indicator", f"'{code}' is no indicator of the portal: check the code")
    if not cells.get("release"):
        yield Fault(number, "release", "Name the published file that the value was taken from")
    if len(cells.get("note", "")) > 300:
        yield Fault(number, "note", "Shorten the note to 300 characters")
    try:
        read_period(cells.get("period", ""))
    except PeriodNotUnderstood as error:
        yield Fault(number, "period", str(error))
    try:
        decimal_of(cells.get("value", ""))
    except ValueError as error:
        yield Fault(number, "value", str(error))


def value_of(
    cells: dict[str, str], partnership: Partnership | None, indicators: dict[str, Indicator]
) -> PublishedValue:
    return PublishedValue(
        indicator=indicators[cells["indicator"]],
        partnership=partnership,
        period=read_period(cells["period"]),
        value=decimal_of(cells["value"]),
        breaks_series=is_yes(cells.get("breaks_series", "")),
        is_provisional=is_yes(cells.get("provisional", "")),
        note=cells.get("note", ""),
    )


def decimal_of(text: str) -> Decimal | None:
    """The figure, None for an empty cell. Raises ValueError for what is no figure, or too large or fine to be kept."""
    if not text:
        return None
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise ValueError(
            f"'{text}' is not a figure: write it like 1,204.5, or leave the cell empty"
        ) from None
    if not value.is_finite() or abs(value) >= LARGEST:
        raise ValueError(f"'{text}' is too large to be a value of an indicator: check it")
    if value != value.quantize(SMALLEST_STEP):
        raise ValueError(f"'{text}' has more than four decimals: round it")
    return value


def is_yes(text: str) -> bool:
    return text.strip().lower() == "yes"


@transaction.atomic
def record_values(rows: Iterable[PublishedValue], release: DataRelease) -> int:
    """Values that are new, or differ from the newest held, are recorded under the release: how many.

    What is known already is not recorded again, so the same file adds nothing the second time. Raises
    ReleaseAlreadyRecorded when this release holds another value for a row: a revision needs a release of its own.
    """
    wanted = list(rows)
    indicators = {row.indicator.pk for row in wanted}
    held = IndicatorValue.objects.filter(indicator__in=indicators)
    of_release = {key_of(value): facts_of(value) for value in held.filter(release=release)}
    newest = {key_of(value): facts_of(value) for value in held.newest_vintages()}
    differing = [row for row in wanted if row.key in of_release and of_release[row.key] != row.facts]
    if differing:
        first = differing[0]
        raise ReleaseAlreadyRecorded(
            f"'{release}' was recorded before with other values ({len(differing)} differ, among them "
            f"{first.indicator.code} in {first.period.label}). Give the revised file a release name of its own."
        )
    new = [row for row in wanted if row.key not in of_release and newest.get(row.key) != row.facts]
    IndicatorValue.objects.bulk_create([recorded(row, release) for row in new], batch_size=BATCH)
    return len(new)


def key_of(value: IndicatorValue) -> tuple[int, int | None, str]:
    return value.indicator_id, value.partnership_id, value.period


def facts_of(value: IndicatorValue) -> tuple[Decimal | None, bool, bool, str]:
    return value.value, value.breaks_series, value.is_provisional, value.note


def recorded(row: PublishedValue, release: DataRelease) -> IndicatorValue:
    return IndicatorValue(
        indicator=row.indicator,
        partnership=row.partnership,
        period=row.period.label,
        period_starts_on=row.period.starts_on,
        value=row.value,
        breaks_series=row.breaks_series,
        is_provisional=row.is_provisional,
        note=row.note,
        release=release,
    )
