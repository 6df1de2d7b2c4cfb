"""Budget lines as a file for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable

from foundation.documents.spreadsheets import Column, csv_file

from ..models import BudgetLine

COLUMNS = (
    Column("year", "Financial year", lambda line: line.budget.year_label),
    Column("heading", "Heading under which the line is shown", lambda line: line.group),
    Column("code", "By which ledgers and files know the line", lambda line: line.code),
    Column("line", "Title of the line", lambda line: line.title),
    Column("delivered_by", "Council or health board that delivers it", lambda line: line.delivered_by.name),
    Column(
        "provider",
        "Third- or independent-sector organisation that gives the service; empty where the body does",
        lambda line: line.provider,
    ),
    Column("sector", "Sector of who gives the service", lambda line: line.get_provider_sector_display()),
    Column(
        "arm",
        "Side of the budget: council, health board, set aside or hosted",
        lambda line: line.get_arm_display(),
    ),
    Column("hosted_by", "Partnership that hosts the service", lambda line: str(line.hosted_by or "")),
    Column(
        "hosted_share",
        "This partnership’s share of a hosted service, in per cent",
        lambda line: line.hosted_share,
    ),
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
    Column(
        "place",
        "Institutional (hospital or care home) or community",
        lambda line: "Institutional" if line.is_institutional else "Community",
    ),
    Column(
        "care_groups",
        "Care groups, separated by semicolons",
        lambda line: "; ".join(group.name for group in line.care_groups.all()),
    ),
    Column(
        "recurring",
        "Yes when the money is there in later years too",
        lambda line: "Yes" if line.is_recurring else "No",
    ),
    Column("budget", "Allocated for the year, in pounds", lambda line: line.amount),
    Column("spent", "Spent in the year, in pounds; empty while it is not recorded", lambda line: line.actual),
    Column("variance", "Budget less spent, in pounds; negative is an overspend", lambda line: line.variance),
    Column("area_wide", "Part of the budget that no locality has, in pounds", lambda line: line.area_wide),
    Column("locality_method", "How the split by locality was made", lambda line: line.locality_words),
)


def lines_csv(lines: Iterable[BudgetLine]) -> bytes:
    """The lines, one a row, under the headers of COLUMNS."""
    return csv_file(COLUMNS, lines)
