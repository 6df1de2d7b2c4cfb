"""The register of directions as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from foundation.documents.spreadsheets import Column, csv_file

from ..selectors.directions import DirectionRow

DIRECTION_COLUMNS = (
    Column("reference", "Unique reference; empty for a draft", lambda row: row.reference),
    Column("version", "Its number in a chain of directions that varied one another", lambda row: row.version),
    Column("title", "Title", lambda row: row.title),
    Column("to", "Council, health board or both", lambda row: row.bodies),
    Column("functions", "Delegated functions that it is about", lambda row: row.functions),
    Column("payment", "Payment for the year, in pounds; empty where none is stated", lambda row: row.payment),
    Column(
        "set_aside",
        "Sum set aside for the year, in pounds; never part of the payment",
        lambda row: row.set_aside,
    ),
    Column("method", "Method of the payment where no amount is stated", lambda row: row.method),
    Column("status", "Where it stands", lambda row: row.state.label),
    Column("issued", "Day on which it was issued", lambda row: row.issued_on),
    Column("from", "First day in force", lambda row: row.starts_on),
    Column("review", "Day by which it is reviewed", lambda row: row.review_on),
    Column("to_day", "Last day in force; empty until further notice", lambda row: row.ends_on),
    Column(
        "progress",
        "What the body last reported",
        lambda row: row.progress.label if row.progress else "",
    ),
    Column("reported", "Day of that report", lambda row: row.reported_on),
    Column(
        "to_revise",
        "Whether its money was made wrong by a virement",
        lambda row: "yes" if row.is_flagged else "",
    ),
)


def directions_csv(rows: Iterable[DirectionRow]) -> bytes:
    """The directions, one a row, under the headers of DIRECTION_COLUMNS."""
    return csv_file(DIRECTION_COLUMNS, rows)
