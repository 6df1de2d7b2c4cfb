"""Workbooks and text files are read as a person sees them in Excel; what harms or hides is refused or told."""

import io
import struct
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter

from budgets.imports import archive, tables
from budgets.imports.reading import read_book
from budgets.imports.tables import Unreadable
from foundation.incoming.archives import FileRefused

HEADERS = ["Code", "Title", "Budget"]


def workbook(*rows, change=lambda book: None) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def book_of(data: bytes):
    return read_book(io.BytesIO(data))


def rows_of(data: bytes):
    (table,) = book_of(data).tables
    return [(row.number, row.cells) for row in table.rows]


def refusal(data: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        book_of(data)
    return str(refused.value)


def rezipped(data: bytes, *, replace=None, add=None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            part = old.read(entry)
            new.writestr(entry.filename, replace(entry.filename, part) if replace else part)
        for name, part in (add or {}).items():
            new.writestr(name, part)
    return file.getvalue()


PLAIN = workbook(HEADERS, ["A1", "Nursing", 12.5])


# Workbooks


def test_figures_dates_text_and_truth_keep_their_kind():
    data = workbook(
        HEADERS, ["A1", "Nursing", 12.5], [date(2026, 4, 3), True, 1e3], [None] * 3, ["é£", "", 7]
    )
    assert rows_of(data)[1:] == [
        (2, ["A1", "Nursing", Decimal("12.5")]),
        (3, [date(2026, 4, 3), True, Decimal(1000)]),
        (5, ["é£", None, Decimal(7)]),
    ]


def test_a_formula_without_a_saved_result_is_no_nought():
    (_, cells) = rows_of(workbook(HEADERS, ["A1", "Nursing", "=1+1"]))[1]
    assert isinstance(cells[2], Unreadable) and "formula without a saved result" in cells[2].why


def test_a_formula_with_its_saved_result_is_that_result():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADERS)
        page.write_formula(1, 0, '="A"&1', None, "A1")
        page.write_formula(1, 2, "=5*5", None, 25)
    assert rows_of(file.getvalue())[1][1] == ["A1", None, Decimal(25)]


def test_an_error_of_excel_is_told_as_one():
    def error(book):
        book.active["C2"] = "#REF!"
        book.active["C2"].data_type = "e"

    (_, cells) = rows_of(workbook(HEADERS, ["A1", "Nursing", 1], change=error))[1]
    assert cells[2] == Unreadable("shows the error #REF!. Correct it in Excel")


def test_hidden_rows_columns_and_sheets_are_told_and_not_read():
    def hide(book):
        book.active.row_dimensions[3].hidden = True
        book.active.column_dimensions["B"].hidden = True
        other = book.create_sheet("Old")
        other.append(HEADERS)
        other.sheet_state = "hidden"
        book.create_sheet("Older").sheet_state = "veryHidden"

    book = book_of(workbook(HEADERS, ["A1", "x", 1], ["A2", "y", 2], ["A3", "z", 3], change=hide))
    (table,) = book.tables
    assert [row.number for row in table.rows] == [1, 2, 4] and table.hidden_rows == [3]
    assert table.hidden_columns == {1}
    assert [note.split("”")[0] for note in book.notes] == ["The sheet “Old", "The sheet “Older"]


def test_merged_cells_are_known():
    (table,) = book_of(
        workbook(HEADERS, ["A1", "x", 1], change=lambda b: b.active.merge_cells("A2:B4"))
    ).tables
    (merged,) = table.merged
    assert (merged.first_row, merged.last_row, merged.first_column, merged.last_column) == (2, 4, 0, 1)


def test_names_of_parts_with_a_prefix_are_understood():
    def prefixed(name, part):
        if not name.startswith("xl/worksheets/sheet"):
            return part
        text = part.decode().replace('xmlns="', 'xmlns:x="')
        for tag in ("worksheet", "sheetData", "row", "c", "v", "t", "is"):
            text = (
                text.replace(f"<{tag} ", f"<x:{tag} ")
                .replace(f"<{tag}>", f"<x:{tag}>")
                .replace(f"</{tag}>", f"</x:{tag}>")
            )
        return text.encode()

    assert rows_of(rezipped(PLAIN, replace=prefixed)) == rows_of(PLAIN)


def test_a_date_of_a_mac_is_the_same_day():
    data = workbook(
        HEADERS,
        [date(2026, 4, 3)],
        change=lambda book: setattr(book, "epoch", openpyxl.utils.datetime.CALENDAR_MAC_1904),
    )
    assert rows_of(data)[1][1] == [date(2026, 4, 3)]


# What harms


def test_entities_and_document_types_are_refused():
    def poisoned(name, part):
        if name != "xl/workbook.xml":
            return part
        lol = b'<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        return lol + part[part.index(b"<workbook") :] if b"<workbook" in part else lol + part

    assert "entities of its own" in refusal(rezipped(PLAIN, replace=poisoned))


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    def swollen(name, part):
        return b" " * (40 * archive.MEGABYTE) if name.startswith("xl/worksheets/") else part

    assert "far larger" in refusal(rezipped(PLAIN, replace=swollen))


def test_far_cells_and_endless_rows_are_refused():
    far = workbook(HEADERS, change=lambda book: book.active.__setitem__("XFD2", 1))
    assert "Row 2 has something in column XFD" in refusal(far)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("budgets.imports.workbook.sheet.MOST_ROWS", 3)
    monkeypatch.setattr("budgets.imports.delimited.MOST_ROWS", 3)
    assert "more than 3 rows" in refusal(workbook(*[["a"]] * 5))
    assert "more than 3 rows" in refusal(b"a\n" * 5)


def test_too_many_cells_and_texts_are_refused(monkeypatch):
    monkeypatch.setattr("budgets.imports.workbook.sheet.MOST_CELLS", 5)
    monkeypatch.setattr("budgets.imports.delimited.MOST_CELLS", 5)
    assert "cells or texts" in refusal(workbook([1, 2, 3], [4, 5, 6]))
    assert "cells or texts" in refusal(workbook(["a", "b", "c"], ["d", "e", "f"]))
    assert "cells or texts" in refusal(b"a,b,c\nd,e,f\n")


def test_macros_passwords_and_older_formats_are_refused_with_what_to_do():
    assert "macros" in refusal(rezipped(PLAIN, add={"xl/vbaProject.bin": b"x"}))

    def enabled(name, part):
        return (
            part.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
            if "Types" in name
            else part
        )

    assert "macros" in refusal(rezipped(PLAIN, replace=enabled))
    ole = bytes.fromhex("d0cf11e0a1b11ae1")
    assert "password" in refusal(ole + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"))
    assert "before 2007 (.xls)" in refusal(ole + b"\0" * 600)
    assert ".ods" in refusal(rezipped(PLAIN, add={"mimetype": b"application/vnd.oasis"}))
    locked = bytearray(PLAIN)
    for signature, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(signature)
        while at >= 0:
            struct.pack_into("<H", locked, at + flag, 1)
            at = locked.find(signature, at + 4)
    assert "password" in refusal(bytes(locked))


def test_a_word_document_a_pdf_and_a_broken_file_are_refused():
    def word(name, part):
        return (
            part.replace(b"spreadsheetml.sheet.main", b"wordprocessingml.document.main")
            if "Types" in name
            else part
        )

    assert "a Word document" in refusal(rezipped(PLAIN, replace=word))
    assert "neither a workbook nor a CSV" in refusal(b"%PDF-1.7")
    assert "damaged" in refusal(PLAIN[: len(PLAIN) // 2])
    assert "damaged" in refusal(
        rezipped(PLAIN, replace=lambda name, part: part[:-9] if "sheet1" in name else part)
    )
    assert "empty" in refusal(b"")


# Text files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators_of_ledgers_are_found_out(encoding, separator):
    text = "\r\n".join(separator.join(row) for row in (["Code", "Title", "£"], ["A1", "Café – day", "12.50"]))
    book = book_of(text.encode(encoding))
    assert [row.cells for row in book.tables[0].rows] == [
        ["Code", "Title", "£"],
        ["A1", "Café – day", "12.50"],
    ]
    assert any("not in UTF-8" in note for note in book.notes) == (not encoding.startswith("utf-8"))
    assert any("separated by" in note for note in book.notes) == (separator != ",")


def test_quoted_commas_and_line_breaks_stay_in_their_cell():
    data = b'Code,Title,Budget\nA1,"Care, at\nhome","1,234.50"\n\nA2,Day,5\n'
    assert rows_of(data)[1:] == [(2, ["A1", "Care, at\nhome", "1,234.50"]), (4, ["A2", "Day", "5"])]


def test_a_binary_file_that_calls_itself_csv_is_refused():
    assert "neither a workbook nor a text file" in refusal(b"a,b\n\x00\x01\x02,1\n" + b"x" * 300)
    assert "cannot be read as a table" in refusal(b"a,b\n" + b'"' + b"x" * (tables.MOST_BYTES // 100))
