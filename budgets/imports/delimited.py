"""Reads a text file of rows (.csv), in the encodings and with the separators that ledgers write."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import IO

from foundation.incoming.archives import FileRefused
from foundation.incoming.kinds import Progress

from .tables import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Book,
    Row,
    Table,
    too_many_cells,
)

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright strokes"}
LOOKED_AT = 64 * 1024
LONGEST_CELL = 100_000
AS_CSV = (
    "Save it in Excel as CSV UTF-8 (comma delimited), or as an Excel Workbook (.xlsx), and upload that file."
)


def read_delimited(file: IO[bytes], *, progress: Progress) -> Book:
    """The rows of the file, and a note where its encoding or separator is not the usual one. Raises FileRefused."""
    text, encoding = _decoded(file.read())
    if "\x00" in text:
        raise FileRefused(f"This is neither a workbook nor a text file. {AS_CSV}")
    separator = _separator(text)
    notes = []
    if encoding:
        notes.append(
            f"The file is not in UTF-8; it was read as {encoding}. Look at letters such as £ and é in the titles."
        )
    if separator != ",":
        notes.append(f"The columns are separated by {SEPARATORS[separator]}.")
    return Book([Table("", list(_rows(text, separator, progress)))], notes)


def _decoded(data: bytes) -> tuple[str, str]:
    """The text, and the name of its encoding unless it is UTF-8."""
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), "UTF-16"
        if data[1:200:2].count(0) > len(data[1:200:2]) * 0.8:
            return data.decode("utf-16-le"), "UTF-16"
    except UnicodeDecodeError as fault:
        raise FileRefused(f"The file begins as UTF-16 and breaks off. {AS_CSV}") from fault
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("windows-1252"), "Windows-1252"
    except UnicodeDecodeError as fault:
        raise FileRefused(f"The letters of the file are in an unknown encoding. {AS_CSV}") from fault


def _separator(text: str) -> str:
    """The separator that divides the most rows of the beginning into the same number of columns."""
    beginning = text[:LOOKED_AT]

    def fit(separator: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(beginning, newline=""), delimiter=separator)]
        except csv.Error:
            return (0, 0)
        divided = [width for width in widths if width > 1]
        usual = max(divided, key=divided.count, default=0)
        return (divided.count(usual) if usual else 0, usual)

    return max(SEPARATORS, key=fit)


def _rows(text: str, separator: str, progress: Progress) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    kept = held = 0
    try:
        for number, cells in enumerate(reader, 1):
            if not any(cells):
                continue
            while not cells[-1]:
                cells.pop()
            if len(cells) > MOST_COLUMNS:
                raise FileRefused(
                    f"Row {number} has {len(cells)} columns; a table of lines has up to {MOST_COLUMNS}. {AS_CSV}"
                )
            kept += 1
            held += len(cells)
            if held > MOST_CELLS:
                raise too_many_cells()
            if kept > MOST_ROWS:
                raise FileRefused(
                    f"The file has more than {MOST_ROWS:,} rows. Divide it into several files and upload them one "
                    "after the other."
                )
            if kept % 1_000 == 0:
                progress(f"Reading row {number:,}")
            yield Row(number, [cell or None for cell in cells])
    except csv.Error as fault:
        raise FileRefused(
            f"The file cannot be read as a table after row {reader.line_num}: a quotation mark is missing, or a cell "
            f"is longer than {LONGEST_CELL:,} letters. {AS_CSV}"
        ) from fault
