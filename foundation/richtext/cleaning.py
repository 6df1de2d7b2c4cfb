"""Text from an editor, a clipboard or an attacker, brought into one canonical form that is safe to show.

Two steps. nh3 parses as a browser does and removes everything that could act. `structure` then rebuilds what is
left: paragraphs, headings without gaps, lists, tables with header cells. Cleaning clean text changes nothing.
"""

import re
from html import escape

import nh3

from ..undescribed import NOT_DESCRIBED
from . import structure

MAX_LENGTH = 400_000
# Counted as "<". Parsing takes time with the square of the nesting, so this also bounds that: one second at worst.
MAX_TAGS = 20_000

# What may reach the rebuilding. Containers and outdated tags are let through because they say where a block ends
# or what is emphasised; `structure` writes none of them.
_UNDERSTOOD = structure.WRITTEN_TAGS | structure.TRANSLATED_TAGS
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "ol": {"start"},
    "p": {"data-block"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
}
_SCHEMES = {"http", "https", "mailto"}
# Removed together with what they contain; of any other unknown tag the text stays.
_SILENCED = {"script", "style", "template", "svg", "math", "iframe", "object", "head", "title", "noscript"}


# Bound here: nh3 swallows what a filter raises and lets the attribute pass, so a name must not fail to be there then.
_PICTURE_ADDRESS = structure.PICTURE_ADDRESS


def _own_addresses(tag: str, name: str, value: str) -> str | None:  # noqa: ARG001 - as nh3 calls it
    """Links lead out of the portal, pictures come from it."""
    if name == "src":
        return value if _PICTURE_ADDRESS.fullmatch(value) else None
    if name == "href":
        return value if _ABSOLUTE.match(value) else None
    return value


_ABSOLUTE = re.compile(r"(?:https?|mailto):", re.IGNORECASE)

_incoming = nh3.Cleaner(
    tags=_UNDERSTOOD,
    attributes=_ATTRIBUTES,
    clean_content_tags=_SILENCED,
    url_schemes=_SCHEMES,
    url_relative="pass_through",  # www.gov.scot becomes an address in structure.address, anything else goes
    link_rel=None,
    strip_comments=True,
)
_outgoing = nh3.Cleaner(
    tags=structure.WRITTEN_TAGS,
    attributes=_ATTRIBUTES | {"th": {"colspan", "rowspan", "scope"}},
    clean_content_tags=_SILENCED,
    url_schemes=_SCHEMES,
    url_relative="pass_through",  # for the portal's own pictures; attribute_filter stops everything else
    attribute_filter=_own_addresses,
    link_rel="noopener",
    strip_comments=True,
)

_TAG = re.compile(
    rf"</?(?:{'|'.join(sorted(_UNDERSTOOD | _SILENCED | {'span', 'font', 'u', 's', 'code', 'html', 'body'}))})[\s/>]",
    re.IGNORECASE,
)

# Characters that neither PostgreSQL nor a PDF can hold: controls, halves of surrogate pairs, non-characters.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")

_EMPTY_HEADER = re.compile(r'<th scope="[a-z]+"(?P<spans>(?: (?:colspan|rowspan)="\d+")*)></th>')
_IMAGE = re.compile(r'<img(?P<attributes>(?: [a-z]+="[^"]*")*)>')


class TextTooLong(ValueError):
    """The text is more than the portal accepts. The message goes on from the name of the field: "has 410,000 ..."."""


def clean_html(html: str) -> str:
    """The same text in canonical, harmless HTML; an empty string if nothing readable is left.

    Tags: h2 to h4, p, strong, em, a, br, sub, sup, small (a footnote), ul, ol, li, blockquote, figure, img, figcaption,
    table, caption, thead, tbody, tr, th, td. Links lead to http, https or mailto. A paragraph may name a block
    that is shown in its place (see placed). Pictures are those that the portal keeps (/pictures/ and a digest); of any
    other the alternative text stays as text. Idempotent.

    Raises TextTooLong if the text or its clean form has more than MAX_LENGTH characters or MAX_TAGS tags; nothing else.
    """
    _check_size(html)
    clean = structure.rebuild(printable(_incoming.clean(printable(html))))
    _check_size(clean)
    return clean


def _check_size(html: str) -> None:
    if len(html) > MAX_LENGTH:
        raise TextTooLong(
            f"has {len(html):,} characters including its formatting; up to {MAX_LENGTH:,} can be kept. "
            "Divide it into several sections."
        )
    if html.count("<") > MAX_TAGS:
        raise TextTooLong(
            "has more formatting than can be kept, which often comes with text pasted from elsewhere. "
            "Paste it as plain text, or divide it into several sections."
        )


def clean_typed(text: str) -> str:
    """The same for text that may have been typed without markup: each blank line then begins a paragraph.

    Raises TextTooLong.
    """
    if _TAG.search(text):
        return clean_html(text)
    blocks = re.split(r"\r?\n[ \t]*\r?\n", text)
    return clean_html("".join("<p>" + re.sub(r"\r?\n", "<br>", escape(block)) + "</p>" for block in blocks))


def made_safe(html: str) -> str:
    """Stored text as it may be shown: whatever `clean_html` would not write is removed, in about a millisecond.

    A header cell without words becomes an ordinary cell: it would be read out as the heading of its column. A picture
    that nobody has described yet says so: without words it would be read out as its address.
    """
    safe = _EMPTY_HEADER.sub(r"<td\g<spans>></td>", _outgoing.clean(printable(html)))
    return _IMAGE.sub(_shown, safe)


def _shown(image: re.Match[str]) -> str:
    if " src=" not in image["attributes"]:
        return ""
    return image[0] if " alt=" in image["attributes"] else f'<img{image["attributes"]} alt="{NOT_DESCRIBED}">'


def printable(text: str) -> str:
    """The text without characters that cannot be stored or printed."""
    return _UNPRINTABLE.sub("", text)


def normalise_headings(html: str, top: int = 3) -> str:
    """Clean text whose headings start at level `top` and never skip a level, for a place inside a page's own headings.

    Nothing goes below h6. Raises ValueError for a top level outside 1 to 6.
    """
    if not 1 <= top <= 6:
        raise ValueError(f"There is no heading level {top}")
    levels = structure.HeadingLevels(top=top, deepest=6)

    def replace(match: re.Match[str]) -> str:
        level = levels.next(int(match["level"]))
        return f"<h{level}>{match['text']}</h{level}>"

    return re.sub(r"<h(?P<level>[1-6])>(?P<text>.*?)</h(?P=level)>", replace, html, flags=re.DOTALL)


def plain_text(html: str) -> str:
    """The words alone: a line for each paragraph, heading, list item or table row.

    Footnotes stand in square brackets at their place, pictures as [Picture: what it shows] on a line of their own.
    """
    return structure.plain_text(printable(html))


def compared_text(html: str) -> str:
    """The same for comparing two texts: a picture is told with the beginning of its digest."""
    return structure.plain_text(printable(html), tell_files=True)


def pictures_in(html: str) -> list[str]:
    """The digests of the pictures in the text, each once, in order."""
    return list(dict.fromkeys(match["digest"] for match in structure.PICTURE_ADDRESS.finditer(html)))


def undescribed_pictures(html: str) -> int:
    """How many pictures of canonical text have no alternative text and were not called decoration."""
    return sum(" alt=" not in image["attributes"] for image in _IMAGE.finditer(html))


def word_count(html: str) -> int:
    """How many words a reader counts; figures such as 61,204,000 are one word."""
    return len(re.findall(r"\w+(?:[.,'\u2019/-]\w+)*", plain_text(html)))
