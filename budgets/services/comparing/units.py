"""Whether a file of lines looks as if its figures stood in another unit than it was read in."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ...selectors.line_words import LineValues
from .comparison import Comparison

# A thousand, give or take what budgets change from one file to the next.
ABOUT_A_THOUSAND = (Decimal(500), Decimal(2000))


def unit_doubt(found: Comparison, lines: Sequence[LineValues], paid: Decimal) -> str:
    """What to look at where the figures are about a thousandth, or a thousand times, of what stands; else empty.

    Where the budget has no lines yet, the new ones are held against `paid`: what is paid and set aside, in pounds.
    """
    before = {line.pk: abs(line.own["amount"]) for line in lines}
    pairs = [(before[each.values.pk], abs(each.values.own["amount"])) for each in found.changed]
    if not lines:
        pairs = [(paid, sum((each.values.own["amount"] for each in found.added), Decimal(0)))]
    moved = [(stands, said) for stands, said in pairs if stands and said > 0 and stands != said]
    smallest, largest = ABOUT_A_THOUSAND
    if moved and 2 * sum(smallest <= stands / said <= largest for stands, said in moved) > len(moved):
        return (
            "The figures are about a thousandth of what stands. If the file is in thousands of pounds, write £000 into "
            "the header of the column in the file and bring it in again: the portal then asks for the unit."
        )
    if moved and 2 * sum(smallest <= said / stands <= largest for stands, said in moved) > len(moved):
        return (
            "The figures are about a thousand times what stands. If the file is in pounds, and was read in thousands, "
            "correct the unit in its layout and bring it in again."
        )
    return ""
