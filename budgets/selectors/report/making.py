"""The report of one close, table by table."""

from __future__ import annotations

from collections.abc import Callable

from ...books import Books
from ...models import Close
from .acts import recovery, virements
from .funds import funding, outlooks, payments, reserves, savings
from .lines import by_arm, by_service, hosted, reasons, set_aside
from .shape import Report, Table

MAKERS: tuple[Callable[[Books], Table | None], ...] = (
    by_service,
    reasons,
    by_arm,
    funding,
    hosted,
    set_aside,
    reserves,
    savings,
    recovery,
    outlooks,
    payments,
    virements,
)


def report_of(close: Close) -> Report:
    """Everything that the report of this close shows. No query."""
    books = close.books
    shown = [table for table in (maker(books) for maker in MAKERS) if table is not None]
    return Report(
        close=close,
        books=books,
        tables=tuple(shown),
        missing=(
            "F3 (by type of spend) is not part of this report: the figures carry no subjective code of a ledger.",
            *(["F5: no line is a hosted service."] if not any(t.code == "F5" for t in shown) else []),
        ),
    )
