"""The report of one close, table by table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from ...books import Books
from ...models import Close
from .acts import recovery, virements
from .funds import funding, outlooks, payments, reserves, risks, savings, years_ahead
from .lines import by_arm, by_care_group, by_service, by_type_of_spend, hosted, reasons, set_aside
from .shape import Report, Table

MAKERS: tuple[Callable[[Books], Table | None], ...] = (
    by_service,
    reasons,
    by_care_group,
    by_arm,
    by_type_of_spend,
    funding,
    hosted,
    set_aside,
    reserves,
    savings,
    recovery,
    outlooks,
    years_ahead,
    payments,
    virements,
    risks,
)


NOT_RECORDED = {
    "F1b": "(care groups): no line is for a care group.",
    "F5": "(hosted services): no line is a hosted service.",
    "F6": "(set-aside): no line is paid out of a set-aside.",
    "F7": "(reserves): the close has no reserve.",
    "F8": "(savings): the close has no saving and no target.",
    "F9": "(recovery plan): no recovery plan was begun.",
    "F10": "(medium-term plan): the close has no plan that begins in this year or later.",
    "F11": "(payment schedule): the close has no month of payment.",
}


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
    for code, words in NOT_RECORDED.items():
        if code not in shown:
            yield f"{code} {words}"
    if not books.says_risks:
        yield "F13 (risks): the month was closed before the year’s risks were kept."
    elif "F13" not in shown:
        yield "F13 (risks): no financial risk is recorded."
