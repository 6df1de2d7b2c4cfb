"""Bringing a file of lines into a budget: it is kept, read and compared by a worker, looked through, applied whole.

Comparing changes nothing. Applying asks first whether the budget still is what the file was compared with; if not, the
file is compared again and the person looks again. Times come from the database's clock, as for documents.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now
from django.utils import timezone

from foundation import audit
from foundation.documents.archives import FileRefused
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
from .comparing import Comparison, Proposal, compare
from .findings import read_back, written, written_unmatched
from .guarded import held_for_change
from .layouts import layout_facts, layout_from, layout_of, save_layout

logger = logging.getLogger(__name__)

# Stated in docs/retention.md, for files that nobody applied.
KEPT_FOR = timedelta(days=7)
ATTEMPTS_LIMIT = 3
READING_SECONDS = 120
HELD = timedelta(seconds=READING_SECONDS + 30)
ARRIVING = timedelta(minutes=10)
FIRST_REMINDER = timedelta(seconds=5)
NEXT_REMINDER = timedelta(seconds=60)
ENDINGS = frozenset({".xlsx", ".csv", ".tsv", ".txt"})

INTERRUPTED = (
    f"The portal began to read this file {ATTEMPTS_LIMIT} times and was interrupted each time. Nothing in the budget "
    "was changed. Save the file again in Excel and upload that; if it fails again, divide it into smaller files."
)
TOO_LONG = (
    "Reading this file took longer than two minutes. Divide it into smaller files and upload them one by one."
)
FAULT = (
    "This file could not be read because of a fault in the portal. Nothing in the budget was changed. Tell the "
    "portal's administrator the reference {reference}."
)
NOT_ARRIVED = "The file did not reach the portal whole. Choose it again."
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
    row = LineImport(budget=budget, brought_by=by, file_name=_short(file.name or "lines"), size=file.size)
    ending = PurePath(row.file_name).suffix.lower()
    row.file.name = f"imports/lines/{row.pk}{ending if ending in ENDINGS else ''}"
    if layout is not None:
        row.layout, row.layout_name = layout_facts(layout_of(layout)), layout.name
    with transaction.atomic():
        held_for_change(budget)
        row.save()
        LineImport.objects.filter(pk=row.pk).update(held_until=Now() + ARRIVING)
    default_storage.save(str(row.file.name), file)
    LineImport.objects.filter(pk=row.pk).update(held_until=None)
    row.refresh_from_db()
    return row


def _short(name: str) -> str:
    """The name at a length that can be kept, with its ending."""
    path = PurePath(name)
    return f"{path.stem[: 190 - len(path.suffix)]}{path.suffix[:10]}"


def discard_import(*, line_import: LineImport) -> None:
    """Nothing is left of a file that nobody applied."""
    name = str(line_import.file.name or "")
    deleted, _ = LineImport.objects.filter(pk=line_import.pk).exclude(state=ImportState.APPLIED).delete()
    if deleted and name:
        transaction.on_commit(lambda: default_storage.delete(name))


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


_WAITING: dict[str, Any] = {
    "state": ImportState.WAITING,
    "found": {},
    "seen": "",
    "step": "",
    "attempts": 0,
    "held_until": None,
    "woken_at": None,
}


# Reading and comparing, in a worker


def read_import(pk: UUID | str) -> ImportState | None:
    """The file was read and compared, or refused in words; None if it is in other hands, at rest or given up."""
    held = _claim(pk)
    if held is None:
        return None
    try:
        with default_storage.open(str(held.file.name)) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            book = read_book(file, progress=lambda step: _tell(held, step))
        return _found(held, book, digest)
    except FileRefused as refusal:
        logger.info("the file of import %s is refused: %s (%r)", pk, refusal, refusal.__cause__)
        return _refuse(held, str(refusal))
    except FileNotFoundError:
        return _refuse(held, NOT_ARRIVED)
    except SoftTimeLimitExceeded:
        return _refuse(held, TOO_LONG)
    except Exception:
        logger.exception("the file of import %s could not be read", pk)
        return _refuse(held, FAULT.format(reference=pk))


def _claim(pk: UUID | str) -> LineImport | None:
    """The import in this worker's hands. `held_until` is its token: nobody else has the same."""
    free = Q(held_until=None) | Q(held_until__lt=Now())
    waiting = LineImport.objects.filter(free, pk=pk, state=ImportState.WAITING, attempts__lt=ATTEMPTS_LIMIT)
    if not waiting.update(held_until=Now() + HELD, attempts=F("attempts") + 1):
        return None
    return LineImport.objects.select_related("budget__partnership").filter(pk=pk).first()


def _mine(held: LineImport) -> Q:
    return Q(pk=held.pk, state=ImportState.WAITING, held_until=held.held_until)


def _tell(held: LineImport, step: str) -> None:
    LineImport.objects.filter(_mine(held)).update(step=step[:120])


def _refuse(held: LineImport, words: str) -> ImportState | None:
    refused = LineImport.objects.filter(_mine(held)).update(
        state=ImportState.REFUSED, refusal=words, held_until=None, step=""
    )
    return ImportState.REFUSED if refused else None


def _found(held: LineImport, book: Book, digest: str) -> ImportState | None:
    """What was found is kept: a comparison, or the beginning of a file whose columns are to be matched."""
    lines = list(with_scope(held.budget.lines.select_related("delivered_by", "function")))
    words = line_words(held.budget, of_lines=lines)
    matched, name = _matched(held, book, words)
    if matched is None or matched.problems:
        if not book.tables or not any(table.rows for table in book.tables):
            raise FileRefused("The file has no rows that can be seen. " + " ".join(book.notes))
        facts: dict[str, Any] = {"state": ImportState.UNMATCHED, "found": _unmatched(book, matched)}
    else:
        found = compare(
            matched,
            words,
            list(values_of(lines)),
            models_of_year(held.budget),
            progress=lambda step: _tell(held, step),
        )
        found.notes = [*book.notes, *found.notes]
        facts = {
            "state": ImportState.READ,
            "found": written(found),
            "seen": state_of(held.budget, words),
            "added": len(found.added),
            "changed": len(found.changed),
            "unchanged": found.unchanged,
            "faults": len(found.faults),
            "layout_name": name,
        }
    kept = LineImport.objects.filter(_mine(held)).update(sha256=digest, held_until=None, step="", **facts)
    return facts["state"] if kept else None


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


def sweep_imports(wake: Callable[[UUID], None]) -> int:
    """No file is left behind, and none that nobody applied is kept for longer than a week; returns how many wait."""
    old = LineImport.objects.filter(brought_at__lt=Now() - KEPT_FOR).exclude(state=ImportState.APPLIED)
    for row in old.defer("found", "layout"):
        discard_import(line_import=row)
    free = Q(held_until=None) | Q(held_until__lt=Now())
    waiting = LineImport.objects.filter(free, state=ImportState.WAITING)
    for tired in waiting.filter(attempts__gte=ATTEMPTS_LIMIT):
        _refuse(tired, INTERRUPTED)
    never_woken = Q(woken_at=None, brought_at__lt=Now() - FIRST_REMINDER)
    left_behind = waiting.filter(
        never_woken | Q(woken_at__lt=Now() - NEXT_REMINDER), attempts__lt=ATTEMPTS_LIMIT
    )
    found = list(left_behind.order_by("brought_at").values_list("pk", flat=True)[:50])
    LineImport.objects.filter(pk__in=found).update(woken_at=Now())
    for pk in found:
        wake(pk)
    return len(found)


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
