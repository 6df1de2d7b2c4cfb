"""Bringing a file of lines into a budget: it is kept, read and compared by a worker, looked through, applied whole.

Comparing changes nothing. Applying asks first whether the budget still is what the file was compared with; if not, the
file is compared again and the person looks again. Times come from the database's clock, as for documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import PurePath
from typing import IO, Any
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from foundation import audit
from foundation.incoming.archives import FileRefused
from foundation.incoming.arriving import AGAIN, discard, expect, receive, short_name
from foundation.incoming.kinds import Found, Kind, Progress, Words
from foundation.incoming.reading import read
from foundation.incoming.sweeping import sweep
from partnerships.models import User

from ..enums import ImportState
from ..imports.matching import Layout, Matched, fits, judge, match, template_layout
from ..imports.reading import read_book
from ..imports.tables import Book
from ..models import Budget, BudgetLine, LedgerLayout, LineImport, LocalityShare
from ..refusals import MoneyRefused
from ..selectors import models_of_year
from ..selectors.imports import state_of
from ..selectors.line_words import OWN_KEYS, LineWords, line_words, values_of, with_scope
from .comparing import Comparison, Proposal, compare, unit_doubt
from .findings import read_back, written, written_unmatched
from .guarded import held_for_change
from .layouts import layout_facts, layout_from, layout_of, save_layout

ENDINGS = frozenset({".xlsx", ".csv", ".tsv", ".txt"})

NO_TABLE = (
    "No row of the file looks like headers of budget lines. Say in which row they stand and what they mean."
)


class ImportOver(MoneyRefused):
    """The file is not waiting to be applied any more, or has faults; the text says so to people."""


class BudgetMoved(MoneyRefused):
    """Somebody changed the budget since the file was compared with it. Nothing was applied; it is compared again."""


def start_import(
    *, budget: Budget, file: File[Any], by: User, layout: LedgerLayout | None = None
) -> LineImport:
    """The file is kept for a worker to read. Without a `layout` its headers tell which one it has.

    The row stands before the file does, so that no file is ever kept that nobody sweeps. Raises BudgetIsAgreed.
    """
    row = LineImport(budget=budget, brought_by=by, file_name=short_name(file.name or "lines"), size=file.size)
    ending = PurePath(row.file_name).suffix.lower()
    row.file.name = f"imports/lines/{row.pk}{ending if ending in ENDINGS else ''}"
    if layout is not None:
        row.layout, row.layout_name = layout_facts(layout_of(layout)), layout.name
    with transaction.atomic():
        held_for_change(budget)
        expect(row)
    receive(row, file)
    return row


def discard_import(*, line_import: LineImport) -> None:
    """Nothing is left of a file that nobody applied."""
    discard(line_import)


def match_columns(*, line_import: LineImport, sheet: str, layout: Layout, save_as: str, by: User) -> None:
    """The file waits to be read again, with what the person said about its columns; saved under a name if given."""
    facts = layout_facts(layout) | {"sheet": sheet}
    with transaction.atomic():
        budget = held_for_change(line_import.budget)
        if save_as:
            save_layout(partnership=line_import.budget.partnership, name=save_as, layout=layout, by=by)
        LineImport.objects.filter(pk=line_import.pk, budget=budget).exclude(state=ImportState.APPLIED).update(
            **_WAITING, layout=facts, layout_name=save_as
        )


_WAITING: dict[str, Any] = {**AGAIN, "seen": ""}


# Reading and comparing, in a worker


def read_import(pk: UUID | str) -> str | None:
    """The file was read and compared, or refused in words: its state. None if it is in other hands or at rest."""
    return read(LINE_FILES, pk)


def sweep_imports(wake: Callable[[UUID], None]) -> int:
    """No file is left behind, and none that nobody applied is kept for longer than a week; returns how many wait."""
    return sweep(LINE_FILES, wake)


def _read(held: LineImport, file: IO[bytes], tell: Progress) -> Found:
    """What was found in it: a comparison, or the beginning of a file whose columns are to be matched."""
    book = read_book(file, progress=tell)
    lines = list(with_scope(held.budget.lines.select_related("delivered_by", "function")))
    words = line_words(held.budget, of_lines=lines)
    matched, name = _matched(held, book, words)
    if matched is None or matched.problems:
        if not book.tables or not any(table.rows for table in book.tables):
            raise FileRefused("The file has no rows that can be seen. " + " ".join(book.notes))
        return Found({"state": ImportState.UNMATCHED, "found": _unmatched(book, matched)})
    values = list(values_of(lines))
    found = compare(matched, words, values, models_of_year(held.budget), progress=tell)
    paid = held.budget.contributions.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    found.notes = [*book.notes, *found.notes, *filter(None, [unit_doubt(found, values, paid)])]
    return Found(
        {
            "state": ImportState.READ,
            "found": written(found),
            "seen": state_of(held.budget, words),
            "added": len(found.added),
            "changed": len(found.changed),
            "unchanged": found.unchanged,
            "faults": len(found.faults),
            "layout_name": name,
        }
    )


LINE_FILES = Kind(
    model=LineImport,
    read=_read,
    words=Words(
        unchanged="Nothing in the budget was changed.",
        save_again="Save the file again in Excel and upload that",
        divide="Divide it into smaller files and upload them one by one.",
    ),
    kept_for=timedelta(days=7),
    keeps_file=True,
)


def _matched(held: LineImport, book: Book, words: LineWords) -> tuple[Matched | None, str]:
    """The table with its columns: as somebody said, by the template's headers, or by a saved layout's."""
    if held.layout:
        return _as_told(book, held.layout), held.layout_name
    own = match(book, template_layout(words.columns))
    if own is not None and not own.problems:
        return own, ""
    for saved in held.budget.partnership.ledger_layouts.all():
        layout = layout_of(saved)
        found = match(book, layout)
        if found is not None and not found.problems and fits(found, layout):
            return found, saved.name
    return own, ""


def _as_told(book: Book, facts: dict[str, Any]) -> Matched | None:
    layout = layout_from(facts)
    for table in book.tables:
        for row in table.rows:
            if "sheet" in facts and table.name == facts["sheet"] and row.number == layout.header_row:
                return judge(book, table, row, layout)
    return match(book, layout)


def _unmatched(book: Book, matched: Matched | None) -> dict[str, Any]:
    if matched is None:
        return written_unmatched(book, (NO_TABLE,), "", 0, {})
    means = {header.text: header.key for header in matched.headers}
    return written_unmatched(book, matched.problems, matched.table.name, matched.header_row, means)


# Applying


def apply_import(*, line_import: LineImport, by: User) -> LineImport:
    """Every line of the file stands in the budget, with the row that it came from; all of them or none.

    Raises BudgetIsAgreed, ImportOver, and BudgetMoved when the file has to be compared again.
    """
    try:
        with transaction.atomic():
            return _applied(line_import, by)
    except BudgetMoved:
        LineImport.objects.filter(pk=line_import.pk, state=ImportState.READ).update(**_WAITING)
        raise


def _applied(line_import: LineImport, by: User) -> LineImport:
    budget = held_for_change(line_import.budget)
    row = LineImport.objects.select_for_update().get(pk=line_import.pk)
    row.budget = budget
    if row.state != ImportState.READ:
        raise ImportOver(f"“{row}” is not waiting to be applied. Nothing was changed again.")
    if row.faults or not (row.added or row.changed):
        raise ImportOver(f"“{row}” has faults, or would change nothing. Nothing was changed.")
    kept = budget.lines.select_related("delivered_by", "function")
    if state_of(budget, line_words(budget, of_lines=kept)) != row.seen:
        raise BudgetMoved(
            "Somebody changed the budget since the file was compared with it. Nothing was applied: the file is being "
            "compared again. Look at it once more."
        )
    found = read_back(row.found)
    _put_lines(budget, row, found, by)
    row.state, row.applied_at, row.applied_by = ImportState.APPLIED, timezone.now(), by
    row.save(update_fields=["state", "applied_at", "applied_by"])
    audit.record(
        by=by,
        action="budgets.lines_imported",
        subject=budget,
        tenant=budget.partnership.slug,
        before={"total": found.total_before},
        after={
            "total": found.total_after,
            "file": row.file_name,
            "sha256": row.sha256,
            "layout": row.layout_name,
            "added": row.added,
            "changed": row.changed,
            "unchanged": row.unchanged,
        },
        reason=f"Brought in from {row.file_name}",
    )
    return row


def _put_lines(budget: Budget, row: LineImport, found: Comparison, by: User) -> None:
    wanted = {each.values.pk: each for each in found.changed if each.values.pk}
    changed = list(budget.lines.select_for_update(of=("self",)).filter(pk__in=wanted))
    for line in changed:
        for key, value in wanted[line.pk].values.own.items():
            setattr(line, key, value)
        line.revision += 1
        _came_from(line, row, wanted[line.pk].row, by)
    # The rows exist and are locked, so this only updates, and thousands of them far quicker than bulk_update.
    BudgetLine.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["pk"],
        update_fields=[
            *(key.removesuffix("_id") for key in OWN_KEYS),
            "revision",
            "changed_by",
            "changed_at",
            "imported_from",
            "imported_row",
            "imported_revision",
        ],
    )
    last = budget.lines.aggregate(last=Max("position"))["last"]
    first = 0 if last is None else last + 1
    added = [
        BudgetLine(budget=budget, position=position, **each.values.own)
        for position, each in enumerate(found.added, first)
    ]
    for line, each in zip(added, found.added, strict=True):
        _came_from(line, row, each.row, by)
    BudgetLine.objects.bulk_create(added)
    pairs = [(line, wanted[line.pk]) for line in changed]
    pairs += zip(added, found.added, strict=True)
    _put_scope(pairs, [line.pk for line in changed])


def _came_from(line: BudgetLine, row: LineImport, number: int, by: User) -> None:
    line.changed_by = by
    line.imported_from, line.imported_row, line.imported_revision = row, number, line.revision


def _put_scope(pairs: Sequence[tuple[BudgetLine, Proposal]], changed: Iterable[int]) -> None:
    """Care groups and splits by locality are as the file says."""
    grouping = BudgetLine.care_groups.through
    grouping.objects.filter(budgetline_id__in=changed).delete()
    grouping.objects.bulk_create(
        grouping(budgetline_id=line.pk, caregroup_id=group)
        for line, each in pairs
        for group in each.values.care_groups
    )
    LocalityShare.objects.filter(line_id__in=changed).delete()
    LocalityShare.objects.bulk_create(
        LocalityShare(line_id=line.pk, locality_id=place, amount=amount)
        for line, each in pairs
        for place, amount in each.values.shares.items()
    )
