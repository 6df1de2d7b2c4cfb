"""HTML blocks as the paragraphs, lists, quotations, tables and figures of a Word document."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml.html import HtmlElement

from ..pdf import HANDED_IN
from ..registry import kept_file
from . import charts
from .lists import Numbering
from .markup import bookmark_name, character_style, element, text_run
from .pictures import Pictures
from .tables import read_table, table_frame
from .words import Words, classes_of, is_unseen, plain, properties_of, read_inline, read_text, tidy

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_DEEPEST_HEADING = 5
_LISTS = {"ul", "ol"}
_BLOCKS = {
    "p",
    "div",
    "section",
    "article",
    "nav",
    "header",
    "footer",
    "figure",
    "figcaption",
    "details",
    "summary",
}
_BLOCKS |= {"li", "blockquote", "table", "caption", "img"} | _LISTS | set(HEADINGS)
# What the classes of printed pages are called in Word.
_STYLES = {
    "document-title": "Title",
    "document-subtitle": "Subtitle",
    "portal-chart__title": "Caption",
    "portal-chart__sentence": "FigureSentence",
    "portal-chart__source": "Source",
    "source": "Source",
}
PARAGRAPH_NUMBER = "plan-paragraph__number"
# A part within a part: its headings are one level lower.
NESTED = "part-nested"
# A paragraph that stands on the page of what follows it.
KEPT = "keep-next"


@dataclass(frozen=True)
class Place:
    """Where the next paragraph goes, and as what. `body` is the element that holds it: the document or a cell."""

    body: Any
    style: str = "Normal"
    deeper: int = 0
    level: int = -1
    numbering: int = 0
    is_bold: bool = False
    is_right: bool = False
    is_kept: bool = False
    language: str = ""
    captions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Heading:
    level: int
    title: str
    anchor: str


@dataclass
class Flow:
    """Writes HTML down, block by block. `headings` are those that were written, for the contents.

    With `opens_page` the next heading of the first level begins a page.
    """

    numbering: Numbering
    pictures: Pictures
    charts: charts.Charts
    note: Callable[[tuple[Words, ...]], Any]
    relate: Callable[[str], str]
    headings: list[Heading] = field(default_factory=list)
    opens_page: bool = False
    _anchors: list[str] = field(default_factory=list)
    _named: set[str] = field(default_factory=set)
    _number: str = ""

    def write(self, nodes: Iterable[HtmlElement | str], place: Place) -> None:
        """The nodes follow what `place` holds already; inline ones that stand together are a paragraph."""
        waiting: list[Words] = []
        mark = Words("", strong=place.is_bold, language=place.language)
        for node in nodes:
            if isinstance(node, str):
                waiting += read_text(node, mark)
            elif is_unseen(node):
                continue
            elif PARAGRAPH_NUMBER in classes_of(node):
                self._number = " ".join(node.text_content().split())
            elif node.tag in _BLOCKS:
                self._paragraph(waiting, place)
                waiting = []
                self._block(node, place)
            elif any(child.tag in _BLOCKS for child in node.iterdescendants()):
                self._paragraph(waiting, place)
                waiting = []
                self.write(nodes_of(node), place)
            else:
                if node.get("id"):
                    self._anchors.append(node.get("id"))
                waiting += read_inline(node, mark)
        self._paragraph(waiting, place)

    def _block(self, node: HtmlElement, place: Place) -> None:
        if node.get("id"):
            self._anchors.append(node.get("id"))
        if node.get("lang"):
            place = replace(place, language=node.get("lang"))
        if NESTED in classes_of(node):
            place = replace(place, deeper=place.deeper + 1)
        match node.tag:
            case "ul" | "ol":
                self._list(node, place)
            case "table":
                self._table(node, place)
            case "img":
                self._picture(node, place)
            case "figure" if node.get(charts.ATTRIBUTE):
                self._chart(node, _within(node, place))
            case "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
                self._styled(node, _style_of(node), place)
            case "figcaption" if node.find(".//p") is None:
                self._styled(node, "Caption", place)
            case _:
                self.write(nodes_of(node), _within(node, place))

    def _styled(self, node: HtmlElement, style: str, place: Place) -> None:
        """A heading or a paragraph: what its own tag or class says of it comes before the place that it stands in."""
        level = HEADINGS.get(node.tag, 0)
        if level and style == "Normal":
            level = min(level + place.deeper, _DEEPEST_HEADING)
            style = f"Heading{level}"
            title = plain(tidy(read_inline(node, Words(""))))
            anchor = f"_Toc{len(self.headings) + 1:06d}"
            self.headings.append(Heading(level, title, anchor))
            self._anchors.append(anchor)
        style = place.style if style == "Normal" else style
        self.write(nodes_of(node), replace(place, style=style, is_kept=KEPT in classes_of(node)))

    # Paragraphs

    def _paragraph(self, words: Iterable[Words], place: Place) -> None:
        words = tidy(words)
        if not words:
            return
        number, self._number = self._number, ""
        runs = self._runs(words)
        style = place.style
        if number and style == "Normal":
            style = "NumberedParagraph"
            runs = [text_run(number, character_style("ParagraphNumber")), text_run("\t"), *runs]
        place.body.append(element("p", self._properties(place, style), *self._bookmarked(runs)))

    def _properties(self, place: Place, style: str) -> Any:
        numbered = indented = breaks = None
        if place.level >= 0 and place.numbering:
            numbered = element(
                "numPr", element("ilvl", val=place.level), element("numId", val=place.numbering)
            )
        elif place.level >= 0:
            indented = element("ind", left=self.numbering.indent(place.level))
        if self.opens_page and style == "Heading1":
            breaks, self.opens_page = element("pageBreakBefore"), False
        return element(
            "pPr",
            element("pStyle", val=style),
            element("keepNext") if place.is_kept else None,
            breaks,
            numbered,
            indented,
            element("jc", val="right") if place.is_right else None,
        )

    def _runs(self, words: list[Words]) -> list[Any]:
        runs: list[Any] = []
        link, href = None, ""
        for one in words:
            if one.link != href or not one.link:
                link, href = self._link(one.link), one.link
                if link is not None:
                    runs.append(link)
            holder = runs if link is None else link
            if one.note:
                holder.append(self.note(one.note))
            else:
                holder.append(text_run(one.text, *properties_of(one)))
        return runs

    def _link(self, href: str) -> Any:
        if not href:
            return None
        if href.startswith("#"):
            return element("hyperlink", anchor=bookmark_name(href[1:]), history="1")
        link = element("hyperlink", history="1")
        link.set("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", self.relate(href))
        return link

    def _bookmarked(self, runs: list[Any]) -> list[Any]:
        """The runs between the marks of every id that led up to this paragraph."""
        anchors = [name for anchor in self._anchors if (name := bookmark_name(anchor)) not in self._named]
        self._anchors = []
        anchors = list(dict.fromkeys(anchors))
        begins, ends = [], []
        for name in anchors:
            self._named.add(name)
            number = len(self._named)
            begins.append(element("bookmarkStart", id=number, name=name))
            ends.append(element("bookmarkEnd", id=number))
        return [*begins, *runs, *ends]

    # Lists, tables, pictures

    def _list(self, node: HtmlElement, place: Place) -> None:
        is_numbered = node.tag == "ol"
        level = place.level + 1
        start = int(node.get("start") or 1)
        instance = self.numbering.begin(is_numbered=is_numbered, level=level, start=start)
        inside = replace(place, level=level, numbering=instance)
        style = "ListNumber" if is_numbered else "ListBullet"
        for item in node:
            if is_unseen(item):
                continue
            if item.get("id"):
                self._anchors.append(item.get("id"))
            first, *rest = [*_paragraphs_of(item)] or [[]]
            self.write(first, replace(inside, style=style))
            for nodes in rest:
                self.write(nodes, replace(inside, style="ListParagraph", numbering=0))

    def _table(self, node: HtmlElement, place: Place) -> None:
        table = read_table(node)
        caption = node.find("caption")
        said = _words_of(caption) if caption is not None else ""
        if caption is not None and caption.get("id"):
            self._anchors.append(caption.get("id"))
        if caption is not None and said not in place.captions:
            self.write(nodes_of(caption), replace(place, style="Caption", level=-1))
        frame, rows = table_frame(table, said)
        for row in rows:
            for cell, holder in row:
                if cell is not None:
                    self._cell(cell.node, holder, place, is_bold=cell.is_bold, is_right=cell.is_number)
                if holder[-1].tag != _PARAGRAPH:
                    holder.append(element("p", element("pPr", element("pStyle", val="TableText"))))
        place.body.append(frame)
        place.body.append(element("p", element("pPr", element("pStyle", val="AfterTable"))))

    def _cell(self, node: HtmlElement, holder: Any, place: Place, *, is_bold: bool, is_right: bool) -> None:
        inside = Place(holder, style="TableText", language=place.language, is_bold=is_bold, is_right=is_right)
        self.write(nodes_of(node), inside)

    def _picture(self, node: HtmlElement, place: Place) -> None:
        drawing = self.pictures.drawing(node.get("src", ""), node.get("alt", ""))
        if drawing is not None:
            run = element("r", drawing)
            keep = element("pPr", element("keepNext"))
            place.body.append(element("p", keep, *self._bookmarked([run])))
        elif node.get("alt"):
            self._paragraph([Words(node.get("alt"), language=place.language)], place)

    def _chart(self, node: HtmlElement, place: Place) -> None:
        """Its title and sentence, the chart, and the table of the same figures."""
        nodes = nodes_of(node)
        begins = next((number for number, one in enumerate(nodes, 1) if _is_caption(one)), 0)
        self.write(nodes[:begins], place)
        drawing = self.charts.drawing(charts.read(node.get(charts.ATTRIBUTE)))
        keep = element("pPr", element("keepNext"))
        place.body.append(element("p", keep, *self._bookmarked([element("r", drawing)])))
        self.write(nodes[begins:], place)


_PARAGRAPH = element("p").tag


def _within(node: HtmlElement, place: Place) -> Place:
    """The place of what stands in a quotation, or in a figure, whose title its table does not repeat."""
    if node.tag == "blockquote":
        return replace(place, style="Quote")
    if node.tag == "figure":
        titles = {_words_of(one) for one in node.iter() if "portal-chart__title" in classes_of(one)}
        return replace(place, captions=place.captions | titles)
    return place


def nodes_of(node: HtmlElement) -> list[HtmlElement | str]:
    """The element's texts and elements in order."""
    nodes: list[HtmlElement | str] = [node.text] if node.text else []
    for child in node:
        nodes.append(child)
        if child.tail:
            nodes.append(child.tail)
    return nodes


def _is_caption(node: HtmlElement | str) -> bool:
    return not isinstance(node, str) and node.tag == "figcaption"


def _paragraphs_of(item: HtmlElement) -> Iterable[list[HtmlElement | str]]:
    """What stands in a list's item: its first paragraph, then each block that follows it."""
    waiting: list[HtmlElement | str] = []
    for node in nodes_of(item):
        if isinstance(node, str) or node.tag not in _BLOCKS:
            waiting.append(node)
            continue
        if any(not isinstance(one, str) or one.strip() for one in waiting):
            yield waiting
        waiting = []
        yield [node]
    if any(not isinstance(one, str) or one.strip() for one in waiting):
        yield waiting


def _style_of(node: HtmlElement) -> str:
    return next((_STYLES[name] for name in node.get("class", "").split() if name in _STYLES), "Normal")


def _words_of(node: HtmlElement) -> str:
    return " ".join(node.text_content().split())


def picture_at(files: Mapping[str, bytes], source: str) -> bytes | None:
    """The picture that the book brings for this address, or that an app keeps under it; None for any other."""
    scheme, _, name = source.partition(":")
    return files.get(name) if scheme == HANDED_IN else kept_file(source.removeprefix("/"))
