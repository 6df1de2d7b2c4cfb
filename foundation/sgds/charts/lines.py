"""Lines over time: gaps where figures are missing, dashes where they are provisional, a stop where counting changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from . import palette, sentences
from .bars import MISSING, NO_FIGURES, table
from .figures import Figures, level_of, parted, rows_of
from .marks import Chart, Mark, Shape, Spot, Stroke, Table, Words
from .scales import Scale, enclosing
from .series import Reference, Role, Series, SeriesBreak, figure_of
from .text import text_width, wrapped
from .units import NUMBER, Unit

BOTTOM = 30.0
NAME_ROOM = 150.0
LINE = 17.0


@dataclass(frozen=True)
class Sheet:
    """How much room a drawing has. Text keeps its size, so a small sheet stays readable where it is shown small."""

    width: float
    plot_height: float


PAGE = Sheet(640.0, 230.0)
CARD = Sheet(500.0, 100.0)
WIDTH = PAGE.width


@dataclass(frozen=True)
class Look:
    """How one line is drawn."""

    colour: str
    width: float
    shape: Shape


def line_chart(
    *,
    title: str,
    periods: Sequence[str],
    series: Sequence[Series],
    unit: Unit = NUMBER,
    target: Reference | None = None,
    breaks: Sequence[SeriesBreak] = (),
    from_zero: bool = False,
    sentence: str = "",
    source: str = "",
    period_name: str = "Period",
    sheet: Sheet = PAGE,
) -> Chart:
    """One line for each series over the periods, each named at its end; a target as a dashed level."""
    known = [figure for row in series for figure in row.figures(len(periods))]
    unit = unit.fitted([*known, figure_of(target.value) if target else None])
    plot = Plot(periods, series, unit, target, from_zero=from_zero, sheet=sheet)
    marks: list[Mark] = []
    if plot.is_empty:
        marks.append(Words(sheet.width / 2, 40, NO_FIGURES, anchor="middle", colour=palette.SOFT))
    else:
        marks += plot.frame()
        marks += plot.target_marks()
        stops = {mark.position for mark in breaks}
        marks += [drawn for mark in breaks for drawn in plot.break_marks(mark)]
        # Comparators first, so that ours lies on top.
        for row in sorted(series, key=lambda row: row.role is not Role.COMPARATOR):
            marks += plot.line_marks(row, plot.looks[row.name], stops)
        marks += plot.names()
    return Chart(
        title=title,
        sentence=sentence or sentences.about_lines(periods, series, unit, target, breaks),
        width=sheet.width,
        height=60.0 if plot.is_empty else plot.bottom + BOTTOM,
        marks=tuple(marks),
        table=line_table(period_name, periods, series, unit=unit, target=target, breaks=breaks),
        source=source,
        figures=line_figures(period_name, periods, series, unit=unit, target=target, breaks=breaks),
    )


def line_figures(
    period_name: str,
    periods: Sequence[str],
    series: Sequence[Series],
    *,
    unit: Unit,
    target: Reference | None,
    breaks: Sequence[SeriesBreak] = (),
) -> Figures:
    """What the lines are drawn from: a row for each way of counting in a series, and one for a target."""
    looks = looks_of(series)
    drawn = [(looks[row.name].colour, looks[row.name].shape) for row in series]
    rows = rows_of(series, drawn, len(periods))
    parts = [part for row in rows for part in parted(row, breaks, periods)]
    level = level_of(target, palette.INK, len(periods))
    return Figures("lines", tuple(periods), period_name, (*parts, *level), unit.in_sheets)


class Plot:
    """The room that the lines are drawn in, and where each figure lies in it."""

    def __init__(
        self,
        periods: Sequence[str],
        series: Sequence[Series],
        unit: Unit,
        target: Reference | None,
        *,
        from_zero: bool,
        headroom: float = 0.0,
        sheet: Sheet = PAGE,
    ) -> None:
        self.sheet = sheet
        self.periods = periods
        self.series = series
        self.unit = unit
        self.target = target
        self.aim = figure_of(target.value) if target else None
        self.figures = {row.name: row.figures(len(periods)) for row in series}
        self.looks = looks_of(series)
        known = [figure for row in self.figures.values() for figure in row if figure is not None]
        self.is_empty = not known
        self.ticks = enclosing([*known, *([self.aim] if self.aim is not None else [])], from_zero=from_zero)
        self.top = 22.0 + headroom
        self.bottom = self.top + sheet.plot_height
        self.left = max(text_width(unit.short(tick)) for tick in self.ticks) + 12
        end_words = [row.name for row in series] + ([self.target_text()] if self.aim is not None else [])
        lines = [line for words in end_words for line in wrapped(words, NAME_ROOM)]
        self.right = sheet.width - max((text_width(line, 14) for line in lines), default=0) - 14
        self.x = Scale(0, max(len(periods) - 1, 1), self.left + 12, self.right - 6)
        self.y = Scale(self.ticks[0], self.ticks[-1], self.bottom, self.top)

    def place(self, position: int) -> float:
        return self.x.at(position) if len(self.periods) > 1 else (self.left + self.right) / 2

    def frame(self) -> list[Mark]:
        """Level lines with their figures, and the periods below, as many as have room."""
        marks: list[Mark] = []
        for tick in self.ticks:
            level = self.y.at(tick)
            colour = palette.INK if tick == 0 else palette.GRID
            marks.append(Stroke(((self.left, level), (self.right, level)), colour))
            marks.append(
                Words(self.left - 8, level + 5, self.unit.short(tick), anchor="end", colour=palette.SOFT)
            )
        for position in self.shown_periods():
            x, text = self.place(position), self.periods[position]
            half = text_width(text) / 2
            marks.append(
                Words(
                    min(max(x, half), self.sheet.width - half),
                    self.bottom + 20,
                    text,
                    anchor="middle",
                    colour=palette.SOFT,
                )
            )
        return marks

    def shown_periods(self) -> list[int]:
        """The last period and those before it in equal steps, as many as stand side by side."""
        if not self.periods:
            return []
        widest = max(text_width(period) for period in self.periods) + 14
        room = max(int((self.right - self.left) // widest), 1)
        step = -(-len(self.periods) // room)
        return list(range(len(self.periods) - 1, -1, -step))[::-1]

    def line_marks(self, row: Series, look: Look, stops: set[int]) -> list[Mark]:
        """The strokes between neighbouring figures, dashed where either is provisional, and a spot on each."""
        marks: list[Mark] = []
        run: list[tuple[float, float] | None] = []
        before: tuple[float, float] | None = None
        for position, figure in enumerate(self.figures[row.name]):
            here = None if figure is None else (self.place(position), self.y.at(figure))
            joined = before is not None and here is not None and position not in stops
            if joined and not {position, position - 1}.isdisjoint(row.provisional):
                marks += [*stroke_of([before, here], look, dashes="4 4"), *stroke_of(run, look)]
                run = [here]
            elif joined:
                run.append(here)
            else:
                marks += stroke_of(run, look)
                run = [here] if here else []
            before = here
        return [*marks, *stroke_of(run, look), *self.spots(row, look)]

    def spots(self, row: Series, look: Look) -> list[Mark]:
        marks: list[Mark] = []
        crowded = len(self.periods) > 40
        for position, figure in enumerate(self.figures[row.name]):
            if figure is None:
                continue
            x, y = self.place(position), self.y.at(figure)
            if position in row.provisional:
                marks.append(Spot(x, y, look.colour, "ring"))
            else:
                marks.append(Spot(x, y, look.colour, look.shape, size=2.5 if crowded else 4))
        return marks

    def names(self) -> list[Mark]:
        """Each series' name beside its last figure, moved apart where they would overlap."""
        wanted = []
        for row in self.series:
            known = [figure for figure in self.figures[row.name] if figure is not None]
            if known:
                lines = wrapped(row.name, NAME_ROOM)
                wanted.append((self.y.at(known[-1]), lines, self.looks[row.name]))
        if self.aim is not None:
            wanted.append((self.y.at(self.aim), wrapped(self.target_text(), NAME_ROOM), TARGET_LOOK))
        tops = spread(
            [(level, len(lines) * LINE) for level, lines, _ in wanted], self.top - 16, self.bottom + 8
        )
        marks: list[Mark] = []
        for top, (_, lines, look) in zip(tops, wanted, strict=True):
            for number, line in enumerate(lines):
                marks.append(
                    Words(
                        self.right + 8,
                        top + 12 + number * LINE,
                        line,
                        colour=look.colour,
                        bold=look.width > 2,
                    )
                )
        return marks

    def target_text(self) -> str:
        label = self.target.label if self.target else ""
        return f"{label or 'Target'} {self.unit.short(self.aim or 0)}"

    def target_marks(self) -> list[Mark]:
        if self.aim is None:
            return []
        level = self.y.at(self.aim)
        return [Stroke(((self.left, level), (self.right, level)), palette.INK, 1.5, dashes="8 4")]

    def break_marks(self, mark: SeriesBreak) -> list[Mark]:
        """A dotted upright line between the two ways of counting, with its name above."""
        if not 0 < mark.position < len(self.periods):
            return []
        x = (self.place(mark.position - 1) + self.place(mark.position)) / 2
        text = wrapped(mark.label, self.right - self.left, most=1)[0]
        half = text_width(text) / 2
        return [
            Stroke(((x, self.top - 6), (x, self.bottom)), palette.SOFT, dashes="2 3"),
            Words(
                min(max(x, half), self.sheet.width - half),
                self.top - 10,
                text,
                anchor="middle",
                colour=palette.SOFT,
            ),
        ]


TARGET_LOOK = Look(palette.INK, 1.5, "dot")


def looks_of(series: Sequence[Series]) -> dict[str, Look]:
    """Ours blue and strong, comparators grey and thin, others coloured and told apart by their spots."""
    looks, others = {}, 0
    for index, row in enumerate(series):
        if row.role is Role.OURS:
            looks[row.name] = Look(palette.OURS, 3, "dot")
        elif row.role is Role.COMPARATOR:
            looks[row.name] = Look(palette.COMPARATOR, 2, palette.SHAPES[(index + 1) % len(palette.SHAPES)])
        else:
            colour = palette.SERIES[others % len(palette.SERIES)]
            looks[row.name] = Look(colour, 2.5, palette.SHAPES[others % len(palette.SHAPES)])
            others += 1
    return looks


def stroke_of(points: Sequence[tuple[float, float] | None], look: Look, *, dashes: str = "") -> list[Mark]:
    """A stroke through the points in the line's look; nothing for a single point, which is drawn as a spot."""
    known = tuple(point for point in points if point is not None)
    return [Stroke(known, look.colour, look.width, dashes)] if len(known) > 1 else []


def spread(blocks: Sequence[tuple[float, float]], top: float, bottom: float) -> list[float]:
    """Upper edges for blocks of (wanted middle, height), in their order, none overlapping, kept inside."""
    order = sorted(range(len(blocks)), key=lambda index: blocks[index][0])
    tops = [0.0] * len(blocks)
    edge = top
    for index in order:
        middle, height = blocks[index]
        tops[index] = max(middle - height / 2, edge)
        edge = tops[index] + height
    edge = max(bottom, top + sum(height for _, height in blocks))
    for index in reversed(order):
        height = blocks[index][1]
        tops[index] = min(tops[index], edge - height)
        edge = tops[index]
    return tops


def line_table(
    period_name: str,
    periods: Sequence[str],
    series: Sequence[Series],
    *,
    unit: Unit,
    target: Reference | None,
    breaks: Sequence[SeriesBreak],
) -> Table:
    """The figures in words; provisional ones and breaks are said in their cells."""
    plain = table(period_name, periods, series, unit)
    labels = {mark.position: mark.label for mark in breaks}
    aim = figure_of(target.value) if target else None
    rows = []
    for position, cells in enumerate(plain.rows):
        head = f"{cells[0]} ({labels[position]})" if position in labels else cells[0]
        figures = [
            f"{cell} (provisional)" if position in row.provisional and cell != MISSING else cell
            for cell, row in zip(cells[1:], series, strict=True)
        ]
        rows.append((head, *figures, *([unit.cell(aim)] if aim is not None else [])))
    headers = (*plain.headers, *([target.label or "Target"] if target and aim is not None else []))
    return Table(headers=headers, rows=tuple(rows))
