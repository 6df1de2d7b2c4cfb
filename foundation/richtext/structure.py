"""The canonical form of rich text, rebuilt from any tree.

Running text is held as runs (text with its marks), so that nesting, repetition and spacing of inline tags cannot
vary; blocks follow a small grammar:

    text   = (heading | paragraph | list | quotation | table | picture | placed)*
    list   = item+          item = paragraph-or-text followed by paragraphs, lists and pictures
    quotation, cell = paragraphs, lists and pictures only
    placed = a paragraph that names something to be shown there (see placed.py)

A footnote stands in running text where its mark is read: <small>its words</small>, which hold marks and links and no
other footnote. A picture is one that the portal keeps, named by the SHA-256 of its bytes. alt="" says that it is
decoration; without alt nobody has described it yet, which is to be put right before readers see it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from itertools import groupby, takewhile

from . import placed

HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = {"ul", "ol"}
ROWS = {"thead", "tbody", "tfoot"}
CELLS = {"th", "td"}
MARKS = {"strong": "strong", "b": "strong", "em": "em", "i": "em", "sub": "sub", "sup": "sup"}
PARAGRAPHS = {
    "p",
    "div",
    "section",
    "article",
    "main",
    "header",
    "footer",
    "aside",
    "nav",
    "address",
    "pre",
    "dl",
}
PARAGRAPHS |= {"dt", "dd", "figure", "figcaption", "details", "summary", "fieldset", "form", "hr", "center"}

WRITTEN_TAGS = {
    "h2",
    "h3",
    "h4",
    "p",
    "strong",
    "em",
    "sub",
    "sup",
    "a",
    "br",
    "ul",
    "ol",
    "li",
    "blockquote",
}
WRITTEN_TAGS |= {
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "figure",
    "img",
    "figcaption",
    "small",
}
TRANSLATED_TAGS = {"h1", "h5", "h6", "b", "i", "img", "tfoot"} | (PARAGRAPHS - {"p"})

# Deeper nesting than this is never meant; the text in it is kept.
_DEEPEST_TREE = 64
_DEEPEST_LIST = 6
_WIDEST_SPAN = 50
_TALLEST_SPAN = 200
_WIDEST_TABLE = 100
_MOST_PADDING = 2_000

# These hold only blocks, and their blocks the text.
_HOLDERS = LISTS | ROWS | {"table", "tr"}
_VOID = {"br", "img", "hr"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_BLANK = " \u00a0\n"
# Stands for a footnote in the text of its run.
_NOTE_PLACE = "\ufffc"

PICTURE_ADDRESS = re.compile(r"/pictures/(?P<digest>[0-9a-f]{64})")
_SHORT_DIGEST = 8


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text under one set of marks. A line break is the character "\\n".

    A footnote is a run of its own: `note` holds its words, the text is a place-holder without marks.
    """

    text: str
    link: tuple[str, str] | None = None
    strong: bool = False
    em: bool = False
    level: str = ""
    note: tuple["Run", ...] = ()


# Blocks


@dataclass(slots=True)
class Paragraph:
    runs: list[Run]


@dataclass(slots=True)
class Heading:
    level: int
    runs: list[Run]


@dataclass(slots=True)
class ListBlock:
    tag: str
    start: int
    items: list[list["Block"]]


@dataclass(slots=True)
class Quotation:
    blocks: list["Block"]


@dataclass(slots=True)
class Cell:
    tag: str
    blocks: list["Block"]
    colspan: int = 1
    rowspan: int = 1


@dataclass(slots=True)
class Table:
    caption: list[Run]
    head: list[list[Cell]]
    body: list[list[Cell]]


@dataclass(slots=True)
class Placed:
    """A block that stands here by name alone, by itself between others."""

    reference: str


@dataclass(slots=True)
class Picture:
    """`alt` is None as long as nobody has described it."""

    address: str
    alt: str | None
    caption: list[Run]


Block = Paragraph | Heading | ListBlock | Quotation | Table | Picture | Placed


class HeadingLevels:
    """Levels that start at `top`, never skip one going down and never exceed `deepest`."""

    def __init__(self, top: int, deepest: int) -> None:
        self._top = top
        self._deepest = deepest
        self._above: list[int] = []

    def next(self, level: int) -> int:
        while self._above and self._above[-1] >= level:
            self._above.pop()
        self._above.append(level)
        return min(self._top + len(self._above) - 1, self._deepest)


def rebuild(html: str) -> str:
    """Canonical HTML for markup that nh3 has written (well-formed, no scripts)."""
    blocks = list(_flow(_parse(html).children, depth=0))
    levels = HeadingLevels(top=2, deepest=4)
    for block in blocks:
        if isinstance(block, Heading):
            block.level = levels.next(block.level)
    return "".join(_write_block(block) for block in blocks)


def plain_text(html: str, *, tell_files: bool = False) -> str:
    """The words, one line a block. A footnote stands in brackets at its place, a picture as its description.

    With `tell_files` a picture also bears the beginning of its digest, so that another picture is another text.
    """
    reader = _LineReader(tell_files=tell_files)
    reader.feed(html)
    reader.close()
    return reader.text()


# Reading


class _TreeReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("body")
        self._open = [self.root]
        self._ignored = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            self._open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))
        elif len(self._open) > _DEEPEST_TREE:
            self._ignored += 1
        else:
            element = Element(tag, {name: value or "" for name, value in attrs})
            self._open[-1].children.append(element)
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - nh3 closes tags in order
        if self._ignored:
            self._ignored -= 1
        elif len(self._open) > 1:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def _parse(html: str) -> Element:
    reader = _TreeReader()
    reader.feed(html)
    reader.close()
    return reader.root


class _LineReader(HTMLParser):
    _LINES = set(HEADINGS) | PARAGRAPHS | LISTS | {"li", "blockquote", "table", "caption", "tr", "br"}

    def __init__(self, *, tell_files: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._tell_files = tell_files
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._LINES:
            self._parts.append("\n")
        elif tag in CELLS:
            self._parts.append(" ")
        elif tag == "small":
            self._parts.append(" [")
        elif tag == "img":
            self._parts.append(f"\n{self._told(dict(attrs))}\n")

    def _told(self, attributes: dict[str, str | None]) -> str:
        picture = PICTURE_ADDRESS.fullmatch(attributes.get("src") or "")
        name = f"Picture {picture['digest'][:_SHORT_DIGEST]}" if picture and self._tell_files else "Picture"
        words = _SPACE.sub(" ", attributes.get("alt") or "").strip()
        return f"[{name}: {words}]" if words else f"[{name}]"

    def handle_endtag(self, tag: str) -> None:
        if tag in self._LINES:
            self._parts.append("\n")
        elif tag == "small":
            self._parts.append("]")

    def handle_data(self, data: str) -> None:
        self._parts.append(_SPACE.sub(" ", data))

    def text(self) -> str:
        lines = (_SPACE.sub(" ", line).strip() for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line)


# Building blocks


def _flow(nodes: Iterable[Element | str], depth: int, *, simple: bool = False) -> Iterator[Block]:
    """Blocks for a place that takes any block or, if `simple`, paragraphs and lists only."""
    waiting: list[Run] = []
    for item in _pieces(nodes, Run("")):
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
            yield replace(mark, text=_SPACE.sub(" ", node))
        elif node.tag == "br":
            yield replace(mark, text="\n")
        elif node.tag == "img":
            yield node if _is_kept(node) else _described(node, mark)
        elif node.tag == "small":
            if note := _note(node):
                yield Run(_NOTE_PLACE, note=note)
        elif node.tag in MARKS or node.tag == "a":
            for piece in _pieces(node.children, _marked(mark, node)):
                yield _with_mark_inside(piece, node) if isinstance(piece, Element) else piece
        else:
            yield node


def _is_kept(image: Element) -> bool:
    """Whether the picture is one of the portal's own. Of any other the alternative text stays."""
    return bool(PICTURE_ADDRESS.fullmatch(image.attributes.get("src", "")))


def _described(image: Element, mark: Run = Run("")) -> Run:
    return replace(mark, text=_SPACE.sub(" ", image.attributes.get("alt", "")))


def _note(element: Element) -> tuple[Run, ...]:
    """The words of a footnote on one line; of a footnote inside it only the words."""
    runs: list[Run] = []
    for run in _runs_within(element):
        runs += [Run(" "), *run.note] if run.note else [replace(run, text=run.text.replace("\n", " "))]
    return tuple(_tidy(runs))


def _with_mark_inside(block: Element, marker: Element) -> Element:
    """The block with the mark that stood around it around its text."""
    if block.tag in _HOLDERS:
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
    title = _SPACE.sub(" ", node.attributes.get("title", "")).strip()
    return replace(mark, link=(href, title)) if href else mark


def address(typed: str) -> str:
    """An absolute web or mail address for what a person typed as a link; empty if it is none of these."""
    typed = re.sub(r"\s", "%20", typed.strip())
    if re.match(r"(?:https?://|mailto:)[^/]", typed, re.IGNORECASE):
        return typed
    if re.fullmatch(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", typed):
        return f"mailto:{typed}"
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,}(?:[/?#].*)?", typed):
        return f"https://{typed}"
    return ""


def _blocks_of(element: Element, depth: int, *, simple: bool) -> Iterator[Block]:
    tag = element.tag
    if tag in LISTS:
        yield from _list(element, depth)
    elif tag == "img":
        yield _picture(element, [])
    elif tag == "figure" and (image := _only_picture(element)):
        yield _picture(image, [run for each in _all(element, "figcaption") for run in _runs_within(each)])
    elif simple:
        yield from _flow(element.children, depth, simple=True)
    elif tag in HEADINGS:
        yield from _heading(element)
    elif tag == "blockquote":
        if quoted := list(_flow(element.children, depth, simple=True)):
            yield Quotation(quoted)
    elif tag == "table":
        yield from _table(element, depth)
    elif placed.words_of(reference := element.attributes.get("data-block", "")):
        yield Placed(reference)
    else:
        yield from _flow(element.children, depth)


def _picture(image: Element, caption: list[Run]) -> Picture:
    alt = image.attributes.get("alt")
    words = None if alt is None else _SPACE.sub(" ", alt).strip()
    return Picture(image.attributes["src"], words, _tidy(caption))


def _only_picture(figure: Element) -> Element | None:
    """The picture of a figure that holds one picture and, beside its caption, nothing else."""
    caption_text = "".join(_text_of(each) for each in _all(figure, "figcaption"))
    images = [image for image in _all(figure, "img") if _is_kept(image)]
    holds_more = any(_all(figure, tag) for tag in ("table", "figure", *LISTS))
    if len(images) != 1 or holds_more or _bare(_text_of(figure)) != _bare(caption_text):
        return None
    return images[0]


def _all(element: Element, tag: str) -> list[Element]:
    """Every element of that tag inside, except those inside another one."""
    found = []
    for child in _elements(element):
        found += [child] if child.tag == tag else _all(child, tag)
    return found


def _text_of(element: Element) -> str:
    return "".join(child if isinstance(child, str) else _text_of(child) for child in element.children)


def _bare(text: str) -> str:
    return "".join(text.split())


def _paragraph(runs: list[Run]) -> Iterator[Paragraph]:
    if tidy := _tidy(runs):
        yield Paragraph(tidy)


def _heading(element: Element) -> Iterator[Block]:
    runs = []
    for item in _pieces(element.children, Run("")):
        runs += [item] if isinstance(item, Run) else _runs_within(item)
    if tidy := _tidy(replace(run, text=run.text.replace("\n", " "), strong=False) for run in runs):
        yield Heading(HEADINGS[element.tag], tidy)


def _runs_within(element: Element) -> list[Run]:
    """All text inside a block, for a place that takes text only."""
    if element.tag == "img":
        return [Run(" "), _described(element), Run(" ")]
    runs = [Run(" ")]
    for item in _pieces(element.children, Run("")):
        runs += [item] if isinstance(item, Run) else _runs_within(item)
    return [*runs, Run(" ")]


def _list(element: Element, depth: int) -> Iterator[Block]:
    if depth >= _DEEPEST_LIST:
        yield from _flow(element.children, depth, simple=True)
        return
    items: list[list[Block]] = []
    for is_item, nodes in groupby(
        element.children, key=lambda node: isinstance(node, Element) and node.tag == "li"
    ):
        if is_item:
            contents = (
                _flow(node.children, depth + 1, simple=True) for node in nodes if isinstance(node, Element)
            )
            items += [blocks for content in contents if (blocks := list(content))]
        else:  # what stands between the items belongs to the one before
            stray = list(_flow(nodes, depth + 1, simple=True))
            if items:
                items[-1] += stray
            elif stray:
                items.append(stray)
    if items:
        yield ListBlock(element.tag, _number(element.attributes.get("start"), 1, 9999), items)


def _table(element: Element, depth: int) -> Iterator[Block]:
    caption: list[Run] = []
    rows: list[list[Cell]] = []
    for section in _elements(element):
        if section.tag == "caption":
            caption += _notes_in_brackets(_runs_within(section))
        sections = [section] if section.tag == "tr" else _elements(section) if section.tag in ROWS else []
        rows += [cells for row in sections if (cells := _cells(row, depth, section.tag))]
    tidy_caption = _tidy(caption)
    if not rows:
        if tidy_caption:
            yield Paragraph(tidy_caption)
        return
    heads = len(list(takewhile(lambda cells: all(cell.tag == "th" for cell in cells), rows)))
    if heads == len(rows):  # a table needs a body
        heads = min(1, len(rows) - 1)
    head, body = rows[:heads], rows[heads:]
    _square(head, body)
    yield Table(tidy_caption, head, body)


def _notes_in_brackets(runs: list[Run]) -> Iterator[Run]:
    """For a caption, which is read out as the table's name, and which the editor holds as plain words."""
    for run in runs:
        yield from (Run(" ["), *run.note, Run("]")) if run.note else (run,)


def _square(head: list[list[Cell]], body: list[list[Cell]]) -> None:
    """Every row fills the same columns: spans end with their section, short rows get empty cells."""
    counts = _places(head) + _places(body)
    gaps = [max(counts) - count for count in counts]
    if sum(gaps) > _MOST_PADDING:
        return
    for index, (cells, gap) in enumerate(zip(head + body, gaps, strict=True)):
        cells += [Cell("th" if index < len(head) else "td", []) for _ in range(gap)]


def _places(rows: list[list[Cell]]) -> list[int]:
    """How many columns each row fills once spans that overlap or overrun have been cut."""
    counts = []
    occupied: dict[int, int] = {}  # column -> rows below that a cell above still covers
    for index, cells in enumerate(rows):
        covered = {column for column, rest in occupied.items() if rest}
        occupied = {column: rest - 1 for column, rest in occupied.items() if rest}
        column = 0
        for cell in cells:
            while column in covered:
                column += 1
            if column >= _WIDEST_TABLE:
                cell.colspan = cell.rowspan = 1
            free = takewhile(lambda place: place not in covered, range(column, column + cell.colspan))  # noqa: B023
            cell.colspan = len(list(free))
            cell.rowspan = min(cell.rowspan, len(rows) - index)
            for place in range(column, column + cell.colspan):
                covered.add(place)
                if cell.rowspan > 1:
                    occupied[place] = cell.rowspan - 1
            column += cell.colspan
        counts.append(len(covered))
    return counts


def _elements(element: Element) -> Iterator[Element]:
    return (child for child in element.children if isinstance(child, Element))


def _cells(row: Element, depth: int, section: str) -> list[Cell]:
    return [_cell(cell, depth, section) for cell in _elements(row) if cell.tag in CELLS]


def _cell(element: Element, depth: int, section: str) -> Cell:
    return Cell(
        "th" if section == "thead" else element.tag,
        list(_flow(element.children, max(depth, _DEEPEST_LIST - 2), simple=True)),
        _number(element.attributes.get("colspan"), 1, _WIDEST_SPAN),
        _number(element.attributes.get("rowspan"), 1, _TALLEST_SPAN),
    )


def _number(text: str | None, least: int, most: int) -> int:
    return min(max(int(text), least), most) if text and re.fullmatch(r"[0-9]{1,6}", text) else least


def _tidy(runs: Iterable[Run]) -> list[Run]:
    """The runs with single spaces, nothing blank at either end or around line breaks, equal neighbours joined."""
    tidy: list[Run] = []
    for run in runs:
        for text in re.findall(r"\n|[^\n]+", run.text):
            _append(tidy, replace(run, text=text) if text != "\n" else Run("\n"))
    while tidy and not tidy[-1].text.strip(_BLANK):
        tidy.pop()
    if tidy:
        tidy[-1] = replace(tidy[-1], text=tidy[-1].text.rstrip(_BLANK))
    return tidy


def _append(tidy: list[Run], run: Run) -> None:
    before = tidy[-1] if tidy else None
    text = run.text
    if text != "\n":
        text = _SPACE.sub(" ", text)
        if before is None or before.text == "\n":
            text = text.lstrip(_BLANK)
        elif before.text.endswith(" "):
            text = text.lstrip(" ")
        if not text:
            return
    elif before is None:
        return
    elif before.text != "\n":
        _strip_end(tidy)
    if (
        tidy
        and text != "\n"
        and tidy[-1].text != "\n"
        and not run.note
        and replace(tidy[-1], text="") == replace(run, text="")
    ):
        tidy[-1] = replace(run, text=tidy[-1].text + text)
    else:
        tidy.append(replace(run, text=text))


def _strip_end(tidy: list[Run]) -> None:
    """No blanks before a line break."""
    while tidy and tidy[-1].text != "\n":
        text = tidy[-1].text.rstrip(_BLANK)
        if text:
            tidy[-1] = replace(tidy[-1], text=text)
            return
        tidy.pop()


# Writing


def _write_block(block: Block) -> str:  # noqa: PLR0911 - a line for each kind
    match block:
        case Paragraph(runs):
            return f"<p>{_write_runs(runs)}</p>"
        case Heading(level, runs):
            return f"<h{level}>{_write_runs(runs)}</h{level}>"
        case ListBlock(tag, start, items):
            number = f' start="{start}"' if tag == "ol" and start != 1 else ""
            return (
                f"<{tag}{number}>" + "".join(f"<li>{_write_lean(item)}</li>" for item in items) + f"</{tag}>"
            )
        case Quotation(blocks):
            return f"<blockquote>{''.join(map(_write_block, blocks))}</blockquote>"
        case Table():
            return _write_table(block)
        case Placed(reference):
            return placed.paragraph(reference)
        case Picture():
            return _write_picture(block)


def _write_lean(blocks: list[Block]) -> str:
    """Blocks of a list item or a cell; its only paragraph, if it comes first, stands there without tags."""
    match blocks:
        case [Paragraph(runs), *rest] if not any(isinstance(block, Paragraph) for block in rest):
            return _write_runs(runs) + "".join(map(_write_block, rest))
    return "".join(map(_write_block, blocks))


def _write_picture(picture: Picture) -> str:
    described = "" if picture.alt is None else f' alt="{escape(picture.alt)}"'
    below = f"<figcaption>{_write_runs(picture.caption)}</figcaption>" if picture.caption else ""
    return f'<figure><img src="{escape(picture.address)}"{described}>{below}</figure>'


def _write_table(table: Table) -> str:
    caption = f"<caption>{_write_runs(table.caption)}</caption>" if table.caption else ""
    head = f"<thead>{''.join(_write_row(row, 'col') for row in table.head)}</thead>" if table.head else ""
    body = "".join(_write_row(row, "row") for row in table.body)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def _write_row(cells: list[Cell], scope: str) -> str:
    return "<tr>" + "".join(_write_cell(cell, scope) for cell in cells) + "</tr>"


def _write_cell(cell: Cell, scope: str) -> str:
    attributes = ""
    if cell.tag == "th":
        attributes += f' scope="{scope}"'
    if cell.colspan > 1:
        attributes += f' colspan="{cell.colspan}"'
    if cell.rowspan > 1:
        attributes += f' rowspan="{cell.rowspan}"'
    return f"<{cell.tag}{attributes}>{_write_lean(cell.blocks)}</{cell.tag}>"


def _write_runs(runs: list[Run]) -> str:
    parts = []
    for link, linked in groupby(runs, key=lambda run: run.link):
        inner = _write_marked(list(linked), ("strong", "em", "level"))
        if link:
            href, title = link
            words = f' title="{escape(title)}"' if title else ""
            inner = f'<a href="{escape(href)}"{words} rel="noopener">{inner}</a>'
        parts.append(inner)
    return "".join(parts)


def _write_run(run: Run) -> str:
    if run.note:
        return f"<small>{_write_runs(list(run.note))}</small>"
    return escape(run.text, quote=False).replace("\n", "<br>")


def _write_marked(runs: list[Run], marks: tuple[str, ...]) -> str:
    if not marks:
        return "".join(map(_write_run, runs))
    mark, *rest = marks
    parts = []
    for value, group in groupby(runs, key=lambda run: getattr(run, mark)):
        inner = _write_marked(list(group), tuple(rest))
        tag = mark if value is True else value
        parts.append(f"<{tag}>{inner}</{tag}>" if tag else inner)
    return "".join(parts)
