"""Is this PDF one that everybody can read? Cheap checks of structure that run on every file the portal makes.

They do not replace the full PDF/UA machine check of the test suite, let alone a person with a screen reader.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Pdf

# Files longer than this need an outline to find one's way.
_PAGES_WITHOUT_OUTLINE = 4
_DEEPEST = 200


@dataclass(frozen=True)
class Fault:
    """What is wrong in one sentence, on which page (0: in the file as a whole), and the named place on that page.

    `near` is the address of the first thing on the page that has one, or of the last before it.
    """

    words: str
    page: int = 0
    near: str = ""


def faults(data: bytes) -> list[str]:
    """What is wrong with the file for people who use assistive technology, each in one sentence; empty if nothing.

    Looked at: tags, language, title, PDF/UA mark, outline, order of headings, header cells and their scope,
    alternative texts, link descriptions, embedded fonts, and that nothing in the file can act.
    """
    return list(dict.fromkeys(fault.words for fault in placed_faults(data)))


def placed_faults(data: bytes) -> list[Fault]:
    """The same, each with where it is."""
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            found = list(dict.fromkeys(_all_faults(pdf)))
            places = _places(pdf) if found else {}
            return [replace(fault, near=_near(places, fault.page)) for fault in found]
    except pikepdf.PdfError as error:
        return [Fault(f"The file is not a readable PDF: {error}")]


def _places(pdf: Pdf) -> dict[int, str]:
    """For each page that has named places, the highest of them."""
    numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
    highest: dict[int, tuple[float, str]] = {}
    for name, target in NameTree(pdf.Root.Names.Dests).items() if "/Dests" in _names(pdf) else ():
        number, top = numbers.get(target[0].objgen, 0), float(target[3] or 0)
        if number not in highest or top > highest[number][0]:
            highest[number] = (top, str(name))
    return {number: name for number, (_, name) in highest.items()}


def _names(pdf: Pdf) -> Dictionary:
    return _dictionary(pdf.Root.get("/Names"))


def _near(places: dict[int, str], page: int) -> str:
    before = [number for number in places if number <= page]
    return places[max(before)] if before and page else ""


def _all_faults(pdf: Pdf) -> Iterator[Fault]:
    yield from (Fault(words) for words in _document(pdf))
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is not None:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}
        elements = list(_elements(tree))
        for check in (_headings, _figures, _tables):
            yield from (Fault(words, _page_of(element, numbers)) for element, words in check(elements))
    yield from _pages(pdf)


def _page_of(element: Dictionary, numbers: dict[tuple[int, int], int]) -> int:
    """The page on which the element begins, as far as it or what is in it says so."""
    for one in (element, *_elements(element)):
        if "/Pg" in one:
            return numbers.get(one.Pg.objgen, 0)
    return 0


def _document(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked") or "/StructTreeRoot" not in root:
        yield "The file has no tags."
    if not str(root.get("/Lang", "")):
        yield "The file does not say in which language it is."
    if not str(pdf.docinfo.get("/Title", "")):
        yield "The file has no title."
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle"):
        yield "The file shows its file name in place of its title."
    metadata = root.get("/Metadata")
    if metadata is None or b"pdfuaid" not in metadata.read_bytes():
        yield "The file does not declare PDF/UA."
    if len(pdf.pages) > _PAGES_WITHOUT_OUTLINE and not root.get("/Outlines", Dictionary()).get("/First"):
        yield "The file has no outline (bookmarks)."
    opens = _dictionary(root.get("/OpenAction"))
    if "/S" in opens or "/JavaScript" in _dictionary(root.get("/Names")):
        yield "The file does something when it is opened."


def _elements(node: pikepdf.Object, depth: int = 0) -> Iterator[Dictionary]:
    kids = node.get("/K")
    if kids is None or depth > _DEEPEST:
        return
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid, depth + 1)


def _headings(elements: list[Dictionary]) -> Iterator[tuple[Dictionary, str]]:
    before = 0
    for element in elements:
        name = str(element.S)
        if len(name) == 3 and name.startswith("/H") and name[2].isdigit():
            level = int(name[2])
            if level > before + 1:
                words = f"A heading of level {level} follows level {before or 'none'}: a level is skipped."
                yield element, words
            before = level


def _figures(elements: list[Dictionary]) -> Iterator[tuple[Dictionary, str]]:
    for element in elements:
        if _is(element, "/Figure") and not str(element.get("/Alt", "")):
            yield element, "An image has no alternative text."


def _tables(elements: list[Dictionary]) -> Iterator[tuple[Dictionary, str]]:
    for table in (element for element in elements if _is(element, "/Table")):
        cells = list(_elements(table))
        headers = [cell for cell in cells if _is(cell, "/TH")]
        if not headers and any(_is(cell, "/TD") for cell in cells):
            yield table, "A table has no header cells."
        if any("/Scope" not in attributes for attributes in map(_attributes, headers)):
            yield table, "A header cell does not say whether it heads a row or a column."


def _is(element: Dictionary, tag: str) -> bool:
    return str(element.S) == tag


def _attributes(element: Dictionary) -> set[str]:
    held = element.get("/A")
    every = held if isinstance(held, Array) else [held]
    return {str(key) for one in every if isinstance(one, Dictionary) for key in one}


def _pages(pdf: Pdf) -> Iterator[Fault]:
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in page.obj.get("/Annots", Array()):
            if annotation.get("/Subtype") == Name.Link and not str(annotation.get("/Contents", "")):
                yield Fault("A link has no description.", number)
            if _dictionary(annotation.get("/A")).get("/S") in {Name.Launch, Name.JavaScript, Name.SubmitForm}:
                yield Fault("Something acts when it is clicked.", number)
        for font in _dictionary(page.resources.get("/Font")).values():
            if font.objgen not in seen and not _is_embedded(font):
                yield Fault(f"The font {font.get('/BaseFont', '')} is not embedded.", number)
            seen.add(font.objgen)


def _is_embedded(font: pikepdf.Object) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return True
    holder = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = _dictionary(holder.get("/FontDescriptor"))
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _dictionary(value: pikepdf.Object | None) -> Dictionary:
    return value if isinstance(value, Dictionary) else Dictionary()
