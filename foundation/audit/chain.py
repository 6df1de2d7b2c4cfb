"""The arithmetic of the chain: what exactly is digested. Changing anything here breaks every seal made so far."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from .models import Entry

# The chain's first link points at nothing.
BEGINNING = ""


def entry_digest(entry: Entry) -> str:
    """SHA-256 of everything the entry says, in canonical JSON, as the database gives it back."""
    return _digest(
        {
            "id": entry.pk,
            "at": _instant(entry.at),
            "request_id": entry.request_id,
            "tenant": entry.tenant,
            "actor_id": entry.actor_id,
            "actor_name": entry.actor_name,
            "action": entry.action,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "subject_label": entry.subject_label,
            "before": entry.before,
            "after": entry.after,
            "reason": entry.reason,
        }
    )


def seal_digest(*, number: int, previous: str, sealed_at: datetime, entries: Iterable[str]) -> str:
    """SHA-256 over the previous seal's digest, this seal's number and time, and its entries' digests in order."""
    return _digest(
        {"number": number, "previous": previous, "sealed_at": _instant(sealed_at), "entries": list(entries)}
    )


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
