"""The annual financial statement as a workbook, from what was signed, or from what stands until it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from foundation.documents.spreadsheets import Column, Sheet, xlsx_file
from foundation.sgds.formats import date_uk

from .statements import SpendRow, Statement

NAME = "Annual financial statement"
TOTAL = "Total"


@dataclass(frozen=True)
class Line:
    """One row of the workbook: which table of the statement it is of, and what that says."""

    by: str
    row: SpendRow


COLUMNS = (
    Column("by", "The table of the statement", lambda line: line.by),
    Column("heading", "What the money is told for", lambda line: line.row.label),
    Column("payments", "Payments, in pounds", lambda line: line.row.payment),
    Column("set_aside", "Set aside, in pounds", lambda line: line.row.set_aside),
    Column("with_set_aside", "Payments with the set-aside, in pounds", lambda line: line.row.total),
)


def statement_xlsx(statement: Statement) -> bytes:
    """Every table of the statement on one sheet, each with its total, its words above them."""
    title = f"{NAME} {statement.year}, {statement.partnership}"
    signed = "Not signed: the figures as they stand."
    if statement.signed_on:
        signed = f"Signed by {statement.signed_by} on {date_uk(statement.signed_on)}."
    words = (
        statement.plan_words,
        statement.difference_reason,
        f"By locality: {statement.locality_words}." if statement.locality_words else "",
        statement.set_aside_words,
        statement.gap_words,
        statement.assumptions,
    )
    sheet = Sheet(
        name=NAME,
        columns=COLUMNS,
        rows=list(_lines(statement)),
        title=title,
        notes=[signed, *filter(None, words)],
        is_total=lambda line: line.row.label == TOTAL,
    )
    return xlsx_file([sheet], title=title)


def _lines(statement: Statement) -> Iterator[Line]:
    whole = SpendRow(TOTAL, statement.payment, statement.set_aside)
    for by, rows in (
        ("Who delivers it", statement.bodies),
        ("Category", statement.categories),
        ("Locality", statement.localities),
        ("Priority", statement.priorities),
    ):
        yield from (Line(by, row) for row in (*rows, whole))
