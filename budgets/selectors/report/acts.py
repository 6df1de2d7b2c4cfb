"""The tables of what was done in the year: recovery plan and virements."""

from __future__ import annotations

from foundation.sgds.formats import count_in_words, money

from ...books import Books
from ..totals import NOTHING
from .shape import (
    Head,
    Row,
    Table,
    total_amount,
)


def recovery(books: Books) -> Table | None:
    """F9: the actions of the recovery plan."""
    if books.recovery is None:
        return None
    actions = books.recovery.actions
    counted = [row for row in actions if row.progress != "Cancelled"]
    rows = [
        Row((row.action, row.owner, row.amount, row.due_on, row.confidence, row.progress, row.words))
        for row in actions
    ]
    rows.append(Row(("Total of what is not cancelled", "", total_amount(counted), None, "", "", ""), "total"))
    steps = "; ".join(f"{step.step.lower()}: {step.state.lower()}" for step in books.recovery.steps)
    return Table(
        "F9",
        "Recovery plan",
        f"{count_in_words(len(counted), 'action').capitalize()} {'is' if len(counted) == 1 else 'are'} to lower the "
        f"overspend by {money(total_amount(counted))}.",
        (
            Head("Action"),
            Head("Owner"),
            Head("Lowers it by", "money"),
            Head("By", "date"),
            Head("Confidence"),
            Head("Progress"),
            Head("How it stands"),
        ),
        tuple(rows),
        f"The overspend ladder: {steps}.",
    )


def virements(books: Books) -> Table:
    """F12: money moved between lines in the year."""
    rows = []
    for part in books.virements:
        out = ", ".join(f"{entry.title} {money(-entry.amount)}" for entry in part.entries if entry.amount < 0)
        into = ", ".join(f"{entry.title} {money(entry.amount)}" for entry in part.entries if entry.amount > 0)
        rows.append(
            Row(
                (
                    part.reference,
                    part.reason,
                    out,
                    into,
                    part.size,
                    "Recurring" if part.is_recurring else "Non-recurring",
                    part.approved_by + (f"; {part.minute_reference}" if part.minute_reference else ""),
                    part.approved_on,
                    part.direction_effect or "None",
                )
            )
        )
    moved = sum((part.size for part in books.virements), NOTHING)
    said = (
        f"{count_in_words(len(books.virements), 'virement').capitalize()} moved {money(moved)} between lines."
        if books.virements
        else "No money was moved between lines in the year."
    )
    return Table(
        "F12",
        "Virements",
        said,
        (
            Head("Reference"),
            Head("Why"),
            Head("From"),
            Head("To"),
            Head("Amount", "money"),
            Head("Recurring"),
            Head("Approved by"),
            Head("Date", "date"),
            Head("Directions"),
        ),
        tuple(rows),
    )
