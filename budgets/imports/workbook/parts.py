"""What stands beside the sheets: which there are, what formats mean, and the texts that cells share."""

from __future__ import annotations

import re

from foundation.incoming.archives import FileRefused

from ..archive import EXCEL
from ..tables import MOST_CELLS, too_many_cells

DEEPEST_XML = 60
# Number formats of the standard that show a date; 18 to 21 and 45 to 47 are times of day.
STANDARD_DATES = frozenset({14, 15, 16, 17, 22})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


class Part:
    """A part of the archive as its events come."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, name: str, facts: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST_XML:
            raise FileRefused(EXCEL.damaged)
        self.begin(local_name(name), facts)

    def end(self, name: str) -> None:
        self.depth -= 1
        self.finish(local_name(name))

    def begin(self, name: str, facts: dict[str, str]) -> None: ...

    def finish(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class Relations(Part):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, tuple[str, str]] = {}

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == "Relationship" and facts.get("TargetMode") != "External":
            kind = facts.get("Type", "").rpartition("/")[2]
            self.found[facts.get("Id", "")] = (kind, facts.get("Target", ""))


class Workbook(Part):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, str]] = []
        self.is_from_1904 = False

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == "workbookPr":
            self.is_from_1904 = facts.get("date1904", "") in {"1", "true"}
        elif name == "sheet":
            relation = next((value for key, value in facts.items() if local_name(key) == "id"), "")
            self.sheets.append((facts.get("name", ""), relation, facts.get("state", "visible")))


class Styles(Part):
    """Which cell formats show a date."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[int, str] = {}
        self.formats: list[int] = []
        self.in_cells = False

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == "numFmt":
            self.codes[whole(facts.get("numFmtId"))] = facts.get("formatCode", "")
        elif name == "cellXfs":
            self.in_cells = True
        elif name == "xf" and self.in_cells:
            self.formats.append(whole(facts.get("numFmtId")))

    def finish(self, name: str) -> None:
        if name == "cellXfs":
            self.in_cells = False

    def dates(self) -> frozenset[str]:
        return frozenset(str(at) for at, number in enumerate(self.formats) if self._is_date(number))

    def _is_date(self, number: int) -> bool:
        code = _QUOTED.sub("", self.codes.get(number, "")).lower()
        return number in STANDARD_DATES or "d" in code or "yy" in code


class SharedStrings(Part):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.is_text = self.is_phonetic = False

    def begin(self, name: str, facts: dict[str, str]) -> None:  # noqa: ARG002 - one signature for all parts
        if name == "t":
            self.is_text = not self.is_phonetic
        elif name == "rPh":
            self.is_phonetic = True

    def text(self, text: str) -> None:
        if self.is_text:
            self.pieces.append(text)

    def finish(self, name: str) -> None:
        if name == "t":
            self.is_text = False
        elif name == "rPh":
            self.is_phonetic = False
        elif name == "si":
            self.texts.append(unescaped("".join(self.pieces)))
            self.pieces.clear()
            if len(self.texts) > MOST_CELLS:
                raise too_many_cells()


def local_name(name: str) -> str:
    return name.rpartition(":")[2]


def whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Characters that XML cannot hold are written as _x000D_ in a workbook."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
