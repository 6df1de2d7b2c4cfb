"""The shape in which budget lines leave the portal and come back: one row a line, one column for each thing it says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .enums import Unit

LOCALITY = "locality:"  # begins the key of a locality's column; its primary key follows


@dataclass(frozen=True)
class LineColumn:
    """A column of the file. `names` are other headers under which files have it; keys are attributes of a line."""

    key: str
    header: str
    meaning: str
    names: tuple[str, ...] = ()
    is_money: bool = False


LINE_COLUMNS = (
    LineColumn(
        "code",
        "Code",
        "By which ledgers and files know the line. Lines are found by it, or by title and delivering body",
        ("cost centre", "account code", "line code"),
    ),
    LineColumn(
        "group", "Heading", "Lines with the same heading are shown together", ("group", "service area")
    ),
    LineColumn(
        "title", "Title", "The service, as the board’s papers call it", ("line", "service", "description")
    ),
    LineColumn(
        "delivered_by_id",
        "Delivered by",
        "The council or the health board, by name",
        ("delivered_by", "body"),
    ),
    LineColumn(
        "provider_sector",
        "Sector of the provider",
        "Who gives the service in the end: the body itself, a third-sector or an independent-sector organisation",
        ("sector",),
    ),
    LineColumn("provider", "Provider", "The organisation that gives the service; empty where the body does"),
    LineColumn(
        "function_id",
        "Delegated function",
        "Its title in the scheme; empty where no single one stands for the line. A set-aside line needs one",
        ("function",),
    ),
    LineColumn(
        "category",
        "Category",
        "A to E of the annual report: SSI 2014/326 regulation 4(2)",
        ("annual report",),
    ),
    LineColumn("setting", "Setting", "Hospital, community health or social care"),
    LineColumn(
        "subjective",
        "Type of spend",
        "Subjective heading of the ledger, such as Employee costs or Prescribing; empty: not told apart",
        ("subjective", "subjective heading", "subjective analysis", "type of expenditure", "spend type"),
    ),
    LineColumn(
        "is_institutional",
        "Institutional",
        "Yes for money spent in a hospital or a care home; empty: the category tells",
        ("place",),
    ),
    LineColumn(
        "care_groups", "Care groups", "Names of the partnership’s care groups, with semicolons between"
    ),
    LineColumn("fund", "Paid for from", "Payment, set aside, or the lead agency’s own resource", ("fund",)),
    LineColumn(
        "arm",
        "Side of the budget",
        "Council, health board, set aside or hosted; empty: the body tells",
        ("arm",),
    ),
    LineColumn(
        "hosted_by_id", "Hosted by", "The partnership that runs a hosted service", ("host", "hosted_by")
    ),
    LineColumn(
        "hosted_share",
        "Hosted share",
        "This partnership’s share of a hosted service, in per cent",
        ("share",),
    ),
    LineColumn(
        "hosted_total",
        "Host’s total",
        "The host’s budget for the whole hosted service, in pounds; empty where it is not told",
        ("hosts total", "total of the host"),
        is_money=True,
    ),
    LineColumn("is_recurring", "Recurring", "Yes when the money is there in later years too; empty: yes"),
    LineColumn(
        "amount",
        "Budget",
        "Allocated for the year, in pounds",
        ("amount", "annual budget", "approved budget", "budget for the year"),
        is_money=True,
    ),
    LineColumn(
        "actual",
        "Spent",
        "Spent in the year, in pounds; empty while nothing is recorded",
        ("actual", "outturn", "expenditure"),
        is_money=True,
    ),
)
AREA_WIDE = LineColumn(
    "area_wide",
    "Area-wide",
    "The part of the budget that no locality has, in pounds; with the localities it makes the budget",
    ("area_wide", "not attributable"),
    is_money=True,
)
METHOD = LineColumn(
    "locality_method", "Method of the split", "How the split by locality was worked out", ("locality_method",)
)
NOTE = LineColumn(
    "locality_note", "Note on the split", "What else there is to know about the split by locality"
)


def locality_column(pk: int, name: str) -> LineColumn:
    return LineColumn(
        f"{LOCALITY}{pk}", f"Locality: {name}", f"The part spent in {name}, in pounds", (name,), is_money=True
    )


def plain(header: str) -> str:
    """A header as it is compared: small letters and digits, the unit left out."""
    text = re.sub(r"\((?:£|gbp|%)[^)]*\)|£\s*['’]?\s*(?:000s?|k|m)?(?![\w])", " ", header.lower())
    return " ".join(re.findall(r"[^\W_]+", text))


def unit_told(header: str) -> Unit | None:
    """What the header says that its figures are, where it says so."""
    if re.search(r"£\s*['’]?\s*(?:000|k\b)|['’]000|\bthousands?\b", header, re.IGNORECASE):
        return Unit.THOUSANDS
    if re.search(r"£\s*m(?:n|illions?)?\b|\bmillions?\b", header, re.IGNORECASE):
        return Unit.MILLIONS
    return None
