"""What moved between two closes: which figures, by how much, why, and who stands for it. Frozen content only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from foundation.sgds.formats import count_in_words, money

from ..books import Books, FundingPart, LinePart, VirementPart
from ..models import Close
from .totals import NOTHING

FIGURES = {
    "budget": "Budget for the year",
    "actual": "Spent to date",
    "forecast": "Forecast for the year",
    "hosted_outturn": "The host’s projected outturn",
}


@dataclass(frozen=True)
class Moved:
    """One figure of one line that differs. Pounds; None where a close does not have it."""

    line: str
    is_set_aside: bool
    figure: str
    was: Decimal | None
    now: Decimal | None
    why: str
    who: str

    @property
    def by(self) -> Decimal | None:
        return None if self.was is None or self.now is None else self.now - self.was


@dataclass(frozen=True)
class TotalMoved:
    """The year's budget and forecast of one kind of money, before and now. Pounds."""

    label: str
    budget_was: Decimal
    budget: Decimal
    variance_was: Decimal
    variance: Decimal

    @property
    def by(self) -> Decimal:
        return self.variance - self.variance_was


@dataclass(frozen=True)
class Comparison:
    """`older` is what readers saw last, `newer` what they see now."""

    older: Close
    newer: Close
    totals: tuple[TotalMoved, ...]
    moves: tuple[Moved, ...]
    actions: tuple[str, ...]

    def of(self, figure: str) -> list[Moved]:
        """The moves of one figure, the largest first."""
        found = [move for move in self.moves if move.figure == FIGURES[figure]]
        return sorted(found, key=lambda move: -abs(move.by or NOTHING))

    @property
    def budgets(self) -> list[Moved]:
        return self.of("budget")

    @property
    def forecasts(self) -> list[Moved]:
        return self.of("forecast")

    @property
    def spendings(self) -> list[Moved]:
        """What was spent to date, where the month is the same: only a late change moves it."""
        return self.of("actual") if self.older.period_id == self.newer.period_id else []

    @property
    def hosts(self) -> list[Moved]:
        """What hosts expect of the whole of their services."""
        return self.of("hosted_outturn")

    @property
    def sentence(self) -> str:
        """The whole in a sentence or two."""
        total = self.totals[0]
        parts = [f"Since {self.older}, the forecast of {count_in_words(len(self.forecasts), 'line')} moved"]
        if total.by:
            better = "better" if total.by > 0 else "worse"
            parts.append(f"and the year is expected to end {money(abs(total.by))} {better}")
        else:
            parts.append("and the year is expected to end as it was")
        budgets = (
            f"The budget of {count_in_words(len(self.budgets), 'line')}" if self.budgets else "No budget"
        )
        late = count_in_words(len(self.spendings), "line")
        spent = f" What was spent to date changed for {late}." if self.spendings else ""
        return f"{' '.join(parts)}, without the set-aside. {budgets} changed.{spent}"


def comparison_of(older: Close, newer: Close) -> Comparison:
    """What differs between the two. No query."""
    before, after = older.books, newer.books
    return Comparison(
        older=older,
        newer=newer,
        totals=tuple(_totals(before, after)),
        moves=tuple(_moves(before, after, newer)),
        actions=tuple(_actions(before, after)),
    )


def _totals(before: Books, after: Books) -> Iterator[TotalMoved]:
    kinds = [("Without the set-aside", before.paid_lines, after.paid_lines)]
    if before.set_aside_lines or after.set_aside_lines:
        kinds.append(("Set aside", before.set_aside_lines, after.set_aside_lines))
        kinds.append(("With the set-aside", before.lines, after.lines))
    for label, was, now in kinds:
        yield TotalMoved(label, _budget(was), _budget(now), _variance(was), _variance(now))


def _budget(lines: Sequence[LinePart]) -> Decimal:
    return sum((line.budget for line in lines), NOTHING)


def _variance(lines: Sequence[LinePart]) -> Decimal:
    return sum((line.variance or NOTHING for line in lines), NOTHING)


def _moves(before: Books, after: Books, newer: Close) -> Iterator[Moved]:
    was = {line.line: line for line in before.lines}
    known = {part.reference for part in _movements(before)}
    fresh = [part for part in _movements(after) if part.reference not in known]
    for line in after.lines:
        old = was.pop(line.line, None)
        for name, label in FIGURES.items():
            then, now = (getattr(old, name) if old else None), getattr(line, name)
            if then != now:
                why, who = _explained(name, line, fresh, newer)
                yield Moved(line.title, line.fund == "set_aside", label, then, now, why, who)
    for gone in was.values():
        yield Moved(
            gone.title,
            gone.fund == "set_aside",
            FIGURES["budget"],
            gone.budget,
            None,
            "The line was removed",
            "",
        )


def _movements(books: Books) -> list[VirementPart | FundingPart]:
    return [*books.virements, *books.funding]


def _explained(
    name: str, line: LinePart, fresh: Sequence[VirementPart | FundingPart], newer: Close
) -> tuple[str, str]:
    """Why a figure moved and who stands for it: a movement for a budget, a reason for a forecast."""
    if name == "budget":
        parts = [part for part in fresh if any(entry.line == line.line for entry in part.entries)]
        why = "; ".join(f"{part.reference}: {part.reason}" for part in parts)
        return why, ", ".join(sorted({part.approved_by for part in parts}))
    closed = f"Closed by {newer.closed_by}"
    if line.reason is None or name != "forecast":
        return newer.reason, closed
    return line.reason.told, closed


def _actions(before: Books, after: Books) -> Iterator[str]:
    """Recovery actions that are new, whose progress changed, or whose day has passed since."""
    was = {row.action: row for row in (before.recovery.actions if before.recovery else ())}
    for row in after.recovery.actions if after.recovery else ():
        old = was.get(row.action)
        if old is None:
            yield f"New: {row.action} ({money(row.amount)}, {row.owner})."
        elif old.progress != row.progress:
            yield f"{row.progress}: {row.action} ({money(row.amount)}), before: {old.progress.lower()}."
        elif row.progress not in {"Done", "Cancelled"} and before.ends_on <= row.due_on < after.ends_on:
            yield f"Late since this report: {row.action} ({row.owner})."
