"""`bench/pdf`: plans of about 75 and 300 pages, cold, changed and unchanged, beside LibreOffice and Chromium.

Writes the second table of bench/README.md.
"""

from __future__ import annotations

import io
import os
import platform
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.demonstration import load_demonstration

from .measuring import ROUNDS, Times, Worker, by_the_clock, made, timed, worker

README = Path(__file__).parent.with_name("README.md")
BEGIN, END = "<!-- assembly: begin -->\n", "<!-- assembly: end -->\n"
# In the sections; tables, charts and the record of engagement add about as many again to make 25,000.
WORDS = 13_500
TIMES_AS_LONG = 8


@dataclass(frozen=True)
class Line:
    what: str
    times: Times | None
    limit: str = ""

    def __str__(self) -> str:
        return f"| {self.what} | {self.times or 'not installed'} | {self.limit} |"


def main() -> None:
    load_demonstration()
    from django.conf import settings

    parts = Path(settings.MEDIA_ROOT) / "parts"
    with tempfile.TemporaryDirectory() as folder:
        table = measured(Path(folder), lambda: shutil.rmtree(parts, ignore_errors=True))
    print(table)
    text = README.read_text()
    README.write_text(text[: text.index(BEGIN)] + BEGIN + table + END + text.partition(END)[2])


def measured(folder: Path, forget: Callable[[], None]) -> str:
    """The table, as Markdown. `forget` throws the kept chapters away."""
    from strategic_plans.models import PlanVersion

    from .plans import large_edition, many_times, with_a_change

    version = PlanVersion.objects.filter(plan__partnership__slug="edinburgh").first()
    assert version, "load the demonstration first"
    keep = Keeper(version)
    edition = large_edition(version.snapshot.edition, words=WORDS)
    longer = many_times(edition, TIMES_AS_LONG)
    plan, long_plan = keep(edition), keep(longer)
    changes = [
        keep(with_a_change(edition, 3 + number, f"Round {number} changed this.")) for number in range(ROUNDS)
    ]
    started = partial(worker, dict(os.environ), folder / "worker.log")
    load = os.getloadavg()[0]

    with started() as ours:
        made(plan)  # both processes have loaded the renderer
        cold = timed(lambda _: made(plan).seconds, before=forget)
        data = made(plan).data
        unchanged = timed(lambda _: made(plan).seconds)
        changed = timed(lambda number: made(changes[number]).seconds)
        office, browser, office_pages, browser_pages = others(keep.html(plan), keep.word(plan), folder)
        cold_long = timed(lambda _: made(long_plan).seconds, rounds=1, before=forget)
        long_data = made(long_plan).data
        unchanged_long = timed(lambda _: made(long_plan).seconds, rounds=3)
        at_last = ours.peaks
    once, long_once = (_peaks_of_one(pk, started, forget) for pk in (plan, long_plan))

    facts = facts_of(data, keep.html(plan))
    lines = [
        Line(
            f"Portal, cold, two worker processes ({facts})", cold, against(cold, office, "LibreOffice", 0.8)
        ),
        Line("Portal, one section changed", changed, against(changed, browser, "Chromium", 0.35)),
        Line("Portal, nothing changed", unchanged, "at most 0.5 s"),
        Line(f"LibreOffice, .docx to tagged PDF ({office_pages} pages)", office),
        Line(f"Chromium, HTML to tagged PDF ({browser_pages} pages)", browser),
        Line(f"Portal, {pages_of(long_data)} pages, cold", cold_long),
        Line(f"Portal, {pages_of(long_data)} pages, nothing changed", unchanged_long),
    ]
    measured_on = f"{today()}: {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"""Measured {measured_on}, load {load:.1f} before the first round. Medians of {len(cold.seconds)} rounds \
(fastest to slowest); the long plan cold once, unchanged three times.

| What | From request to file | Limit |
| --- | ---: | --- |
{chr(10).join(map(str, lines))}

| Peak memory of a worker process | Renders and assembles (limit 300 MB) | Renders only (limit 200 MB) |
| --- | ---: | ---: |
| A new worker, the plan once, cold | {once[0]} MB | {once[1]} MB |
| A new worker, {pages_of(long_data)} pages once, cold | {long_once[0]} MB | {long_once[1]} MB |
| After all the above, by when each process has assembled | {_listed(at_last)} MB | |

Files: {len(data) / 1024:.0f} kB and {len(long_data) / 1024:.0f} kB.
"""


def _peaks_of_one(
    plan: int, started: Callable[[], AbstractContextManager[Worker]], forget: Callable[[], None]
) -> list[int]:
    """Megabytes of the process that assembles, which is the larger, and of the one that only helps to render."""
    forget()
    with started() as ours:
        made(plan)
        return ours.peaks


@dataclass(frozen=True)
class Keeper:
    """Keeps editions as snapshots of the demonstration's plan."""

    version: Any

    def __call__(self, edition: Any) -> int:
        from strategic_plans.models import Snapshot

        snapshot, _ = Snapshot.objects.get_or_create(
            plan=self.version.plan,
            sha256=edition.sha256,
            defaults={"content": edition.to_json(), "taken_by": self.version.snapshot.taken_by},
        )
        pk: int = snapshot.pk
        return pk

    def word(self, snapshot_pk: int) -> bytes:
        """The portal's own Word file, with its charts."""
        from foundation.documents.word import write_word

        return write_word(self._book(snapshot_pk, with_drawings=False))

    def _book(self, snapshot_pk: int, *, with_drawings: bool = True) -> Any:
        from strategic_plans.documents import snapshot_book
        from strategic_plans.models import Snapshot

        return snapshot_book(Snapshot.objects.get(pk=snapshot_pk), with_drawings=with_drawings)

    def html(self, snapshot_pk: int) -> str:
        """All chapters in one page, for those who print a whole page."""
        book = self._book(snapshot_pk)
        chapters = "".join(chapter.html for chapter in book.rendered_first)
        head = "".join(f'<link rel="stylesheet" href="static/{name}">' for name in book.stylesheets)
        return (
            f'<!doctype html><html lang="{book.language}"><head><meta charset="utf-8"><title>Plan</title>{head}</head>'
            f"<body>{chapters}</body></html>"
        )


def others(html: str, word: bytes, folder: Path) -> tuple[Times | None, Times | None, int, int]:
    """LibreOffice's and Chromium's times, None where they are not installed, and their pages."""
    from django.conf import settings

    from .others import chromium, chromium_pdf, libreoffice, libreoffice_pdf

    (folder / "static").symlink_to(settings.STATIC_ROOT)
    office = browser = None
    office_pages = browser_pages = 0
    if program := libreoffice():
        (folder / "word").mkdir()
        document = folder / "word" / "plan.docx"
        document.write_bytes(word)
        written = partial(libreoffice_pdf, program, document)
        office_pages = pages_of(written())
        office = timed(lambda _: by_the_clock(written))
    if program := chromium():
        page = folder / "plan.html"
        page.write_text(html)
        printed = partial(chromium_pdf, program, page)
        browser_pages = pages_of(printed())
        browser = timed(lambda _: by_the_clock(printed))
    return office, browser, office_pages, browser_pages


def against(times: Times, other: Times | None, name: str, limit: float) -> str:
    if other is None:
        return f"at most {limit} of {name}’s time"
    return f"{times.median / other.median:.2f} of {name}’s time, at most {limit}"


def facts_of(data: bytes, html: str) -> str:
    from foundation.richtext.cleaning import plain_text

    words = len(plain_text(html).split())
    return f"{pages_of(data)} pages, {words:,} words, {html.count('<table')} tables, {html.count('<svg')} drawings"


def pages_of(data: bytes) -> int:
    import pikepdf

    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def _listed(megabytes: list[int]) -> str:
    return " and ".join(map(str, megabytes))


def today() -> str:
    from django.utils import timezone

    return f"{timezone.localdate():%-d %B %Y}"


if __name__ == "__main__":
    main()
