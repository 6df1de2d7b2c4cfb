"""All parts of a book, put together into its file."""

import io
from collections.abc import Callable, Sequence

import pikepdf
from pikepdf import Array, Dictionary

from ..pdf_checks import Fault, joined_faults
from . import parts as kept_parts
from . import store
from .book import Book, Chapter, File
from .faults import AssemblyFault
from .fonts import unite_fonts
from .joining import Joined
from .metadata import describe
from .names import PartNames, name_of_font
from .parts import Part
from .rendering import render_chapter, render_sheet
from .stamping import MODEL_CSS, FolioModel, Stamp

CONTENTS_TITLE = "Contents"
# Contents that grow by a page move every number in them, once. More often would be a riddle.
_CONTENTS_ATTEMPTS = 4
# Each saving fails one time in ten or so, and costs a twentieth of a second.
_SAVING_ATTEMPTS = 8


def assemble(book: Book, parts: Sequence[bytes]) -> File:
    """The book's file. `parts` are those of `book.rendered_first`, in that order. Raises AssemblyFault."""
    opened = [kept_parts.read(data) for data in parts]
    names = PartNames(book)
    cover, chapters = (opened[:1], opened[1:]) if book.cover else ([], opened)
    contents = _contents(book, names, cover, chapters)
    titles = [chapter.title for chapter in book.rendered_first]
    titles[len(cover) : len(cover)] = [CONTENTS_TITLE for _ in contents]
    joined = Joined()
    ordered = [*cover, *contents, *chapters]
    for part, title in zip(ordered, titles, strict=True):
        joined.add(part, title)
    joined.finish(book.language)
    _stamp(book, names, joined, without_folio=sum(part.length for part in cover))
    unite_fonts(joined.pdf, joined.resources, _united)
    describe(joined.pdf, book)
    return File(_saved(joined.pdf), _faults(joined, ordered), sources=(joined, ordered))


def _faults(joined: Joined, parts: Sequence[Part]) -> list[Fault]:
    """What the parts brought along, and what is wrong where they meet."""
    highest: dict[int, tuple[float, str]] = {}
    checks = []
    before = 0
    for part in parts:
        checks.append((before, part.check))
        for name, target in part.places.targets.items():
            number = before + target.page + 1
            if number not in highest or target.y > highest[number][0]:
                highest[number] = target.y, name
        before += part.length
    fonts = {
        font.objgen: font
        for holder, _ in joined.resources
        for font in holder.get("/Font", Dictionary()).values()
    }
    places = {number: name for number, (_, name) in highest.items()}
    return joined_faults(joined.pdf, checks, fonts.values(), places)


def _contents(book: Book, names: PartNames, cover: list[Part], chapters: list[Part]) -> list[Part]:
    """The contents with page numbers, rendered again while their own length moves what they number."""
    if book.contents is None:
        return []
    length = 1
    for _ in range(_CONTENTS_ATTEMPTS):
        pages = _pages(cover, chapters, between=length)
        part = _contents_part(book, names, book.contents(pages.__getitem__))
        if part.length == length:
            return [part]
        length = part.length
    raise AssemblyFault("the contents do not settle on a number of pages")


def _contents_part(book: Book, names: PartNames, html: str) -> Part:
    chapter = Chapter(key="contents", title=CONTENTS_TITLE, html=html)
    return kept_parts.read(
        _kept(names.of(chapter), lambda: render_chapter(book, chapter, note=_unheard, is_contents=True))
    )


def _pages(cover: list[Part], chapters: list[Part], *, between: int) -> dict[str, int]:
    """On which page each id of the chapters stands, counted from 1, with so many pages between cover and chapters."""
    pages: dict[str, int] = {}
    before = sum(part.length for part in cover) + between
    for part in chapters:
        pages |= {name: before + target.page + 1 for name, target in part.places.targets.items()}
        before += part.length
    return pages


def _stamp(book: Book, names: PartNames, joined: Joined, *, without_folio: int) -> None:
    sheet = _kept(
        names.of_sheet("folio", MODEL_CSS), lambda: render_sheet(book, css=MODEL_CSS, as_part=False)
    )
    with pikepdf.open(io.BytesIO(sheet)) as model:
        folio = FolioModel.read(model, joined.pdf)
    mark = None
    if book.mark:
        said = _said(book)
        sheet = _kept(
            names.of_sheet("mark", book.mark, said),
            lambda: render_sheet(book, body_class=book.mark, css=said),
        )
        with pikepdf.open(io.BytesIO(sheet)) as drawn:
            mark = joined.pdf.copy_foreign(drawn.pages[-1].as_form_xobject())
        joined.resources.append((mark.Resources, {}))
    Stamp(joined.pdf, folio, mark).stamp(list(joined.pdf.pages), without_folio=without_folio)


def _said(book: Book) -> str:
    """The rule by which the foot of a marked page says the book's own words."""
    if not book.mark_words:
        return ""
    words = "".join(rf"\{ord(sign):06x}" for sign in book.mark_words)
    return f'@page {book.mark} {{ @bottom-left {{ content: "{words}" }} }}'


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """The file. No stream in it ends with a carriage return: some checkers of PDF/A take that for the line's end.

    One stream in 256 would. A page's stream gets a blank more; the objects are written in other company.
    """
    for page in pdf.pages:
        for stream in page.obj.Contents:
            if stream.read_raw_bytes().endswith(b"\r"):
                stream.write(stream.read_bytes() + b" ")
    for attempt in range(_SAVING_ATTEMPTS):
        # Objects more move all others into other streams.
        pdf.Root.PortalAttempts = Array([pdf.make_indirect(Dictionary(Number=n)) for n in range(attempt)])
        out = io.BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
            force_version="1.7",
        )
        data = out.getvalue()
        if b"\r\nendstream" not in data:
            break
    return data


def _united(face: str, version: tuple[int, ...], glyphs: set[int], make: Callable[[], bytes]) -> bytes:
    return _kept(name_of_font(face, version, glyphs), make)


def _kept(name: str, render: Callable[[], bytes]) -> bytes:
    data = store.read(name)
    if data is None:
        data = render()
        store.keep(name, data)
    return data


def _unheard(label: str) -> None:
    """Contents are set in less than a second."""
