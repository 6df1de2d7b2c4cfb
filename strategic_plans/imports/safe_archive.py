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

MEGABYTE = 1024 * 1024
MOST_BYTES = 50 * MEGABYTE
MOST_ENTRIES = 5_000
MOST_UNPACKED = 300 * MEGABYTE
# A part of XML is held in memory as a tree of about thirty times its size.
MOST_XML = 8 * MEGABYTE
MOST_XML_TOGETHER = 32 * MEGABYTE
# Text is packed to a tenth, a table of equal rows perhaps to a fiftieth; only what is made to swell goes beyond.
MOST_SWELLING = 200
SWELLING_MATTERS = MEGABYTE
DEEPEST_XML = 150

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_IS_ENCRYPTED = 0x1

_TYPES = "[Content_Types].xml"
_DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_STRICT_NAMES = re.compile(r"(^|/)\.\.(/|$)|^/|^[A-Za-z]:|[\\\x00-\x1f]")
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)$", re.IGNORECASE)
# Relationships of these types lead to parts that are parsed as XML, whatever their names say.
_PARSED = ("officedocument", "styles", "numbering", "footnotes", "endnotes", "comments")

AS_DOCX = "Open it in Word, choose Save As and then Word Document (.docx), and bring in that file."


class FileRefused(ValueError):
    """The file is not brought in; the text says why and what to do."""


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
    if not head.startswith((_OLE, *_ZIP)):
        raise FileRefused(f"This is not a Word document, whatever its name says. {AS_DOCX}")


def checked(file: IO[bytes]) -> Archive:
    """What the Word file holds, all of it looked through. Raises FileRefused in words, nothing else.

    `file` stays open. The memory needed is that of one piece of one part.
    """
    file.seek(0)
    head = file.read(len(_OLE))
    first_look(head)
    if head == _OLE:
        raise FileRefused(_what_the_old_container_is(file))
    try:
        with zipfile.ZipFile(file) as archive:
            return _look_through(archive)
    except FileRefused:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, KeyError) as fault:
        raise FileRefused(_damaged()) from fault
    except (NotImplementedError, RuntimeError) as fault:  # a packing that Word does not use, or a password
        raise FileRefused(
            f"The file is packed in a way that Word does not use, so it is not read. {AS_DOCX}"
        ) from fault
    except Exception as fault:
        if type(fault).__module__ in {"zlib", "_lzma"}:
            raise FileRefused(_damaged()) from fault
        raise


def _damaged() -> str:
    return (
        "The file is damaged: a part of it cannot be read. Open it in Word; if Word can repair it, save it under "
        "a new name and bring in that file."
    )


def _what_the_old_container_is(file: IO[bytes]) -> str:
    """What an OLE file is: Word's own format up to 2003, or a new file behind a password."""
    kept = b""
    while piece := file.read(MEGABYTE):
        if _ENCRYPTED_STREAM in kept + piece:
            return (
                "The file is protected by a password, so it cannot be read. In Word choose File, Info, Protect "
                "Document, Encrypt with Password, empty the box, save, and bring in that file."
            )
        kept = piece[-len(_ENCRYPTED_STREAM) :]
    return f"This file has the format of Word before 2007 (.doc), which is not read. {AS_DOCX}"


def _look_through(archive: zipfile.ZipFile) -> Archive:
    entries = archive.infolist()
    _check_list(entries)
    names = {entry.filename for entry in entries}
    if _TYPES not in names:
        raise FileRefused(f"This is a zip archive and not a Word document. {AS_DOCX}")
    xml = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    if sum(entry.file_size for entry in xml) > MOST_XML_TOGETHER:
        raise FileRefused(_too_much_text())
    document = ""
    for entry in xml:
        seen = _walk(archive, entry)
        if entry.filename == _TYPES:
            document = _document_part(seen.overrides, names)
        _check_targets(seen.targets)
    return Archive(document, tuple(Part(entry.filename, entry.file_size) for entry in entries))


def _check_list(entries: list[zipfile.ZipInfo]) -> None:
    """Nothing in the archive's list of contents speaks against reading it."""
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(
            f"The file consists of {len(entries):,} parts; a Word document has fewer than {MOST_ENTRIES:,}. "
            "It is not read, since files like this are made to do harm."
        )
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise FileRefused(_macros())
    if any(_STRICT_NAMES.search(entry.filename) for entry in entries):
        raise FileRefused(
            "The file has parts with names that lead out of it, which no Word document has. It is not read. "
            f"{AS_DOCX}"
        )
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise FileRefused(
            f"The file has two parts of the same name, so it is unclear what it says. {AS_DOCX}"
        )
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        raise FileRefused("The file is protected by a password, so it cannot be read. Save it without one.")
    swollen = any(
        entry.file_size > SWELLING_MATTERS and entry.file_size > MOST_SWELLING * max(entry.compress_size, 1)
        for entry in entries
    )
    if swollen or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused(
            "Unpacked, the file would be far larger than it is, as files are that are made to do harm. It is not "
            f"read. If it is yours: {AS_DOCX[0].lower()}{AS_DOCX[1:]}"
        )


def _macros() -> str:
    return (
        "The file contains macros, which are programs, so it is not read. In Word choose Save As and then Word "
        "Document (.docx), which leaves the macros out, and bring in that file."
    )


def _too_much_text() -> str:
    return (
        "The file has more text than can be read at once. Divide it into several Word documents and bring them in "
        "one after the other."
    )


def _document_part(overrides: dict[str, str], names: set[str]) -> str:
    """The name of the part with the text. Raises FileRefused for other kinds of Office files."""
    kinds = " ".join(overrides.values()).lower()
    if "macroenabled" in kinds:
        raise FileRefused(_macros())
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
            raise FileRefused(_damaged())


class _Walk:
    """One part of XML, read piece by piece: well-formed, without document type, no deeper than can be read."""

    def __init__(self) -> None:
        self.overrides: dict[str, str] = {}
        self.targets: list[tuple[str, str]] = []
        self._depth = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._doctype

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST_XML:
            raise FileRefused(_damaged())
        local = name.rpartition(" ")[2]
        if local == "Override":
            self.overrides[attributes.get("PartName", "")] = attributes.get("ContentType", "")
        elif local == "Relationship" and attributes.get("TargetMode") != "External":
            self.targets.append((attributes.get("Type", ""), attributes.get("Target", "")))

    def _end(self, name: str) -> None:  # noqa: ARG002 - expat's signature
        self._depth -= 1

    def _doctype(self, *declared: object) -> None:  # noqa: ARG002 - expat's signature
        raise FileRefused(
            "The file declares a document type or entities of its own, which Word never writes and which are used "
            f"to do harm. It is not read. If it is yours: {AS_DOCX[0].lower()}{AS_DOCX[1:]}"
        )


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
        raise FileRefused(_damaged()) from fault
    return walk
