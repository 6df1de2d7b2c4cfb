"""Is this PDF one that everybody can read? Cheap checks of structure that run on every file the portal makes.

They do not replace the full PDF/UA machine check of the test suite, let alone a person with a screen reader.
"""

import io
from collections.abc import Iterator

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

# Files longer than this need an outline to find one's way.
_PAGES_WITHOUT_OUTLINE = 4
_DEEPEST = 200


def faults(data: bytes) -> list[str]:
    """What is wrong with the file for people who use assistive technology, each in one sentence; empty if nothing.

    Looked at: tags, language, title, PDF/UA mark, outline, order of headings, header cells and their scope,
    alternative texts, link descriptions, embedded fonts, and that nothing in the file can act.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return list(dict.fromkeys(_all_faults(pdf)))
    except pikepdf.PdfError as error:
        return [f"The file is not a readable PDF: {error}"]


def _all_faults(pdf: Pdf) -> Iterator[str]:
    yield from _document(pdf)
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is not None:
        elements = list(_elements(tree))
        yield from _headings(elements)
        yield from _figures(elements)
        yield from _tables(elements)
    yield from _pages(pdf)


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


def _headings(elements: list[Dictionary]) -> Iterator[str]:
    before = 0
    for element in elements:
        name = str(element.S)
        if len(name) == 3 and name.startswith("/H") and name[2].isdigit():
            level = int(name[2])
            if level > before + 1:
                yield f"A heading of level {level} follows level {before or 'none'}: a level is skipped."
            before = level


def _figures(elements: list[Dictionary]) -> Iterator[str]:
    missing = sum(_is(element, "/Figure") and not str(element.get("/Alt", "")) for element in elements)
    if missing:
        yield f"{missing} image{'s'[: missing != 1]} without alternative text."


def _tables(elements: list[Dictionary]) -> Iterator[str]:
    for table in (element for element in elements if _is(element, "/Table")):
        cells = list(_elements(table))
        headers = [cell for cell in cells if _is(cell, "/TH")]
        if not headers and any(_is(cell, "/TD") for cell in cells):
            yield "A table has no header cells."
        if any("/Scope" not in attributes for attributes in map(_attributes, headers)):
            yield "A header cell does not say whether it heads a row or a column."


def _is(element: Dictionary, tag: str) -> bool:
    return str(element.S) == tag


def _attributes(element: Dictionary) -> set[str]:
    held = element.get("/A")
    every = held if isinstance(held, Array) else [held]
    return {str(key) for one in every if isinstance(one, Dictionary) for key in one}


def _pages(pdf: Pdf) -> Iterator[str]:
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages, start=1):
        for annotation in page.obj.get("/Annots", Array()):
            if annotation.get("/Subtype") == Name.Link and not str(annotation.get("/Contents", "")):
                yield f"A link on page {number} has no description."
            if _dictionary(annotation.get("/A")).get("/S") in {Name.Launch, Name.JavaScript, Name.SubmitForm}:
                yield f"Something on page {number} acts when it is clicked."
        for font in _dictionary(page.resources.get("/Font")).values():
            if font.objgen not in seen and not _is_embedded(font):
                yield f"The font {font.get('/BaseFont', '')} is not embedded."
            seen.add(font.objgen)


def _is_embedded(font: pikepdf.Object) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return True
    holder = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = _dictionary(holder.get("/FontDescriptor"))
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _dictionary(value: pikepdf.Object | None) -> Dictionary:
    return value if isinstance(value, Dictionary) else Dictionary()
