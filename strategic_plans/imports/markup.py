"""The HTML that mammoth makes of a Word file, brought into the portal's grammar and divided into parts.

What has no place there is counted in `changes`, in words for the person who brings the file in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

NOTES_PREFIX = "word-"
_BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "caption", "figcaption"}
_CONTAINERS = {"ul", "ol", "table", "thead", "tbody", "tr", "blockquote", "figure", *_BLOCKS}
_LINKS_OUT = ("http://", "https://", "mailto:")


def tree_of(markup: str) -> HtmlElement:
    return html.fragment_fromstring(markup, create_parent="div")


def markup_of(elements: list[HtmlElement]) -> str:
    return "".join(html.tostring(element, encoding="unicode") for element in elements)


def text_of(element: HtmlElement) -> str:
    return " ".join("".join(element.itertext()).split())


def paragraph_count(root: HtmlElement) -> int:
    """How many blocks hold words of their own: paragraphs, headings, list items, cells and captions."""
    return sum(_has_words(element) for element in root.iter(*_BLOCKS))


def _has_words(element: HtmlElement) -> bool:
    return any(text.strip() for text in _own_texts(element))


def _own_texts(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in _CONTAINERS:
            yield from _own_texts(child) if child.tag != "small" else ()
        yield child.tail or ""


def take_in_notes(root: HtmlElement) -> int:
    """Each footnote and endnote stands where its mark stood, as <small>. Returns how many there are."""
    notes = {
        item.get("id"): item
        for item in root.iter("li")
        if (item.get("id") or "").startswith((f"{NOTES_PREFIX}footnote-", f"{NOTES_PREFIX}endnote-"))
    }
    if not notes:
        return 0
    marks = [
        link
        for link in root.iter("a")
        if link.get("href", "").lstrip("#") in notes and "-ref-" in (link.get("id") or "")
    ]
    for note in notes.values():
        for back in [link for link in note.iter("a") if "-ref-" in link.get("href", "")]:
            back.drop_tree()
    for mark in marks:
        place = mark.getparent() if mark.getparent().tag == "sup" else mark
        small = _note(notes[mark.get("href").lstrip("#")])
        small.tail = place.tail
        place.getparent().replace(place, small)
    for held in {item.getparent() for item in notes.values()}:
        held.drop_tree()
    return len(marks)


def _note(item: HtmlElement) -> HtmlElement:
    """The note's words on one line."""
    small = html.Element("small")
    for paragraph in item.iterchildren():
        copy = html.fromstring(html.tostring(paragraph, encoding="unicode"))
        copy.tail = " "
        small.append(copy)
        copy.drop_tag()
    return small


def tidy(root: HtmlElement) -> Counter[str]:
    """Tables have headers and captions, pictures captions, ticks are characters; returns how often each was done.

    Counts: boxed (tables of one cell), headed (first rows taken as headers), captions, links (that lead nowhere here).
    """
    done = Counter[str]()
    for box in root.xpath(".//input[@type='checkbox']"):
        tick = "☑" if box.get("checked") is not None else "☐"
        box.tail = f"{tick} {(box.tail or '').lstrip()}"
        box.drop_tree()
    for link in list(root.iter("a")):
        if link.get("href") and not link.get("href", "").lower().startswith(_LINKS_OUT):
            done["links"] += 1
            link.drop_tag()
        elif not link.get("href"):
            link.drop_tag()
    for table in list(root.iter("table")):
        _tidy_table(table, done)
    for caption in root.xpath(".//p[contains(@class, 'caption')]"):
        done["captions"] += _place_caption(caption)
    return done


def _tidy_table(table: HtmlElement, done: Counter[str]) -> None:
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    cells = [cell for row in rows for cell in row]
    if len(cells) == 1:
        done["boxed"] += 1
        cells[0].tag = "div"
        for wrapper in [*table.iter("tr", "tbody", "thead"), table]:
            wrapper.drop_tag()
        return
    if len(rows) > 1 and not any(cell.tag == "th" for cell in cells):
        done["headed"] += 1
        for cell in rows[0]:
            cell.tag = "th"
    for emphasis in [mark for cell in cells if cell.tag == "th" for mark in cell.iter("strong", "b")]:
        emphasis.drop_tag()  # a header cell is bold by itself


def _place_caption(caption: HtmlElement) -> bool:
    """The caption belongs to the table after it, or to the table or picture before it; else it stays a paragraph."""
    after, before = caption.getnext(), caption.getprevious()
    words = text_of(caption).lower()
    if after is not None and after.tag == "table" and not words.startswith("figure"):
        caption.tag = "caption"
        after.insert(0, caption)
        return True
    if before is None:
        return False
    if before.tag == "table" and before.find("caption") is None and words.startswith("table"):
        caption.tag = "caption"
        before.insert(0, caption)
        return True
    pictures = list(before.iter("img"))
    if len(pictures) == 1 and before.tag == "p" and not text_of(before):
        before.tag, caption.tag = "figure", "figcaption"
        before.append(caption)
        return True
    return False


def section_level(root: HtmlElement) -> int:
    """At which level of heading a section begins, 0 if there is no heading.

    The highest level in use; the next one if the highest is used once, before all text, as a title of the whole.
    """
    levels = [int(child.tag[1]) for child in root if _level(child)]
    if not levels:
        return 0
    top = min(levels)
    below = [level for level in levels if level > top]
    first = next((child for child in root if text_of(child)), None)
    if levels.count(top) == 1 and first is not None and _level(first) == top:
        deeper = min(below, default=0)
        if below.count(deeper) >= 3:
            return deeper
    return top


def _level(element: HtmlElement) -> int:
    tag = element.tag
    return int(tag[1]) if isinstance(tag, str) and len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0


def divided(root: HtmlElement, level: int) -> Iterator[tuple[HtmlElement | None, list[HtmlElement]]]:
    """The headings of this level and higher, each with what follows it; first what stands before any."""
    heading: HtmlElement | None = None
    held: list[HtmlElement] = []
    for child in root:
        if level and 0 < _level(child) <= level:
            if heading is not None or held:
                yield heading, held
            heading, held = child, []
        else:
            held.append(child)
    if heading is not None or held:
        yield heading, held
