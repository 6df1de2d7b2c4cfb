"""Blocks as canonical HTML."""

from html import escape
from itertools import groupby

from .. import placed
from .grammar import Block, Cell, Heading, ListBlock, Paragraph, Picture, Placed, Quotation, Run, Table


def write_block(block: Block) -> str:  # noqa: PLR0911 - a line for each kind
    match block:
        case Paragraph(runs):
            return f"<p>{_write_runs(runs)}</p>"
        case Heading(level, runs):
            return f"<h{level}>{_write_runs(runs)}</h{level}>"
        case ListBlock(tag, start, items):
            number = f' start="{start}"' if tag == "ol" and start != 1 else ""
            return (
                f"<{tag}{number}>" + "".join(f"<li>{_write_lean(item)}</li>" for item in items) + f"</{tag}>"
            )
        case Quotation(blocks):
            return f"<blockquote>{''.join(map(write_block, blocks))}</blockquote>"
        case Table():
            return _write_table(block)
        case Placed(reference):
            return placed.paragraph(reference)
        case Picture():
            return _write_picture(block)


def _write_lean(blocks: list[Block]) -> str:
    """Blocks of a list item or a cell; its only paragraph, if it comes first, stands there without tags."""
    match blocks:
        case [Paragraph(runs), *rest] if not any(isinstance(block, Paragraph) for block in rest):
            return _write_runs(runs) + "".join(map(write_block, rest))
    return "".join(map(write_block, blocks))


def _write_picture(picture: Picture) -> str:
    described = "" if picture.alt is None else f' alt="{escape(picture.alt)}"'
    below = f"<figcaption>{_write_runs(picture.caption)}</figcaption>" if picture.caption else ""
    return f'<figure><img src="{escape(picture.address)}"{described}>{below}</figure>'


def _write_table(table: Table) -> str:
    caption = f"<caption>{_write_runs(table.caption)}</caption>" if table.caption else ""
    head = f"<thead>{''.join(_write_row(row, 'col') for row in table.head)}</thead>" if table.head else ""
    body = "".join(_write_row(row, "row") for row in table.body)
    return f"<table>{caption}{head}<tbody>{body}</tbody></table>"


def _write_row(cells: list[Cell], scope: str) -> str:
    return "<tr>" + "".join(_write_cell(cell, scope) for cell in cells) + "</tr>"


def _write_cell(cell: Cell, scope: str) -> str:
    attributes = ""
    if cell.tag == "th":
        attributes += f' scope="{scope}"'
    if cell.colspan > 1:
        attributes += f' colspan="{cell.colspan}"'
    if cell.rowspan > 1:
        attributes += f' rowspan="{cell.rowspan}"'
    return f"<{cell.tag}{attributes}>{_write_lean(cell.blocks)}</{cell.tag}>"


def _write_runs(runs: list[Run]) -> str:
    parts = []
    for link, linked in groupby(runs, key=lambda run: run.link):
        inner = _write_marked(list(linked), ("strong", "em", "level"))
        if link:
            href, title = link
            words = f' title="{escape(title)}"' if title else ""
            inner = f'<a href="{escape(href)}"{words} rel="noopener">{inner}</a>'
        parts.append(inner)
    return "".join(parts)


def _write_run(run: Run) -> str:
    if run.note:
        return f"<small>{_write_runs(list(run.note))}</small>"
    return escape(run.text, quote=False).replace("\n", "<br>")


def _write_marked(runs: list[Run], marks: tuple[str, ...]) -> str:
    if not marks:
        return "".join(map(_write_run, runs))
    mark, *rest = marks
    parts = []
    for value, group in groupby(runs, key=lambda run: getattr(run, mark)):
        inner = _write_marked(list(group), tuple(rest))
        tag = mark if value is True else value
        parts.append(f"<{tag}>{inner}</{tag}>" if tag else inner)
    return "".join(parts)
