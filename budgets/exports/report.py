"""The finance report as a workbook: one sheet a table, with real numbers and dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from foundation.documents.spreadsheets import Column, Sheet, xlsx_file

from ..enums import Rag
from ..selectors.report import Report, Row, Table

PATTERNS = {"percent": "0.0", "money": "#,##0.00;[Red]-#,##0.00"}


def report_xlsx(report: Report) -> bytes:
    """Every table of the report on a sheet of its own, its sentence above it."""
    close = report.close
    about = f"Close {close.number} of {close.period.month_label}, fingerprint {close.sha256}"
    return xlsx_file(
        [_sheet(table, about) for table in report.tables],
        title=f"Finance report {report.books.partnership}, {close}",
    )


def _sheet(table: Table, about: str) -> Sheet:
    notes = [table.sentence, *([table.note] if table.note else []), about]
    columns = [
        Column(head.label, "", _cell(place, head.kind), PATTERNS.get(head.kind, ""))
        for place, head in enumerate(table.heads)
    ]
    return Sheet(
        name=table.name,
        columns=columns,
        rows=table.rows,
        title=f"{table.name}, in pounds",
        notes=notes,
        is_total=lambda row: bool(row.style),
    )


def _cell(place: int, kind: str) -> Callable[[Row], Any]:
    def value(row: Row) -> Any:
        cell = row.cells[place]
        if kind == "rag" and cell:
            return Rag(cell).label
        return None if cell == "" else cell

    return value
