"""Findings as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from foundation.documents.spreadsheets import harmless

from .selectors import Finding

HEADERS = (
    "Indicator",
    "Title",
    "Published list",
    "Unit",
    "Status",
    "Partnership",
    "Period",
    "Value",
    "Scotland",
    "Compared with earlier",
    "In words",
    "Release",
)


def findings_csv(findings: Iterable[Finding]) -> bytes:
    """One row for each finding, as UTF-8 with the mark that spreadsheets need to read it so."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADERS)
    for finding in findings:
        writer.writerow([cell if is_figure(cell) else harmless(cell) for cell in row_of(finding)])
    return text.getvalue().encode("utf-8-sig")


def row_of(finding: Finding) -> tuple[str, ...]:
    indicator, latest, scotland = finding.indicator, finding.latest, finding.scotland
    return (
        indicator.code,
        indicator.title,
        str(indicator.indicator_set.label),
        indicator.unit,
        str(indicator.status.label),
        finding.series.area,
        latest.period if latest else "",
        f"{latest.value:f}" if latest else "",
        f"{scotland.value:f}" if scotland else "",
        str(finding.direction.label),
        finding.sentence,
        latest.release if latest else "",
    )


def is_figure(cell: str) -> bool:
    return cell.removeprefix("-").replace(".", "", 1).isdigit()
