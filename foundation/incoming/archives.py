"""A look at an uploaded office file before anything reads it: what every kind of zip archive of XML has to pass.

Nothing is unpacked to a disk and no archive inside is opened. What is refused is refused in words for whoever chose
the file; the program that writes such files gives the words their names.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, NoReturn
from xml.parsers import expat

MEGABYTE = 1024 * 1024
# Rows and text are packed to a tenth, equal rows perhaps to a fiftieth; only what is made to swell goes beyond.
MOST_SWELLING = 200
SWELLING_MATTERS = MEGABYTE

TYPES = "[Content_Types].xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_IS_ENCRYPTED = 0x1
_MACROS = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml)$", re.IGNORECASE)


class FileRefused(ValueError):
    """The file is not read; the text says why and what to do."""


@dataclass(frozen=True)
class Program:
    """The program whose files are read, as the words of a refusal name it and what belongs to it."""

    name: str  # Excel
    file: str  # a workbook
    saved_as: str  # Excel Workbook (.xlsx)
    old_ending: str  # .xls
    protect: str  # Protect Workbook
    bring: str  # upload that file

    @property
    def save_as(self) -> str:
        return f"Open it in {self.name}, choose Save As and then {self.saved_as}, and {self.bring}."

    @property
    def if_it_is_yours(self) -> str:
        return f"If it is yours: {self.save_as[0].lower()}{self.save_as[1:]}"

    @property
    def damaged(self) -> str:
        return (
            f"The file is damaged: a part of it cannot be read. Open it in {self.name}; if {self.name} can repair it, "
            f"save it under a new name and {self.bring}."
        )

    @property
    def macros(self) -> str:
        return (
            f"The file contains macros, which are programs, so it is not read. In {self.name} choose Save As and then "
            f"{self.saved_as}, which leaves the macros out, and {self.bring}."
        )

    @property
    def only_an_archive(self) -> str:
        return f"This is a zip archive and not {self.file}. {self.save_as}"

    def refuse_document_type(self, *declared: object) -> NoReturn:  # noqa: ARG002 - expat's signature
        """For expat's StartDoctypeDeclHandler. Raises FileRefused."""
        raise FileRefused(
            f"The file declares a document type or entities of its own, which {self.name} never writes and which are "
            f"used to do harm. It is not read. {self.if_it_is_yours}"
        )

    def refuse_old_container(self, file: IO[bytes]) -> NoReturn:
        """What an OLE file is: the program's own format up to 2003, or a new file behind a password."""
        kept = b""
        while piece := file.read(MEGABYTE):
            if _ENCRYPTED_STREAM in kept + piece:
                raise FileRefused(
                    f"The file is protected by a password, so it cannot be read. In {self.name} choose File, Info, "
                    f"{self.protect}, Encrypt with Password, empty the box, save, and {self.bring}."
                )
            kept = piece[-len(_ENCRYPTED_STREAM) :]
        raise FileRefused(
            f"This file has the format of {self.name} before 2007 ({self.old_ending}), which is not read. "
            f"{self.save_as}"
        )

    @contextmanager
    def opened(self, file: IO[bytes]) -> Iterator[zipfile.ZipFile]:
        """The archive; whatever is wrong with its packing or its XML while it is read is a FileRefused in words."""
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except FileRefused:
            raise
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            zlib.error,
            lzma.LZMAError,
            expat.ExpatError,
        ) as fault:
            raise FileRefused(self.damaged) from fault
        except (EOFError, OSError, ValueError, LookupError) as fault:
            raise FileRefused(self.damaged) from fault
        except (NotImplementedError, RuntimeError) as fault:  # a packing that no such file has, or a password
            raise FileRefused(
                f"The file is packed in a way that {self.name} does not use, so it is not read. {self.save_as}"
            ) from fault

    def check_list(self, archive: zipfile.ZipFile, *, most_entries: int, most_unpacked: int) -> set[str]:
        """The names in the archive, if nothing in its list of contents speaks against reading it."""
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if len(entries) > most_entries:
            raise FileRefused(
                f"The file consists of {len(entries):,} parts; {self.file} has fewer than {most_entries:,}. It is not "
                "read, since files like this are made to do harm."
            )
        if any(_MACROS.search(name) for name in names):
            raise FileRefused(self.macros)
        if len({name.lower() for name in names}) < len(entries):
            raise FileRefused(
                f"The file has two parts of the same name, so it is unclear what it says. {self.save_as}"
            )
        if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
            raise FileRefused(
                "The file is protected by a password, so it cannot be read. Save it without one."
            )
        swollen = any(
            entry.file_size > SWELLING_MATTERS
            and entry.file_size > MOST_SWELLING * max(entry.compress_size, 1)
            for entry in entries
        )
        if swollen or sum(entry.file_size for entry in entries) > most_unpacked:
            raise FileRefused(
                "Unpacked, the file would be far larger than it is, as files are that are made to do harm. It is not "
                f"read. {self.if_it_is_yours}"
            )
        return names
