"""Rows as a file that a spreadsheet opens."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    """One column of a file: its header, what it holds (for the page that offers the file), how a row gives it."""

    header: str
    meaning: str
    value: Callable[[Any], Any]


def csv_file(columns: Sequence[Column], rows: Iterable[Any]) -> bytes:
    """The rows under their headers as CSV in UTF-8, with the mark by which spreadsheets know it.

    None is an empty cell. Text that a spreadsheet would run as a formula gets an apostrophe before it; figures stay.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column.header for column in columns])
    for row in rows:
        writer.writerow([harmless(column.value(row)) for column in columns])
    return file.getvalue().encode("utf-8-sig")


def harmless(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
