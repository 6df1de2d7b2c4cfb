"""Tagged PDF (PDF/UA-1) from HTML that the portal wrote itself.

The renderer reads nothing but the portal's own static files, files handed in by name and files that an app keeps and
registered (registry.register_files): no network, no path, no data: address. The same HTML and creation date give the
same bytes.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from types import ModuleType

from .registry import DocumentRefused, Progress

logger = logging.getLogger(__name__)

PHASES = 3
# A name of this scheme stands for a file that the caller handed in: <img src="portal-file:map.png">.
HANDED_IN = "portal-file"


def render_pdf(
    html: str,
    *,
    created: datetime | None = None,
    files: Mapping[str, bytes] | None = None,
    progress: Progress | None = None,
    first_step: int = 1,
    steps: int = PHASES,
) -> bytes:
    """A tagged PDF/UA-1 file of the whole HTML page, with outline, table scopes and a stable identity.

    `html` has a lang and a title. `created` is the date the file bears (give the version's own, so that the same
    version is the same file). `files` are images by name, used as portal-file:NAME. The PHASES steps are counted
    from `first_step` of `steps`; `progress` may raise to stop the work, also between two pages.

    Raises DocumentRefused in words for a document beyond the portal's bounds, ValueError without lang or title.
    """
    data: bytes = printing_module("pdf_rendering").render(
        html,
        created=created,
        files=files or {},
        progress=progress or silent,
        first_step=first_step,
        steps=steps,
    )
    return data


def printing_module(name: str) -> ModuleType:
    """A module of this package that needs WeasyPrint, loaded when something is printed and not before.

    Raises DocumentRefused in words where the libraries that WeasyPrint finds at run time are missing.
    """
    try:
        return import_module(f"{__package__}.{name}")
    except OSError:
        logger.exception("WeasyPrint cannot be loaded: install Pango (see docs/operations.md)")
        raise DocumentRefused(
            "PDFs cannot be made at the moment: the portal's printing software is not installed. "
            "Tell the portal's administrator, then try again."
        ) from None


def faults(data: bytes) -> list[str]:
    """What is wrong with a PDF for people who use assistive technology, a sentence each; empty if nothing.

    See pdf_checks for what is looked at.
    """
    from .pdf_checks import faults as found

    return found(data)


def silent(step: int, steps: int, label: str) -> None:
    """Nobody waits for this document."""
