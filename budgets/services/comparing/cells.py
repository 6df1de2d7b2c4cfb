"""What the cells of a row say: the words and figures of each column, understood or refused in words."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.sgds.formats import date_uk

from ...imports.amounts import Amount, Convention, read_amount
from ...imports.tables import Cell, Unreadable
from ...rules import LARGEST_AMOUNT
from ...selectors.line_words import LineWords, meaning_of, undone
from ...shape import AREA_WIDE, LINE_COLUMNS, LOCALITY, NOTE

LONGEST = {"code": 40, "title": 200, "group": 120, "provider": 200, NOTE.key: 200}
PER_CENT = Decimal("0.01")
_MONEY = frozenset(column.key for column in (*LINE_COLUMNS, AREA_WIDE) if column.is_money)


class CellFault(ValueError):
    """A cell that cannot be understood; the text says what is wrong and what to do."""


def holds_money(key: str) -> bool:
    return key in _MONEY or key.startswith(LOCALITY)


class CellReader:
    """Reads cells by the key of their column. What a word means is looked up once."""

    def __init__(self, words: LineWords, convention: Convention) -> None:
        self.words, self.convention = words, convention
        self.known: dict[tuple[str, str], Any] = {}

    def amount(self, cell: Cell) -> Amount:
        """Raises NotAnAmount."""
        return read_amount(cell, self.convention)

    def value(self, key: str, cell: Cell) -> Any:
        """What the cell of any other column says. Raises CellFault."""
        if key == "hosted_share":
            return _share(cell)
        text = word_in(cell)
        if key in self.words.meanings:
            if (key, text) not in self.known:
                self.known[key, text] = self.word(key, text)
            return self.known[key, text]
        text = undone(text)
        if len(text) > LONGEST[key]:
            words = f"The text has {len(text)} letters; this column holds up to {LONGEST[key]}. Shorten it"
            if "\n" in text:
                words += (
                    ". If it runs over several rows of the file, a quotation mark is missing: put it right"
                )
            raise CellFault(words)
        return text

    def word(self, key: str, text: str) -> Any:
        """What the word stands for, None for none. Raises CellFault with the words that are known."""
        words = self.words.meanings[key]
        if not text:
            return frozenset() if key == "care_groups" else None
        parts = (
            [part for part in re.split(r"[;\n]", text) if part.strip()] if key == "care_groups" else [text]
        )
        meant = []
        for part in parts:
            try:
                meant.append(meaning_of(words, part))
            except KeyError:
                raise CellFault(self._unknown(key, part.strip())) from None
        return frozenset(meant) if key == "care_groups" else meant[0]

    def _unknown(self, key: str, word: str) -> str:
        offered = self.words.offered[key]
        if not offered:
            return f"“{word}” is not known here: the partnership keeps none yet. Leave the cell empty"
        choices = "; ".join(offered[:6]) + (f"; and {len(offered) - 6} more" if len(offered) > 6 else "")
        return f"“{word}” is not known here. Write one of: {choices}"


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def text_of(cell: Cell) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def word_in(cell: Cell) -> str:
    """The text of a cell; a whole number as a code is written. Raises CellFault."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if isinstance(cell, Unreadable):
        raise CellFault(f"The cell {cell.why}")
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        raise CellFault(
            f"The cell holds the date {date_uk(cell)}. Excel takes codes such as 3-1 for dates: set the column’s "
            "number format to Text and type it again"
        )
    if abs(cell) > LARGEST_AMOUNT:
        raise CellFault("The number is too long for a code or word. Set the column’s number format to Text")
    return str(int(cell)) if cell == cell.to_integral_value() else str(cell.normalize())


def _share(cell: Cell) -> Decimal | None:
    text = word_in(cell).removesuffix("%").strip()
    if not text:
        return None
    try:
        share = Decimal(text)
    except ArithmeticError:
        raise CellFault(f"“{text}” is not a percentage. Write for example 62.5") from None
    if not 0 < share <= 100:
        raise CellFault("A share is above 0 and up to 100 per cent. Correct it")
    return share.quantize(PER_CENT)
