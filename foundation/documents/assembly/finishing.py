"""A part's last touches, on the renderer's own objects before they are written.

All that needs a look at single elements is done here, once for each version of a chapter: what is left for the
assembly is work for each page, link and font.
"""

import hashlib
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

import pydyf

from ..pdf_tags import name_header_cells, referred, structure_elements
from .parts import Heading, Places, Target

# An address of this scheme is a link to another part: the renderer drops links to ids that it cannot see.
ELSEWHERE = "x-elsewhere:"
# What a picture that says nothing (alt="") is called until its figure has been taken out: without a name the renderer
# complains of it.
DECORATION = "portal-decoration"
# A CSS pixel in points.
_POINTS = 0.75
# Elements of text, which may hold marked content themselves; those that group others may not (ISO 32000-1, 14.8.4).
_TEXT_ELEMENTS = frozenset(
    (
        "/P",
        "/H1",
        "/H2",
        "/H3",
        "/H4",
        "/H5",
        "/H6",
        "/TD",
        "/TH",
        "/LBody",
        "/Lbl",
        "/Caption",
        "/Link",
        "/Span",
    )
)
_INSIDE_LINKS = frozenset(("/Span", "/NonStruct"))
_CONTENTS_TAGS = {"/L": "/TOC", "/LI": "/TOCI", "/LBody": "/Reference"}


def finish_part(pdf: pydyf.PDF, *, key: str, is_contents: bool) -> None:
    """The part is fit to stand beside others: unique names, links by name, tidy tags."""
    name_header_cells(pdf, prefix=f"{hashlib.sha256(key.encode()).hexdigest()[:10]}-")
    _take_out_decoration(pdf)
    _tell_furniture_from_text(pdf)
    _gather_links(pdf)
    _lift_plain_spans(pdf)
    if is_contents:
        _tag_contents(pdf)
    for item in pdf.objects:
        if isinstance(item, pydyf.Stream):
            if item.extra.get("Subtype") == "/Image":
                item.extra.pop("Interpolate", None)  # forbidden in PDF/A
            _pack(item)
        elif isinstance(item, pydyf.Dictionary) and item.get("Subtype") == "/Link":
            _name_target(item)


def places_in(document: Any, words: Mapping[str, str]) -> Places:
    """Where ids and headings stand in the pages that were laid out. `words` are the headings at the ids."""
    targets: dict[str, Target] = {}
    outline: list[Heading] = []
    for number, page in enumerate(document.pages):
        for name, (x, y, *_) in page.anchors.items():
            place = Target(number, x * _POINTS, (page.height - y) * _POINTS, words.get(name, ""))
            targets.setdefault(name, place)
        for level, title, (x, y), _ in page.bookmarks:
            outline.append(Heading(level, title, number, x * _POINTS, (page.height - y) * _POINTS))
    return Places(targets, outline)


def _pack(stream: pydyf.Stream) -> None:
    """The stream is compressed as usual. The renderer would take twice the time to make it a hundredth smaller."""
    if stream.compress:
        stream.stream = [zlib.compress(b"\n".join(map(pydyf._to_bytes, stream.stream)))]
        stream.extra["Filter"] = "/FlateDecode"
        stream.compress = False


def _name_target(link: pydyf.Dictionary) -> None:
    """A link to another part names its target as links within the part do."""
    link["F"] = 4  # printed with the page, as PDF/A asks
    address = link["A"]["URI"].string if "A" in link else ""
    if address.startswith(ELSEWHERE):
        del link["A"]
        link["Dest"] = link["Contents"] = pydyf.String(unquote(address.removeprefix(ELSEWHERE)))


# Tags


def _parents(pdf: pydyf.PDF) -> pydyf.Array:
    root = referred(pdf, pdf.catalog["StructTreeRoot"])
    nums: pydyf.Array = referred(pdf, root["ParentTree"])["Nums"]
    return nums  # page 0, what its marked content belongs to, page 1, ..., then annotations


def _take_out_decoration(pdf: pydyf.PDF) -> None:
    """A picture that says nothing is no figure. Out of the tree, it is drawn as an artifact, as running heads are."""
    for element in list(structure_elements(pdf)):
        words = element.get("Alt")
        if isinstance(words, pydyf.String) and words.string == DECORATION:
            referred(pdf, element["P"])["K"].remove(element.reference)
            element.clear()


def _tell_furniture_from_text(pdf: pydyf.PDF) -> None:
    """Running heads are artifacts. The renderer marks them as text, with elements that hang in no tree."""
    document = referred(pdf, referred(pdf, pdf.catalog["StructTreeRoot"])["K"][0])
    reached = _reached(pdf, document)
    nums = _parents(pdf)
    for page in (referred(pdf, reference) for reference in pdf.page_references):
        owners = nums[2 * page["StructParents"] + 1]
        loose = {mcid for mcid, owner in enumerate(owners) if owner not in reached}
        for mcid in loose:
            owners[mcid] = "null"
        while owners and owners[-1] == "null":
            owners.pop()
        operators = referred(pdf, page["Contents"]).stream
        for index, item in enumerate(operators):
            if isinstance(item, pydyf.Dictionary) and item.get("MCID") in loose:
                operators[index - 1 : index + 1] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})


def _gather_links(pdf: pydyf.PDF) -> None:
    """A link with emphasis in it is one link: the renderer hangs the emphasised half into the emphasis."""
    nums = _parents(pdf)
    moved: dict[bytes, bytes] = {}
    for element in structure_elements(pdf):
        link = element if element["S"] in _INSIDE_LINKS else None
        while link is not None and link["S"] in _INSIDE_LINKS:
            link = referred(pdf, link["P"])
        if link is None or link["S"] != "/Link":
            continue
        for kid in [kid for kid in element["K"] if isinstance(kid, bytes)]:
            if referred(pdf, kid).get("Type") == "/OBJR":
                element["K"].remove(kid)
                link["K"].append(kid)
                moved[referred(pdf, kid)["Obj"]] = link.reference
    for annotation, link in moved.items():
        nums[2 * referred(pdf, annotation)["StructParent"] + 1] = link


def _reached(pdf: pydyf.PDF, top: pydyf.Dictionary) -> set[bytes]:
    """References of all elements below `top`."""
    found: set[bytes] = set()
    waiting = [top]
    while waiting:
        for kid in waiting.pop()["K"]:
            if isinstance(kid, bytes) and (element := referred(pdf, kid)).get("Type") == "/StructElem":
                found.add(kid)
                waiting.append(element)
    return found


def _lift_plain_spans(pdf: pydyf.PDF) -> None:
    """A span that says nothing leaves its content to the paragraph or cell around it: half the tree is gone."""
    nums = _parents(pdf)
    lifted: dict[bytes, bytes] = {}
    for element in structure_elements(pdf):
        if element["S"] not in _TEXT_ELEMENTS:
            continue
        kids = pydyf.Array()
        for kid in element["K"]:
            span = referred(pdf, kid) if isinstance(kid, bytes) else None
            if span is not None and _is_plain_span(span):
                kids.extend(span["K"])
                lifted[kid] = element.reference
                span.clear()
            else:
                kids.append(kid)
        element["K"] = kids
    for owners in nums[1::2]:
        if isinstance(owners, pydyf.Array):
            owners[:] = [lifted.get(owner, owner) for owner in owners]


def _is_plain_span(element: pydyf.Dictionary) -> bool:
    return (
        element.get("Type") == "/StructElem"
        and element["S"] == "/Span"
        and not element.keys() - {"Type", "S", "K", "Pg", "P"}
        and all(isinstance(kid, int) for kid in element["K"])
    )


def _tag_contents(pdf: pydyf.PDF) -> None:
    """The list in the contents is a table of contents, which the renderer has no tags for."""
    for element in structure_elements(pdf):
        element["S"] = _CONTENTS_TAGS.get(element["S"], element["S"])
