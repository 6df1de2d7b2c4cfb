"""Two people's figures in one row."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple


class Apart(NamedTuple):
    """A cell in which two people want different figures."""

    column: str
    theirs: Decimal | None
    mine: Decimal | None


def merged_cells(
    columns: Iterable[str], *, opened: object, mine: object, theirs: object
) -> tuple[dict[str, Decimal | None], list[Apart]]:
    """What each cell of the row says now, and the cells in which two people want different figures.

    A cell that says `mine` as it was `opened` was left alone: it says what stands now, which is `theirs`.
    """
    cells: dict[str, Decimal | None] = {}
    apart = []
    for column in columns:
        was, wanted, stands = (getattr(figures, column) for figures in (opened, mine, theirs))
        if wanted != was and stands not in {was, wanted}:
            apart.append(Apart(column, theirs=stands, mine=wanted))
        cells[column] = stands if wanted == was else wanted
    return cells, apart
