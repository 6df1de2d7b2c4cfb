"""A look at an uploaded Word file before anything reads it: whether it is one, and whether reading it does harm.

A .docx is a zip archive of XML parts and pictures. Nothing is unpacked to a disk, no archive inside it is opened and
no address in it is followed. What is refused is refused in words for whoever chose the file.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

from foundation.incoming.archives import MEGABYTE, OLE, TYPES, ZIP, FileRefused, Program

MOST_BYTES = 50 * MEGABYTE
MOST_ENTRIES = 5_000
MOST_UNPACKED = 300 * MEGABYTE
# A part of XML is held in memory as a tree of about thirty times its size.
MOST_XML = 8 * MEGABYTE
MOST_XML_TOGETHER = 32 * MEGABYTE
DEEPEST_XML = 150

_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STRICT_NAMES = re.compile(r"(^|/)\.\.(/|$)|^/|^[A-Za-z]:|[\\\x00-\x1f]")
# Relationships of these types lead to parts that are parsed as XML, whatever their names say.
_PARSED = ("officedocument", "styles", "numbering", "footnotes", "endnotes", "comments")

WORD = Program(
    name="Word",
    file="a Word document",
    saved_as="Word Document (.docx)",
    old_ending=".doc",
    protect="Protect Document",
    bring="bring in that file",
)
AS_DOCX = WORD.save_as


@dataclass(frozen=True)
class Part:
    """A part of the archive, as its list of contents names it."""

    name: str
    size: int


@dataclass(frozen=True)
class Archive:
    """A Word file that may be read."""

    document: str
    parts: tuple[Part, ...]


def first_look(head: bytes) -> None:
    """The file could be Word's by its first bytes. Raises FileRefused; for what is inside ask `checked`."""
    if not head:
        raise FileRefused("The file is empty. Choose the Word document again, or save it again in Word.")
    if not head.startswith((OLE, *ZIP)):
        raise FileRefused(f"This is not a Word document, whatever its name says. {AS_DOCX}")


def checked(file: IO[bytes]) -> Archive:
    """What the Word file holds, all of it looked through. Raises FileRefused in words, nothing else.

    `file` stays open. The memory needed is that of one piece of one part.
    """
    file.seek(0)
    head = file.read(len(OLE))
    first_look(head)
    if head == OLE:
        WORD.refuse_old_container(file)
    with WORD.opened(file) as archive:
        return _look_through(archive)


def _look_through(archive: zipfile.ZipFile) -> Archive:
    names = WORD.check_list(archive, most_entries=MOST_ENTRIES, most_unpacked=MOST_UNPACKED)
    if any(_STRICT_NAMES.search(name) for name in names):
        raise FileRefused(
            "The file has parts with names that lead out of it, which no Word document has. It is not read. "
            f"{AS_DOCX}"
        )
    if TYPES not in names:
        raise FileRefused(WORD.only_an_archive)
    entries = archive.infolist()
    xml = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in xml) > MOST_XML_TOGETHER:
        raise FileRefused(_too_much_text())
    document = ""
    for entry in xml:
        seen = _walk(archive, entry)
        if entry.filename == TYPES:
            document = _document_part(seen.overrides, names)
        _check_targets(seen.targets)
    return Archive(document, tuple(Part(entry.filename, entry.file_size) for entry in entries))


def _too_much_text() -> str:
    return (
        "The file has more text than can be read at once. Divide it into several Word documents and bring them in "
        "one after the other."
    )


def _document_part(overrides: dict[str, str], names: set[str]) -> str:
    """The name of the part with the text. Raises FileRefused for other kinds of Office files."""
    kinds = " ".join(overrides.values()).lower()
    if "macroenabled" in kinds:
        raise FileRefused(WORD.macros)
    for name, kind in overrides.items():
        if kind == _DOCUMENT and name.lstrip("/") in names:
            return name.lstrip("/")
    what = (
        "a spreadsheet" if "spreadsheetml" in kinds else "a presentation" if "presentationml" in kinds else ""
    )
    if what:
        raise FileRefused(
            f"This is {what} and not a Word document. Copy its text into Word and save it there."
        )
    raise FileRefused(f"This is an archive without a Word document in it. {AS_DOCX}")


def _check_targets(targets: list[tuple[str, str]]) -> None:
    for kind, target in targets:
        if kind.rpartition("/")[2].lower() in _PARSED and not target.lower().endswith(".xml"):
            raise FileRefused(WORD.damaged)


class _Walk:
    """One part of XML, read piece by piece: well-formed, without document type, no deeper than can be read."""

    def __init__(self) -> None:
        self.overrides: dict[str, str] = {}
        self.targets: list[tuple[str, str]] = []
        self._depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = WORD.refuse_document_type

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST_XML:
            raise FileRefused(WORD.damaged)
        local = name.rpartition(" ")[2]
        if local == "Override":
            self.overrides[attributes.get("PartName", "")] = attributes.get("ContentType", "")
        elif local == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets.append((attributes.get("Type", ""), attributes.get("Target", "")))

    def _end(self, name: str) -> None:  # noqa: ARG002 - expat's signature
        self._depth -= 1


def _walk(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> _Walk:
    if entry.file_size > MOST_XML:
        raise FileRefused(_too_much_text())
    walk = _Walk()
    try:
        with archive.open(entry) as part:
            while piece := part.read(MEGABYTE):
                walk.parser.Parse(piece, False)
            walk.parser.Parse(b"", True)
    except (expat.ExpatError, LookupError) as fault:  # the latter for an encoding that nobody knows
        raise FileRefused(WORD.damaged) from fault
    return walk
