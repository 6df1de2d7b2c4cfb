"""The register of directions as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from foundation.documents.spreadsheets import Column, csv_file

from ..models import BudgetLine
from ..selectors.directions import Coverage, DirectionRow
from ..selectors.directions.coverage import CoverageRow, Directed

DIRECTION_COLUMNS = (
    Column("reference", "Unique reference; empty for a draft", lambda row: row.reference),
    Column("version", "Its number in a chain of directions that varied one another", lambda row: row.version),
    Column("title", "Title", lambda row: row.title),
    Column("to", "Council, health board or both", lambda row: row.bodies),
    Column("functions", "Delegated functions that it is about", lambda row: ", ".join(row.functions)),
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
    Column(
        "expected_end",
        "Day on which it is expected to have done its work; it does not end by itself then",
        lambda row: row.expected_end_on,
    ),
    Column("to_day", "Last day in force; empty until further notice", lambda row: row.ends_on),
    Column(
        "progress",
        "What the body last reported",
        lambda row: row.progress.label if row.progress else "",
    ),
    Column("reported", "Day of that report", lambda row: row.reported_on),
    Column(
        "past_its_end",
        "Whether it still stands after its expected end",
        lambda row: "yes" if row.is_past_its_end else "",
    ),
    Column(
        "to_revise",
        "Whether its money was made wrong by a virement",
        lambda row: "yes" if row.is_flagged else "",
    ),
)


def directions_csv(rows: Iterable[DirectionRow]) -> bytes:
    """The directions, one a row, under the headers of DIRECTION_COLUMNS."""
    return csv_file(DIRECTION_COLUMNS, rows)


@dataclass(frozen=True)
class CoverageCell:
    """A function, a body and a direction; a function without any has one row with neither."""

    row: CoverageRow
    body: str
    directed: Directed | None


COVERAGE_COLUMNS = (
    Column("function", "Delegated function", lambda cell: cell.row.function.title),
    Column(
        "law",
        "Act and section, or instrument, that it comes from",
        lambda cell: cell.row.function.legal_basis,
    ),
    Column("body", "Council or health board that the direction goes to", lambda cell: cell.body),
    Column(
        "direction",
        "Reference of the direction",
        lambda cell: cell.directed.reference if cell.directed else "",
    ),
    Column(
        "for_function",
        "What its lines give the body for this function, in pounds",
        lambda cell: cell.directed.for_function if cell.directed else None,
    ),
    Column(
        "whole",
        "What the direction states altogether, in pounds",
        lambda cell: cell.directed.whole if cell.directed else None,
    ),
    Column(
        "set_aside",
        "yes where the money is set aside and not paid",
        lambda cell: "yes" if cell.directed and cell.directed.is_set_aside else "",
    ),
    Column(
        "progress",
        "What the body last reported",
        lambda cell: cell.directed.progress.label if cell.directed and cell.directed.progress else "",
    ),
    Column("coverage", "Whether the function is directed, exempt or has none", lambda cell: cell.row.words),
)


def coverage_csv(coverage: Coverage) -> bytes:
    """The matrix as rows: a function, a body, a direction."""
    return csv_file(COVERAGE_COLUMNS, _cells(coverage))


def _cells(coverage: Coverage) -> Iterable[CoverageCell]:
    for row in coverage.rows:
        if not any(row.cells):
            yield CoverageCell(row, "", None)
        for body, cell in zip(coverage.bodies, row.cells, strict=True):
            for directed in cell:
                yield CoverageCell(row, body.name, directed)


UNDIRECTED_COLUMNS = (
    Column("line", "Title of the line", lambda line: line.title),
    Column("delivered_by", "Council or health board that delivers it", lambda line: line.delivered_by.name),
    Column("fund", "Payment or set aside", lambda line: line.get_fund_display()),
    Column("function", "Delegated function", lambda line: line.function.title if line.function else ""),
    Column("budget", "Budget of the line, in pounds", lambda line: line.amount),
    Column("own_costs", "Kept by the authority for itself, in pounds", lambda line: line.kept),
    Column("directed", "Directed on the day, in pounds", lambda line: line.directed_here),
    Column(
        "difference",
        "Budget less kept and directed, in pounds; below zero too much is directed",
        lambda line: line.undirected,
    ),
)


def undirected_csv(lines: Iterable[BudgetLine]) -> bytes:
    """The lines whose money is not wholly directed."""
    return csv_file(UNDIRECTED_COLUMNS, lines)
