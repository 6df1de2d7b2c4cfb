"""Blocks out of a tree of elements."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, takewhile

from .. import placed
from .grammar import (
    CELLS,
    DEEPEST_LIST,
    HEADINGS,
    HOLDERS,
    LISTS,
    MARKS,
    NOTE_PLACE,
    PICTURE_ADDRESS,
    ROWS,
    SPACE,
    TALLEST_SPAN,
    WIDEST_SPAN,
    Block,
    Cell,
    Heading,
    ListBlock,
    Paragraph,
    Picture,
    Placed,
    Quotation,
    Run,
    Table,
    address,
)
from .runs import tidied
from .tables import squared
from .tree import Element, all_within, elements, text_of

UNMARKED = Run("")


def flow(nodes: Iterable[Element | str], depth: int, *, simple: bool = False) -> Iterator[Block]:
    """Blocks for a place that takes any block or, if `simple`, paragraphs and lists only."""
    waiting: list[Run] = []
    for item in _pieces(nodes, UNMARKED):
        if isinstance(item, Run):
            waiting.append(item)
            continue
        yield from _paragraph(waiting)
        waiting = []
        yield from _blocks_of(item, depth, simple=simple)
    yield from _paragraph(waiting)


def _pieces(nodes: Iterable[Element | str], mark: Run) -> Iterator[Run | Element]:
    """Runs of text, and the block elements between them, in order. A mark around a block goes into it."""
    for node in nodes:
        if isinstance(node, str):
            yield replace(mark, text=SPACE.sub(" ", node))
        elif node.tag == "br":
            yield replace(mark, text="\n")
        elif node.tag == "img":
            yield node if _is_kept(node) else _described(node, mark)
        elif node.tag == "small":
            if note := _note(node):
                yield Run(NOTE_PLACE, note=note)
        elif node.tag in MARKS or node.tag == "a":
            for piece in _pieces(node.children, _marked(mark, node)):
                yield _with_mark_inside(piece, node) if isinstance(piece, Element) else piece
        else:
            yield node


def _is_kept(image: Element) -> bool:
    """Whether the picture is one of the portal's own. Of any other the alternative text stays."""
    return bool(PICTURE_ADDRESS.fullmatch(image.attributes.get("src", "")))


def _described(image: Element, mark: Run = UNMARKED) -> Run:
    return replace(mark, text=SPACE.sub(" ", image.attributes.get("alt", "")))


def _note(element: Element) -> tuple[Run, ...]:
    """The words of a footnote on one line; of a footnote inside it only the words."""
    runs: list[Run] = []
    for run in _runs_within(element):
        runs += [Run(" "), *run.note] if run.note else [replace(run, text=run.text.replace("\n", " "))]
    return tuple(tidied(runs))


def _with_mark_inside(block: Element, marker: Element) -> Element:
    """The block with the mark that stood around it around its text."""
    if block.tag in HOLDERS:
        children = [
            _with_mark_inside(child, marker) if isinstance(child, Element) else child
            for child in block.children
        ]
    else:
        children = [Element(marker.tag, marker.attributes, block.children)]
    return Element(block.tag, block.attributes, children)


def _marked(mark: Run, node: Element) -> Run:
    match MARKS.get(node.tag):
        case "strong":
            return replace(mark, strong=True)
        case "em":
            return replace(mark, em=True)
        case "sub" | "sup" as level:
            return replace(mark, level=level)
    href = address(node.attributes.get("href", ""))
    title = SPACE.sub(" ", node.attributes.get("title", "")).strip()
    return replace(mark, link=(href, title)) if href else mark


def _blocks_of(element: Element, depth: int, *, simple: bool) -> Iterator[Block]:
    tag = element.tag
    if tag in LISTS:
        yield from _list(element, depth)
    elif tag == "img":
        yield _picture(element, [])
    elif tag == "figure" and (image := _only_picture(element)):
        yield _picture(
            image, [run for each in all_within(element, "figcaption") for run in _runs_within(each)]
        )
    elif simple:
        yield from flow(element.children, depth, simple=True)
    elif tag in HEADINGS:
        yield from _heading(element)
    elif tag == "blockquote":
        if quoted := list(flow(element.children, depth, simple=True)):
            yield Quotation(quoted)
    elif tag == "table":
        yield from _table(element, depth)
    elif placed.words_of(reference := element.attributes.get("data-block", "")):
        yield Placed(reference)
    else:
        yield from flow(element.children, depth)


def _picture(image: Element, caption: list[Run]) -> Picture:
    alt = image.attributes.get("alt")
    words = None if alt is None else SPACE.sub(" ", alt).strip()
    return Picture(image.attributes["src"], words, tidied(caption))


def _only_picture(figure: Element) -> Element | None:
    """The picture of a figure that holds one picture and, beside its caption, nothing else."""
    caption_text = "".join(text_of(each) for each in all_within(figure, "figcaption"))
    images = [image for image in all_within(figure, "img") if _is_kept(image)]
    holds_more = any(all_within(figure, tag) for tag in ("table", "figure", *LISTS))
    if len(images) != 1 or holds_more or _bare(text_of(figure)) != _bare(caption_text):
        return None
    return images[0]


def _bare(text: str) -> str:
    return "".join(text.split())


def _paragraph(runs: list[Run]) -> Iterator[Paragraph]:
    if tidy := tidied(runs):
        yield Paragraph(tidy)


def _heading(element: Element) -> Iterator[Block]:
    runs = []
    for item in _pieces(element.children, UNMARKED):
        runs += [item] if isinstance(item, Run) else _runs_within(item)
    if tidy := tidied(replace(run, text=run.text.replace("\n", " "), strong=False) for run in runs):
        yield Heading(HEADINGS[element.tag], tidy)


def _runs_within(element: Element) -> list[Run]:
    """All text inside a block, for a place that takes text only."""
    if element.tag == "img":
        return [Run(" "), _described(element), Run(" ")]
    runs = [Run(" ")]
    for item in _pieces(element.children, UNMARKED):
        runs += [item] if isinstance(item, Run) else _runs_within(item)
    return [*runs, Run(" ")]


def _list(element: Element, depth: int) -> Iterator[Block]:
    if depth >= DEEPEST_LIST:
        yield from flow(element.children, depth, simple=True)
        return
    items: list[list[Block]] = []
    for is_item, nodes in groupby(
        element.children, key=lambda node: isinstance(node, Element) and node.tag == "li"
    ):
        if is_item:
            contents = (
                flow(node.children, depth + 1, simple=True) for node in nodes if isinstance(node, Element)
            )
            items += [blocks for content in contents if (blocks := list(content))]
        else:  # what stands between the items belongs to the one before
            stray = list(flow(nodes, depth + 1, simple=True))
            if items:
                items[-1] += stray
            elif stray:
                items.append(stray)
    if items:
        yield ListBlock(element.tag, _number(element.attributes.get("start"), 1, 9999), items)


def _table(element: Element, depth: int) -> Iterator[Block]:
    caption: list[Run] = []
    rows: list[list[Cell]] = []
    for section in elements(element):
        if section.tag == "caption":
            caption += _notes_in_brackets(_runs_within(section))
        sections = [section] if section.tag == "tr" else elements(section) if section.tag in ROWS else []
        rows += [cells for row in sections if (cells := _cells(row, depth, section.tag))]
    tidy_caption = tidied(caption)
    if not rows:
        if tidy_caption:
            yield Paragraph(tidy_caption)
        return
    heads = len(list(takewhile(lambda cells: all(cell.tag == "th" for cell in cells), rows)))
    if heads == len(rows):  # a table needs a body
        heads = min(1, len(rows) - 1)
    head, body = rows[:heads], rows[heads:]
    squared(head, body)
    yield Table(tidy_caption, head, body)


def _notes_in_brackets(runs: list[Run]) -> Iterator[Run]:
    """For a caption, which is read out as the table's name, and which the editor holds as plain words."""
    for run in runs:
        yield from (Run(" ["), *run.note, Run("]")) if run.note else (run,)


def _cells(row: Element, depth: int, section: str) -> list[Cell]:
    return [_cell(cell, depth, section) for cell in elements(row) if cell.tag in CELLS]


def _cell(element: Element, depth: int, section: str) -> Cell:
    return Cell(
        "th" if section == "thead" else element.tag,
        list(flow(element.children, max(depth, DEEPEST_LIST - 2), simple=True)),
        _number(element.attributes.get("colspan"), 1, WIDEST_SPAN),
        _number(element.attributes.get("rowspan"), 1, TALLEST_SPAN),
    )


def _number(text: str | None, least: int, most: int) -> int:
    return min(max(int(text), least), most) if text and re.fullmatch(r"[0-9]{1,6}", text) else least
