"""A look at an uploaded workbook before it is read: whether it is one. What any office file has to pass is in
foundation.incoming.archives."""

from __future__ import annotations

import zipfile

from foundation.incoming.archives import MEGABYTE, TYPES, FileRefused, Program

MOST_ENTRIES = 2_000
MOST_UNPACKED = 150 * MEGABYTE
_WORKBOOK = b"spreadsheetml.sheet.main+xml"

EXCEL = Program(
    name="Excel",
    file="a workbook",
    saved_as="Excel Workbook (.xlsx)",
    old_ending=".xls",
    protect="Protect Workbook",
    bring="upload that file",
)


def check_archive(archive: zipfile.ZipFile) -> None:
    """Nothing in the archive speaks against reading it as a workbook. Raises FileRefused."""
    names = EXCEL.check_list(archive, most_entries=MOST_ENTRIES, most_unpacked=MOST_UNPACKED)
    if "mimetype" in names:
        raise FileRefused(
            "This is a file of LibreOffice or another office program (.ods), which is not read. Open it there, choose "
            "Save As and then Excel 2007-365 (.xlsx), and upload that file."
        )
    if TYPES not in names:
        raise FileRefused(EXCEL.only_an_archive)
    with archive.open(TYPES) as part:
        kinds = part.read(MEGABYTE)
    if b"macroEnabled" in kinds:
        raise FileRefused(EXCEL.macros)
    if b"sheet.binary" in kinds:
        raise FileRefused(f"This is a binary workbook (.xlsb), which is not read. {EXCEL.save_as}")
    if _WORKBOOK not in kinds:
        what = "a Word document" if b"wordprocessingml" in kinds else "an archive without a workbook in it"
        raise FileRefused(f"This is {what}. Choose a workbook (.xlsx) or a CSV file.")
