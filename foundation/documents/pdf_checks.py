"""Is this PDF one that everybody can read? Cheap checks of structure that run on every file the portal makes.

They do not replace the full PDF/UA machine check of the test suite, let alone a person with a screen reader.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Pdf

from ..undescribed import NOT_DESCRIBED

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


# A file that is put together from parts: each part is looked through once, then the seams.


@dataclass(frozen=True)
class PartCheck:
    """What is wrong inside a part, its pages counted from 1, and its headings' levels with the first one's page.

    `levels` are those of the first heading and the last, 0 where there is none.
    """

    faults: tuple[Fault, ...]
    levels: tuple[int, int]
    first_on: int

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> "PartCheck":
        """From what `asdict` made of it."""
        faults = tuple(Fault(**fault) for fault in plain["faults"])
        return cls(faults, tuple(plain["levels"]), plain["first_on"])


def check_part(pdf: Pdf) -> PartCheck:
    """What `placed_faults` would find inside this part of a larger file."""
    numbers = _numbers(pdf)
    elements = _tree_of(pdf)
    headings = [(element, level) for element in elements if (level := _level(element))]
    found = [Fault(words, _page_of(element, numbers)) for element, words in _skips(headings)]
    found += _element_faults(elements, numbers)
    found += _pages(pdf)
    return PartCheck(
        faults=tuple(dict.fromkeys(found)),
        levels=(headings[0][1], headings[-1][1]) if headings else (0, 0),
        first_on=_page_of(headings[0][0], numbers) if headings else 0,
    )


def joined_faults(
    pdf: Pdf, parts: Sequence[tuple[int, PartCheck]], fonts: Iterable[pikepdf.Object], places: dict[int, str]
) -> list[Fault]:
    """What is wrong with a file that was put together from parts, given with how many pages stand before each.

    `fonts` are those that the parts' own became, and `places` is the highest named place of each page that has one.
    """
    found = [Fault(words) for words in _document(pdf)]
    level = 0
    for before, part in parts:
        first, last = part.levels
        if first > level + 1:
            found.append(Fault(_skipped(first, level), before + part.first_on))
        level = last or level
        found += [replace(fault, page=before + fault.page) for fault in part.faults]
    found += [_not_embedded(font, 0) for font in fonts if not _is_embedded(font)]
    return [replace(fault, near=_near(places, fault.page)) for fault in dict.fromkeys(found)]


def _numbers(pdf: Pdf) -> dict[tuple[int, int], int]:
    return {page.obj.objgen: number for number, page in enumerate(pdf.pages, start=1)}


def _tree_of(pdf: Pdf) -> list[Dictionary]:
    tree = pdf.Root.get("/StructTreeRoot")
    return [] if tree is None else list(_elements(tree))


def _places(pdf: Pdf) -> dict[int, str]:
    """For each page that has named places, the highest of them."""
    numbers = _numbers(pdf)
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
    numbers = _numbers(pdf)
    elements = _tree_of(pdf)
    for element, words in _headings(elements):
        yield Fault(words, _page_of(element, numbers))
    yield from _element_faults(elements, numbers)
    yield from _pages(pdf)


def _element_faults(elements: list[Dictionary], numbers: dict[tuple[int, int], int]) -> Iterator[Fault]:
    for check in (_figures, _tables):
        yield from (Fault(words, _page_of(element, numbers)) for element, words in check(elements))


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
    headings = [(element, level) for element in elements if (level := _level(element))]
    if headings and headings[0][1] > 1:
        yield headings[0][0], _skipped(headings[0][1], 0)
    yield from _skips(headings)


def _skips(headings: list[tuple[Dictionary, int]]) -> Iterator[tuple[Dictionary, str]]:
    for (_, before), (element, level) in pairwise(headings):
        if level > before + 1:
            yield element, _skipped(level, before)


def _skipped(level: int, before: int) -> str:
    return f"A heading of level {level} follows level {before or 'none'}: a level is skipped."


def _level(element: Dictionary) -> int:
    """The level of a heading, 0 for any other element."""
    name = str(element.S)
    return int(name[2]) if len(name) == 3 and name.startswith("/H") and name[2].isdigit() else 0


def _figures(elements: list[Dictionary]) -> Iterator[tuple[Dictionary, str]]:
    for element in elements:
        if _is(element, "/Figure") and str(element.get("/Alt", "")) in {"", NOT_DESCRIBED}:
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
                yield _not_embedded(font, number)
            seen.add(font.objgen)


def _not_embedded(font: pikepdf.Object, page: int) -> Fault:
    return Fault(f"The font {font.get('/BaseFont', '')} is not embedded.", page)


def _is_embedded(font: pikepdf.Object) -> bool:
    if font.get("/Subtype") == Name.Type3:
        return True
    holder = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    descriptor = _dictionary(holder.get("/FontDescriptor"))
    return any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))


def _dictionary(value: pikepdf.Object | None) -> Dictionary:
    return value if isinstance(value, Dictionary) else Dictionary()
