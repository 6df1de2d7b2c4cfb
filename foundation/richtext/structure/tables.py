"""Tables whose rows all fill the same columns."""

from itertools import takewhile

from .grammar import MOST_PADDING, WIDEST_TABLE, Cell


def squared(head: list[list[Cell]], body: list[list[Cell]]) -> None:
    """Every row fills the same columns: spans end with their section, short rows get empty cells."""
    counts = _places(head) + _places(body)
    gaps = [max(counts) - count for count in counts]
    if sum(gaps) > MOST_PADDING:
        return
    for index, (cells, gap) in enumerate(zip(head + body, gaps, strict=True)):
        cells += [Cell("th" if index < len(head) else "td", []) for _ in range(gap)]


def _places(rows: list[list[Cell]]) -> list[int]:
    """How many columns each row fills once spans that overlap or overrun have been cut."""
    counts = []
    occupied: dict[int, int] = {}  # column -> rows below that a cell above still covers
    for index, cells in enumerate(rows):
        covered = {column for column, rest in occupied.items() if rest}
        occupied = {column: rest - 1 for column, rest in occupied.items() if rest}
        column = 0
        for cell in cells:
            while column in covered:
                column += 1
            if column >= WIDEST_TABLE:
                cell.colspan = cell.rowspan = 1
            free = takewhile(lambda place: place not in covered, range(column, column + cell.colspan))  # noqa: B023
            cell.colspan = len(list(free))
            cell.rowspan = min(cell.rowspan, len(rows) - index)
            for place in range(column, column + cell.colspan):
                covered.add(place)
                if cell.rowspan > 1:
                    occupied[place] = cell.rowspan - 1
            column += cell.colspan
        counts.append(len(covered))
    return counts
