"""One way into any file of rows: workbook or text, whatever its name says."""

from __future__ import annotations

from typing import IO

from foundation.incoming.archives import OLE, ZIP, FileRefused
from foundation.incoming.kinds import Progress

from .archive import EXCEL
from .delimited import read_delimited
from .tables import Book
from .workbook import read_workbook


def read_book(file: IO[bytes], *, progress: Progress = lambda _step: None) -> Book:
    """What a person can see in the file. Raises FileRefused in words."""
    file.seek(0)
    head = file.read(len(OLE))
    file.seek(0)
    if not head.strip():
        raise FileRefused("The file is empty. Choose it again, or save it again in Excel.")
    if head == OLE:
        EXCEL.refuse_old_container(file)
    if head.startswith(ZIP):
        return read_workbook(file, progress=progress)
    if head.startswith((b"%PDF", b"<", b"{\\rtf")):
        raise FileRefused(
            "This is neither a workbook nor a CSV file, whatever its name says. Choose one of those."
        )
    return read_delimited(file, progress=progress)
