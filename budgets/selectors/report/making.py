"""The report of one close, table by table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from ...books import Books
from ...models import Close
from .acts import recovery, virements
from .funds import funding, outlooks, payments, reserves, risks, savings
from .lines import by_arm, by_service, by_type_of_spend, hosted, reasons, set_aside
from .shape import Report, Table

MAKERS: tuple[Callable[[Books], Table | None], ...] = (
    by_service,
    reasons,
    by_arm,
    by_type_of_spend,
    funding,
    hosted,
    set_aside,
    reserves,
    savings,
    recovery,
    outlooks,
    payments,
    virements,
    risks,
)


def report_of(close: Close) -> Report:
    """Everything that the report of this close shows. No query."""
    books = close.books
    shown = [table for table in (maker(books) for maker in MAKERS) if table is not None]
    return Report(
        close=close,
        books=books,
        tables=tuple(shown),
        missing=tuple(_missing(books, {table.code for table in shown})),
    )


def _missing(books: Books, shown: Collection[str]) -> Iterator[str]:
    """Why a table that reports of this kind have is not in this one."""
    if not books.says_type_of_spend:
        yield "F3 (by type of spend): the month was closed before lines said what type of spend they are."
    elif "F3" not in shown:
        yield "F3 (by type of spend): no line says yet what type of spend it is."
    if "F5" not in shown:
        yield "F5: no line is a hosted service."
    if not books.says_risks:
        yield "F13 (risks): the month was closed before the year’s risks were kept."
    elif "F13" not in shown:
        yield "F13 (risks): no financial risk is recorded."
