"""Markup as a tree of elements."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from .grammar import DEEPEST_TREE, VOID


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)


class _TreeReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self._open = [self.root]
        self._ignored = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))
        elif len(self._open) > DEEPEST_TREE:
            self._ignored += 1
        else:
            element = Element(tag, {name: value or "" for name, value in attrs})
            self._open[-1].children.append(element)
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - nh3 closes tags in order
        if self._ignored:
            self._ignored -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def parse(html: str) -> Element:
    reader = _TreeReader()
    reader.feed(html)
    reader.close()
    return reader.root


def all_within(element: Element, tag: str) -> list[Element]:
    """Every element of that tag inside, except those inside another one."""
    found = []
    for child in elements(element):
        found += [child] if child.tag == tag else all_within(child, tag)
    return found


def text_of(element: Element) -> str:
    return "".join(child if isinstance(child, str) else text_of(child) for child in element.children)


def elements(element: Element) -> Iterator[Element]:
    return (child for child in element.children if isinstance(child, Element))
