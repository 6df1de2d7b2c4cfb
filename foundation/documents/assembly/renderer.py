"""WeasyPrint for many small documents that look alike: what it would do for each of them anew is done once.

It is built for one large document. Three habits cost a plan of thirty chapters a third of its time, and are changed
here: six pseudo-elements for each element, styles that are not shared below an element with an id, and an HTML parser
written in Python. What comes out is the same (the tests compare it).
"""

import re
from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any
from xml.etree import ElementTree

import weasyprint.css
from cssselect2 import ElementWrapper
from weasyprint import CSS, HTML
from weasyprint.css import ComputedStyle, InitialStyle, StyleFor
from weasyprint.html import UA, UA_COUNTER_STYLE
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

# Footnotes are not the renderer's here but part of the text, and only list items have markers.
_OF_EVERY_ELEMENT = re.compile(r"^::(?=marker\b)|^::(?:foot)?note-\w+ .*$", re.MULTILINE)
DEFAULTS = CSS(
    string=_OF_EVERY_ELEMENT.sub(lambda found: "" if found[0] != "::" else "li::", UA),
    counter_style=UA_COUNTER_STYLE,
)


class Source(HTML):
    """A document on its way to the renderer."""

    def __init__(self, string: str, *, base_url: str, url_fetcher: URLFetcher) -> None:
        root = well_formed(string)
        if root is None:
            super().__init__(string=string, base_url=base_url, url_fetcher=url_fetcher)
            return
        self.base_url, self.url_fetcher, self.media_type = base_url, url_fetcher, "print"
        self.wrapper_element = ElementWrapper.from_html_root(root, content_language=None)
        self.etree_element = root

    def _ua_stylesheets(self, *_: Any, **__: Any) -> list[CSS]:
        return [DEFAULTS]


_EMPTY_ELEMENT = re.compile(r"""<(br|img|col|hr|meta|wbr)\b((?:[^<>"']|"[^"]*"|'[^']*')*?)/?>""")
# Where the two languages differ about text that is well-formed in both.
_NOT_AS_XML = re.compile(r"<(?:pre|textarea|script|style)\b|<svg\b(?![^>]*\sxmlns=)")


def well_formed(html: str) -> ElementTree.Element | None:
    """The page's tree, read as XML in a tenth of the time; None where that would not be what a browser reads.

    What the portal's templates and its cleaning of text write is well-formed: each element is closed where it ends,
    tables have their bodies, and only the elements named here have no end.
    """
    if _NOT_AS_XML.search(html):
        return None
    text = html.removeprefix("<!doctype html>").replace("&nbsp;", "&#160;")
    try:
        # The page begins with its first element, so it declares no entities that could grow.
        return ElementTree.fromstring(_EMPTY_ELEMENT.sub(r"<\1\2/>", text))  # noqa: S314
    except ElementTree.ParseError:
        return None


class Fonts(FontConfiguration):
    """The fonts of some stylesheets, and the styles that were worked out from these so far."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[Hashable, ComputedStyle] = {}


# Thirty chapters of a plan come to some 500.
_STYLES_KEPT = 5_000


class _SharedStyles(StyleFor):
    """Elements to which the same declarations apply, below the same style, have one style in all chapters.

    The renderer shares styles itself, but not from one document to the next, and not below an element with an id.
    """

    def set_computed_styles(  # noqa: PLR0917 - the library's signature
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: str | None = None,
        base_url: str | None = None,
        target_collector: Any = None,
    ) -> None:
        if (
            pseudo_type
            or not isinstance(element, ElementTree.Element)
            or not isinstance(self.font_config, Fonts)
        ):
            super().set_computed_styles(element, parent, root, pseudo_type, base_url, target_collector)
            return
        computed = self.get_computed_styles()
        declared = dict(self.get_cascaded_styles().get((element, None), {}))
        anchor = declared.pop("anchor", None)
        above = None if parent is None else _unnamed(computed[parent, None])
        style = self._shared(declared, above, computed.get((root, None)), base_url)
        if anchor:
            style = _Named(style, anchor[0])
            target_collector.collect_anchor(anchor[0])
        computed[element, None] = style

    def _shared(
        self,
        declared: dict[str, Any],
        above: ComputedStyle | None,
        root: ComputedStyle | None,
        base_url: str | None,
    ) -> ComputedStyle:
        kept = self.font_config.styles
        if len(kept) > _STYLES_KEPT:
            kept.clear()
        # A kept style holds the one above it, so nothing else can come to have its id.
        key = id(above), frozenset((name, _hashable(value)) for name, value in declared.items())
        if key not in kept:
            kept[key] = ComputedStyle(
                above,
                declared,
                None,
                root or InitialStyle(self.font_config),
                base_url,
                self.font_config,
                self.initial_page_sizes,
            )
        return kept[key]


def _hashable(value: Any) -> Hashable:
    """What the value says, for comparison."""
    if isinstance(value, (list, tuple)):
        return tuple(map(_hashable, value))
    return frozenset(value) if isinstance(value, set) else value


class _Named(ComputedStyle):
    """The style of an element with an id: that of all its like, and the name."""

    def __init__(self, like: ComputedStyle, anchor: str) -> None:
        self.__dict__.update(vars(like))
        self.like = like
        self["anchor"] = anchor

    def __missing__(self, key: str) -> Any:
        value = self[key] = self.like[key]
        return value


def _unnamed(style: ComputedStyle) -> ComputedStyle:
    return style.like if isinstance(style, _Named) else style


weasyprint.css.StyleFor = _SharedStyles


def _once_for_each_style(work: Callable[..., Any]) -> Callable[..., Any]:
    """What the function finds out about a style's font is kept with the style, where it is asked for at each line."""

    @wraps(work)
    def known(style: Any, *more: Any, **options: Any) -> Any:
        kept = vars(style).setdefault("of_its_font", {})
        question = work.__name__, *more, *options.values()
        if question not in kept:
            kept[question] = work(style, *more, **options)
        return kept[question]

    return known


line_break.get_font_description = _once_for_each_style(line_break.get_font_description)
line_break._font_style_cache_key = _once_for_each_style(line_break._font_style_cache_key)
