"""A limit on what is uploaded, kept while it arrives."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile


class UploadLimit(FileUploadHandler):
    """A file of more than LARGEST_UPLOAD bytes is not kept. The request has `upload_too_large`, for the form to say so.

    It stands before the handlers that keep files, and counts what really arrives: a browser may say anything.
    """

    chunk_size = FileUploadHandler.chunk_size

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._arrived = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._arrived = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        self._arrived += len(raw_data)
        if self._arrived > settings.LARGEST_UPLOAD:
            if self.request is not None:
                self.request.upload_too_large = True  # type: ignore[attr-defined]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - Django's signature; the next handler answers
        return None
