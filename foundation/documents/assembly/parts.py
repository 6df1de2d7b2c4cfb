"""A part as it is kept: a line of facts about it, and its PDF.

The facts are what an assembly must know of every part. They are worked out once, when the part is rendered: reading
them costs a hundredth of looking for them.
"""

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import pikepdf
from pikepdf import Dictionary

from ..pdf_checks import PartCheck, check_part
from .fonts import Face, can_be_united


class Target(NamedTuple):
    """Where something stands in its part: page counted from 0, points from the page's lower left corner."""

    page: int
    x: float
    y: float
    words: str


class Heading(NamedTuple):
    level: int
    title: str
    page: int
    x: float
    y: float


@dataclass(frozen=True)
class Places:
    """Where a part's ids and headings stand."""

    targets: dict[str, Target]
    outline: list[Heading]


@dataclass(frozen=True)
class Part:
    """A rendered chapter with what is known of it: its pages' number, and the fonts that can be united, by their names.

    Opened, it takes more than ten times the room of its bytes: the parts of a book are never open at once.
    """

    length: int
    places: Places
    check: PartCheck
    faces: Mapping[str, Face]
    content: bytes

    def opened(self) -> pikepdf.Pdf:
        return pikepdf.open(io.BytesIO(self.content))


def written(content: bytes, places: Places) -> bytes:
    """The part as it is kept, looked through."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        faces = {
            name: Face.read(font)
            for page in pdf.pages[:1]  # all pages of a part share their resources
            for name, font in page.resources.get("/Font", Dictionary()).items()
            if can_be_united(font)
        }
        facts = {
            "length": len(pdf.pages),
            "targets": places.targets,
            "outline": places.outline,
            "check": asdict(check_part(pdf)),
            "faces": {name: face.written() for name, face in faces.items()},
        }
    return json.dumps(facts, separators=(",", ":")).encode() + b"\n" + content


def read(kept: bytes) -> Part:
    """The part that `written` wrote."""
    line, _, content = kept.partition(b"\n")
    facts: dict[str, Any] = json.loads(line)
    return Part(
        length=facts["length"],
        places=Places(
            {name: Target(*where) for name, where in facts["targets"].items()},
            [Heading(*said) for said in facts["outline"]],
        ),
        check=PartCheck.read(facts["check"]),
        faces={name: Face.from_written(said) for name, said in facts["faces"].items()},
        content=content,
    )
