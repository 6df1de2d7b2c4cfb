"""The text of an HTML paragraph as runs: what is emphasised, linked, raised, or a note at the foot of the page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from lxml.html import HtmlElement

from .markup import character_style, element

_SPACE = re.compile(r"[ \t\r\n\f]+")
# Printed text does without these as well.
UNSEEN_TAGS = {"svg", "script", "style", "template"}
# A map without its drawing tells nothing that the figures beside it do not.
UNSEEN_CLASSES = {"visually-hidden", "portal-map"}
# A part of a cell that stands below the rest, in smaller letters.
UNDER = "portal-under"


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of text under one set of marks. A line break is "\\n"; `note` holds a footnote's own words."""

    text: str
    strong: bool = False
    em: bool = False
    level: str = ""
    link: str = ""
    language: str = ""
    small: bool = False
    note: tuple["Words", ...] = ()


def is_unseen(node: HtmlElement) -> bool:
    return not isinstance(node.tag, str) or node.tag in UNSEEN_TAGS or bool(UNSEEN_CLASSES & classes_of(node))


def classes_of(node: HtmlElement) -> set[str]:
    return set(node.get("class", "").split())


def read_text(text: str | None, mark: Words) -> Iterator[Words]:
    if text:
        yield replace(mark, text=_SPACE.sub(" ", text))


def read_inline(node: HtmlElement, mark: Words) -> Iterator[Words]:
    """The words of an inline element, without what follows it."""
    if is_unseen(node):
        return
    if node.tag == "br":
        yield replace(mark, text="\n")
        return
    if node.tag == "small":
        yield replace(mark, text="", note=tuple(tidy(read_within(node, Words("", language=mark.language)))))
        return
    inner = _marked(node, mark)
    if UNDER in classes_of(node):
        yield replace(mark, text="\n")
    yield from read_within(node, inner)


def read_within(node: HtmlElement, mark: Words) -> Iterator[Words]:
    """The words of everything in the element."""
    yield from read_text(node.text, mark)
    for child in node:
        yield from read_inline(child, mark)
        yield from read_text(child.tail, mark)


def _marked(node: HtmlElement, mark: Words) -> Words:
    mark = replace(mark, language=node.get("lang", mark.language))
    match node.tag:
        case "strong" | "b":
            return replace(mark, strong=True)
        case "em" | "i":
            return replace(mark, em=True)
        case "sub" | "sup":
            return replace(mark, level="subscript" if node.tag == "sub" else "superscript")
        case "a" if node.get("href"):
            return replace(mark, link=node.get("href"))
    return replace(mark, small=mark.small or UNDER in classes_of(node))


def tidy(words: Iterable[Words]) -> list[Words]:
    """The same without space at the ends, around breaks or twice in a row; nothing if there is no word at all."""
    tidied: list[Words] = []
    spaced = True
    for one in words:
        text = one.text
        if text == "\n":
            if tidied and tidied[-1].text != "\n":
                _strip_end(tidied)
                tidied.append(one)
            spaced = True
            continue
        if spaced:
            text = text.lstrip(" ")
        if text or one.note:
            tidied.append(replace(one, text=text))
            spaced = text.endswith(" ")
    _strip_end(tidied)
    while tidied and tidied[-1].text == "\n":
        tidied.pop()
        _strip_end(tidied)
    return tidied


def _strip_end(tidied: list[Words]) -> None:
    while tidied and not tidied[-1].note and tidied[-1].text != "\n":
        stripped = tidied[-1].text.rstrip(" ")
        if stripped:
            tidied[-1] = replace(tidied[-1], text=stripped)
            return
        tidied.pop()


def plain(words: Iterable[Words]) -> str:
    return "".join(one.text for one in words).replace("\n", " ")


def properties_of(words: Words) -> list[Any]:
    """The run properties in the order in which the schema wants them."""
    found = [
        character_style("Hyperlink") if words.link else character_style("Under") if words.small else None,
        element("b") if words.strong else None,
        element("i") if words.em else None,
        element("vertAlign", val=words.level) if words.level else None,
        element("lang", val=words.language) if words.language else None,
    ]
    return [one for one in found if one is not None]
