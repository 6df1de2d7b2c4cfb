"""Budget lines as files for a spreadsheet, in exactly the shape in which they come back (budgets.imports)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from foundation.documents.spreadsheets import Column, Sheet, csv_file, xlsx_file

from ..models import Budget
from ..selectors.line_words import LineValues, LineWords
from ..shape import AREA_WIDE, LOCALITY, LineColumn

# One word of a list stands in these cells; care groups are several.
CHOSEN = frozenset(
    {
        "delivered_by_id",
        "function_id",
        "hosted_by_id",
        "category",
        "setting",
        "subjective",
        "fund",
        "arm",
        "provider_sector",
        "is_institutional",
        "is_recurring",
        "locality_method",
    }
)
HELP = (
    "One row is one line of the budget. Leave a cell empty where nothing is known.",
    "A line that is there already is found by its code, or by its title and delivering body. It takes over the file.",
    "A line that is not in the file stays as it is: nothing is ever removed.",
    "Columns may stand in any order, and any of them may be left out; then the lines keep what they say.",
    "A new line needs Title, Delivered by, Category, Setting and Budget.",
    "Amounts are in pounds and pence. Minus, brackets and CR all mean below zero. Only income is budgeted below zero.",
    "Before anything changes, the portal shows what would be added and changed, and every fault with its row.",
)


def columns_of(words: LineWords, *, offers: bool = False) -> list[Column]:
    """The columns of a file of lines, whose rows are LineValues; with lists to choose from where asked."""
    return [
        Column(
            column.header,
            column.meaning,
            _value(column, words),
            choices=words.offered.get(column.key, ()) if offers and column.key in CHOSEN else (),
        )
        for column in words.columns
    ]


def _value(column: LineColumn, words: LineWords) -> Callable[[LineValues], Any]:
    key = column.key
    if key.startswith(LOCALITY):
        place = int(key.removeprefix(LOCALITY))
        return lambda line: line.shares.get(place)
    if key == AREA_WIDE.key:
        return lambda line: line.area_wide
    if key == "care_groups":
        return lambda line: words.written(key, line.care_groups)
    return lambda line: words.written(key, line.own[key])


def lines_csv(words: LineWords, lines: Iterable[LineValues]) -> bytes:
    return csv_file(columns_of(words), lines)


def lines_xlsx(words: LineWords, lines: Iterable[LineValues]) -> bytes:
    """A workbook of the lines that can be worked on and brought back: lists to choose from, help on a second sheet."""
    columns = columns_of(words, offers=True)
    return xlsx_file(
        [Sheet("Lines", columns, lines), _help(words.budget, columns)],
        title=f"{words.budget.partnership} budget lines {words.budget.year_label}",
    )


def _help(budget: Budget, columns: list[Column]) -> Sheet:
    return Sheet(
        "Help",
        [
            Column("Column", "", lambda column: column.header),
            Column("What it holds", "", lambda column: column.meaning),
        ],
        columns,
        title=f"Lines of {budget.partnership} for {budget.year_label}",
        notes=HELP,
        is_text=True,
    )


FAULT_COLUMNS = (
    Column("Row", "Row of the file, from 1", lambda fault: fault.row),
    Column("Column", "Letter of the column", lambda fault: fault.letter),
    Column("Header", "Header of the column", lambda fault: fault.header),
    Column("Problem", "What is wrong and what to do", lambda fault: fault.text),
)


def faults_csv(faults: Iterable[Any]) -> bytes:
    """What stands against a file, one problem a row."""
    return csv_file(FAULT_COLUMNS, faults)
