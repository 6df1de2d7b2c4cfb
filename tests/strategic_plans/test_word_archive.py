"""Files that are not brought in: each is refused in words that say what it is and what to do."""

import io
import struct
import zipfile

import pytest

from foundation.incoming.archives import FileRefused
from strategic_plans.imports import safe_archive
from strategic_plans.imports.safe_archive import checked

from .word_files import heading, paragraph, png, rezipped, word_file

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
TYPES = "[Content_Types].xml"
DOCUMENT = "word/document.xml"


@pytest.fixture
def document():
    return word_file(heading("Housing"), paragraph("Homes come first."))


def refusal(file) -> str:
    with pytest.raises(FileRefused) as caught:
        checked(file if hasattr(file, "read") else io.BytesIO(file))
    return str(caught.value)


def test_a_word_document_is_read(document):
    found = checked(document)
    assert found.document == DOCUMENT
    assert {part.name for part in found.parts} >= {TYPES, DOCUMENT, "word/styles.xml"}


def test_what_is_no_word_document_by_its_content(document):
    for data in (b"%PDF-1.7 ...", b"{\\rtf1 text}", b"Homes come first.", b"\x00" * 100):
        assert refusal(data).startswith("This is not a Word document, whatever its name says.")
    assert refusal(b"").startswith("The file is empty.")
    assert "zip archive and not a Word document" in refusal(rezipped(document, leave_out=(TYPES,)))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "This is a spreadsheet",
        ),
        (
            "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
            "This is a presentation",
        ),
        ("application/vnd.ms-word.document.macroEnabled.main+xml", "The file contains macros"),
        (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
            "an archive without a Word document",
        ),
    ],
)
def test_other_kinds_of_office_files(document, kind, words):
    original = safe_archive._DOCUMENT.encode()
    assert words in refusal(
        rezipped(document, change={TYPES: lambda data: data.replace(original, kind.encode())})
    )


def test_macros_whatever_the_file_says_of_itself(document):
    words = refusal(rezipped(document, add={"word/vbaProject.bin": b"\xcc\x61"}))
    assert words.startswith("The file contains macros") and "Save As" in words
    assert refusal(rezipped(document, add={"word/VBAPROJECT.BIN": b""})) == words


def test_the_format_before_2007_and_a_password():
    old = OLE + b"\x00" * 600 + "WordDocument".encode("utf-16-le")
    assert "format of Word before 2007 (.doc)" in refusal(old)
    encrypted = OLE + b"\x00" * (safe_archive.MEGABYTE - 20) + "EncryptedPackage".encode("utf-16-le")
    assert "protected by a password" in refusal(encrypted), "the name lies across two pieces that are read"


def test_a_password_of_the_archive(document):
    data = bytearray(document.getvalue())
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = -1
        while (place := data.find(signature, place + 1)) >= 0:
            flags = struct.unpack_from("<H", data, place + offset)[0]
            struct.pack_into("<H", data, place + offset, flags | 1)
    assert "protected by a password" in refusal(bytes(data))


def test_damaged_files(document):
    data = document.getvalue()
    assert "The file is damaged" in refusal(data[: len(data) // 2])
    assert "The file is damaged" in refusal(b"PK\x03\x04 and nothing more")
    cut = rezipped(document, change={DOCUMENT: lambda part: part[: len(part) // 2]})
    assert "The file is damaged" in refusal(cut)
    with zipfile.ZipFile(document) as archive:
        start = archive.getinfo(DOCUMENT).header_offset + 30 + len(DOCUMENT) + 20
    bad = bytearray(data)
    bad[start : start + 40] = b"\xff" * 40
    assert "The file is damaged" in refusal(bytes(bad))


def test_a_bomb_by_how_far_it_swells(document):
    words = refusal(rezipped(document, add={"word/media/image1.bmp": b"\x00" * (4 * safe_archive.MEGABYTE)}))
    assert "Unpacked, the file would be far larger" in words


def test_a_bomb_by_its_whole_size(document, monkeypatch):
    monkeypatch.setattr(safe_archive, "MOST_UNPACKED", 40_000)
    assert "Unpacked, the file would be far larger" in refusal(document)


def test_a_bomb_by_the_number_of_parts(document):
    many = {f"word/media/{number}.txt": b"" for number in range(safe_archive.MOST_ENTRIES)}
    assert f"fewer than {safe_archive.MOST_ENTRIES:,}" in refusal(rezipped(document, add=many))


def test_a_bomb_inside_is_never_opened(document):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\x00" * (20 * safe_archive.MEGABYTE))
    held = rezipped(document, add={"word/embeddings/inner.zip": inner.getvalue()})
    assert checked(held).document == DOCUMENT
    assert sum(part.size for part in checked(held).parts) < safe_archive.MEGABYTE


def test_more_text_than_can_be_held(document, monkeypatch):
    monkeypatch.setattr(safe_archive, "MOST_XML", 2_000)
    assert "more text than can be read at once" in refusal(document)
    monkeypatch.undo()
    monkeypatch.setattr(safe_archive, "MOST_XML_TOGETHER", 10_000)
    assert "more text than can be read at once" in refusal(document)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_in_any_encoding(document, encoding):
    evil = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w>&a;</w>'
    ).encode(encoding)
    for name in (DOCUMENT, "word/styles.xml", "word/_rels/document.xml.rels", "customXml/item1.xml"):
        held = rezipped(document, add={name: evil}, leave_out=(name,))
        assert "declares a document type or entities" in refusal(held)


def test_xml_that_is_nested_to_break_a_reader(document):
    deep = b"<a>" * 400 + b"</a>" * 400
    assert "The file is damaged" in refusal(rezipped(document, add={"word/settings2.xml": deep}))


@pytest.mark.parametrize(
    "name", ["../../etc/cron.d/x", "/etc/passwd", "C:/x.xml", "word\\..\\x", "word/../../x"]
)
def test_names_that_lead_out_of_the_archive(document, name):
    held = rezipped(document, add={name.replace("\\", "/"): b"x"})
    if "\\" in name:
        held = io.BytesIO(held.getvalue().replace(name.replace("\\", "/").encode(), name.encode()))
    assert "names that lead out of it" in refusal(held)


def test_two_parts_of_one_name(document):
    assert "two parts of the same name" in refusal(rezipped(document, add={"word/DOCUMENT.xml": b"<a/>"}))


def test_a_part_that_is_read_as_xml_under_another_name(document):
    def elsewhere(data: bytes) -> bytes:
        return data.replace(b"word/document.xml", b"word/document.bin")

    assert "The file is damaged" in refusal(rezipped(document, change={"_rels/.rels": elsewhere}))


def test_addresses_outside_are_no_reason_to_refuse_a_file_and_are_never_followed(document):
    outside = (
        b'<Relationship Id="rId99" TargetMode="External" Target="http://192.0.2.1/template.dotm" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    held = rezipped(
        document,
        change={"word/_rels/document.xml.rels": lambda data: data.replace(b"</Relationships>", outside)},
    )
    assert checked(held).document == DOCUMENT


def test_a_picture_is_no_xml(document):
    assert checked(rezipped(document, add={"word/media/image9.png": png().getvalue()}))
