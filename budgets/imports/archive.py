"""A look at an uploaded workbook before it is read: whether it is one, and whether reading it does harm.

An .xlsx is a zip archive of XML. Nothing is unpacked to a disk, and no address in it is followed.
"""

from __future__ import annotations

import zipfile
from typing import IO

from .tables import FileRefused

MEGABYTE = 1024 * 1024
MOST_ENTRIES = 2_000
MOST_UNPACKED = 150 * MEGABYTE
# Rows of figures are packed to a tenth, equal rows perhaps to a fiftieth; only what is made to swell goes beyond.
MOST_SWELLING = 200
SWELLING_MATTERS = MEGABYTE

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_IS_ENCRYPTED = 0x1
_TYPES = "[Content_Types].xml"
_WORKBOOK = b"spreadsheetml.sheet.main+xml"

AS_XLSX = "Open it in Excel, choose Save As and then Excel Workbook (.xlsx), and upload that file."
DAMAGED = (
    "The file is damaged: a part of it cannot be read. Open it in Excel; if Excel can repair it, save it under a new "
    "name and upload that file."
)
MACROS = (
    "The file contains macros, which are programs, so it is not read. In Excel choose Save As and then Excel Workbook "
    "(.xlsx), which leaves the macros out, and upload that file."
)
HARMFUL = "It is not read, since files like this are made to do harm."


def refuse_old_container(file: IO[bytes]) -> None:
    """Raises FileRefused: for Excel's format up to 2003, or for a new file behind a password."""
    kept = b""
    while piece := file.read(MEGABYTE):
        if _ENCRYPTED_STREAM in kept + piece:
            raise FileRefused(
                "The file is protected by a password, so it cannot be read. In Excel choose File, Info, Protect "
                "Workbook, Encrypt with Password, empty the box, save, and upload that file."
            )
        kept = piece[-len(_ENCRYPTED_STREAM) :]
    raise FileRefused(f"This file has the format of Excel before 2007 (.xls), which is not read. {AS_XLSX}")


def check_archive(archive: zipfile.ZipFile) -> None:
    """Nothing in the archive's list of contents speaks against reading it as a workbook. Raises FileRefused."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if len(entries) > MOST_ENTRIES:
        raise FileRefused(
            f"The file consists of {len(entries):,} parts; a workbook has fewer than {MOST_ENTRIES:,}. {HARMFUL}"
        )
    if len({name.lower() for name in names}) < len(entries):
        raise FileRefused(
            f"The file has two parts of the same name, so it is unclear what it says. {AS_XLSX}"
        )
    if any(entry.flag_bits & _IS_ENCRYPTED for entry in entries):
        raise FileRefused("The file is protected by a password, so it cannot be read. Save it without one.")
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise FileRefused(MACROS)
    swollen = any(
        entry.file_size > SWELLING_MATTERS and entry.file_size > MOST_SWELLING * max(entry.compress_size, 1)
        for entry in entries
    )
    if swollen or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise FileRefused(f"Unpacked, the file would be far larger than it is. {HARMFUL} {AS_XLSX}")
    _check_kind(archive, names)


def _check_kind(archive: zipfile.ZipFile, names: set[str]) -> None:
    if "mimetype" in names:
        raise FileRefused(
            "This is a file of LibreOffice or another office program (.ods), which is not read. Open it there, choose "
            "Save As and then Excel 2007-365 (.xlsx), and upload that file."
        )
    if _TYPES not in names:
        raise FileRefused(f"This is a zip archive and not a workbook. {AS_XLSX}")
    with archive.open(_TYPES) as part:
        kinds = part.read(MEGABYTE)
    if b"macroEnabled" in kinds:
        raise FileRefused(MACROS)
    if b"sheet.binary" in kinds:
        raise FileRefused(f"This is a binary workbook (.xlsb), which is not read. {AS_XLSX}")
    if _WORKBOOK not in kinds:
        what = "a Word document" if b"wordprocessingml" in kinds else "an archive without a workbook in it"
        raise FileRefused(f"This is {what}. Choose a workbook (.xlsx) or a CSV file.")
