"""The arithmetic of the chain: what exactly is digested. Changing anything here breaks every seal made so far."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

# The chain's first link points at nothing.
BEGINNING = ""


# Everything that an entry says. A digest is made of all of it.
FIELDS = (
    "id",
    "at",
    "request_id",
    "tenant",
    "actor_id",
    "actor_name",
    "action",
    "subject_type",
    "subject_id",
    "subject_label",
    "before",
    "after",
    "reason",
)


def entry_digest(values: Sequence[Any]) -> str:
    """SHA-256 of an entry's values, given in the order of FIELDS as the database gives them back, in canonical JSON."""
    said = dict(zip(FIELDS, values, strict=True))
    return _digest(said | {"at": _instant(said["at"])})


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
