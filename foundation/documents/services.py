"""The way of one document: requested, claimed by a worker on a lease, made step by step, kept, or failed in words.

Times come from the database's clock, so that workers on several hosts agree about a lease.
"""

import logging
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from . import registry, storage
from .enums import State
from .models import Document

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)
ATTEMPTS_LIMIT = 5
# A request that no worker took is announced again after this, and then at the longer interval.
FIRST_REMINDER = timedelta(seconds=5)
NEXT_REMINDER = timedelta(seconds=60)

GAVE_UP = (
    f"The portal tried {ATTEMPTS_LIMIT} times to make this document and was interrupted each time. "
    "Nothing you entered is affected. Try again; if it fails again, tell your administrator."
)


class DocumentRefused(Exception):
    """A document cannot be made; the text says to people why and what to do."""


class LeaseLost(Exception):
    """This worker no longer holds the document: it was cancelled, or another worker has taken it over."""


class WrongState(Exception):
    """The document is not in a state in which that can be done; the text says so to people."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's right to make one document, until the lease runs out."""

    document: Document
    token: uuid.UUID


def request_document(
    *, kind: str, key: str, label: str, tenant: str, by: Any, inputs: dict[str, Any] | None = None
) -> Document:
    """There is one row for this kind and key, and it is waiting, being made or ready.

    A row that failed, was cancelled or has lost its file waits again with the new inputs; any other is returned
    as it is. `by` is a saved user, or None where the portal itself asks. Wake a worker with tasks.enqueue.

    Raises UnknownKind.
    """
    registry.get(kind)
    asked = {
        "label": label[:200],
        "tenant": tenant,
        "inputs": inputs or {},
        "requested_by_id": getattr(by, "pk", None),
        "requested_by_name": str(getattr(by, "name", "") or by or "")[:200],
    }
    with transaction.atomic():
        document, created = Document.objects.get_or_create(
            kind=kind, key=key, defaults=asked | {"requested_at": Now()}
        )
        if not created:
            document = Document.objects.select_for_update().get(pk=document.pk)
            if _needs_making(document):
                _queue(document, **asked)
        document.refresh_from_db()
    return document


def _needs_making(document: Document) -> bool:
    if document.is_ready:
        return not document.file.storage.exists(document.file.name)
    return not document.is_under_way


def _queue(document: Document, **changes: Any) -> None:
    fresh = {
        "state": State.QUEUED,
        "requested_at": Now(),
        "step": 0,
        "steps": 0,
        "step_label": "",
        "error": "",
        "attempts": 0,
        "lease_token": None,
        "lease_until": None,
        "woken_at": None,
        "started_at": None,
        "finished_at": None,
        "file": "",
        "sha256": "",
        "size": None,
    }
    Document.objects.filter(pk=document.pk).update(**fresh | changes)
