"""Parts are kept in the file storage under the hash of what they were rendered from, for every worker to find."""

import hashlib
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

FOLDER = "parts"
# Rendering a chapter again takes a second: a part is not worth more than this, even if it is still in use.
KEPT_FOR = timedelta(days=14)
_SEAL = hashlib.sha256().digest_size


def read(name: str) -> bytes | None:
    """The part, or None if it is not kept or was cut short by a crash."""
    try:
        with default_storage.open(_path(name)) as file:
            sealed: bytes = file.read()
    except FileNotFoundError:
        return None
    data = sealed[_SEAL:]
    return data if hashlib.sha256(data).digest() == sealed[:_SEAL] else None


def keep(name: str, data: bytes) -> None:
    """The part is found under its name from now on. It is sealed, so that half a file is never taken for a part."""
    path = _path(name)
    default_storage.delete(path)
    saved = default_storage.save(path, ContentFile(hashlib.sha256(data).digest() + data))
    if saved != path:  # somebody else kept the same part in the same instant
        default_storage.delete(saved)


def sweep() -> int:
    """Parts older than KEPT_FOR are gone; returns how many."""
    oldest = timezone.now() - KEPT_FOR
    gone = 0
    for shelf in _listed(FOLDER)[0]:
        for name in _listed(f"{FOLDER}/{shelf}")[1]:
            path = f"{FOLDER}/{shelf}/{name}"
            if default_storage.get_modified_time(path) < oldest:
                default_storage.delete(path)
                gone += 1
    return gone


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


def _path(name: str) -> str:
    return f"{FOLDER}/{name[:2]}/{name}"
