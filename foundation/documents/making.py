"""A worker makes one document: it claims the row on a lease, builds step by step, and keeps the file or says why not.

However often a worker is woken, dies or wakes up late, there is one file: every write names the lease's token.
"""

import logging
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from foundation.keeping import kept

from . import registry, storage
from .assembly import File, produce_file, render_missing
from .enums import State
from .models import Document
from .registry import DocumentKind, DocumentRefused
from .services import ATTEMPTS_LIMIT, INTERRUPTED

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=20)


class LeaseLost(Exception):
    """This worker no longer holds the document: it was cancelled, or another worker has taken it over."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's right to make one document while it keeps the lease."""

    document: Document
    token: uuid.UUID

    def __call__(self, step: int, steps: int, label: str) -> None:
        """The progress function that a build gets. Raises LeaseLost."""
        _write(self, step=step, steps=steps, step_label=label[:200], lease_until=Now() + LEASE)


def make(pk: uuid.UUID | str, *, call_help: Callable[[int], None] | None = None) -> State | None:
    """The document is ready, failed in words or left to whoever holds it; returns its state, None if left alone.

    `call_help(n)` wakes up to n further workers, which then call `help_with`.
    """
    claim = claim_document(pk)
    if claim is None:
        return None
    try:
        with heartbeat(claim):
            return _make(claim, call_help)
    except LeaseLost:
        logger.info("document %s left: cancelled or taken over by another worker", pk)
        return None


def help_with(pk: uuid.UUID | str) -> int:
    """Chapters of the document that nobody has taken are rendered while it is being made; returns how many."""
    made = Document.objects.filter(pk=pk, state=State.RUNNING)
    document = made.first()
    kind = registry.find(document.kind) if document else None
    if document is None or kind is None or kind.book is None:
        return 0
    try:
        return render_missing(kind.book(document), goes_on=made.exists)
    except DocumentRefused:
        return 0  # the worker that makes the document is refused too, and says so


def _make(claim: Claim, call_help: Callable[[int], None] | None) -> State:
    document = claim.document
    kind = registry.find(document.kind)
    if kind is None:
        fail(claim, "This portal no longer makes documents of this kind.")
        return State.FAILED
    try:
        file = _file(kind, claim, call_help)
        if not file.data:
            raise DocumentRefused(f"There was nothing to put into “{document.label}”.")
        complete(claim, file.data, kind.extension, found=_told(document, file))
    except LeaseLost:
        raise
    except DocumentRefused as refusal:
        fail(claim, str(refusal))
    except SoftTimeLimitExceeded:
        logger.exception("document %s (%s) took too long", document.pk, document.kind)
        fail(
            claim,
            "This document took longer to make than the portal allows. Make it smaller or try again later.",
        )
    except Exception:
        logger.exception("document %s (%s) could not be made", document.pk, document.kind)
        fail(
            claim,
            "This document could not be made because of a fault in the portal. Nothing that you entered is "
            f"affected. Try again; if it fails again, tell the portal's administrator the reference {document.pk}.",
        )
    else:
        return State.READY
    return State.FAILED


def _file(kind: DocumentKind, claim: Claim, call_help: Callable[[int], None] | None) -> File:
    if kind.book:
        if call_help and kind.is_long:
            call_help(1)
        return produce_file(kind.book(claim.document), progress=claim, call_help=call_help)
    data = kind.build(claim.document, claim) if kind.build else b""
    if not data or kind.extension != "pdf":
        return File(data)
    from .pdf_checks import placed_faults  # only a process that makes documents needs it

    return File(data, placed_faults(data))


def _told(document: Document, file: File) -> list[dict[str, Any]]:
    """What assistive technology would stumble over in a PDF. It is told beside the file, and kept in the log."""
    for fault in file.faults:
        logger.error("document %s (%s), page %d: %s", document.pk, document.kind, fault.page, fault.words)
    return [asdict(fault) for fault in file.faults]


def claim_document(pk: uuid.UUID | str) -> Claim | None:
    """This worker holds the document on a new lease; None if it is at rest, held by another or does not exist."""
    free = Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=Now())
    with transaction.atomic():
        document = Document.objects.select_for_update(skip_locked=True).filter(free, pk=pk).first()
        if document is None:
            return None
        if document.attempts >= ATTEMPTS_LIMIT:
            _at_rest(document.pk, State.FAILED, error=INTERRUPTED)
            return None
        token = uuid.uuid4()
        Document.objects.filter(pk=document.pk).update(
            state=State.RUNNING,
            lease_token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            started_at=Now(),
            step=0,
            steps=0,
            step_label="",
        )
        document.refresh_from_db()
    return Claim(document, token)


def complete(claim: Claim, data: bytes, extension: str, *, found: list[dict[str, Any]] | None = None) -> None:
    """The file is kept and the document ready, with the faults that were found in it.

    Raises LeaseLost if it is no longer this worker's.
    """
    _write(claim, lease_until=Now() + LEASE)  # a late worker stops before it leaves a file behind
    name, sha256 = storage.keep(data, extension)
    _write(
        claim,
        state=State.READY,
        file=name,
        sha256=sha256,
        size=len(data),
        faults=found or [],
        step=F("steps"),
        step_label="",
        error="",
        finished_at=Now(),
        lease_token=None,
        lease_until=None,
    )


def fail(claim: Claim, words: str) -> None:
    """The document has failed and says why. Raises LeaseLost if it is no longer this worker's."""
    _write(claim, state=State.FAILED, error=words, finished_at=Now(), lease_token=None, lease_until=None)


def _at_rest(pk: uuid.UUID, state: State, **changes: Any) -> None:
    Document.objects.filter(pk=pk).update(
        state=state, lease_token=None, lease_until=None, finished_at=Now(), **changes
    )


def _write(claim: Claim, **changes: Any) -> None:
    held = Document.objects.filter(pk=claim.document.pk, lease_token=claim.token, state=State.RUNNING)
    if not held.update(**changes):
        raise LeaseLost(str(claim.document.pk))


def heartbeat(claim: Claim) -> AbstractContextManager[None]:
    """The lease is kept while the block runs."""
    held = Document.objects.filter(pk=claim.document.pk, lease_token=claim.token, state=State.RUNNING)
    return kept(lambda: held.update(lease_until=Now() + LEASE), f"document {claim.document.pk}")
