"""The finance report as a PDF, made from the books of one close. The same close is the same file."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.urls import reverse

from foundation.documents.assembly import Book, Chapter, PageOf
from foundation.documents.models import Document
from foundation.documents.registry import DocumentRefused
from foundation.documents.selectors import document_named

from ..charts import variance_chart
from ..models import Close
from ..selectors.closes import close_before
from ..selectors.comparison import comparison_of
from ..selectors.report import Report, Table, report_of

REPORT = "budgets.finance_report"
STYLESHEETS = ("documents/print.css", "budgets/report.css")
LAW = "Finance report of the integrated budget, Public Bodies (Joint Working) (Scotland) Act 2014"
MOST_MOVES = 30
LONG_TABLES = ("F1", "F1a")


def report_key(close: Close) -> str:
    """The report of one close: it never changes, so there is one."""
    return f"{close.pk}-{close.sha256[:16]}"


def document_of(close: Close) -> Document | None:
    """The report's PDF, if somebody has asked for it."""
    return document_named(REPORT, report_key(close))


def report_book(document: Document) -> Book:
    """What is in the report that the document names. Raises DocumentRefused if there is no such close."""
    close = _close_of(document)
    if close is None:
        raise DocumentRefused("The close that this report was to be made from is not there any more.")
    return book_of(close)


def book_of(close: Close) -> Book:
    """The report of a close: what moved first, then each table, with contents and page numbers."""
    report = report_of(close)
    return Book(
        title=f"Finance report, {close}: {report.books.partnership}",
        running_title=f"Finance report, {close}",
        author=report.books.partnership,
        description=LAW,
        language="en-GB",
        created=close.closed_at,
        stylesheets=STYLESHEETS,
        contents=lambda page_of: _contents(close, report, page_of),
        chapters=(_first(close, report), *_tables(report)),
    )


def _first(close: Close, report: Report) -> Chapter:
    before = close_before(close)
    context = {
        "close": close,
        "report": report,
        "moved": comparison_of(before, close) if before else None,
        "most": MOST_MOVES,
    }
    html = render_to_string("budgets/pdf/report_first.html", context)
    return Chapter(key="moved", title="What moved since the last report", html=html)


def _tables(report: Report) -> list[Chapter]:
    """The two long tables begin a page each; the others follow one another."""
    alone = [table for table in report.tables if table.code in LONG_TABLES]
    others = [table for table in report.tables if table.code not in LONG_TABLES]
    chapters = [_chapter(report, [table]) for table in alone]
    return [*chapters, _chapter(report, others)] if others else chapters


def _chapter(report: Report, tables: Sequence[Table]) -> Chapter:
    context = {"tables": tables, "chart": variance_chart(report.books)}
    html = render_to_string("budgets/pdf/report_tables.html", context)
    return Chapter(key=tables[0].anchor, title=tables[0].name, html=html)


def _contents(close: Close, report: Report, page_of: PageOf) -> str:
    """The first page: whose report of which month it is, and what is in it."""
    entries = [("moved", "What moved since the last report", page_of("moved"))]
    entries += [(table.anchor, table.name, page_of(table.anchor)) for table in report.tables]
    context = {"entries": entries, "close": close, "books": report.books}
    return render_to_string("budgets/pdf/report_contents.html", context)


def report_origin(document: Document) -> tuple[str, str]:
    """Where the report's page leads back to."""
    close = _close_of(document)
    if close is None:
        return reverse("budgets:list", args=[document.tenant]), "Money"
    return close.get_absolute_url(), f"Finance report, {close}"


def _close_of(document: Document) -> Close | None:
    rows = Close.objects.filter(
        pk=document.inputs.get("close"), period__budget__partnership__slug=document.tenant
    )
    found: Close | None = rows.select_related(
        "period__budget__partnership", "prepared_by", "closed_by"
    ).first()
    return found
