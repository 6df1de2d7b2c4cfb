"""What moved between two closes, as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from foundation.documents.spreadsheets import Column, csv_file

from ..selectors.comparison import Moved

MOVED_COLUMNS = (
    Column("line", "Title of the line", lambda move: move.line),
    Column(
        "set_aside", "yes where the line is set-aside money", lambda move: "yes" if move.is_set_aside else ""
    ),
    Column("figure", "Which figure moved", lambda move: move.figure),
    Column("was", "In the earlier close, in pounds", lambda move: move.was),
    Column("now", "In the later close, in pounds", lambda move: move.now),
    Column("moved_by", "Now less before, in pounds", lambda move: move.by),
    Column("why", "The movement or the reason behind it", lambda move: move.why),
    Column("who", "Who approved or closed it", lambda move: move.who),
)


def moved_csv(moves: Iterable[Moved]) -> bytes:
    """What moved between two closes, one figure a row, under the headers of MOVED_COLUMNS."""
    return csv_file(MOVED_COLUMNS, moves)
