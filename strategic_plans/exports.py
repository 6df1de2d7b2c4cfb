"""A published version as data: every table of it as a file for a spreadsheet, made from the frozen figures alone."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import html
from lxml.html import HtmlElement

from foundation.documents.spreadsheets import harmless
from foundation.richtext.cleaning import plain_text

from .editions import BudgetPart, Edition, Paragraph, PointPart

# Files in the archive bear no time of making, so that the same version gives the same bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Table:
    """One table of the version: `name` is its file's, `title` says what it holds."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def tables_of(edition: Edition) -> list[Table]:
    """Every table of the edition: those that the portal makes, and those that stand in its text."""
    made = [
        _table(
            "sections",
            "Sections and their paragraphs",
            ["section", "number", "address", "text"],
            _sections(edition),
        ),
        _table(
            "figures-in-the-text",
            "Figures placed in the text, where they stand and how far they reach",
            ["section", "address", "figures", "title", "as_at", "source"],
            _placed(edition),
        ),
        _table(
            "priorities",
            "Priorities, the outcomes they serve and how",
            ["priority", "title", "outcome", "outcome_title", "how"],
            _outcomes(edition),
        ),
        _table(
            "principles",
            "Integration delivery principles and the priorities that have regard to them",
            ["principle", "text", "priority", "title"],
            _principles(edition),
        ),
        _table(
            "actions",
            "Actions under the priorities",
            [
                "action",
                "priority",
                "title",
                "owner",
                "starts_on",
                "due_on",
                "status",
                "cost",
                "paid_from",
                "localities",
            ],
            _actions(edition),
        ),
        _table(
            "funding",
            "Shares of budget lines that pay for the priorities, in pounds",
            ["priority", "year", "budget_line", "line_amount", "share_per_cent", "amount"],
            _funding(edition),
        ),
        _table(
            "contributions",
            "What each body pays or sets aside, in pounds",
            ["year", "body", "kind", "amount", "set_aside", "notional"],
            _contributions(edition),
        ),
        _table(
            "budget-lines",
            "Budget lines, in pounds",
            ["year", "heading", "line", "category", "delivered_by", "set_aside", "amount"],
            _lines(edition),
        ),
        _table(
            "indicators",
            "Indicators with their values here and in Scotland",
            ["indicator", "title", "unit", "area", "period", "value", "provisional", "release", "note"],
            _values(edition),
        ),
        _table(
            "localities",
            "Localities and their populations",
            ["locality", "name", "population", "aged_65_and_over", "aged_75_and_over", "year"],
            _localities(edition),
        ),
        _table(
            "engagement",
            "What people told us and what was promised",
            ["date", "place", "locality", "how", "who", "people", "heard", "promises"],
            _engagement(edition),
        ),
    ]
    return [table for table in made if table.rows] + list(_tables_in_text(edition))


def table_file(table: Table) -> bytes:
    """The table as CSV in UTF-8, with the mark by which spreadsheets know it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(table.header)
    writer.writerows([harmless(_plain(value)) for value in row] for row in table.rows)
    return file.getvalue().encode("utf-8-sig")


def archive(edition: Edition) -> bytes:
    """All tables in one ZIP file, with a list of them; the same edition gives the same bytes."""
    tables = tables_of(edition)
    contents = _table("contents", "", ["file", "what it holds"], ((f"{t.name}.csv", t.title) for t in tables))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as files:
        for table in (contents, *tables):
            files.writestr(zipfile.ZipInfo(f"{table.name}.csv", NO_TIME), table_file(table))
    return buffer.getvalue()


def _table(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Table:
    return Table(name, title, tuple(header), tuple(tuple(row) for row in rows))


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def _sections(edition: Edition) -> Iterator[Sequence[Any]]:
    parts = [(f"{part.number}. {part.title}", part.paragraphs) for part in edition.sections]
    parts += [(f"{part.number}. {part.name}", part.paragraphs) for part in edition.localities]
    for title, paragraphs in parts:
        for paragraph in paragraphs:
            yield title, paragraph.number, paragraph.anchor, plain_text(paragraph.html).replace("\n", " / ")


def _placed(edition: Edition) -> Iterator[Sequence[Any]]:
    parts = [(f"{part.number}. {part.title}", part.paragraphs) for part in edition.sections]
    parts += [(f"{part.number}. {part.name}", part.paragraphs) for part in edition.localities]
    for title, paragraphs in parts:
        for paragraph in paragraphs:
            if block := paragraph.block:
                yield title, paragraph.anchor, block.reference, block.title, block.as_at, block.source


def _principles(edition: Edition) -> Iterator[Sequence[Any]]:
    for principle in edition.principles:
        for priority in edition.priorities:
            if principle.code in priority.principles:
                yield principle.code, principle.text, priority.number, priority.title


def _outcomes(edition: Edition) -> Iterator[Sequence[Any]]:
    titles = {outcome.number: outcome.title for outcome in edition.outcomes}
    for priority in edition.priorities:
        for link in priority.outcomes:
            yield priority.number, priority.title, link.number, titles.get(link.number, ""), link.explanation


def _actions(edition: Edition) -> Iterator[Sequence[Any]]:
    for priority in edition.priorities:
        for action in priority.actions:
            yield (
                action.label,
                priority.number,
                action.title,
                action.owner,
                action.starts_on,
                action.due_on,
                action.status,
                action.cost,
                action.paid_from,
                "; ".join(action.localities),
            )


def _funding(edition: Edition) -> Iterator[Sequence[Any]]:
    for priority in edition.priorities:
        for part in priority.funding:
            yield priority.number, part.year, part.line, part.line_amount, part.share, part.amount


def _contributions(edition: Edition) -> Iterator[Sequence[Any]]:
    for budget in _budgets(edition):
        for part in budget.contributions:
            yield budget.year, part.body, part.kind, part.amount, part.is_set_aside, part.is_notional


def _lines(edition: Edition) -> Iterator[Sequence[Any]]:
    for budget in _budgets(edition):
        for line in budget.lines:
            yield (
                budget.year,
                line.group,
                line.title,
                line.category,
                line.delivered_by,
                line.is_set_aside,
                line.amount,
            )


def _budgets(edition: Edition) -> list[BudgetPart]:
    """The budgets at their fixed place, then those that only the text shows."""
    placed = {block.budget.year: block.budget for block in edition.blocks if block.budget}
    return list(({one.year: one for one in edition.budgets} | placed).values())


def _values(edition: Edition) -> Iterator[Sequence[Any]]:
    placed = {block.indicator.code: block.indicator for block in edition.blocks if block.indicator}
    for indicator in ({one.code: one for one in edition.indicators} | placed).values():
        named = (indicator.code, indicator.title, indicator.unit)
        for area, points in (
            (edition.partnership.short_name, indicator.points),
            ("Scotland", indicator.scotland),
        ):
            yield from ((*named, area, *_point(point)) for point in points)


def _point(point: PointPart) -> Sequence[Any]:
    return point.period, point.value, point.is_provisional, point.release, point.note


def _localities(edition: Edition) -> Iterator[Sequence[Any]]:
    for place in edition.localities:
        yield (
            place.number,
            place.name,
            place.population,
            place.population_65_plus,
            place.population_75_plus,
            place.population_year,
        )


def _engagement(edition: Edition) -> Iterator[Sequence[Any]]:
    parts = [edition.engagement, *(block.engagement for block in edition.blocks)]
    told = dict.fromkeys(activity for part in parts if part for activity in part.activities)
    for activity in told:
        promises = "; ".join(
            f"{promise.text} (due {promise.due_on.isoformat()}, {promise.state})"
            for promise in activity.promises
        )
        yield (
            activity.held_on,
            activity.place,
            activity.locality,
            activity.method,
            "; ".join(activity.groups),
            activity.attendance,
            activity.heard,
            promises,
        )


def _tables_in_text(edition: Edition) -> Iterator[Table]:
    texts = [(f"section-{part.number}", part.paragraphs) for part in edition.sections]
    texts += [(f"locality-{part.slug}", part.paragraphs) for part in edition.localities]
    for name, paragraphs in texts:
        for number, paragraph in enumerate((p for p in paragraphs if p.is_table), start=1):
            yield _text_table(f"{name}-table-{number}", paragraph)


def _text_table(name: str, paragraph: Paragraph) -> Table:
    """The cells as they stand; a cell over several columns or rows is repeated in each of them."""
    grid: dict[tuple[int, int], str] = {}
    rows: list[HtmlElement] = html.fragment_fromstring(paragraph.html).findall(".//tr")
    for row, element in enumerate(rows):
        column = 0
        for cell in element:
            while (row, column) in grid:
                column += 1
            text = " ".join(cell.text_content().split())
            for down in range(int(cell.get("rowspan", 1))):
                for right in range(int(cell.get("colspan", 1))):
                    grid[row + down, column + right] = text
    width = max((column for _, column in grid), default=-1) + 1
    lines = [tuple(grid.get((row, column), "") for column in range(width)) for row in range(len(rows))]
    head, body = (lines[0], lines[1:]) if lines else ((), [])
    return Table(name, paragraph.caption or "A table in the text", head, tuple(body))
