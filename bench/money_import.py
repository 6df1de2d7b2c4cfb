"""`bench/import`: 10,000 lines from a file into a budget, beside a bare COPY of the same rows."""

from __future__ import annotations

import os
import platform
import random
import resource
import statistics
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.demonstration import load_demonstration

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- import: begin -->\n", "<!-- import: end -->\n"
LINES, ROUNDS, YEAR = 10_000, 3, 2031
TIMES_LIMIT, MEGABYTES_LIMIT = 10, 300


@dataclass
class Timed:
    """Seconds by the clock, and of the processor in this process."""

    wall: float
    processor: float

    def __str__(self) -> str:
        return f"{self.wall:.2f} s ({self.processor:.2f} s of this process)"


class Watch:
    def __init__(self) -> None:
        self.wall, self.processor = time.perf_counter(), time.process_time()

    def stop(self) -> Timed:
        return Timed(time.perf_counter() - self.wall, time.process_time() - self.processor)


def files(budget: Any) -> dict[str, bytes]:
    """A ledger of 10,000 lines of all kinds, made by a seeded generator, as workbook and as CSV."""
    from budgets.exports import lines_csv, lines_xlsx
    from budgets.selectors.line_words import OWN_KEYS, LineValues, line_words

    chance = random.Random(2014)
    words = line_words(budget)
    board = next(pk for pk, body in words.bodies.items() if body.kind == "health_board")
    functions = list(words.functions)
    unsaid = dict.fromkeys(OWN_KEYS)
    lines = [
        LineValues(
            unsaid
            | {
                "code": f"L{number:05d}",
                "group": f"Heading {number % 40}",
                "title": f"Service number {number}, with a name as ledgers have them",
                "delivered_by_id": board,
                "provider_sector": "body",
                "function_id": chance.choice(functions),
                "category": chance.choice("AB"),
                "setting": chance.choice(["hospital", "community"]),
                "fund": "payment",
                "arm": "health_board",
                "is_recurring": chance.random() < 0.9,
                "is_institutional": chance.random() < 0.3,
                "amount": Decimal(chance.randrange(100_000_000)) / 100,
                "actual": Decimal(chance.randrange(100_000_000)) / 100,
            }
        )
        for number in range(LINES)
    ]
    return {"xlsx": lines_xlsx(words, lines), "csv": lines_csv(words, lines)}


def bring_in(budget: Any, by: Any, data: bytes, ending: str) -> tuple[Timed, Timed]:
    """Reading with all checks, and applying; the budget holds the lines then."""
    from django.core.files.base import ContentFile

    from budgets import services

    file = ContentFile(data, name=f"ledger.{ending}")
    row = services.start_import(budget=budget, file=file, by=by)
    watch = Watch()
    services.read_import(row.pk)
    read = watch.stop()
    row.refresh_from_db()
    assert (row.state, row.added, row.faults) == ("read", LINES, 0), (
        row.state,
        row.refusal,
        row.found["faults"][:3],
    )
    watch = Watch()
    services.apply_import(line_import=row, by=by)
    return read, watch.stop()


def bare_copy(budget: Any) -> Timed:
    """The rows of the budget, taken out and put in again by COPY, with all constraints of the table."""
    from django.db import connection

    with connection.cursor() as cursor:
        named = "SELECT string_agg(quote_ident(attname), ',') FROM pg_attribute WHERE attrelid = "
        cursor.execute(f"{named} 'budgets_budgetline'::regclass AND attnum > 0 AND NOT attisdropped")
        columns = cursor.fetchone()[0]
        rows = f"SELECT {columns} FROM budgets_budgetline WHERE budget_id = {budget.pk}"
        with cursor.copy(f"COPY ({rows}) TO STDOUT") as copy:
            data = b"".join(bytes(part) for part in copy)
        budget.lines.all().delete()
        watch = Watch()
        with cursor.copy(f"COPY budgets_budgetline ({columns}) FROM STDIN") as copy:
            copy.write(data)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = watch.stop()
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return took


def main() -> None:
    load_demonstration()
    from django.db import transaction
    from django.utils import timezone

    from budgets.models import Budget
    from partnerships.models import Partnership, User

    by = User.objects.get(email="finance@demo.example")
    budget, _ = Budget.objects.get_or_create(
        partnership=Partnership.objects.select_related("health_board").get(slug="edinburgh"), year=YEAR
    )
    ledgers = files(budget)
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    found: dict[str, list[tuple[Timed, Timed, Timed]]] = {ending: [] for ending in ledgers}
    for _ in range(ROUNDS):
        for ending, data in ledgers.items():
            with transaction.atomic():
                read, applied = bring_in(budget, by, data, ending)
                found[ending].append((read, applied, bare_copy(budget)))
                transaction.set_rollback(True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

    def middle(timed: list[Timed]) -> Timed:
        return Timed(statistics.median(t.wall for t in timed), statistics.median(t.processor for t in timed))

    lines = [
        (
            f"Measured {timezone.localdate():%-d %B %Y}: {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python "
            f"{platform.python_version()}. Medians of {ROUNDS} rounds, {LINES:,} lines; in brackets the processor time "
            "of the portal's own process."
        ),
        "",
        f"| File | Read and checked | Applied | Bare COPY | Times (limit {TIMES_LIMIT}) |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for ending, rounds in found.items():
        read, applied, copied = (middle(list(each)) for each in zip(*rounds, strict=True))
        times = (read.wall + applied.wall) / copied.wall
        size = len(ledgers[ending]) / 1024
        lines.append(f"| .{ending}, {size:,.0f} kB | {read} | {applied} | {copied} | {times:.1f} |")
    lines += [
        "",
        f"Memory of the process: {idle} MB before, {peak} MB at its peak (limit {MEGABYTES_LIMIT}).",
    ]
    table = "\n".join(lines) + "\n"
    print(table)
    text = README.read_text()
    README.write_text(text[: text.index(BEGIN)] + BEGIN + table + END + text.partition(END)[2])


if __name__ == "__main__":
    main()
