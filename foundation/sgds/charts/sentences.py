"""The one sentence over a chart. It says what the figures show and never more than that."""

from collections.abc import Sequence

from .series import Reference, Role, Series, SeriesBreak, figure_of
from .units import Unit

NOTHING = "No figures are recorded."


def about_bars(categories: Sequence[str], figures: Sequence[float | None], unit: Unit) -> str:
    """The largest and the smallest, and how many are missing."""
    known = [(name, figure) for name, figure in zip(categories, figures, strict=True) if figure is not None]
    if not known:
        return NOTHING
    if len(known) == 1:
        only = f"{known[0][0]}: {unit.full(known[0][1])}"
        return f"{only}, the only figure recorded." if len(figures) > 1 else f"{only}."
    top, bottom = max(known, key=second), min(known, key=second)
    missing = missing_words(len(figures) - len(known), "figure")
    if top[1] == bottom[1]:
        return f"All {len(known)} figures are {unit.full(top[1])}{missing}."
    text = f"Highest: {top[0]}, {unit.full(top[1])}{share(top[1], known, unit)}. "
    return f"{text}Lowest: {bottom[0]}, {unit.full(bottom[1])}{missing}."


def second(pair: tuple[str, float]) -> float:
    return pair[1]


def share(figure: float, known: Sequence[tuple[str, float]], unit: Unit) -> str:
    """`, 42% of £1,000`, where the figures are parts of a whole."""
    total = sum(value for _, value in known)
    if not unit.additive or total <= 0 or any(value < 0 for _, value in known):
        return ""
    return f", {figure / total:.0%} of {unit.full(total)}"


def missing_words(count: int, noun: str) -> str:
    if not count:
        return ""
    return f"; {count} {noun}{'s' if count > 1 else ''} not recorded"


def about_groups(categories: Sequence[str], series: Sequence[Series], unit: Unit) -> str:
    """What each series comes to in all, where figures add up; else the last category's figures."""
    columns = [row.figures(len(categories)) for row in series]
    if not any(figure is not None for column in columns for figure in column):
        return NOTHING
    if unit.additive:
        return f"In all: {totals(series, columns, unit)}."
    parts = [f"{row.name} {written(column[-1], unit)}" for row, column in zip(series, columns, strict=True)]
    return f"{categories[-1]}: {', '.join(parts)}."


def about_stacks(categories: Sequence[str], series: Sequence[Series], unit: Unit) -> str:
    """The largest part over all categories, where parts add up to a whole."""
    columns = [row.figures(len(categories)) for row in series]
    known = [figure for column in columns for figure in column if figure is not None]
    if not known or not unit.additive or len(series) == 1 or min(known) < 0:
        return about_groups(categories, series, unit)
    sums = [
        (row.name, sum(figure or 0 for figure in column)) for row, column in zip(series, columns, strict=True)
    ]
    top = max(sums, key=second)
    missing = missing_words(sum(figure is None for column in columns for figure in column), "figure")
    return f"Largest part: {top[0]}, {unit.full(top[1])}{share(top[1], sums, unit)}{missing}."


def totals(series: Sequence[Series], columns: Sequence[Sequence[float | None]], unit: Unit) -> str:
    """`Budget £548,000, Actual £560,000 (one figure not recorded)`."""
    parts = []
    for row, column in zip(series, columns, strict=True):
        known = [figure for figure in column if figure is not None]
        missing = missing_words(len(column) - len(known), "figure").removeprefix("; ")
        note = f" ({missing})" if missing and known else ""
        parts.append(f"{row.name} {unit.full(sum(known)) if known else 'not recorded'}{note}")
    return ", ".join(parts)


def about_lines(
    periods: Sequence[str],
    series: Sequence[Series],
    unit: Unit,
    target: Reference | None,
    breaks: Sequence[SeriesBreak],
) -> str:
    """The latest figure of the leading series, its change since the figure before, comparators, target."""
    if not series or not periods:
        return NOTHING
    leading = next((row for row in series if row.role is Role.OURS), series[0])
    figures = leading.figures(len(periods))
    known = [position for position, figure in enumerate(figures) if figure is not None]
    if not known:
        return NOTHING
    last = known[-1]
    text = f"{leading.name}: {written(figures[last], unit)} in {periods[last]}"
    if last in leading.provisional:
        text += " (provisional)"
    if len(known) > 1:
        text += f", {change_words(figures, known[-2], last, periods=periods, unit=unit, breaks=breaks)}"
    for row in series:
        if row is not leading and row.role is Role.COMPARATOR:
            other = row.figures(len(periods))[last]
            text += f"; {row.name} {written(other, unit)}" if other is not None else ""
    text += target_words(figures[last], target, unit)
    if last != len(periods) - 1:
        text += f"; nothing recorded since {periods[last]}"
    return f"{text}."


def written(figure: float | None, unit: Unit) -> str:
    return "not recorded" if figure is None else unit.full(figure)


def change_words(
    figures: Sequence[float | None],
    before: int,
    after: int,
    *,
    periods: Sequence[str],
    unit: Unit,
    breaks: Sequence[SeriesBreak],
) -> str:
    if any(before < mark.position <= after for mark in breaks):
        return f"not comparable with {periods[before]}: the series has a break"
    then, now = figures[before] or 0.0, figures[after] or 0.0
    if unit.full(then) == unit.full(now):
        return f"the same as in {periods[before]}"
    return f"{'up' if now > then else 'down'} from {unit.full(then)} in {periods[before]}"


def target_words(figure: float | None, target: Reference | None, unit: Unit) -> str:
    aim = figure_of(target.value) if target else None
    if figure is None or aim is None:
        return ""
    gap = figure - aim
    if unit.full(figure) == unit.full(aim):
        return f"; at the target of {unit.full(aim)}"
    return f"; {unit.gap(abs(gap))} {'above' if gap > 0 else 'below'} the target of {unit.full(aim)}"
