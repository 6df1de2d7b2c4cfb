"""Budget lines as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from foundation.documents.spreadsheets import Column, csv_file

from .models import BudgetLine

COLUMNS = (
    Column("year", "Financial year", lambda line: line.budget.year_label),
    Column("heading", "Heading under which the line is shown", lambda line: line.group),
    Column("line", "Title of the line", lambda line: line.title),
    Column("delivered_by", "Council or health board that delivers it", lambda line: line.delivered_by.name),
    Column(
        "fund", "Payment, set aside, or the lead agency’s own resource", lambda line: line.get_fund_display()
    ),
    Column(
        "function",
        "Delegated function; empty where no single one stands for the line",
        lambda line: line.function.title if line.function else "",
    ),
    Column("category", "SSI 2014/326 regulation 4(2), A to E", lambda line: line.category),
    Column("setting", "Hospital, community health or social care", lambda line: line.get_setting_display()),
    Column("budget", "Allocated for the year, in pounds", lambda line: line.amount),
    Column("spent", "Spent in the year, in pounds; empty while it is not recorded", lambda line: line.actual),
    Column("variance", "Budget less spent, in pounds; negative is an overspend", lambda line: line.variance),
    Column("area_wide", "Part of the budget that no locality has, in pounds", lambda line: line.area_wide),
    Column("locality_method", "How the split by locality was made", lambda line: line.locality_method),
)


def lines_csv(lines: Iterable[BudgetLine]) -> bytes:
    """The lines, one a row, under the headers of COLUMNS."""
    return csv_file(COLUMNS, lines)
