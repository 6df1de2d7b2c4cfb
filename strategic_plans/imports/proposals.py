"""Where each part of a Word file could go: what was read, written for the database, and what the plan has for it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ..enums import ImportState
from ..models import Plan, Section, WordImport
from ..selectors.draft_text import plan_localities
from .word import PICTURE, FoundPart, FoundText

NEW = "new"
LEAVE = "leave"
_NUMBERING = re.compile(r"^(?:(?:chapter|section|part)\s+)?(?:\d{1,2}|[ivx]+(?=[.:)]))(?:\.\d+)*[.:)]?\s+")
# "3. Housing" and "3.1 Housing", but not "10 things that we heard".
_TYPED_NUMBER = re.compile(r"^\d{1,2}(?:(?:\.\d{1,2})*[.):]|(?:\.\d{1,2})+)\s+")


@dataclass(frozen=True)
class Read:
    """What was found in the file, without the pictures themselves."""

    title: str
    parts: tuple[FoundPart, ...]
    notes: tuple[str, ...]
    paragraphs: int
    left_out: int

    @property
    def paragraphs_taken(self) -> int:
        return sum(part.paragraphs for part in self.parts)

    @property
    def words(self) -> int:
        return sum(part.words for part in self.parts)

    @property
    def unaccounted(self) -> int:
        """How many paragraphs of the file are in no part and were not told of either; less than 0: it became more."""
        return self.paragraphs - self.left_out - self.paragraphs_taken

    @property
    def undescribed(self) -> list[int]:
        """The pictures without alternative text, in order."""
        return list(dict.fromkeys(number for part in self.parts for number in part.undescribed))


@dataclass(frozen=True)
class Proposal:
    """A part and where it goes unless the person says otherwise; `remark` says why, where that is not plain."""

    number: int
    part: FoundPart
    goes_to: str
    section: Section | None
    remark: str

    @property
    def heading(self) -> str:
        """The heading for a new section: without a number typed before it, since the portal numbers sections."""
        return _TYPED_NUMBER.sub("", self.part.title) or self.part.title


@dataclass(frozen=True)
class Preview:
    """What the person looks through: the file's parts, the plan's sections, and whether the file came before."""

    word_import: WordImport
    read: Read
    proposals: tuple[Proposal, ...]
    sections: tuple[Section, ...]
    earlier: WordImport | None

    @property
    def seen(self) -> dict[int, int]:
        """The revision of each section that the person is shown."""
        return {section.pk: section.revision for section in self.sections}


def preview_of(word_import: WordImport, plan: Plan) -> Preview:
    """The preview of a file that was read. Three queries."""
    read = read_back(word_import.found)
    sections = tuple(plan.sections.defer("prompt"))
    localities = plan_localities(plan).values_list("name", flat=True)
    earlier = (
        plan.word_imports.filter(sha256=word_import.sha256, state=ImportState.APPLIED)
        .select_related("brought_by")
        .order_by("-applied_at")
        .first()
    )
    found = tuple(proposals(read.parts, sections, localities))
    return Preview(word_import, read, found, sections, earlier)


def written(found: FoundText) -> dict[str, Any]:
    """What was found, as the database keeps it."""
    return {
        "title": found.title,
        "parts": [asdict(part) for part in found.parts],
        "notes": found.notes,
        "paragraphs": found.paragraphs,
        "left_out": found.left_out,
    }


def read_back(kept: Mapping[str, Any]) -> Read:
    return Read(
        title=kept["title"],
        parts=tuple(FoundPart(**part) for part in kept["parts"]),
        notes=tuple(kept["notes"]),
        paragraphs=kept["paragraphs"],
        left_out=kept["left_out"],
    )


def proposals(
    parts: Iterable[FoundPart], sections: Iterable[Section], localities: Iterable[str]
) -> list[Proposal]:
    """Each part with the section of the same heading, once; a part named as a locality is left to its lead."""
    free = {same_heading(section.title): section for section in sections}
    led = {same_heading(name) for name in localities}
    found = []
    for number, part in enumerate(parts, start=1):
        heading = same_heading(part.title)
        section = free.pop(heading, None)
        if not part.body:
            found.append(Proposal(number, part, LEAVE, section, "Nothing stands under this heading."))
        elif section is not None:
            found.append(Proposal(number, part, str(section.pk), section, ""))
        elif heading in led:
            remark = (
                f"“{part.title}” is a locality. Its lead writes its arrangements, on a page of their own."
            )
            found.append(Proposal(number, part, LEAVE, None, remark))
        else:
            found.append(Proposal(number, part, NEW, None, ""))
    return found


def same_heading(title: str) -> str:
    """The heading as it is compared: without its number, capitals and punctuation."""
    plain = unicodedata.normalize("NFKC", title).casefold().strip()
    return re.sub(r"[^\w]+", " ", _NUMBERING.sub("", plain)).strip()


def with_pictures(body: str, addresses: Mapping[int, str], words: Mapping[int, str]) -> str:
    """The text with the addresses of the pictures as they are kept, and words for those that have none (by number)."""

    def placed(match: re.Match[str]) -> str:
        number = int(match["number"], 16)
        alt = match["alt"]
        if alt is None and number in words:
            alt = f' alt="{_escaped(words[number])}"'
        return f'<img src="{addresses[number]}"{alt or ""}>'

    return PICTURE.sub(placed, body)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
