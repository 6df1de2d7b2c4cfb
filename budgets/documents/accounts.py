"""The table of reg 4 as files: for spreadsheets, and as a PDF. Made from the frozen table alone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from foundation.documents.assembly import Book, Chapter
from foundation.documents.models import Document
from foundation.documents.registry import DocumentRefused
from foundation.documents.selectors import document_named
from foundation.documents.spreadsheets import Column, Sheet, csv_file, xlsx_file

from ..accounted import AccountedYear, CategoryRow, CategoryTable
from ..charts import balance_chart
from ..selectors.accounted import balance_sentence

CATEGORY_PDF = "budgets.category_table"
STYLESHEETS = ("documents/print.css", "budgets/accounts.css")
LAW = (
    "Public Bodies (Joint Working) (Content of Performance Reports) (Scotland) Regulations 2014, regulation 4"
)

YearRow = tuple[AccountedYear, CategoryRow | None]
COLUMNS = (
    Column("year", "Financial year", lambda pair: pair[0].label),
    Column(
        "category",
        "SSI 2014/326 regulation 4(2), A to E; empty for the total",
        lambda pair: _of(pair, "code"),
    ),
    Column("heading", "Name of the category", lambda pair: _of(pair, "label")),
    Column("planned", "Planned when the budget was agreed, in pounds", lambda pair: _of(pair, "planned")),
    Column(
        "spent_without_set_aside",
        "Spent out of payments and own resource, in pounds",
        lambda pair: _of(pair, "paid_for"),
    ),
    Column(
        "spent_of_set_aside", "Spent out of the set-aside, in pounds", lambda pair: _of(pair, "set_aside")
    ),
    Column("spent", "Spent, with the set-aside, in pounds", lambda pair: _of(pair, "spent")),
    Column(
        "variance",
        "Planned less spent, in pounds; negative is an overspend; empty until the year is closed",
        lambda pair: None if pair[0].spent_to else _of(pair, "variance"),
    ),
    Column(
        "share",
        "Spent as a percentage of everything paid or set aside",
        lambda pair: None if pair[1] is None else _rounded(pair[1].share),
    ),
    Column(
        "paid_or_set_aside",
        "What the shares are of, in pounds",
        lambda pair: None if pair[1] is None else pair[0].denominator,
    ),
    Column("why_missing", "Why a year has no figures", lambda pair: pair[0].missing),
)
PART_COLUMNS = (
    Column("spent", "Spent, in pounds", lambda pair: pair[1].spent),
    Column("share", "Per cent of everything paid or set aside", lambda pair: _rounded(pair[1].share)),
)
GROUP_COLUMNS = (
    Column("year", "Financial year", lambda pair: pair[0].label),
    Column(
        "care_group",
        "Key care group; overlaps the categories, not part of their total",
        lambda pair: pair[1].name,
    ),
    *PART_COLUMNS,
)
LOCALITY_COLUMNS = (
    Column("year", "Financial year", lambda pair: pair[0].label),
    Column("locality", "Locality, or area-wide", lambda pair: pair[1].name),
    *PART_COLUMNS,
)
BALANCE_COLUMNS = (
    Column("year", "Financial year", lambda year: year.label),
    Column("figures_are", "Spent, or budgeted where not all is known", lambda year: year.balance.basis),
    Column("community", "In the community, in pounds", lambda year: year.balance.community),
    Column(
        "institutional", "In hospitals and care homes, in pounds", lambda year: year.balance.institutional
    ),
    Column("set_aside", "Set aside for large hospitals, in pounds", lambda year: year.balance.set_aside),
    Column(
        "community_share",
        "The community's per cent of all but the set-aside",
        lambda year: _rounded(year.balance.community_share),
    ),
    Column(
        "community_share_with_set_aside",
        "The community's per cent with the set-aside",
        lambda year: _rounded(year.balance.community_share_with_set_aside),
    ),
)
REASON_COLUMNS = (
    Column("line", "Budget line", lambda row: row.line),
    Column("variance", "Planned less spent, in pounds", lambda row: row.variance),
    Column("reason", "Why", lambda row: row.words),
)


def table_key(table: CategoryTable) -> str:
    """The PDF of exactly these figures."""
    return f"{table.slug}-{table.this.year}-{table.sha256[:16]}"


def table_file(table: CategoryTable) -> Document | None:
    """The PDF of exactly this table, if it was asked for."""
    return document_named(CATEGORY_PDF, table_key(table))


def categories_csv(table: CategoryTable) -> bytes:
    """Every year's categories and total, one a row, the reporting year first."""
    return csv_file(COLUMNS, _rows(table))


def categories_xlsx(table: CategoryTable) -> bytes:
    """A workbook: all years, the key care groups apart, and the reasons."""
    this = table.this
    return xlsx_file(
        [
            Sheet(
                name="Categories",
                columns=COLUMNS,
                rows=list(_rows(table)),
                title=f"Spend by category, {table.partnership}, {this.label} and the five years before",
                notes=[LAW, this.denominator_words, this.source, this.note],
                is_total=lambda pair: pair[1] is not None and not pair[1].code,
            ),
            Sheet(
                name="Key care groups",
                columns=GROUP_COLUMNS,
                rows=[(year, row) for year in table.years for row in year.care_groups],
                title=f"Key care groups, {this.label} and the five years before",
                notes=["They overlap the categories and each other and are never added to the total."],
            ),
            Sheet(
                name="Localities",
                columns=LOCALITY_COLUMNS,
                rows=[(year, row) for year in table.years for row in year.localities],
                title=f"Spend by locality, {this.label} and the five years before",
                notes=["A line's spend is split as its budget is.", *_methods(table)],
            ),
            Sheet(
                name="Balance of care",
                columns=BALANCE_COLUMNS,
                rows=table.balanced,
                title="Where care is given, year by year",
                notes=[balance_sentence(table.balanced)],
            ),
            Sheet(
                name="Reasons",
                columns=REASON_COLUMNS,
                rows=this.reasons,
                title=f"Why lines were over or under in {this.label}",
            ),
        ],
        title=f"Spend by category, {table.partnership}, {this.label}",
    )


def category_book(document: Document) -> Book:
    """What is in the PDF of the table that the document froze when it was asked for."""
    content = document.inputs.get("table")
    if not content:
        raise DocumentRefused("The figures that this document was to be made from are not there any more.")
    table = CategoryTable.from_json(content)
    title = f"Spend by category {table.this.label}"
    balance = table.balanced
    context = {
        "table": table,
        "this": table.this,
        "law": LAW,
        "fingerprint": table.sha256,
        "balance": balance,
        "balance_chart": balance_chart(balance) if balance else None,
    }
    return Book(
        title=f"{title}: {table.partnership}",
        running_title=title,
        author=table.partnership,
        description=LAW,
        language="en-GB",
        created=document.requested_at,
        stylesheets=STYLESHEETS,
        chapters=(
            Chapter(
                key="categories", title=title, html=render_to_string("budgets/pdf/categories.html", context)
            ),
        ),
    )


def table_origin(document: Document) -> tuple[str, str]:
    """Where the document's page leads back to."""
    year = document.inputs.get("year")
    if year is None:
        return reverse("budgets:list", args=[document.tenant]), "Money"
    return reverse("budgets:categories", args=[document.tenant, year]), "Spend by category"


def _rows(table: CategoryTable) -> Iterable[YearRow]:
    for year in table.years:
        yield from ((year, row) for row in (*year.rows, year.total)) if not year.missing else [(year, None)]


def _methods(table: CategoryTable) -> list[str]:
    return [
        f"Worked out in {year.label}: {year.locality_words}." for year in table.years if year.locality_words
    ]


def _rounded(share: Decimal | None) -> Decimal | None:
    return None if share is None else round(share, 4)


def _of(pair: YearRow, name: str) -> Any:
    return None if pair[1] is None else getattr(pair[1], name)
