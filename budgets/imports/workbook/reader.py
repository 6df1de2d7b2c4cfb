"""From the archive to its visible sheets."""

from __future__ import annotations

import posixpath
import zipfile
from typing import IO
from xml.parsers import expat

from foundation.incoming.kinds import Progress

from ..archive import EXCEL, check_archive
from ..tables import Book
from .parts import Part, Relations, SharedStrings, Styles, Workbook
from .sheet import FIRST_DAY_ON_A_MAC, Shared, Sheet

PIECE = 256 * 1024


def read_workbook(file: IO[bytes], *, progress: Progress) -> Book:
    """The visible sheets with their visible rows. Raises FileRefused in words, nothing else."""
    with EXCEL.opened(file) as archive:
        check_archive(archive)
        return _Reader(archive, progress).book()


class _Reader:
    def __init__(self, archive: zipfile.ZipFile, progress: Progress) -> None:
        self.archive = archive
        self.shared = Shared(progress)

    def book(self) -> Book:
        root = Relations()
        self._parse("_rels/.rels", root)
        main = next((path for kind, path in root.found.values() if kind == "officeDocument"), "")
        main = main.lstrip("/")
        book, links = Workbook(), Relations()
        self._parse(main, book)
        folder, name = posixpath.split(main)
        self._parse(f"{folder}/_rels/{name}.rels".lstrip("/"), links)
        if book.is_from_1904:
            self.shared.first_day = FIRST_DAY_ON_A_MAC
        for kind, target in links.found.values():
            if kind == "sharedStrings":
                strings = SharedStrings()
                self._parse(_within(folder, target), strings)
                self.shared.texts = strings.texts
            elif kind == "styles":
                styles = Styles()
                self._parse(_within(folder, target), styles)
                self.shared.dates = styles.dates()
        return self._sheets(book, links, folder)

    def _sheets(self, book: Workbook, links: Relations, folder: str) -> Book:
        tables, notes = [], []
        for title, relation, state in book.sheets:
            kind, target = links.found.get(relation, ("", ""))
            if kind != "worksheet":
                continue
            if state != "visible":
                notes.append(
                    f"The sheet “{title}” is hidden in Excel and was not read. If it belongs to the budget, unhide it "
                    "and upload the file again."
                )
                continue
            self.shared.progress(f"Reading the sheet “{title}”")
            sheet = Sheet(self.shared)
            self._parse(_within(folder, target), sheet)
            tables.append(sheet.table(title))
        return Book(tables, notes)

    def _parse(self, name: str, part: Part) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = part.start
        parser.EndElementHandler = part.end
        parser.CharacterDataHandler = part.text
        parser.StartDoctypeDeclHandler = EXCEL.refuse_document_type
        with self.archive.open(name) as stream:
            while piece := stream.read(PIECE):
                parser.Parse(piece, False)
            parser.Parse(b"", True)


def _within(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
