"""WeasyPrint at work for `pdf.render_pdf`. Imported only by a process that prints: it needs Pango and half a second."""

import hashlib
import logging
import mimetypes
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pydyf
from django.conf import settings
from weasyprint import HTML
from weasyprint.logger import LOGGER, PROGRESS_LOGGER
from weasyprint.urls import URLFetcher, URLFetcherResponse

from .pdf import HANDED_IN
from .pdf_tags import name_header_cells
from .registry import DocumentRefused, Progress, kept_file
from .static_files import static_file

logger = logging.getLogger(__name__)

MAX_HTML = 20_000_000
MAX_FILE = 20_000_000
MAX_PAGES = 1_500

_SECONDS_BETWEEN_NOTES = 0.5
_PAGE = re.compile(r"Creating layout - Page (\d+)")

# What the renderer says is logged once and with the document's title (render_pdf), and page numbers not at all.
LOGGER.propagate = PROGRESS_LOGGER.propagate = False
PROGRESS_LOGGER.setLevel(logging.INFO)


class Refused(ValueError):
    """The renderer was asked for something that is not the portal's own."""


class PortalFetcher(URLFetcher):
    """Answers with the portal's static files, the files handed in and those an app registered; with nothing else."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._files = files
        self._static = urljoin(base_url(), settings.STATIC_URL)

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:  # noqa: ARG002 - the library's signature
        if url.startswith(f"{HANDED_IN}:"):
            name = unquote(url.partition(":")[2])
            if name not in self._files:
                raise Refused(f"no file was handed in as {name!r}")
            return _answer(url, name, self._files[name])
        if url.startswith(self._static):
            name = unquote(urlsplit(url).path.removeprefix(urlsplit(self._static).path))
            return _answer(url, name, static_file(name))
        if (
            url.startswith(base_url())
            and (data := kept_file(unquote(url.removeprefix(base_url())))) is not None
        ):
            return _answer(url, url, data)
        raise Refused("only the portal's own files may be loaded")


def _answer(url: str, name: str, data: bytes) -> URLFetcherResponse:
    if len(data) > MAX_FILE:
        raise Refused(f"{name} is larger than {MAX_FILE:,} bytes")
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return URLFetcherResponse(url, data, {"Content-Type": kind})


def base_url() -> str:
    """The address that relative links in a document are read against."""
    return f"{settings.PORTAL_URL.rstrip('/')}/"


def render(
    html: str,
    *,
    created: datetime | None,
    files: Mapping[str, bytes],
    progress: Progress,
    first_step: int,
    steps: int,
) -> bytes:
    """See pdf.render_pdf."""
    if len(html) > MAX_HTML:
        raise DocumentRefused(
            "This document holds more text than the portal can print. Divide it into parts."
        )
    progress(first_step, steps, "Reading the document")
    with listening(lambda label: progress(first_step, steps, label)) as warnings:
        page = HTML(string=html, base_url=base_url(), url_fetcher=PortalFetcher(files))
        layout = page.render(pdf_variant="pdf/ua-1")
        if not layout.metadata.title or not layout.metadata.lang:
            raise ValueError("A PDF needs <html lang> and <title>: without them it is not accessible")
        progress(first_step + 1, steps, f"Writing {len(layout.pages)} page{'s'[: len(layout.pages) != 1]}")
        if created:
            layout.metadata.created = layout.metadata.modified = (
                f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
            )
        identity = hashlib.sha256(f"{created}{html}".encode()).hexdigest()[:32]
        data = bytes(layout.write_pdf(finisher=_finish, pdf_variant="pdf/ua-1", pdf_identifier=identity))
    progress(first_step + 2, steps, "Checking that everybody can read it")
    for warning in sorted(warnings):
        logger.warning("PDF %r: %s", layout.metadata.title, warning)
    return data


# What the renderer says while it works


class _Ear(logging.Handler):
    """Hears one thread's renderer: its warnings are kept, its page numbers passed on now and then."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.INFO)
        self.warnings: set[str] = set()
        self._note = note
        self._thread = threading.get_ident()
        self._noted_at = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread != self._thread:
            return
        if record.levelno >= logging.WARNING:
            self.warnings.add(record.getMessage())
        elif found := _PAGE.search(record.getMessage()):
            self._hear_page(int(found[1]))

    def _hear_page(self, number: int) -> None:
        if number > MAX_PAGES:
            raise DocumentRefused(
                f"This document would have more than {MAX_PAGES:,} pages. Divide it into parts."
            )
        if time.monotonic() - self._noted_at >= _SECONDS_BETWEEN_NOTES:
            self._noted_at = time.monotonic()
            self._note(f"Laying out page {number}")


@contextmanager
def listening(note: Callable[[str], None]) -> Iterator[set[str]]:
    """Warnings of this thread's renderer are gathered; `note` is told now and then which page it is at."""
    ear = _Ear(note)
    for source in (LOGGER, PROGRESS_LOGGER):
        source.addHandler(ear)
    try:
        yield ear.warnings
    finally:
        for source in (LOGGER, PROGRESS_LOGGER):
            source.removeHandler(ear)


def _finish(_: Any, pdf: pydyf.PDF) -> None:
    name_header_cells(pdf)
