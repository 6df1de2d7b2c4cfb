"""Bars lie: labels of any length stand beside them, and they always start at zero."""

from collections.abc import Sequence

from . import palette, sentences
from .figures import Figures, Kind, Row, rows_of
from .marks import Box, Chart, Mark, Pattern, Stroke, Table, Words
from .scales import Scale
from .series import Figure, Reference, Role, Series, figure_of
from .text import text_width, wrapped
from .units import NUMBER, Unit

WIDTH = 640.0
LABEL_ROOM = 190.0
LINE = 17.0
BAR = 20.0
GAP = 10.0
NO_FIGURES = "No figures are recorded"
MISSING = "not recorded"


def bar_chart(
    *,
    title: str,
    categories: Sequence[str],
    values: Sequence[Figure],
    unit: Unit = NUMBER,
    ours: str = "",
    reference: Reference | None = None,
    sentence: str = "",
    source: str = "",
    category_name: str = "Category",
    value_name: str = "Figure",
) -> Chart:
    """One bar for each category, in the order given.

    `ours` names the category that is coloured while the others go grey; without it all are coloured.
    """
    row = Series(value_name, values)
    figures = row.figures(len(categories))
    unit = unit.fitted([*figures, figure_of(reference.value) if reference else None])
    colours = [palette.COMPARATOR if ours and category != ours else palette.OURS for category in categories]
    rows = [[(figure, colour, "")] for figure, colour in zip(figures, colours, strict=True)]
    apart = tuple(place for place, colour in enumerate(colours) if colour == palette.COMPARATOR)
    drawing = LyingBars(categories, rows, unit, reference=reference)
    return Chart(
        title=title,
        sentence=sentence or sentences.about_bars(categories, figures, unit),
        width=WIDTH,
        height=drawing.height,
        marks=drawing.marks(),
        table=table(category_name, categories, [row], unit),
        source=source,
        figures=Figures(
            "bars",
            tuple(categories),
            category_name,
            (Row(value_name, tuple(figures), palette.OURS, set_apart=apart),),
            unit.in_sheets,
        ),
    )


def grouped_bar_chart(
    *,
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    unit: Unit = NUMBER,
    sentence: str = "",
    source: str = "",
    category_name: str = "Category",
) -> Chart:
    """For each category one bar of each series, told apart by colour and filling."""
    looks = looks_of(series)
    columns = [row.figures(len(categories)) for row in series]
    unit = unit.fitted(figure for column in columns for figure in column)
    rows = [
        [(column[index], colour, pattern) for column, (colour, pattern) in zip(columns, looks, strict=True)]
        for index in range(len(categories))
    ]
    names = [row.name for row in series]
    direct = names_fit(categories, rows, names, unit)
    drawing = LyingBars(
        categories,
        rows,
        unit,
        names=names if direct else (),
        legend=() if direct else legend_of(series, looks),
    )
    return Chart(
        title=title,
        sentence=sentence or sentences.about_groups(categories, series, unit),
        width=WIDTH,
        height=drawing.height,
        marks=drawing.marks(),
        table=table(category_name, categories, series, unit),
        patterns=patterns_of(looks),
        source=source,
        figures=bar_figures("bars", category_name, categories, series, unit),
    )


def stacked_bar_chart(
    *,
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    unit: Unit = NUMBER,
    sentence: str = "",
    source: str = "",
    category_name: str = "Category",
) -> Chart:
    """For each category one bar of parts that add up; what is below zero goes to the left of the line."""
    looks = looks_of(series)
    columns = [row.figures(len(categories)) for row in series]
    unit = unit.fitted(figure for column in columns for figure in column)
    stacks = [[column[index] for column in columns] for index in range(len(categories))]
    drawing = StackedBars(categories, stacks, looks, unit, legend_of(series, looks))
    return Chart(
        title=title,
        sentence=sentence or sentences.about_stacks(categories, series, unit),
        width=WIDTH,
        height=drawing.height,
        marks=drawing.marks(),
        table=table(category_name, categories, series, unit, with_total=unit.additive),
        patterns=patterns_of(looks),
        source=source,
        figures=bar_figures("stacks", category_name, categories, series, unit),
    )


def bar_figures(
    kind: Kind, category_name: str, categories: Sequence[str], series: Sequence[Series], unit: Unit
) -> Figures:
    """What bars of several series are drawn from."""
    looks = [(colour, "") for colour, _ in looks_of(series)]
    rows = rows_of(series, looks, len(categories))
    return Figures(kind, tuple(categories), category_name, rows, unit.in_sheets)


Look = tuple[str, str]  # colour, name of the filling ("" for plain)
Piece = tuple[float | None, str, str]  # figure, colour, filling
LegendEntry = tuple[str, str, str]  # name, colour, filling


def looks_of(series: Sequence[Series]) -> list[Look]:
    """A colour and a filling for each series; a comparator is grey."""
    looks = []
    for index, row in enumerate(series):
        filling = index % len(palette.FILLINGS)
        grey = row.role is Role.COMPARATOR
        colour = palette.COMPARATOR if grey else palette.SERIES[index % len(palette.SERIES)]
        looks.append((colour, f"filling-{index}" if palette.FILLINGS[filling] else ""))
    return looks


def patterns_of(looks: Sequence[Look]) -> tuple[Pattern, ...]:
    return tuple(
        Pattern(name, colour, palette.FILLINGS[index % len(palette.FILLINGS)])
        for index, (colour, name) in enumerate(looks)
        if name
    )


def legend_of(series: Sequence[Series], looks: Sequence[Look]) -> list[LegendEntry]:
    return [(row.name, colour, name) for row, (colour, name) in zip(series, looks, strict=True)]


def table(
    category_name: str,
    categories: Sequence[str],
    series: Sequence[Series],
    unit: Unit,
    *,
    with_total: bool = False,
) -> Table:
    """The figures in words, with a column of totals where parts add up."""
    columns = [row.figures(len(categories)) for row in series]
    headers = [category_name, *(f"{row.name} ({unit.words})" if unit.words else row.name for row in series)]
    rows = []
    for index, category in enumerate(categories):
        cells = [MISSING if column[index] is None else unit.cell(column[index] or 0) for column in columns]
        if with_total:
            known = [column[index] for column in columns if column[index] is not None]
            cells.append(unit.cell(sum(figure or 0 for figure in known)) if known else MISSING)
        rows.append((category, *cells))
    return Table(headers=(*headers, "Total") if with_total else tuple(headers), rows=tuple(rows))


def label_column(labels: Sequence[Sequence[str]]) -> float:
    """Where the bars may begin, beside labels already broken into lines."""
    widest = max((text_width(line) for lines in labels for line in lines), default=0.0)
    return min(widest, LABEL_ROOM) + 12


def bar_scale(left: float, figures: Sequence[float], texts: Sequence[tuple[float, str]]) -> Scale:
    """From zero to the farthest figure on either side, leaving room for the words at the bars' ends."""
    low, high = min([0.0, *figures]), max([0.0, *figures])
    if low == high:
        high = 1.0
    right_room = max((text_width(text) for value, text in texts if value >= 0), default=0.0) + 10
    left_room = max((text_width(text) for value, text in texts if value < 0), default=0.0) + 10
    start = left + (left_room if low < 0 else 0)
    return Scale(low, high, start, max(WIDTH - right_room, start + 40))


def end_texts(rows: Sequence[Sequence[Piece]], unit: Unit) -> list[tuple[float, str]]:
    """The words at the end of each bar, with the figure that says on which side they stand."""
    figures = [figure for row in rows for figure, _, _ in row]
    return [(figure or 0.0, MISSING if figure is None else unit.short(figure)) for figure in figures]


def names_fit(
    categories: Sequence[str], rows: Sequence[Sequence[Piece]], names: Sequence[str], unit: Unit
) -> bool:
    """Whether the series' names have room beside the first row's bars, so that no legend is needed."""
    if not rows or any(figure is None or figure < 0 for figure, _, _ in rows[0]):
        return False
    figures = [figure for row in rows for figure, _, _ in row if figure is not None]
    left = label_column([wrapped(category, LABEL_ROOM) for category in categories])
    scale = bar_scale(left, figures, end_texts(rows, unit))
    return all(
        scale.at(figure or 0) + 12 + text_width(named(unit.short(figure or 0), name)) <= WIDTH
        for (figure, _, _), name in zip(rows[0], names, strict=True)
    )


def named(figure: str, name: str) -> str:
    return f"{figure} {name}"


class Rows:
    """What every kind of lying bars shares: the label column, the legend above, the rows' heights."""

    def __init__(
        self,
        categories: Sequence[str],
        unit: Unit,
        *,
        thickness: float,
        legend: Sequence[LegendEntry] = (),
        headroom: float = 0,
    ) -> None:
        self.unit = unit
        self.labels = [wrapped(category, LABEL_ROOM) for category in categories]
        self.left = label_column(self.labels)
        self.legend_marks, legend_height = legend_rows(legend)
        self.top = legend_height + headroom
        self.thickness = thickness
        self.heights = [max(thickness, len(lines) * LINE) + GAP for lines in self.labels]
        self.height = self.top + (sum(self.heights) or 40.0) + 4

    def label_marks(self) -> list[Mark]:
        """The categories' names, each beside the middle of its bars."""
        marks: list[Mark] = []
        for centre, lines in zip(self.centres(), self.labels, strict=True):
            first = centre - (len(lines) - 1) * LINE / 2 + 5
            for number, line in enumerate(lines):
                marks.append(Words(self.left - 10, first + number * LINE, line, anchor="end"))
        return marks

    def centres(self) -> list[float]:
        """The middle of each row."""
        middles, y = [], self.top
        for height in self.heights:
            middles.append(y + height / 2)
            y += height
        return middles


class LyingBars(Rows):
    """One or more bars side by side in each row."""

    def __init__(
        self,
        categories: Sequence[str],
        rows: Sequence[Sequence[Piece]],
        unit: Unit,
        *,
        reference: Reference | None = None,
        names: Sequence[str] = (),
        legend: Sequence[LegendEntry] = (),
    ) -> None:
        bars = max((len(row) for row in rows), default=1) or 1
        self.bar = BAR if bars == 1 else 16.0
        self.rows = rows
        self.names = names
        self.reference = figure_of(reference.value) if reference else None
        self.reference_label = reference.label if reference else ""
        super().__init__(
            categories,
            unit,
            thickness=self.bar * bars,
            legend=legend,
            headroom=24.0 if self.reference is not None else 0.0,
        )

    def marks(self) -> tuple[Mark, ...]:
        if not self.rows or not self.rows[0]:
            return (Words(WIDTH / 2, self.top + 24, NO_FIGURES, anchor="middle", colour=palette.SOFT),)
        figures = [figure for row in self.rows for figure, _, _ in row if figure is not None]
        spread = figures if self.reference is None else [*figures, self.reference]
        scale = bar_scale(self.left, spread, end_texts(self.rows, self.unit))
        marks: list[Mark] = [*self.legend_marks, *self.label_marks()]
        words: list[Words] = []
        for number, (centre, row) in enumerate(zip(self.centres(), self.rows, strict=True)):
            top = centre - self.bar * len(row) / 2
            for position, piece in enumerate(row):
                name = self.names[position] if self.names and number == 0 else ""
                y = top + position * self.bar
                marks += self.bar_marks(scale, y, piece)
                words.append(self.end_words(scale, y, piece[0], name))
        zero = scale.at(0)
        marks.append(Stroke(((zero, self.top), (zero, self.height - 4)), palette.INK))
        if self.reference is not None:
            x = scale.at(self.reference)
            marks += self.reference_marks(x)
            marks += [ground for text in words if (ground := ground_of(text, x)) is not None]
        return (*marks, *words)

    def bar_marks(self, scale: Scale, y: float, piece: Piece) -> list[Mark]:
        figure, colour, pattern = piece
        if figure is None:
            return []
        zero, end = scale.at(0), scale.at(figure)
        return [Box(min(zero, end), y + 1, abs(end - zero), self.bar - 2, colour, pattern)]

    def end_words(self, scale: Scale, y: float, figure: float | None, name: str) -> Words:
        """The figure at the end of its bar, with the series' name where that stands in for a legend."""
        baseline = y + self.bar / 2 + 5
        if figure is None:
            return Words(scale.at(0) + 6, baseline, MISSING, colour=palette.SOFT)
        text = named(self.unit.short(figure), name) if name else self.unit.short(figure)
        if figure < 0:
            return Words(scale.at(figure) - 6, baseline, text, anchor="end")
        return Words(scale.at(figure) + 6, baseline, text)

    def reference_marks(self, x: float) -> list[Mark]:
        text = f"{self.reference_label} {self.unit.short(self.reference or 0)}".strip()
        half = text_width(text) / 2
        middle = min(max(x, half), WIDTH - half)
        return [
            Stroke(((x, self.top - 4), (x, self.height - 4)), palette.INK, width=2, dashes="5 4"),
            Words(middle, self.top - 9, text, anchor="middle", bold=True),
        ]


def ground_of(words: Words, x: float) -> Box | None:
    """A white ground for words that an upright line at x would strike through."""
    width = text_width(words.text)
    left = words.x - width if words.anchor == "end" else words.x
    return Box(left - 3, words.y - 14, width + 6, 18, "#fff") if left - 3 < x < left + width + 3 else None


class StackedBars(Rows):
    """Parts end to end in each row, the total at the end."""

    def __init__(
        self,
        categories: Sequence[str],
        stacks: Sequence[Sequence[float | None]],
        looks: Sequence[Look],
        unit: Unit,
        legend: Sequence[LegendEntry],
    ) -> None:
        self.stacks = stacks
        self.looks = looks
        super().__init__(categories, unit, thickness=24.0, legend=legend)

    def marks(self) -> tuple[Mark, ...]:
        if not self.stacks or not self.looks:
            return (Words(WIDTH / 2, self.top + 24, NO_FIGURES, anchor="middle", colour=palette.SOFT),)
        rights = [sum(figure for figure in stack if figure and figure > 0) for stack in self.stacks]
        lefts = [sum(figure for figure in stack if figure and figure < 0) for stack in self.stacks]
        totals = [self.total_text(stack) for stack in self.stacks]
        scale = bar_scale(self.left, [*rights, *lefts], [(0.0, text) for text in totals])
        marks: list[Mark] = [*self.legend_marks, *self.label_marks()]
        for centre, stack, right, text in zip(self.centres(), self.stacks, rights, totals, strict=True):
            marks += self.stack_marks(scale, centre - self.thickness / 2, stack)
            marks.append(Words(scale.at(right) + 6, centre + 5, text))
        zero = scale.at(0)
        marks.append(Stroke(((zero, self.top), (zero, self.height - 4)), palette.INK))
        return tuple(marks)

    def stack_marks(self, scale: Scale, y: float, stack: Sequence[float | None]) -> list[Mark]:
        marks: list[Mark] = []
        right = left = 0.0
        for figure, (colour, pattern) in zip(stack, self.looks, strict=True):
            if not figure:
                continue
            start = right if figure > 0 else left
            ends = scale.at(start), scale.at(start + figure)
            # A white seam of one unit keeps neighbours apart for eyes that see no colour.
            width = max(abs(ends[1] - ends[0]) - 1, 0.5)
            marks.append(Box(min(ends), y + 1, width, self.thickness - 2, colour, pattern))
            if figure > 0:
                right += figure
            else:
                left += figure
        return marks

    def total_text(self, stack: Sequence[float | None]) -> str:
        known = [figure for figure in stack if figure is not None]
        if not known:
            return MISSING
        missing = len(stack) - len(known)
        total = self.unit.short(sum(known)) if self.unit.additive else ""
        return f"{total} ({missing} {MISSING})".strip() if missing else total


def legend_rows(entries: Sequence[LegendEntry]) -> tuple[list[Mark], float]:
    """The names of the series with their fillings, in as many rows as they need; the height that they take."""
    marks: list[Mark] = []
    x, y = 0.0, 0.0
    for name, colour, pattern in entries:
        lines = wrapped(name, WIDTH - 40, most=1)
        room = text_width(lines[0]) + 44
        if x and x + room - 24 > WIDTH:
            x, y = 0.0, y + 22
        marks.append(Box(x, y + 2, 14, 14, colour, pattern))
        marks.append(Words(x + 20, y + 14, lines[0]))
        x += room
    return marks, y + 28 if entries else 0.0
