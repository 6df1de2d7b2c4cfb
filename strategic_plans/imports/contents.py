"""What a Word file holds, counted from its XML: paragraphs, and all that is not taken over and must be told."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from lxml import etree

LEVELS = 9
_PROPERTIES = "docProps/core.xml"
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_SAFE = {"resolve_entities": False, "no_network": True, "huge_tree": False}
_HIDDEN = {"Choice", "del", "moveFrom"}  # a newer twin of what is read, and text that was taken out
_COUNTED = {"ins", "del", "moveFrom", "moveTo", "oMath", "object", "txbxContent", "altChunk", "subDoc"}
_DRAWN = {
    "chart": "chart",
    "chartex": "chart",
    "diagram": "diagram",
    "wordprocessingShape": "shape",
    "wordprocessingGroup": "shape",
    "wordprocessingCanvas": "shape",
}


@dataclass(frozen=True)
class Contents:
    """`counts` names paragraphs, and what `changes` tells of: tracked, comments, boxes, charts and so on."""

    counts: Counter[str]
    outline: dict[str, int]
    decorative: frozenset[str]
    subject: str


def contents_of(file: IO[bytes], document: str) -> Contents:
    """What the checked file holds, the outline level of each paragraph style, and the pictures that are decoration.

    Raises etree.XMLSyntaxError for XML that cannot be read.
    """
    with zipfile.ZipFile(file) as archive:
        folder = document.rpartition("/")[0]
        names = set(archive.namelist())
        counts = Counter[str]()
        reader = _DocumentReader(counts)
        with archive.open(document) as part:
            reader.read(part)
        comments = f"{folder}/comments.xml"
        if comments in names:
            counts["comments"] = sum(1 for tag, _ in _elements(archive, comments) if tag == "comment")
        styles = f"{folder}/styles.xml"
        outline = _outline(archive, styles) if styles in names else {}
        decorative = frozenset(_entries(archive, document, reader.only_decorative()))
        subject = _subject(archive) if _PROPERTIES in names else ""
    return Contents(counts, outline, decorative, subject)


class _DocumentReader:
    """Goes through the document's XML once and keeps no more of it than numbers."""

    def __init__(self, counts: Counter[str]) -> None:
        self.counts = counts
        self._hidden = 0
        self._tables = 0
        self._has_text: list[bool] = []
        self._carried = False  # from a paragraph whose end was taken out: its text stands in the next
        self._mark_deleted = False
        self._decorative = False
        self._pictures: dict[str, bool] = {}  # relationship -> whether every use is decoration

    def read(self, part: IO[bytes]) -> None:
        for event, element in etree.iterparse(part, events=("start", "end"), **_SAFE):
            tag = _local(element)
            if event == "start":
                self._start(tag, element)
            else:
                self._end(tag, element)
                if tag in {"p", "tbl", "sectPr"}:
                    element.clear(keep_tail=False)
        boxes = self.counts.pop("txbxContent", 0)
        newer_boxes = self.counts.pop("newer_boxes", 0)
        self.counts["boxes"] = boxes
        self.counts["lost_boxes"] = max(newer_boxes - boxes, 0)
        self.counts["shape"] = max(self.counts["shape"] - newer_boxes, 0)

    def only_decorative(self) -> set[str]:
        return {relation for relation, decorative in self._pictures.items() if decorative}

    def _start(self, tag: str, element: etree._Element) -> None:
        if tag in _COUNTED:
            self._count(tag)
        if tag in _HIDDEN:
            self._mark_deleted |= tag == "del" and _local(element.getparent()) == "rPr"
            self._hidden += 1
        elif tag == "p":
            self._has_text.append(self._carried)
            self._carried = self._mark_deleted = False
        elif tag == "tbl":
            self._tables += 1
            self.counts["nested"] += self._tables > 1
        else:
            self._start_smaller(tag, element)

    def _start_smaller(self, tag: str, element: etree._Element) -> None:
        if tag == "vanish":
            self.counts["vanish"] += (
                _is_on(element) and _is_of_a_run(element.getparent()) and not self._hidden
            )
        elif tag == "docPr":
            self._decorative = False
        elif tag == "decorative":
            self._decorative = _is_on(element)
        elif tag in {"blip", "imagedata"} and not self._hidden:
            self._picture(element)
        elif tag == "graphicData":
            drawn = _DRAWN.get(element.get("uri", "").rpartition("/")[2])
            if drawn:
                self.counts[drawn] += 1

    def _end(self, tag: str, element: etree._Element) -> None:
        if tag in _HIDDEN:
            self._hidden -= 1
        elif (
            self._has_text
            and not self._hidden
            and (tag == "sym" or (tag == "t" and (element.text or "").strip()))
        ):
            self._has_text[-1] = True
        elif tag == "tbl":
            self._tables -= 1
        elif tag == "p" and self._has_text:
            self._end_paragraph(has_text=self._has_text.pop())

    def _end_paragraph(self, *, has_text: bool) -> None:
        if self._mark_deleted:
            self._carried, self._mark_deleted = has_text, False
        elif has_text and not self._hidden:
            self.counts["paragraphs"] += 1

    def _count(self, tag: str) -> None:
        if tag in {"ins", "del", "moveFrom", "moveTo"}:
            self.counts["tracked"] += tag != "moveFrom"  # a move is told once
        elif tag == "txbxContent" and self._hidden:
            self.counts["newer_boxes"] += 1
        elif not self._hidden:
            self.counts[tag] += 1

    def _picture(self, element: etree._Element) -> None:
        relation = _attribute(element, "embed") or _attribute(element, "id")
        if relation:
            self._pictures[relation] = self._decorative and self._pictures.get(relation, True)
        elif _attribute(element, "link"):
            self.counts["linked"] += 1


def _local(element: etree._Element | None) -> str:
    return etree.QName(element).localname if element is not None and isinstance(element.tag, str) else ""


def _is_on(element: etree._Element) -> bool:
    return _attribute(element, "val") not in {"0", "false", "off"}


def _is_of_a_run(properties: etree._Element | None) -> bool:
    return properties is not None and _local(properties.getparent()) == "r"


def _attribute(element: etree._Element, name: str) -> str:
    """The attribute's value, whatever its namespace."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def _elements(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, etree._Element]]:
    with archive.open(name) as part:
        for _, element in etree.iterparse(part, events=("end",), **_SAFE):
            yield _local(element), element


def _subject(archive: zipfile.ZipFile) -> str:
    """What the document is about, as its properties say."""
    return next(
        (element.text or "" for tag, element in _elements(archive, _PROPERTIES) if tag == "subject"), ""
    )


def _outline(archive: zipfile.ZipFile, name: str) -> dict[str, int]:
    """Paragraph styles that are headings, by their own outline level or that of the style they are based on."""
    own: dict[str, int] = {}
    based_on: dict[str, str] = {}
    for tag, element in _elements(archive, name):
        if tag != "style" or _attribute(element, "type") != "paragraph":
            continue
        style = _attribute(element, "styleId")
        for child in element.iter():
            match _local(child):
                case "name" if match := _HEADING.fullmatch(_attribute(child, "val")):
                    own[style] = int(match[1])
                case "basedOn":
                    based_on[style] = _attribute(child, "val")
                case "outlineLvl" if (level := _attribute(child, "val")).isdigit():
                    own.setdefault(style, int(level) + 1)
    found = {style: _level(style, own, based_on) for style in {*own, *based_on}}
    return {style: level for style, level in found.items() if 1 <= level <= LEVELS}


def _level(style: str, own: dict[str, int], based_on: dict[str, str]) -> int:
    seen = set()
    while style and style not in own and style not in seen:
        seen.add(style)
        style = based_on.get(style, "")
    return own.get(style, 0)


def _entries(archive: zipfile.ZipFile, document: str, relations: set[str]) -> Iterator[str]:
    """The parts of the archive that these relationships of the document lead to."""
    folder, _, name = document.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels"
    if not relations or rels not in archive.namelist():
        return
    for tag, element in _elements(archive, rels):
        if tag == "Relationship" and element.get("Id") in relations:
            target = element.get("Target", "")
            yield target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"
