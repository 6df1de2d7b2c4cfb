"""Reading a Word file: its headings become parts, its text rich text, and all that is changed or left out is said."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers.expat import ExpatError

import mammoth
from lxml import etree
from lxml.html import HtmlElement
from mammoth import documents, transforms

from foundation.incoming.archives import FileRefused
from foundation.incoming.kinds import Progress
from foundation.richtext import cleaning
from foundation.richtext.pictures import PictureRefused, Prepared, prepare

from . import markup
from .changes import changes_in_words
from .contents import Contents, contents_of
from .safe_archive import AS_DOCX, checked

MOST_PICTURES = 60
MOST_PARTS = 80
LONGEST_HEADING = 160

_STYLES = """
p[style-name='Title'] => p.title:fresh
p[style-name='Subtitle'] => p.title:fresh
p[style-name^='toc'] => p.contents:fresh
p[style-name='table of figures'] => p.contents:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Quote'] => blockquote > p:fresh
p[style-name='Intense Quote'] => blockquote > p:fresh
p[style-name='Block Text'] => blockquote > p:fresh
p[style-name='Quotations'] => blockquote > p:fresh
"""
# The numbers that the portal prints before paragraphs.
_OWN_STYLES = "r.ParagraphNumber => !\n"
ADDRESS = re.compile(r'src="/pictures/(?P<number>0{56}[0-9a-f]{8})"')
PICTURE = re.compile(rf'<img {ADDRESS.pattern}(?P<alt> alt="[^"]*")?>')

WRITTEN_HERE = (
    "The portal wrote this file as a plan. The numbers before its paragraphs are left out. What it prints after the "
    "text of a section by itself (priorities, figures, budgets, localities) stands in the parts as text, and would be "
    "printed twice: leave those parts out, or take it out of the sections afterwards."
)


@dataclass(frozen=True, kw_only=True)
class FoundPart:
    """What stands under one heading of the file, in canonical rich text, where pictures bear their numbers."""

    title: str
    body: str
    words: int
    paragraphs: int
    tables: int
    notes: int
    pictures: list[int]
    undescribed: list[int]
    changes: list[str]


@dataclass(frozen=True)
class FoundPicture:
    """A picture of the file as it would be kept."""

    number: int
    prepared: Prepared


@dataclass(frozen=True)
class FoundText:
    """All that was read. `paragraphs` is how many with words the file has; `left_out` how many of them stay behind."""

    title: str
    parts: list[FoundPart]
    pictures: list[FoundPicture]
    notes: list[str]
    paragraphs: int
    left_out: int


def picture_address(number: int) -> str:
    """The address that stands for the file's picture of this number until it is kept."""
    return f"/pictures/{number:064x}"


def read_word(
    file: IO[bytes], *, name: str, own_subject: str = "", progress: Progress = lambda _: None
) -> FoundText:
    """The text of the Word file, divided at its headings. `name` is what the part before the first heading is called.

    `own_subject` is what the properties of a plan say that the portal itself wrote as a Word file.
    Raises FileRefused in words, nothing else.
    """
    progress("Looking whether the file is safe to read")
    archive = checked(file)
    progress("Reading the text")
    try:
        contents = contents_of(file, archive.document)
        is_own = bool(own_subject) and contents.subject == own_subject
        pictures = _Pictures(contents.decorative)
        file.seek(0)
        answer = mammoth.convert_to_html(
            file,
            style_map=_STYLES + (_OWN_STYLES if is_own else ""),
            id_prefix=markup.NOTES_PREFIX,
            include_embedded_style_map=False,
            external_file_access=False,
            convert_image=pictures.take,
            transform_document=transforms.paragraph(_by_outline(contents.outline)),
        )
        root = markup.tree_of(answer.value or "<p></p>")
    except FileRefused:
        raise
    except (RecursionError, MemoryError, zipfile.BadZipFile, etree.LxmlError, ArithmeticError) as fault:
        raise _unreadable() from fault
    except (ExpatError, LookupError, ValueError, TypeError, AttributeError, OSError, EOFError) as fault:
        # mammoth trusts that a file has what its parts refer to
        raise _unreadable() from fault
    progress("Dividing it into sections")
    found = _Reading(root, contents, pictures, name).found()
    if is_own:
        found.notes.insert(0, WRITTEN_HERE)
    return found


def _unreadable() -> FileRefused:
    return FileRefused(f"The file says of itself what is not in it, so it cannot be read. {AS_DOCX}")


def _by_outline(outline: dict[str, int]) -> Callable[[Any], Any]:
    """Paragraphs of a style that has an outline level are headings, whatever the partnership called the style."""

    def headed(paragraph: documents.Paragraph) -> documents.Paragraph:
        level = outline.get(paragraph.style_id or "")
        if not level:
            return paragraph
        level = min(level, 6)
        return paragraph.copy(style_id=f"Heading{level}", style_name=f"heading {level}", numbering=None)

    return headed


class _Pictures:
    """The pictures that mammoth comes upon, each prepared once, and why some are not taken."""

    def __init__(self, decorative: frozenset[str]) -> None:
        self.found: dict[str, FoundPicture] = {}
        self.refused = Counter[str]()
        self._decorative = decorative
        self._not_taken: set[str] = set()

    def take(self, image: documents.Image) -> list[Any]:
        try:
            with image.open() as file:
                entry, picture = str(file.name), self._prepared(str(file.name), file)
        except (OSError, KeyError):
            self.refused["only named in the file and not in it"] += 1
            return []
        if picture is None:
            return []
        attributes = {"src": picture_address(picture.number)}
        if image.alt_text or entry in self._decorative:
            attributes["alt"] = (image.alt_text or "").strip()
        return [mammoth.html.element("img", attributes)]

    def _prepared(self, entry: str, file: IO[bytes]) -> FoundPicture | None:
        if entry in self.found:
            return self.found[entry]
        if entry in self._not_taken:
            return None
        if len(self.found) == MOST_PICTURES:
            self.refused[f"beyond the first {MOST_PICTURES}"] += 1
            return None
        try:
            picture = FoundPicture(len(self.found) + 1, prepare(file.read()))
        except PictureRefused:
            kind = entry.rpartition(".")[2].upper()[:5]
            self.refused[f"of a kind that pages cannot show, or damaged ({kind})"] += 1
            self._not_taken.add(entry)
            return None
        self.found[entry] = picture
        return picture


@dataclass
class _Reading:
    """From the tree of the whole text to its parts."""

    root: HtmlElement
    contents: Contents
    pictures: _Pictures
    name: str
    left_out: int = 0
    notes: list[str] = field(default_factory=list)

    def found(self) -> FoundText:
        markup.take_in_notes(self.root)
        title = self._without_title()
        self._without_contents_list()
        done = markup.tidy(self.root)
        level = markup.section_level(self.root)
        parts = [part for held in markup.divided(self.root, level) if (part := self._part(*held, title))]
        if not parts:
            raise FileRefused("There is no text in the file that could be brought in. Choose another file.")
        if len(parts) > MOST_PARTS:
            raise FileRefused(
                f"The file has {len(parts)} headings of the first level, and a plan has no place for so many sections. "
                "In Word, give the style Heading 1 to chapters only, and Heading 2 to what stands within them."
            )
        self._tell_division(level)
        self.notes += changes_in_words(self.contents.counts + done, self.pictures.refused)
        return FoundText(
            title=title,
            parts=parts,
            pictures=list(self.pictures.found.values()),
            notes=self.notes,
            paragraphs=self.contents.counts["paragraphs"],
            left_out=self.left_out,
        )

    def _without_title(self) -> str:
        titles = [p for p in self.root.iterchildren("p") if p.get("class") == "title"]
        words = " ".join(filter(None, map(markup.text_of, titles)))
        self._drop(titles)
        if words:
            self.notes.append(f"The title of the document is not a part of its text: “{words}”.")
        return words

    def _without_contents_list(self) -> None:
        lines = self.root.xpath(".//p[@class='contents']")
        self._drop(lines)
        if lines:
            self.notes.append("The table of contents is left out: the portal makes one of its own.")

    def _drop(self, elements: list[HtmlElement]) -> None:
        for element in elements:
            self.left_out += bool(markup.text_of(element))
            element.drop_tree()

    def _part(
        self, heading: HtmlElement | None, held: list[HtmlElement], document_title: str
    ) -> FoundPart | None:
        changes: list[str] = []
        title = self._heading_words(heading, changes) if heading is not None else ""
        try:
            body = cleaning.clean_html(markup.markup_of(held))
        except cleaning.TextTooLong as refusal:
            raise FileRefused(f"What stands under “{title or self.name}” {refusal}") from None
        if not body and not title:
            return None
        tree = markup.tree_of(body or "<p></p>")
        pictures = [(int(match["number"], 16), match["alt"]) for match in PICTURE.finditer(body)]
        return FoundPart(
            title=title or (document_title or self.name)[:LONGEST_HEADING],
            body=body,
            words=cleaning.word_count(body),
            paragraphs=markup.paragraph_count(tree) + bool(title),
            tables=len(tree.findall(".//table")),
            notes=len(tree.findall(".//small")),
            pictures=list(dict.fromkeys(number for number, _ in pictures)),
            undescribed=list(dict.fromkeys(number for number, alt in pictures if alt is None)),
            changes=changes,
        )

    def _heading_words(self, heading: HtmlElement, changes: list[str]) -> str:
        for note in list(heading.iter("small")):
            changes.append(f"A heading has no notes, so this one is left out: “{markup.text_of(note)}”.")
            note.drop_tree()
        if heading.find(".//img") is not None:
            changes.append("A picture in the heading is left out.")
        words = markup.text_of(heading)
        if len(words) > LONGEST_HEADING:
            changes.append(
                f"The heading is cut to {LONGEST_HEADING} characters; in the file it is: “{words}”."
            )
        return words[:LONGEST_HEADING].strip()

    def _tell_division(self, level: int) -> None:
        if level == 0:
            self.notes.append(
                "No paragraph has a heading style, so all of it is one section. To have it divided, give the headings "
                "the style Heading 1 in Word and bring the file in again."
            )
        elif level > 1:
            self.notes.append(f"Sections begin at the headings of level {level}.")
