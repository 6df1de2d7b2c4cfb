"""Reads a workbook (.xlsx): the text of each cell as the file holds it, and what Excel does not show.

One pass over each part with a parser that keeps nothing, so memory is that of the cells alone (docs/adr/0009).
Source: ECMA-376 part 1, SpreadsheetML.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import IO, Any
from xml.parsers import expat

from foundation.incoming.archives import FileRefused
from foundation.incoming.kinds import Progress

from .archive import EXCEL, check_archive
from .tables import (
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Book,
    Cell,
    Merged,
    Row,
    Table,
    Unreadable,
    too_many_cells,
)
from .tables import column_letter as letter_of

PIECE = 256 * 1024
DEEPEST_XML = 60
MOST_ROW_ELEMENTS = 200_000
# Number formats of the standard that show a date; 18 to 21 and 45 to 47 are times of day.
STANDARD_DATES = frozenset({14, 15, 16, 17, 22})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
FIRST_DAY, FIRST_DAY_ON_A_MAC = date(1899, 12, 30), date(1904, 1, 1)

NO_VALUE = "holds a formula without a saved result. Open the file in Excel, save it and upload it again"


def read_workbook(file: IO[bytes], *, progress: Progress) -> Book:
    """The visible sheets with their visible rows. Raises FileRefused in words, nothing else."""
    with EXCEL.opened(file) as archive:
        check_archive(archive)
        return _Reader(archive, progress).book()


class _Reader:
    def __init__(self, archive: zipfile.ZipFile, progress: Progress) -> None:
        self.archive = archive
        self.progress = progress
        self.shared: list[str] = []
        self.dates: frozenset[str] = frozenset()
        self.first_day = FIRST_DAY
        self.held = 0  # cells of all sheets

    def book(self) -> Book:
        root = _Relations()
        self._parse("_rels/.rels", root)
        main = next((path for kind, path in root.found.values() if kind == "officeDocument"), "")
        main = main.lstrip("/")
        book, links = _Workbook(), _Relations()
        self._parse(main, book)
        folder, name = posixpath.split(main)
        self._parse(f"{folder}/_rels/{name}.rels".lstrip("/"), links)
        self.first_day = FIRST_DAY_ON_A_MAC if book.is_from_1904 else FIRST_DAY
        for kind, target in links.found.values():
            if kind == "sharedStrings":
                shared = _SharedStrings()
                self._parse(_within(folder, target), shared)
                self.shared = shared.texts
            elif kind == "styles":
                styles = _Styles()
                self._parse(_within(folder, target), styles)
                self.dates = styles.dates()
        return self._sheets(book, links, folder)

    def _sheets(self, book: _Workbook, links: _Relations, folder: str) -> Book:
        tables, notes = [], []
        for title, relation, state in book.sheets:
            kind, target = links.found.get(relation, ("", ""))
            if kind != "worksheet":
                continue
            if state != "visible":
                notes.append(
                    f"The sheet “{title}” is hidden in Excel and was not read. If it belongs to the budget, unhide it "
                    "and upload the file again."
                )
                continue
            self.progress(f"Reading the sheet “{title}”")
            sheet = _Sheet(self)
            self._parse(_within(folder, target), sheet)
            tables.append(sheet.table(title))
        return Book(tables, notes)

    def _parse(self, name: str, part: _Part) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = part.start
        parser.EndElementHandler = part.end
        parser.CharacterDataHandler = part.text
        parser.StartDoctypeDeclHandler = EXCEL.refuse_document_type
        with self.archive.open(name) as stream:
            while piece := stream.read(PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)


def _within(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class _Part:
    """A part of the archive as its events come."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, name: str, facts: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST_XML:
            raise FileRefused(EXCEL.damaged)
        self.begin(_local(name), facts)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.finish(_local(name))

    def begin(self, name: str, facts: dict[str, str]) -> None: ...

    def finish(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Relations(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == "Relationship" and facts.get("TargetMode") != "External":
            kind = facts.get("Type", "").rpartition("/")[2]
            self.found[facts.get("Id", "")] = (kind, facts.get("Target", ""))


class _Workbook(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, str]] = []
        self.is_from_1904 = False

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == "workbookPr":
            self.is_from_1904 = facts.get("date1904", "") in {"1", "true"}
        elif name == "sheet":
            relation = next((value for key, value in facts.items() if _local(key) == "id"), "")
            self.sheets.append((facts.get("name", ""), relation, facts.get("state", "visible")))


class _Styles(_Part):
    """Which cell formats show a date."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.in_cells = False

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[_whole(facts.get("numFmtId"))] = facts.get("formatCode", "")
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells:
            self.formats.append(_whole(facts.get("numFmtId")))

    def finish(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cells = False

    def dates(self) -> frozenset[str]:
        return frozenset(str(at) for at, number in enumerate(self.formats) if self._is_date(number))

    def _is_date(self, number: int) -> bool:
        code = _QUOTED.sub("", self.codes.get(number, "")).lower()
        return number in STANDARD_DATES or "d" in code or "yy" in code


class _SharedStrings(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.is_text = self.is_phonetic = False

    def begin(self, name: str, facts: dict[str, str]) -> None:  # noqa: ARG002 - one signature for all parts
        if name == "t":
            self.is_text = not self.is_phonetic
        elif name == "rPh":
            self.is_phonetic = True

    def text(self, text: str) -> None:
        if self.is_text:
            self.pieces.append(text)

    def finish(self, name: str) -> None:
        if name == "t":
            self.is_text = False
        elif name == "rPh":
            self.is_phonetic = False
        elif name == "si":
            self.texts.append(_unescaped("".join(self.pieces)))
            self.pieces.clear()
            if len(self.texts) > MOST_CELLS:
                raise too_many_cells()


class _Sheet(_Part):
    """One sheet. Cells come in the order of their rows and columns."""

    def __init__(self, reader: _Reader) -> None:
        super().__init__()
        self.reader = reader
        self.shared = reader.shared
        self.dates = reader.dates
        self.first_day = reader.first_day
        self.progress = reader.progress
        self.rows: list[Row] = []
        self.hidden_rows: list[int] = []
        self.hidden_columns: set[int] = set()
        self.merged: list[Merged] = []
        self.number = self.seen = 0
        self.cells: list[Cell] = []
        self.is_hidden = False
        self._forget_cell()

    def _forget_cell(self) -> None:
        self.column = -1
        self.kind = self.style = ""
        self.value: str | None = None
        self.inline = ""
        self.has_formula = self.in_value = self.in_inline = False

    def start(self, name: str, facts: dict[str, str]) -> None:  # the inner loop: no call more than needed
        if name == "c":
            self._begin_cell(facts)
        elif name == "v":
            self.in_value = True
            self.value = ""
        elif ":" in name:
            self.start(_local(name), facts)
        elif begin := _BEGINNINGS.get(name):
            begin(self, facts)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "v":
            self.in_value = False
        elif name == "t":
            self.in_inline = False
        elif name == "row":
            self._end_row()
        elif ":" in name:
            self.end(_local(name))

    def text(self, text: str) -> None:
        if self.in_value:
            self.value = f"{self.value}{text}"
        elif self.in_inline:
            self.inline += text

    def _begin_row(self, facts: dict[str, str]) -> None:
        self.number = _whole(facts.get("r")) or self.number + 1
        self.is_hidden = facts.get("hidden") in {"1", "true"}
        self.cells = []
        self.seen += 1
        if self.seen > MOST_ROW_ELEMENTS:
            raise FileRefused(_too_many_rows())

    def _begin_cell(self, facts: dict[str, str]) -> None:
        reference = facts.get("r")
        self.column = _column_of(reference) if reference else self.column + 1
        self.kind = facts.get("t", "n")
        self.style = facts.get("s", "")
        self.value = None

    def _begin_formula(self, facts: dict[str, str]) -> None:  # noqa: ARG002 - one signature for all beginnings
        self.has_formula = True

    def _begin_inline(self, facts: dict[str, str]) -> None:  # noqa: ARG002
        self.in_inline = True

    def _hide_columns(self, facts: dict[str, str]) -> None:
        if facts.get("hidden") in {"1", "true"}:
            first, last = _whole(facts.get("min")), _whole(facts.get("max"))
            self.hidden_columns.update(range(first - 1, min(last, MOST_COLUMNS)))

    def _merge(self, facts: dict[str, str]) -> None:
        corners = _REFERENCE.findall(facts.get("ref", ""))
        if len(corners) == 2 and len(self.merged) < MOST_ROWS:
            (left, top), (right, bottom) = corners
            self.merged.append(
                Merged(int(top), int(bottom), _column_of(left), _column_of(right), facts["ref"])
            )

    def _end_cell(self) -> None:
        cell = self._cell()
        column = self.column
        if cell is not None and cell != "":
            if column >= MOST_COLUMNS:
                raise FileRefused(
                    f"Row {self.number} has something in column {letter_of(column)}. A table of lines has up to "
                    f"{MOST_COLUMNS} columns: delete what stands to the right of it and upload the file again."
                )
            self.cells.extend([None] * (column - len(self.cells)))
            self.cells.append(cell)
        self._forget_cell()
        self.column = column

    def _cell(self) -> Cell:
        value, kind = self.value, self.kind
        if kind == "inlineStr":
            return _unescaped(self.inline)
        if value is None or (value == "" and kind != "str"):
            return Unreadable(NO_VALUE) if self.has_formula else None
        if kind == "s":
            return self.shared[int(value)]
        return self._number(value) if kind == "n" else _OTHER_KINDS.get(kind, self._number)(value)

    def _number(self, value: str) -> Cell:
        try:
            number = Decimal(value)
        except InvalidOperation:
            return Unreadable("holds something that is neither a number nor text. Type it again")
        if self.style in self.dates and 0 <= number < 2_958_466:  # the last day of the year 9999
            return self.first_day + timedelta(days=int(number))
        return number

    def _end_row(self) -> None:
        self.column = -1
        if not self.cells:
            return
        if self.is_hidden:
            self.hidden_rows.append(self.number)
            return
        self.rows.append(Row(self.number, self.cells))
        self.reader.held += len(self.cells)
        if self.reader.held > MOST_CELLS:
            raise too_many_cells()
        if len(self.rows) > MOST_ROWS:
            raise FileRefused(_too_many_rows())
        if len(self.rows) % 1_000 == 0:
            self.progress(f"Reading row {self.number:,}")

    def table(self, title: str) -> Table:
        return Table(title, self.rows, self.hidden_rows, frozenset(self.hidden_columns), self.merged)


_OTHER_KINDS: dict[str, Callable[[str], Cell]] = {
    "str": lambda value: _unescaped(value),  # noqa: PLW0108 - it is defined below
    "b": lambda value: value == "1",
    "e": lambda value: Unreadable(f"shows the error {value}. Correct it in Excel"),
    "d": lambda value: date.fromisoformat(value[:10]),
}
_BEGINNINGS: dict[str, Callable[[_Sheet, dict[str, str]], Any]] = {
    "row": _Sheet._begin_row,
    "f": _Sheet._begin_formula,
    "t": _Sheet._begin_inline,
    "col": _Sheet._hide_columns,
    "mergeCell": _Sheet._merge,
}


def _too_many_rows() -> str:
    return (
        f"The file has more than {MOST_ROWS:,} rows. Divide it into several files, or delete the rows below the table "
        "if they only look empty, and upload it again."
    )


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


_COLUMNS: dict[str, int] = {}


def _column_of(reference: str) -> int:
    """0 for A or A1. The few names that there are are worked out once."""
    letters = reference.rstrip("0123456789")
    if letters not in _COLUMNS:
        if not re.fullmatch(r"[A-Z]{1,3}", letters):
            raise FileRefused(EXCEL.damaged)
        place = 0
        for letter in letters:
            place = place * 26 + ord(letter) - 64
        _COLUMNS[letters] = place - 1
    return _COLUMNS[letters]


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def _unescaped(text: str) -> str:
    """Characters that XML cannot hold are written as _x000D_ in a workbook."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
