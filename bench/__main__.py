"""`bench/run`: loads the demonstration, measures, prints the tables and writes them into bench/README.md."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import django

from bench.demonstration import load_demonstration
from bench.pages import WORDS_SAVED, Result, measure, measure_saving

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"


def row(result: Result) -> str:
    cells = [
        result.page.label,
        f"{result.milliseconds:.1f} ms",
        f"{result.multiple:.1f}",
        f"{result.page.aim:.0f}",
        str(result.queries),
        f"{result.kilobytes:.0f} kB",
    ]
    return f"| {' | '.join(cells)} |"


def main() -> None:
    load_demonstration()
    from django.utils import timezone

    bare, results = measure()
    saving = measure_saving()
    # A process of its own, so that the memory is that of the PDF alone.
    run = subprocess.run(
        [sys.executable, "-m", "bench.plan_pdf"], check=True, capture_output=True, text=True, env=os.environ
    )
    pdf = json.loads(run.stdout.splitlines()[-1])
    measured_on = (
        f"{timezone.localdate():%-d %B %Y}: {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    lines = [
        f"Measured {measured_on}, Django {django.__version__}. The bare view took {bare:.1f} ms.",
        "",
        "| Page | Server time | Multiple of the bare view | Aim | Queries | HTML |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
        *map(row, results),
        "",
        (
            f"Saving a section of {WORDS_SAVED:,} words in which one paragraph changed: {saving:.0f} ms of server time "
            "(limit 150)."
        ),
        "",
        "| Demonstration plan as PDF | |",
        "| --- | ---: |",
        f"| Pages | {pdf['pages']} |",
        f"| Time, cold process, without the queue | {pdf['seconds']:.1f} s |",
        f"| Peak memory of the process | {pdf['peak_megabytes']:.0f} MB |",
        f"| File | {pdf['kilobytes']:.0f} kB |",
    ]
    table = "\n".join(lines) + "\n"
    print(table)
    text = README.read_text()
    README.write_text(text[: text.index(BEGIN)] + BEGIN + table + END + text.partition(END)[2])


if __name__ == "__main__":
    main()
