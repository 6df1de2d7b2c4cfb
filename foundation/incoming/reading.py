"""One worker at a time reads a file. `held_until` is its token: nobody else has the same. It moves on while the worker
lives, so that a file whose worker died is soon read again."""

from __future__ import annotations

import hashlib
import logging
from contextlib import AbstractContextManager
from datetime import timedelta
from time import monotonic
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from foundation.keeping import kept

from .archives import FileRefused
from .arriving import forget
from .enums import State
from .kinds import ATTEMPTS_LIMIT, HELD, NOT_ARRIVED, Found, Kind, M

logger = logging.getLogger(__name__)


def read(kind: Kind[M], pk: UUID | str) -> str | None:
    """The file was read, or refused in words: its state. None if it is in other hands, at rest or given up."""
    held = claim(kind, pk)
    if held is None:
        return None
    try:
        with _in_hand(kind, held), default_storage.open(str(held.file.name)) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            found = kind.read(held, file, lambda step: tell(kind, held, step))
        return _keep(kind, held, found, digest)
    except FileRefused as refusal:
        logger.info("file %s is refused: %s (%r)", pk, refusal, refusal.__cause__)
        return refuse(kind, held, str(refusal))
    except FileNotFoundError:
        return refuse(kind, held, NOT_ARRIVED)
    except SoftTimeLimitExceeded:
        return refuse(kind, held, kind.words.too_long)
    except Exception:
        logger.exception("file %s could not be read", pk)
        return refuse(kind, held, kind.words.fault(pk))


def waiting(kind: Kind[M]) -> QuerySet[M]:
    """The files that wait and are in nobody's hands."""
    free = Q(held_until=None) | Q(held_until__lt=Now())
    return kind.model._default_manager.filter(free, state=State.WAITING)


def claim(kind: Kind[M], pk: UUID | str) -> M | None:
    """The file in this worker's hands, for HELD; None if it cannot be had."""
    free = waiting(kind).filter(pk=pk, attempts__lt=ATTEMPTS_LIMIT)
    if not free.update(held_until=Now() + HELD, attempts=F("attempts") + 1):
        return None
    return kind.model._default_manager.filter(pk=pk).first()


def _in_hand(kind: Kind[M], held: M) -> AbstractContextManager[None]:
    """The file stays in this worker's hands while the block runs."""
    # The new token is reckoned from the first, which is of the database's clock: several hosts agree about it.
    first, began = held.held_until, monotonic()

    def renew() -> None:
        renewed = first and first + timedelta(seconds=monotonic() - began)
        if _mine(kind, held).update(held_until=renewed):
            held.held_until = renewed

    return kept(renew, f"file {held.pk}")


def tell(kind: Kind[M], held: M, step: str) -> None:
    """People see how far the reading is."""
    _mine(kind, held).update(step=step[:120])


def refuse(kind: Kind[M], held: M, words: str) -> str | None:
    """The file is refused in these words; None, and nothing is changed, if it is in other hands by now."""
    return _rest(kind, held, Found({"state": State.REFUSED, "refusal": words}))


def _keep(kind: Kind[M], held: M, found: Found, digest: str) -> str | None:
    return _rest(kind, held, Found({**found.facts, "sha256": digest}, found.keep))


def _rest(kind: Kind[M], held: M, found: Found) -> str | None:
    facts = {**found.facts, "held_until": None, "step": ""}
    if not kind.keeps_file:
        facts["file"] = ""
    with transaction.atomic():
        if not _mine(kind, held).update(**facts):
            return None
        found.keep()
        if not kind.keeps_file:
            forget(str(held.file.name or ""))
    return str(facts["state"])


def _mine(kind: Kind[M], held: M) -> QuerySet[M]:
    return kind.model._default_manager.filter(pk=held.pk, state=State.WAITING, held_until=held.held_until)
