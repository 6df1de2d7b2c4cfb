"""Reads amounts as ledgers write them, to the penny."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from foundation.sgds.fields import SHORTENED_AMOUNT
from foundation.sgds.formats import date_uk

from ..enums import Sign, Unit
from ..rules import LARGEST_AMOUNT
from .tables import Cell, Unreadable

PENNY = Decimal("0.01")
# What a binary fraction such as 0.1 + 0.2 is off by; nobody has lost anything then.
NOISE = Decimal("0.000001")

_MINUS = str.maketrans({"−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-"})
_PLAIN = re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?", re.ASCII)
_COMMA_FOR_PENCE = re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+),\d{1,2}", re.ASCII)
_CREDIT = re.compile(r"(?:(CR|DR)\.?)?(.*?)(?:(CR|DR)\.?)?", re.IGNORECASE | re.DOTALL)
_POUND = re.compile(r"^((?:CR|DR)?\.?[-(]?)£", re.IGNORECASE)
NIL = frozenset({"-", "nil"})

EXAMPLE = "Write it in pounds and pence, for example 61204000 or 1250.50"


class NotAnAmount(ValueError):
    """The cell holds no amount; the text says what and what to do."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a ledger writes its figures."""

    unit: Unit = Unit.POUNDS
    sign: Sign = Sign.SPENDING_PLAIN


@dataclass(frozen=True, slots=True)
class Amount:
    """Pounds, rounded to the penny; `cut` is what the file said where rounding changed it."""

    pounds: Decimal | None
    cut: str = ""


def read_amount(cell: Cell, convention: Convention) -> Amount:
    """The amount in a cell as the portal counts: spending above zero. Raises NotAnAmount in words."""
    if cell is None:
        return Amount(None)
    if isinstance(cell, Decimal):
        figure: Decimal | None = cell
    elif isinstance(cell, str):
        figure = read_text(cell)
    else:
        raise NotAnAmount(_what_it_is(cell))
    if figure is None:
        return Amount(None)
    figure *= convention.unit.pounds
    if not figure.is_finite() or abs(figure) > LARGEST_AMOUNT:
        raise NotAnAmount(
            f"“{cell}” is more than a budget can hold (£{LARGEST_AMOUNT:,.0f}). Correct the amount"
        )
    if convention.sign == Sign.SPENDING_MINUS:
        figure = -figure
    pounds = figure.quantize(PENNY, ROUND_HALF_UP)
    lost = abs(pounds - figure) > NOISE
    return Amount(pounds + 0, f"{cell}" if lost else "")


def read_text(text: str) -> Decimal | None:
    """The figure that somebody wrote, None for an empty cell. Raises NotAnAmount.

    Understood: spaces of all kinds, £, commas between thousands, (500), -500, 500-, 500 CR and 500 DR; - and nil are 0.
    """
    typed = _POUND.sub(r"\1", "".join(text.split()).translate(_MINUS))
    if not typed:
        return None
    if typed.lower() in NIL:
        return Decimal(0)
    before, bare, after = _CREDIT.fullmatch(typed).groups()  # type: ignore[union-attr]  # it matches any text
    mark = (before or after or "").upper()
    marks = ["-"] if mark == "CR" else []
    if bare.startswith("(") and bare.endswith(")"):
        marks, bare = [*marks, "("], bare[1:-1]
    if bare.startswith("-") or bare.endswith("-"):
        marks, bare = [*marks, "-"], bare.removeprefix("-") if bare.startswith("-") else bare[:-1]
    if len(marks) > 1 or (marks and mark == "DR"):
        raise NotAnAmount(f"“{text.strip()}” has two marks for its sign, so it is unclear. Leave one of them")
    if not re.search(r"\d", bare) or not _PLAIN.fullmatch(bare):
        raise NotAnAmount(_what_is_wrong(text.strip(), bare))
    figure = Decimal(bare.replace(",", ""))
    return -figure if marks else figure


def _what_is_wrong(text: str, bare: str) -> str:
    if SHORTENED_AMOUNT.fullmatch(bare):
        return f"“{text}” is shortened. Write the amount in full, for example 61204000 instead of 61.2m"
    if bare.endswith("%"):
        return f"“{text}” is a percentage. {EXAMPLE}"
    if _COMMA_FOR_PENCE.fullmatch(bare):
        return f"“{text}” has a comma where the point before the pence should be. {EXAMPLE}"
    return f"“{text}” is not an amount. {EXAMPLE}"


def _what_it_is(cell: Cell) -> str:
    if isinstance(cell, Unreadable):
        return f"The cell {cell.why}"
    if isinstance(cell, bool):
        return f"The cell holds {'TRUE' if cell else 'FALSE'}, not an amount. {EXAMPLE}"
    return (
        f"The cell holds the date {date_uk(cell)}, not an amount. Set the column’s number format in Excel to Number "
        "and type the amount again"
    )
