"""Files are kept under their own content's digest, so the same bytes are kept once and never change."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def keep(data: bytes, extension: str) -> tuple[str, str]:
    """The bytes lie whole in the file storage; returns (name, SHA-256).

    A file of that name that was cut short by a crash is replaced.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    name = f"documents/{sha256[:2]}/{sha256}.{extension}"
    if not holds(name, sha256):
        default_storage.delete(name)
        saved = default_storage.save(name, ContentFile(data))
        if saved != name:  # somebody else kept the same bytes in the same instant
            default_storage.delete(saved)
    return name, sha256


def holds(name: str, sha256: str) -> bool:
    """Whether the storage has a file of that name with exactly that content."""
    if not name or not default_storage.exists(name):
        return False
    with default_storage.open(name) as file:
        digest = hashlib.file_digest(file, "sha256")
    return digest.hexdigest() == sha256
