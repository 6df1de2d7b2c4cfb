"""Asking for a document, and what a person or the timetable may do with one that was asked for.

How a worker makes it is in `making`. Times come from the database's clock: several hosts agree about a lease.
"""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from . import registry
from .enums import State
from .models import Document

logger = logging.getLogger(__name__)

ATTEMPTS_LIMIT = 5
# A request that no worker took is announced again after this, and then at the longer interval.
FIRST_REMINDER = timedelta(seconds=5)
NEXT_REMINDER = timedelta(seconds=60)

INTERRUPTED = (
    f"The portal began this document {ATTEMPTS_LIMIT} times and was interrupted each time. "
    "Nothing that you entered is affected. Try again; if it fails again, tell the portal's administrator."
)


class WrongState(Exception):
    """That cannot be done to the document as it is now; the text says so to people."""


class FileGone(Exception):
    """The document is said to be ready, but the file storage does not have its file; the text says what to do."""


def request_document(
    *, kind: str, key: str, label: str, tenant: str, by: Any, inputs: dict[str, Any] | None = None
) -> Document:
    """There is one row for this kind and key, and it is waiting, being made or ready.

    A row that failed, was cancelled or has lost its file waits again with the new inputs; any other is returned
    as it is. `by` is a saved user, or None where the portal itself asks. The view then calls tasks.enqueue.

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
        return not document.file.storage.exists(str(document.file.name))
    return not document.is_under_way


def cancel_document(*, document: Document, by: Any) -> None:
    """The document is cancelled and a worker that was making it stops at its next step.

    Raises WrongState if it is at rest already.
    """
    changed = Document.objects.filter(pk=document.pk, state__in=[State.QUEUED, State.RUNNING]).update(
        state=State.CANCELLED, lease_token=None, lease_until=None, finished_at=Now()
    )
    document.refresh_from_db()
    if not changed:
        raise WrongState(f"“{document.label}” cannot be cancelled: it is no longer being made.")
    logger.info("document %s cancelled by %s", document.pk, by)


def retry_document(*, document: Document, by: Any) -> None:
    """A document that failed, was cancelled or has lost its file waits to be made, with the inputs it had.

    Raises WrongState for any other.
    """
    with transaction.atomic():
        row = Document.objects.select_for_update().get(pk=document.pk)
        if not _needs_making(row):
            raise WrongState(
                f"“{document.label}” is there or on its way already: nothing needs to be tried again."
            )
        _queue(row)
    document.refresh_from_db()
    logger.info("document %s asked for again by %s", document.pk, by)


def open_document(*, document: Document, by: Any) -> IO[bytes]:
    """The document's file, open for reading; the domain app has been told who takes it.

    Ask the kind's may_download first. Raises WrongState before the file is ready, FileGone if it was lost.
    """
    if not document.is_ready:
        raise WrongState(f"“{document.label}” is not ready yet.")
    kind = registry.get(document.kind)
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        logger.exception("document %s has lost its file %s", document.pk, document.file.name)
        raise FileGone(f"The file of “{document.label}” is missing. Make it again.") from None
    with ExitStack() as on_failure:
        on_failure.callback(file.close)
        if kind.downloaded:
            kind.downloaded(by, document)
        on_failure.pop_all()
    return file


def sweep(wake: Callable[[UUID], None]) -> int:
    """No request is left behind: `wake` is called for each document that waits for a worker; returns how many.

    A document whose worker died (its lease ran out) waits again, or fails in words after ATTEMPTS_LIMIT attempts.
    """
    dead = Document.objects.filter(state=State.RUNNING, lease_until__lt=Now())
    dead.filter(attempts__gte=ATTEMPTS_LIMIT).update(
        state=State.FAILED, error=INTERRUPTED, lease_token=None, lease_until=None, finished_at=Now()
    )
    dead.update(
        state=State.QUEUED, lease_token=None, lease_until=None, woken_at=None, step_label="", step=0, steps=0
    )
    with transaction.atomic():
        waiting = Document.objects.select_for_update(skip_locked=True).filter(_overdue())
        found = list(waiting.order_by("requested_at").values_list("pk", flat=True)[:200])
        Document.objects.filter(pk__in=found).update(woken_at=Now())
    for pk in found:
        wake(pk)
    return len(found)


def _overdue() -> Q:
    never_reminded = Q(woken_at=None) & (Q(requested_at__lt=Now() - FIRST_REMINDER) | Q(attempts__gt=0))
    return Q(state=State.QUEUED) & (never_reminded | Q(woken_at__lt=Now() - NEXT_REMINDER))


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
