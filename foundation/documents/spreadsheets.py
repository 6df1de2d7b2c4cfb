"""Rows as a file that a spreadsheet opens."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_file(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The rows under their headers as CSV in UTF-8, with the mark by which spreadsheets know it.

    None is an empty cell. Text that a spreadsheet would run as a formula gets an apostrophe before it; figures stay.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(headers)
    for row in rows:
        writer.writerow([harmless(value) for value in row])
    return file.getvalue().encode("utf-8-sig")


def harmless(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
