"""What canonical text is made of: its tags, its runs and its blocks."""

import re
from dataclasses import dataclass

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
DEEPEST_TREE = 64
DEEPEST_LIST = 6
WIDEST_SPAN = 50
TALLEST_SPAN = 200
WIDEST_TABLE = 100
MOST_PADDING = 2_000

# These hold only blocks, and their blocks the text.
HOLDERS = LISTS | ROWS | {"table", "tr"}
VOID = {"br", "img", "hr"}
SPACE = re.compile(r"[ \t\r\n\f]+")
BLANK = " \u00a0\n"
# Stands for a footnote in the text of its run.
NOTE_PLACE = "\ufffc"

PICTURE_ADDRESS = re.compile(r"/pictures/(?P<digest>[0-9a-f]{64})")


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
