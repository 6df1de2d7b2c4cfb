"""Rows in, text out."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from foundation.audit.models import Entry
from foundation.documents.spreadsheets import harmless

from .selectors import action_words

AUDIT_COLUMNS = (
    "When",
    "Who",
    "What",
    "Of what",
    "Reason",
    "Before",
    "After",
    "Code of the act",
    "Request",
    "Entry",
)


class _Line:
    """What csv writes to: it hands each line back."""

    def write(self, text: str) -> str:
        return text


def audit_csv(entries: QuerySet[Entry]) -> Iterator[str]:
    """The entries as lines of a file that spreadsheets open as UTF-8, read from the database in batches."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(AUDIT_COLUMNS)
    for entry in entries.iterator(chunk_size=2_000):
        when = timezone.localtime(entry.at)
        yield writer.writerow(
            [
                f"{when:%Y-%m-%d %H:%M:%S}",
                *[
                    harmless(value)
                    for value in (
                        entry.actor_name,
                        action_words(entry.action),
                        entry.subject_label,
                        entry.reason,
                        _facts(entry.before),
                        _facts(entry.after),
                        entry.action,
                        entry.request_id,
                    )
                ],
                entry.pk,
            ]
        )


def _facts(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
