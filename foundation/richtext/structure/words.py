"""The words of a text."""

from html.parser import HTMLParser

from .grammar import CELLS, HEADINGS, LISTS, PARAGRAPHS, PICTURE_ADDRESS, SPACE


def plain_text(html: str, *, tell_files: bool = False) -> str:
    """The words, one line a block. A footnote stands in brackets at its place, a picture as its description.

    With `tell_files` a picture also bears the beginning of its digest, so that another picture is another text.
    """
    reader = _LineReader(tell_files=tell_files)
    reader.feed(html)
    reader.close()
    return reader.text()


_SHORT_DIGEST = 8


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
        words = SPACE.sub(" ", attributes.get("alt") or "").strip()
        return f"[{name}: {words}]" if words else f"[{name}]"

    def handle_endtag(self, tag: str) -> None:
        if tag in self._LINES:
            self._parts.append("\n")
        elif tag == "small":
            self._parts.append("]")

    def handle_data(self, data: str) -> None:
        self._parts.append(SPACE.sub(" ", data))

    def text(self) -> str:
        lines = (SPACE.sub(" ", line).strip() for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line)
