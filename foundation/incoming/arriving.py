"""How a file comes to be kept, and how it goes. Times come from the database's clock, as for documents."""

from __future__ import annotations

from datetime import timedelta
from pathlib import PurePath
from typing import Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from .enums import State
from .models import IncomingFile

# A file that is not there by then never comes.
ARRIVING = timedelta(minutes=10)

# What a row says when its file is to be read once more.
AGAIN: dict[str, Any] = {
    "state": State.WAITING,
    "found": {},
    "step": "",
    "attempts": 0,
    "held_until": None,
    "woken_at": None,
}


def short_name(name: str) -> str:
    """The name at a length that can be kept, with its ending."""
    path = PurePath(name)
    return f"{path.stem[: 190 - len(path.suffix)]}{path.suffix[:10]}"


def expect(row: IncomingFile) -> None:
    """The row stands, and no worker takes it until the file is there: no file is ever kept that nobody sweeps."""
    row.save()
    _rows(row).update(held_until=Now() + ARRIVING)


def receive(row: IncomingFile, file: File[Any]) -> None:
    """The file is kept under the name that the row says, and waits for a worker."""
    default_storage.save(str(row.file.name), file)
    _rows(row).update(held_until=None)
    row.refresh_from_db()


def discard(row: IncomingFile) -> None:
    """Nothing is left of a file that nobody applied: neither itself nor what was found in it."""
    with transaction.atomic():
        deleted, _ = _rows(row).exclude(state=State.APPLIED).delete()
        if deleted:
            forget(str(row.file.name or ""))


def forget(name: str) -> None:
    """The file of that name is gone once the transaction stands."""
    if name:
        transaction.on_commit(lambda: default_storage.delete(name))


def _rows(row: IncomingFile) -> QuerySet[IncomingFile]:
    return type(row)._default_manager.filter(pk=row.pk)
