"""Rows as a file that a spreadsheet opens."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

POUNDS = "#,##0.00;[Red]-#,##0.00"
WHOLE = "#,##0"
DAY = "d mmmm yyyy"

LOOKS: dict[str, dict[str, Any]] = {
    "": {},
    "total": {"bold": True, "top": 1},
    "text": {"text_wrap": True, "valign": "top"},
}

# Excel's own limits.
LONGEST_TEXT = 32_767
LONGEST_NAME = 31
# How far down a sheet the words to choose from are offered.
CHOICE_ROWS = 10_000
LISTS = "Allowed words"
# A file says what it holds, not when it was made: the same content is the same bytes.
UNDATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the format has no zone


@dataclass(frozen=True)
class Column:
    """One column of a file: its header, what it holds (for the page that offers the file), how a row gives it.

    For workbooks: `pattern` is how numbers or dates are shown when their type does not say it, `choices` the words
    that may stand in the column.
    """

    header: str
    meaning: str
    value: Callable[[Any], Any]
    pattern: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook: rows under headers, with a title and lines of text above them where given."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Any]
    title: str = ""
    notes: Sequence[str] = ()
    is_total: Callable[[Any], bool] = lambda row: False  # noqa: ARG005 - the signature
    is_text: bool = False  # a sheet to be read rather than worked with: its cells wrap

    @property
    def header_row(self) -> int:
        """Counted from 0."""
        above = bool(self.title) + len(self.notes)
        return above + 1 if above else 0


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


def xlsx_file(sheets: Sequence[Sheet], *, title: str = "") -> bytes:
    """A workbook of these sheets. The same content gives the same bytes.

    Decimals, whole numbers and dates are real ones, None is an empty cell, and text is text whatever it begins with:
    no formula is ever written. Headers stay in view. Words to choose from stand on a sheet of their own at the end.
    """
    import xlsxwriter  # 15 MB, in processes of which most never write a workbook

    file = io.BytesIO()
    with xlsxwriter.Workbook(
        file, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    ) as book:
        book.set_properties({"title": title, "created": UNDATED})
        writer = _Writer(book)
        for sheet in sheets:
            writer.write(sheet)
        writer.write_lists()
    return file.getvalue()


class _Writer:
    """One workbook while it is written."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.names: set[str] = {LISTS.casefold()}
        self.lists: dict[tuple[str, ...], tuple[str, str]] = {}  # the words: their heading and defined name
        self.formats: dict[tuple[str, str], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.header = book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E6EEF5"}
        )

    def write(self, sheet: Sheet) -> None:
        page = self.book.add_worksheet(self._name(sheet.name))
        titles = [sheet.title] if sheet.title else []
        for number, text in enumerate([*titles, *sheet.notes]):
            page.write_string(number, 0, text[:LONGEST_TEXT], self.title if number < len(titles) else None)
        top = sheet.header_row
        widths = [_width_of(column.header) for column in sheet.columns]
        for at, column in enumerate(sheet.columns):
            page.write_string(top, at, column.header, self.header)
        for down, row in enumerate(sheet.rows, top + 1):
            look = "total" if sheet.is_total(row) else "text" if sheet.is_text else ""
            for at, column in enumerate(sheet.columns):
                value = column.value(row)
                if value is not None and value != "":
                    style = self._style(column.pattern or _pattern_of(value), look)
                    widths[at] = max(widths[at], _put(page, (down, at), value, style))
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, min(widths[at], 60))
            if column.choices:
                self._offer(page, top + 1, at, column)
        page.freeze_panes(top + 1, 0)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(top)

    def _style(self, pattern: str, look: str) -> Any:
        if (pattern, look) not in self.formats:
            facts: dict[str, Any] = {"num_format": pattern} if pattern else {}
            facts |= LOOKS[look]
            self.formats[pattern, look] = self.book.add_format(facts)
        return self.formats[pattern, look]

    def _name(self, wanted: str) -> str:
        """A name that Excel takes, and that no sheet of the workbook has yet."""
        plain = re.sub(r"[\[\]:*?/\\]", " ", wanted).strip("' ")[:LONGEST_NAME] or "Sheet"
        name, number = plain, 1
        while name.casefold() in self.names:
            number += 1
            name = f"{plain[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        self.names.add(name.casefold())
        return name

    def _offer(self, page: Any, first: int, at: int, column: Column) -> None:
        words = tuple(column.choices)
        _, name = self.lists.setdefault(words, (column.header, f"words_{len(self.lists) + 1}"))
        page.data_validation(
            first,
            at,
            first + CHOICE_ROWS - 1,
            at,
            {
                "validate": "list",
                "source": f"={name}",
                "error_title": column.header[:32],
                "error_message": f"Choose one of the words of the list. They also stand on the sheet “{LISTS}”.",
            },
        )

    def write_lists(self) -> None:
        if not self.lists:
            return
        from xlsxwriter.utility import xl_col_to_name

        page = self.book.add_worksheet(LISTS)
        for at, (words, (heading, name)) in enumerate(self.lists.items()):
            page.write_string(0, at, heading, self.header)
            for down, word in enumerate(words, 1):
                page.write_string(down, at, word)
            page.set_column(at, at, min(max(map(_width_of, (heading, *words))), 60))
            column = xl_col_to_name(at, col_abs=True)
            self.book.define_name(name, f"='{LISTS}'!{column}$2:{column}${len(words) + 1}")
        page.freeze_panes(1, 0)


def _put(page: Any, place: tuple[int, int], value: Any, style: Any) -> int:
    """The cell is written; returns the width that it asks for, in characters."""
    if isinstance(value, (Decimal, int, float)) and not isinstance(value, bool):
        page.write_number(*place, value, style)
        return len(f"{value:,.2f}") + 2
    if isinstance(value, date):
        page.write_datetime(*place, value, style)
        return len("30 September 2026")
    text = str(value)
    if len(text) > LONGEST_TEXT:
        text = f"{text[: LONGEST_TEXT - 1]}…"
    page.write_string(*place, text, style)
    return _width_of(text)


def _width_of(text: str) -> int:
    return max((len(line) for line in text.splitlines()), default=0) + 2


def _pattern_of(value: Any) -> str:
    if isinstance(value, bool):
        return ""
    if isinstance(value, Decimal | float):
        return POUNDS
    if isinstance(value, int):
        return "0"
    if isinstance(value, date):
        return DAY
    return ""
