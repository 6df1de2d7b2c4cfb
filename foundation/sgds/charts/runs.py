"""Run charts: a median, and marks where a change is more than chance.

The two rules are those that NHS improvement teams use (Perla, Provost and Murray, "The run chart", BMJ Quality and
Safety 2011): a shift is six or more figures in a row on one side of the median, figures on the median not counted;
a trend is five or more figures in a row that all rise or all fall, equal neighbours counted once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from . import palette
from .bars import NO_FIGURES
from .lines import BOTTOM, WIDTH, Plot, line_figures, line_table
from .marks import Chart, Mark, Shape, Spot, Stroke, Table, Words
from .sentences import NOTHING
from .series import Figure, Reference, Role, Series
from .text import text_width
from .units import NUMBER, Unit

SHIFT_LENGTH = 6
TREND_LENGTH = 5
LANE = 26.0
SIGNAL_LOOKS: dict[str, tuple[str, Shape]] = {
    "shift": ("#cb4e0b", "diamond"),
    "trend": ("#741e6d", "triangle"),
}


@dataclass(frozen=True)
class Signal:
    """A run of figures that is more than chance: what it is, which way, and the positions of its figures."""

    name: str
    way: str
    positions: tuple[int, ...]


def run_chart(
    *,
    title: str,
    periods: Sequence[str],
    values: Sequence[Figure],
    name: str = "Figure",
    unit: Unit = NUMBER,
    baseline: int = 0,
    sentence: str = "",
    source: str = "",
    period_name: str = "Period",
) -> Chart:
    """One series with its median. The median is of the first `baseline` figures, of all where that is 0."""
    row = Series(name, values, Role.OURS)
    figures = row.figures(len(periods))
    middle = middle_of(figures, baseline)
    unit = unit.fitted([*figures, middle])
    level = Reference(middle, "Median")
    signals = signals_of(figures, middle)
    lanes = lanes_of(signals)
    plot = Plot(periods, [row], unit, level, from_zero=False, headroom=LANE * (max(lanes, default=-1) + 1))
    marks: list[Mark] = []
    if plot.is_empty:
        marks.append(Words(WIDTH / 2, 40, NO_FIGURES, anchor="middle", colour=palette.SOFT))
    else:
        marks += [*plot.frame(), *plot.target_marks(), *plot.line_marks(row, plot.looks[name], set())]
        for signal, lane in zip(signals, lanes, strict=True):
            marks += signal_marks(plot, figures, signal, lane)
        marks += plot.names()
    return Chart(
        title=title,
        sentence=sentence or about_runs(periods, figures, middle, signals, unit=unit, baseline=baseline),
        width=WIDTH,
        height=60.0 if plot.is_empty else plot.bottom + BOTTOM,
        marks=tuple(marks),
        table=run_table(period_name, periods, row, unit=unit, level=level, signals=signals),
        source=source,
        figures=line_figures(period_name, periods, [row], unit=unit, target=level),
    )


def middle_of(figures: Sequence[float | None], baseline: int) -> float | None:
    """The median of the first `baseline` figures that are there, of all of them where baseline is 0."""
    known = [figure for figure in figures if figure is not None]
    chosen = known[:baseline] if baseline else known
    return median(chosen) if chosen else None


def signals_of(figures: Sequence[float | None], middle: float | None) -> list[Signal]:
    """Every shift and every trend, in the order in which they begin. A gap ends neither."""
    known = [(position, figure) for position, figure in enumerate(figures) if figure is not None]
    if middle is None:
        return []
    found = [*shifts(known, middle), *trends(known)]
    return sorted(found, key=lambda signal: signal.positions[0])


def shifts(known: Sequence[tuple[int, float]], middle: float) -> list[Signal]:
    found: list[Signal] = []
    run: list[int] = []
    above = False
    for position, figure in known:
        if figure == middle:
            continue
        if run and (figure > middle) != above:
            found += shift_of(run, above)
            run = []
        above = figure > middle
        run.append(position)
    return found + shift_of(run, above)


def shift_of(run: Sequence[int], above: bool) -> list[Signal]:  # noqa: FBT001 - one side or the other
    way = "above" if above else "below"
    return [Signal("shift", way, tuple(run))] if len(run) >= SHIFT_LENGTH else []


def trends(known: Sequence[tuple[int, float]]) -> list[Signal]:
    distinct = [pair for number, pair in enumerate(known) if number == 0 or pair[1] != known[number - 1][1]]
    found: list[Signal] = []
    run: list[tuple[int, float]] = []
    for pair in distinct:
        if len(run) > 1 and (pair[1] > run[-1][1]) != (run[-1][1] > run[-2][1]):
            found += trend_of(run)
            run = run[-1:]
        run.append(pair)
    return found + trend_of(run)


def trend_of(run: Sequence[tuple[int, float]]) -> list[Signal]:
    if len(run) < TREND_LENGTH:
        return []
    way = "rising" if run[-1][1] > run[0][1] else "falling"
    return [Signal("trend", way, tuple(position for position, _ in run))]


def lanes_of(signals: Sequence[Signal]) -> list[int]:
    """For each signal the lane above the plot, counted from below, in which no other stands in its way."""
    ends: list[int] = []
    lanes = []
    for signal in signals:
        first, last = signal.positions[0], signal.positions[-1]
        lane = next((number for number, end in enumerate(ends) if end < first), len(ends))
        ends[lane : lane + 1] = [last]
        lanes.append(lane)
    return lanes


def signal_marks(plot: Plot, figures: Sequence[float | None], signal: Signal, lane: int) -> list[Mark]:
    """Another shape and colour on each figure of the run; above the plot a bracket with its name."""
    colour, shape = SIGNAL_LOOKS[signal.name]
    marks: list[Mark] = [
        Spot(plot.place(at), plot.y.at(figures[at] or 0), colour, shape, size=4.5) for at in signal.positions
    ]
    left, right = plot.place(signal.positions[0]) - 4, plot.place(signal.positions[-1]) + 4
    level = plot.top - 14 - lane * LANE
    marks.append(Stroke(((left, level + 5), (left, level), (right, level), (right, level + 5)), colour, 2))
    text = signal.name.capitalize()
    half = text_width(text) / 2 + 4
    middle = min(max((left + right) / 2, half), WIDTH - half)
    marks.append(Words(middle, level - 5, text, anchor="middle", colour=colour, bold=True))
    return marks


def about_runs(
    periods: Sequence[str],
    figures: Sequence[float | None],
    middle: float | None,
    signals: Sequence[Signal],
    *,
    unit: Unit,
    baseline: int,
) -> str:
    """What the latest signal says, or that there is none."""
    known = [figure for figure in figures if figure is not None]
    if middle is None or not known:
        return NOTHING
    of = f" of the first {baseline} figures" if 0 < baseline < len(known) else ""
    level = f"the median{of}, {unit.full(middle)}"
    if len(known) < SHIFT_LENGTH:
        return f"Too few figures ({len(known)}) to tell a change from chance; {level}."
    if not signals:
        return f"No clear change: the figures vary around {level}, as chance would have it."
    latest = signals[-1]
    span = f"from {periods[latest.positions[0]]} to {periods[latest.positions[-1]]}"
    length = len(latest.positions)
    if latest.name == "shift":
        return f"A shift: {length} figures in a row {latest.way} {level}, {span}."
    return f"A trend: {length} figures in a row {latest.way}, {span}; {level}."


def run_table(
    period_name: str,
    periods: Sequence[str],
    row: Series,
    *,
    unit: Unit,
    level: Reference,
    signals: Sequence[Signal],
) -> Table:
    """The figures with their median, and which signal each belongs to."""
    plain = line_table(period_name, periods, [row], unit=unit, target=level, breaks=())
    named = [
        ", ".join(f"{signal.name}, {signal.way}" for signal in signals if position in signal.positions)
        for position in range(len(periods))
    ]
    rows = tuple((*cells, words or "–") for cells, words in zip(plain.rows, named, strict=True))
    return Table(headers=(*plain.headers, "Signal"), rows=rows)
