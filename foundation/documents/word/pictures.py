"""Pictures in the text, with the words that stand for them."""

import io
from collections.abc import Callable
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Mm

from .markup import element

_WIDEST, _HIGHEST = Mm(150), Mm(180)


class Pictures:
    """Adds pictures to a document; each is kept in the file once. `find(source)` has its bytes, or None."""

    def __init__(self, document: Document, find: Callable[[str], bytes | None]) -> None:
        self._document = document
        self._find = find
        self._count = 0

    def drawing(self, source: str, words: str) -> Any:
        """The picture as an element of a run, at most as large as the page's text; None if there is no such picture.

        Without words it is marked as decorative.
        """
        data = self._find(source)
        if data is None:
            return None
        part = self._document.part
        _, image = part.get_or_add_image(io.BytesIO(data))
        inline = part.new_pic_inline(io.BytesIO(data), *_size(image.width, image.height))
        self._count += 1
        properties = inline.docPr
        properties.set("id", str(1000 + self._count))
        properties.set("name", f"Picture {self._count}")
        properties.set("descr", words)
        if not words:
            properties.append(_decorative())
        return element("drawing", inline)


def _size(width: Length, height: Length) -> tuple[Length, Length]:
    scale = min(1.0, _WIDEST / width, _HIGHEST / height)
    return Emu(int(width * scale)), Emu(int(height * scale))


def _decorative() -> Any:
    """What Word writes when somebody ticks "Mark as decorative"."""
    from docx.oxml import parse_xml

    drawing = qn("a:extLst")
    namespace = drawing[1:].partition("}")[0]
    return parse_xml(
        f'<a:extLst xmlns:a="{namespace}"><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/>'
        "</a:ext></a:extLst>"
    )
