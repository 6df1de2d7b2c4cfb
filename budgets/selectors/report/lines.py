"""The tables over the lines: by service, by arm, by type of spend, hosted services, the set-aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from foundation.sgds.formats import count_in_words, date_uk, money

from ...books import Books, ContributionPart, LinePart, SetAsideUsePart
from ...enums import NOT_TOLD_APART, Arm, Confidence, FundKind, Rag, Subjective
from ...rules import share_in
from ..totals import NOTHING
from .shape import (
    MONEY_HEADS,
    VARIANCE_NOTE,
    Head,
    Row,
    Table,
    added_or_none,
    outturn_sentence,
    sum_of,
    total_cells,
    with_and_without,
)

ARMS = {
    Arm.COUNCIL: "Council-delegated",
    Arm.HEALTH_BOARD: "NHS-delegated",
    Arm.HOSTED: "Hosted services",
    Arm.SET_ASIDE: "Set aside",
}


def by_service(books: Books) -> Table:
    """F1: each line under its heading."""
    groups: dict[str, list[LinePart]] = {}
    for line in books.lines:
        aside = " (set aside)" if line.fund == FundKind.SET_ASIDE else ""
        groups.setdefault(f"{line.group or 'No heading'}{aside}", []).append(line)
    rows = []
    for label, lines in groups.items():
        rows.append(Row((label, *total_cells(lines), "", ""), "part"))
        rows += [
            Row(
                (line.title, *total_cells([line]), line.rag, line.reason.cause if line.reason else ""),
                line=line.line,
            )
            for line in lines
        ]
    return Table(
        "F1",
        "Monitoring by service",
        f"{outturn_sentence(books)} {_over_words(books.lines)}",
        (Head("Service"), *MONEY_HEADS, Head("Standing", "rag"), Head("Main reason")),
        (*rows, *with_and_without(books, "", "")),
        VARIANCE_NOTE,
    )


def _over_words(lines: Sequence[LinePart]) -> str:
    """How many lines are expected to end over budget, and how many of them so far over that they are marked."""
    over = sum(line.variance is not None and line.variance < 0 for line in lines)
    if not over:
        return "No line is expected to end over budget."
    red = sum(line.rag == Rag.RED for line in lines)
    marked = f"; {count_in_words(red, 'of them is', 'of them are')} marked “{Rag.RED.label}”" if red else ""
    return (
        f"{count_in_words(over, 'line').capitalize()} of {len(lines)} {'is' if over == 1 else 'are'} expected to end "
        f"over budget{marked}."
    )


def _recurring_words(count: int) -> str:
    if not count:
        return "none of them recurs next year"
    return count_in_words(count, "of them recurs next year", "of them recur next year")


def reasons(books: Books) -> Table | None:
    """What stands behind the variances of F1: cause, action, owner and date in full."""
    explained = [line for line in books.lines if line.reason]
    if not explained:
        return None
    recurring = sum(line.reason.is_recurring for line in explained if line.reason)
    return Table(
        "F1a",
        "Reasons for variances",
        f"{count_in_words(len(explained), 'variance').capitalize()} above the threshold "
        f"{'is' if len(explained) == 1 else 'are'} explained; {_recurring_words(recurring)}.",
        (
            Head("Service"),
            Head("Projected variance", "money"),
            Head("Main reason"),
            Head("Recurring"),
            Head("What happened"),
            Head("Action"),
            Head("Owner"),
            Head("By", "date"),
        ),
        tuple(
            Row(
                (
                    line.title,
                    line.variance,
                    line.reason.cause,
                    "Yes" if line.reason.is_recurring else "No",
                    line.reason.words,
                    line.reason.action,
                    line.reason.owner,
                    line.reason.due_on,
                )
            )
            for line in explained
            if line.reason
        ),
        VARIANCE_NOTE,
    )


def by_care_group(books: Books) -> Table | None:
    """F1b: what lines for a care group come to. Groups overlap, so they have no total."""
    groups = sorted({group for line in books.lines for group in line.care_groups})
    if not groups:
        return None
    paid = {group: [line for line in books.paid_lines if group in line.care_groups] for group in groups}
    rows = []
    for group in groups:
        aside = [line for line in books.set_aside_lines if group in line.care_groups]
        rows += [Row((group, *total_cells(paid[group])))] if paid[group] else []
        rows += [Row((f"{group} (set aside)", *total_cells(aside)))] if aside else []
    largest = max(groups, key=lambda group: sum_of(paid[group], "budget"))
    without = ", without the set-aside," if books.set_aside_lines else ""
    return Table(
        "F1b",
        "By care group",
        f"Lines are told for {count_in_words(len(groups), 'care group')}. The largest budget{without} is that of "
        f"{largest[:1].lower()}{largest[1:]}: {money(sum_of(paid[largest], 'budget'))}.",
        (Head("Care group"), *MONEY_HEADS),
        tuple(rows),
        f"A line for several groups counts in each, so the rows are not added up. {VARIANCE_NOTE}",
    )


def by_arm(books: Books) -> Table:
    """F2: the side of the budget that a line belongs to."""
    rows = []
    for arm, label in ARMS.items():
        lines = [line for line in books.lines if line.arm == arm]
        if lines and arm != Arm.SET_ASIDE:
            rows.append(Row((label, *total_cells(lines))))
    worst = min(rows, key=lambda row: row.cells[8] or NOTHING, default=None)
    said = ""
    if worst is not None and worst.cells[8] and worst.cells[8] < 0:
        said = f" Most of the overspend is {worst.cells[0].lower()}: {money(-worst.cells[8])}."
    return Table(
        "F2",
        "By partner arm",
        outturn_sentence(books) + said,
        (Head("Arm"), *MONEY_HEADS),
        (*rows, *with_and_without(books)),
        VARIANCE_NOTE,
    )


def by_type_of_spend(books: Books) -> Table | None:
    """F3: the subjective heading of each line; what no line tells apart stands last, the set-aside at the foot."""
    if not any(line.subjective for line in books.paid_lines):
        return None
    rows = []
    for heading, label in (*Subjective.choices, ("", NOT_TOLD_APART)):
        lines = [line for line in books.paid_lines if line.subjective == heading]
        if lines:
            rows.append(Row((label, *total_cells(lines))))
    return Table(
        "F3",
        "By type of spend",
        _told_apart(books, [row for row in rows if row.cells[0] != NOT_TOLD_APART]),
        (Head("Type of spend"), *MONEY_HEADS),
        (*rows, *with_and_without(books)),
        VARIANCE_NOTE,
    )


def _told_apart(books: Books, rows: Sequence[Row]) -> str:
    """How much of the revised budget is told apart, the largest type of spend, and the one furthest over budget."""
    told, all_of_it = sum((row.cells[3] for row in rows), NOTHING), sum_of(books.paid_lines, "budget")
    largest = max(rows, key=lambda row: row.cells[3])
    worst = min(rows, key=lambda row: row.cells[8] or NOTHING)
    without = " without the set-aside" if books.set_aside_lines else ""
    words = (
        f"{'All' if told == all_of_it else money(told)} of the {money(all_of_it)} budgeted{without} is told apart by "
        f"type of spend. The largest is {largest.cells[0].lower()}: {money(largest.cells[3])}."
    )
    if worst.cells[8] and worst.cells[8] < 0:
        words += f" Furthest over budget: {worst.cells[0].lower()}, by {money(-worst.cells[8])}."
    return words


def hosted(books: Books) -> Table | None:
    """F5: services that one partnership runs for several."""
    lines = [line for line in books.lines if line.arm == Arm.HOSTED]
    if not lines:
        return None
    rows = [
        Row(
            (
                line.title,
                line.hosted_by,
                line.hosted_total,
                line.hosted_outturn,
                line.hosted_variance,
                line.hosted_share,
                line.budget,
                line.forecast,
                line.variance,
            )
        )
        for line in lines
    ]
    total = Row(
        (
            "Total",
            "",
            None,
            None,
            None,
            None,
            sum_of(lines, "budget"),
            added_or_none(lines, lambda line: line.forecast),
            added_or_none(lines, lambda line: line.variance),
        ),
        "total",
    )
    return Table(
        "F5",
        "Hosted and lead services",
        f"{count_in_words(len(lines), 'service').capitalize()} run for several partnerships: this partnership’s "
        f"share is {money(sum_of(lines, 'budget'))}.{_away_from_the_share(lines)}{_as_hosts_expect(lines)}",
        (
            Head("Service"),
            Head("Host"),
            Head("Host’s total budget", "money"),
            Head("Host’s projected outturn", "money"),
            Head("Host’s variance", "money"),
            Head("Our share", "percent"),
            Head("Our budget", "money"),
            Head("Our projected outturn", "money"),
            Head("Our variance", "money"),
        ),
        (*rows, total),
        f"{VARIANCE_NOTE}{_not_told(books, lines)}",
    )


def _not_told(books: Books, lines: Sequence[LinePart]) -> str:
    """Why figures of hosts are not there; nothing where all are."""
    if not books.says_hosts_outturn:
        return " The month was closed before the hosts’ outturns were kept."
    if all(line.hosted_variance is not None for line in lines):
        return ""
    return " Where a figure of the host is empty, the host has not told it."


def _as_hosts_expect(lines: Sequence[LinePart]) -> str:
    """Which hosts expect to end away from their budget, and where our forecast is a pound or more from our share."""
    said = []
    for line in lines:
        parts = []
        if off := line.hosted_variance:
            parts.append(
                f"{line.hosted_by} expects to end {money(abs(off))} {'over' if off < 0 else 'under'} budget"
            )
        share = share_in(line.hosted_outturn, line.hosted_share)
        if share is not None and line.forecast is not None and abs(share - line.forecast) >= 1:
            parts.append(
                f"our share of the host’s outturn comes to {money(share)}, {money(line.forecast)} is forecast"
            )
        if parts:
            said.append(f" {line.title}: {'; '.join(parts)}.")
    return "".join(said)


def _away_from_the_share(lines: Sequence[LinePart]) -> str:
    """Which services are budgeted a pound or more away from our share of the host's total."""
    away = []
    for line in lines:
        share = share_in(line.hosted_total, line.hosted_share)
        if share is not None and abs(share - line.budget) >= 1:
            away.append(f"{line.title}: {money(line.budget)} is budgeted, the share comes to {money(share)}")
    return f" Budgeted away from the share: {'; '.join(away)}." if away else ""


def set_aside(books: Books) -> Table | None:
    """F6: the money that stays with the health board, with method, source, day and confidence."""
    lines = books.set_aside_lines
    if not lines:
        return None
    parts = [part for part in books.contributions if part.kind == FundKind.SET_ASIDE]
    use = {part.line: part for part in books.set_aside_use}
    rows = [
        Row(
            (
                line.title,
                line.function,
                line.budget,
                line.actual,
                line.forecast,
                line.variance,
                *_reported_use(use.get(line.line)),
            )
        )
        for line in lines
    ]
    cells = total_cells(lines)
    methods = "; ".join(part.method for part in parts if part.method)
    used = added_or_none(lines, lambda line: use[line.line].used if line.line in use else None)
    total = ("Total set aside", "", cells[2], cells[4], cells[6], cells[7], used, None, None, "")
    rows.append(Row(total, "total"))
    return Table(
        "F6",
        "Set-aside",
        f"{money(cells[2])} is set aside by the health board. "
        + " ".join(filter(None, (_notional(parts), *map(_reliance, parts)))),
        (
            Head("Service"),
            Head("Function"),
            Head("Budget", "money"),
            Head("Estimated spend to date", "money"),
            Head("Projected outturn", "money"),
            Head("Variance", "money"),
            Head("Used, as the board reported", "money"),
            Head("Reported up to", "date"),
            Head("Occupied bed days", "number"),
            Head("Basis and year of the data"),
        ),
        tuple(rows),
        f"How it was worked out: {methods.rstrip('.') or 'not recorded'}. {VARIANCE_NOTE}",
    )


def _reported_use(use: SetAsideUsePart | None) -> tuple[Any, ...]:
    """What the board's last report says of a line: used up to which day, in how many bed days, on what basis."""
    if use is None:
        return (None, None, None, "")
    return (use.used, use.ends_on, use.activity, f"{use.basis}{' (estimate)' if use.is_estimate else ''}")


def _notional(parts: Sequence[ContributionPart]) -> str:
    if any(part.is_notional for part in parts):
        return "It is notional: the board’s own estimate, with no activity counted behind it."
    return ""


def _reliance(part: ContributionPart) -> str:
    """How far the figure can be relied on; that it is not known where nobody has graded it."""
    if not part.confidence:
        return "Nobody has graded how far the figure can be relied on."
    grade = Confidence(part.confidence).label
    return f"Confidence {grade}. {part.confidence_words} Source: {part.source}, {date_uk(part.as_of)}."
