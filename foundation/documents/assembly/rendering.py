"""One chapter becomes one part: a complete tagged PDF that also says where its ids and headings stand."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from weasyprint import CSS

from ..pdf_rendering import MAX_HTML, PortalFetcher, base_url, listening
from ..registry import DocumentRefused
from ..static_files import static_file
from .book import Book, Chapter
from .finishing import DECORATION, ELSEWHERE, finish_part, places_in
from .names import PART_STYLESHEET
from .parts import written
from .renderer import Fonts, Source

logger = logging.getLogger(__name__)


@dataclass
class _Styles:
    """Stylesheets as they were read last, with the fonts that they load: reading them takes a quarter of a second."""

    fonts: Fonts
    read: list[CSS] = field(default_factory=list)
    source: tuple[bytes, ...] = ()


_kept: dict[tuple[str, ...], _Styles] = {}


def render_chapter(
    book: Book, chapter: Chapter, *, note: Callable[[str], None], is_contents: bool = False
) -> bytes:
    """The chapter as a part, as `parts.read` reads it.

    `note` hears now and then which page is laid out, and may raise to stop the work.
    """
    if len(chapter.html) > MAX_HTML:
        raise DocumentRefused(
            f"“{chapter.title}” holds more text than the portal can print. Divide it into parts."
        )
    page = Source(
        _document(book, title=chapter.title, body=chapter.html, running=book.running_title or book.title),
        base_url=base_url(),
        url_fetcher=PortalFetcher(chapter.files),
    )
    words = _words_of_targets(page.etree_element)
    _carry_links(page.etree_element, words.keys())
    _name_decoration(page.etree_element)
    styles = _styles((*book.stylesheets, PART_STYLESHEET))
    with _garbage.left_by(len(chapter.html)), listening(note) as warnings:
        layout = page.render(stylesheets=styles.read, font_config=styles.fonts, pdf_variant="pdf/ua-1")
        content = layout.write_pdf(
            finisher=lambda _, pdf: finish_part(pdf, key=chapter.key, is_contents=is_contents),
            pdf_variant="pdf/ua-1",
        )
        data = written(bytes(content), places_in(layout, words))
    for warning in sorted(warnings):
        logger.warning("PDF %r, chapter %r: %s", book.title, chapter.title, warning)
    return data


def render_sheet(book: Book, *, body_class: str = "", css: str = "", as_part: bool = True) -> bytes:
    """Two empty pages with the book's page background and margin boxes, without tags: what is drawn on other pages."""
    names = (*book.stylesheets, PART_STYLESHEET) if as_part else book.stylesheets
    styles = _styles(names)
    page = Source(
        _document(book, title=book.title, body=_SECOND_PAGE, body_class=body_class),
        base_url=base_url(),
        url_fetcher=PortalFetcher({}),
    )
    own = CSS(string=css, base_url=base_url(), url_fetcher=PortalFetcher({}), font_config=styles.fonts)
    layout = page.render(stylesheets=[*styles.read, own], font_config=styles.fonts)
    return bytes(layout.write_pdf())


# Sheets show what an inner page shows; a first page may have less on it.
_SECOND_PAGE = '<div></div><div class="new-page"></div>'


def _document(book: Book, *, title: str, body: str, running: str = "", body_class: str = "") -> str:
    said = {"language": book.language, "title": title, "running": running, "body_class": body_class}
    head = (
        '<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
        '<body class="{body_class}" data-title="{running}">'
    )
    return head.format(**{name: escape(value) for name, value in said.items()}) + f"{body}</body></html>"


def _words_of_targets(root: Any) -> dict[str, str]:
    """For each id the heading that stands there: what a link to it is called by assistive technology."""
    found = {}
    for element in root.iter():
        name = element.get("id") if isinstance(element.tag, str) else None
        if name:
            heading = next((one for one in element.iter() if one.tag in _HEADINGS), None)
            found[name] = "" if heading is None else " ".join("".join(heading.itertext()).split())
    return found


_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "caption"))


def _carry_links(root: Any, own: Any) -> None:
    for link in root.iter("a"):
        target = link.get("href", "")
        if target.startswith("#") and target[1:] not in own:
            link.set("href", ELSEWHERE + target[1:])


def _name_decoration(root: Any) -> None:
    for image in root.iter("img"):
        if image.get("alt") == "":
            image.set("alt", DECORATION)


def _styles(names: tuple[str, ...]) -> _Styles:
    source = tuple(static_file(name) for name in names)
    kept = _kept.get(names)
    if kept is None or kept.source != source:
        kept = _Styles(Fonts(), source=source)
        fetcher = PortalFetcher({})
        folder = urljoin(base_url(), settings.STATIC_URL)
        for name in names:
            kept.read.append(CSS(url=folder + name, url_fetcher=fetcher, font_config=kept.fonts))
        _kept[names] = kept
    return kept


class _Garbage:
    """What chapters left behind is collected after a long one or several short ones: that saves a tenth of the time.

    While pages are laid out almost nothing can be freed. What the process holds after its first chapter (the renderer,
    stylesheets, the portal itself) stays for good, so no collection looks at it again.
    """

    # So many characters of HTML leave some 40 MB behind.
    _ENOUGH = 30_000

    def __init__(self) -> None:
        self._left = 0

    @contextmanager
    def left_by(self, characters: int) -> Iterator[None]:
        was_enabled = gc.isenabled()
        gc.disable()
        try:
            yield
        finally:
            if was_enabled:
                gc.enable()
            self._left += characters
            if self._left > self._ENOUGH:
                self._left = 0
                gc.collect()
            _settle()


_garbage = _Garbage()


@cache
def _settle() -> None:
    gc.collect()
    gc.freeze()
