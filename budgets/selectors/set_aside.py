"""The set-aside of a year: where its figure comes from, what was used of it, and what is owed (2014 Act s.28)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils import timezone

from foundation.sgds.formats import date_uk, money

from ..enums import ClaimKind, Confidence, FundKind
from ..models import (
    Budget,
    BudgetLine,
    Contribution,
    SetAsideBasis,
    SetAsideClaim,
    SetAsideFigure,
    SetAsideReport,
)
from ..reported import ReportedLine, ReportedUse
from ..rules.set_aside import set_aside_claim, set_aside_reimbursement
from .directions import directed_lines
from .totals import NOTHING

UNGRADED = "Nobody has said how far the figure can be relied on."


@dataclass(frozen=True)
class SetAsidePanel:
    """What readers must know of the set-aside wherever its figure stands: method, source, date, confidence."""

    contribution: Contribution | None
    basis: SetAsideBasis | None

    @property
    def amount(self) -> Decimal | None:
        return self.contribution.amount if self.contribution else None

    @property
    def confidence(self) -> str:
        """The grade in words."""
        return Confidence(self.basis.confidence).label if self.basis else UNGRADED

    @property
    def sentence(self) -> str:
        """Whether the figure is notional, in a plain sentence."""
        if self.contribution is None:
            return "No money is recorded as set aside for this year."
        said = f"{self.contribution.body} sets aside {money(self.contribution.amount)}."
        if self.contribution.is_notional:
            return (
                f"{said} The figure is notional: it is the board’s own estimate, no money moves, and no activity is "
                "counted behind it."
            )
        if self.basis and self.basis.confidence in {Confidence.A, Confidence.B}:
            return f"{said} The figure is not notional: it follows from activity that was counted."
        return f"{said} The figure is not marked as notional, and no activity behind it is recorded."

    @property
    def words(self) -> str:
        """Everything in one paragraph: whether it is notional, its method, source and day, and its confidence."""
        if self.contribution is None:
            return self.sentence
        method = self.contribution.method.rstrip(".") or "not recorded"
        told = f"{self.sentence} How it was worked out: {method}."
        if self.basis is None:
            return f"{told} {self.confidence}"
        return (
            f"{told} Source: {self.basis.source}, {date_uk(self.basis.as_of)}. Confidence {self.confidence}. "
            f"{self.basis.words}"
        )


def set_aside_panel(budget: Budget) -> SetAsidePanel:
    """The honesty panel of the year. One query."""
    found = budget.contributions.filter(kind=FundKind.SET_ASIDE).select_related("body", "basis").first()
    return SetAsidePanel(found, getattr(found, "basis", None))


@dataclass(frozen=True)
class SetAsideRow:
    """A line of table F6: what is set aside for it and what the newest report says was used. Pounds."""

    line: BudgetLine
    figure: SetAsideFigure | None

    @property
    def variance(self) -> Decimal | None:
        """Set aside less used; negative is used beyond it."""
        return None if self.figure is None else self.line.amount - self.figure.used


@dataclass(frozen=True)
class SetAsideTable:
    """Table F6 of finance reports: the set-aside by line, as the newest report has it."""

    rows: tuple[SetAsideRow, ...]
    report: SetAsideReport | None

    @property
    def budget(self) -> Decimal:
        return sum((row.line.amount for row in self.rows), NOTHING)

    @property
    def used(self) -> Decimal | None:
        """What was used of all lines; None while a line has no figure."""
        used = [row.figure.used for row in self.rows if row.figure]
        return sum(used, NOTHING) if self.rows and len(used) == len(self.rows) else None

    @property
    def variance(self) -> Decimal | None:
        return None if self.used is None else self.budget - self.used


def set_aside_lines(budget: Budget) -> list[BudgetLine]:
    return list(budget.lines.filter(fund=FundKind.SET_ASIDE).select_related("function", "delivered_by"))


def set_aside_table(budget: Budget, report: SetAsideReport | None = None) -> SetAsideTable:
    """The year's set-aside lines with the figures of one report, the newest unless told. Three queries."""
    shown = report or budget.set_aside_reports.filter(reported_at__isnull=False).order_by("-ends_on").first()
    figures = {figure.line_id: figure for figure in shown.figures.all()} if shown else {}
    lines = set_aside_lines(budget)
    return SetAsideTable(tuple(SetAsideRow(line, figures.get(line.pk)) for line in lines), shown)


def reported_use(report: SetAsideReport) -> ReportedUse:
    """The report as it stands, in the form that is frozen. It must have been made."""
    budget = report.budget
    table, panel = set_aside_table(budget, report), set_aside_panel(budget)
    lines = tuple(
        ReportedLine(
            specialty=str(row.line),
            set_aside=row.line.amount,
            used=row.figure.used,
            bed_days=row.figure.activity,
            basis=row.figure.basis,
            is_estimate=row.figure.is_estimate,
        )
        for row in table.rows
        if row.figure
    )
    return ReportedUse(
        partnership=budget.partnership.name,
        year=budget.year_label,
        year_starts_on=budget.starts_on,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        reported_by=str(report.reported_by or "a person who has left"),
        reported_on=timezone.localdate(report.reported_at),
        note=report.note,
        sentence=panel.sentence,
        method=panel.contribution.method if panel.contribution else "",
        confidence=f"{panel.confidence}. {panel.basis.words}" if panel.basis else panel.confidence,
        lines=lines,
        set_aside=table.budget,
        used=sum((line.used for line in lines), NOTHING),
    )


@dataclass(frozen=True)
class ReportRow:
    """A report that was asked for, and where it stands."""

    report: SetAsideReport
    used: Decimal | None
    claim: SetAsideClaim | None
    is_overdue: bool

    @property
    def state(self) -> str:
        """The name of its tag."""
        if self.report.reported_at:
            return "submitted"
        return "overdue" if self.is_overdue else "waiting"

    @property
    def words(self) -> str:
        if self.report.reported_at:
            return f"Reported {date_uk(self.report.reported_at)}"
        return (
            f"Overdue since {date_uk(self.report.due_on)}"
            if self.is_overdue
            else f"Due {date_uk(self.report.due_on)}"
        )


def report_rows(budget: Budget, today: date | None = None) -> list[ReportRow]:
    """The reports of the year in their order. Two queries."""
    day = today or timezone.localdate()
    reports = list(budget.set_aside_reports.annotate(used=Sum("figures__used")).order_by("ends_on"))
    claims = {claim.report_id: claim for claim in SetAsideClaim.objects.filter(report__budget=budget)}
    rows = []
    for report in reports:
        report.budget = budget
        used: Decimal | None = vars(report)["used"]
        late = report.reported_at is None and report.due_on < day
        rows.append(ReportRow(report, used, claims.get(report.pk), late))
    return rows


@dataclass(frozen=True)
class SetAsideOwed:
    """What section 28 lets one of the two require, from what was specified and what was used. Pounds."""

    specified: Decimal
    used: Decimal
    is_directed: bool

    @property
    def claim(self) -> Decimal:
        return set_aside_claim(self.specified, self.used)

    @property
    def reimbursement(self) -> Decimal:
        return set_aside_reimbursement(self.specified, self.used)

    @property
    def kind(self) -> ClaimKind | None:
        if self.claim:
            return ClaimKind.CLAIM
        return ClaimKind.REIMBURSEMENT if self.reimbursement else None

    @property
    def amount(self) -> Decimal:
        return self.claim or self.reimbursement

    @property
    def sentence(self) -> str:
        base = "directed" if self.is_directed else "recorded as set aside, for no direction specifies it"
        start = f"{money(self.specified)} was {base}, and {money(self.used)} was used."
        if self.claim:
            return f"{start} The authority may require the board to pay it {money(self.claim)} (2014 Act s.28(3))."
        if self.reimbursement:
            return (
                f"{start} The board may require the authority to reimburse {money(self.reimbursement)} "
                "(2014 Act s.28(4))."
            )
        return f"{start} Nothing is owed."


def owed_after(report: SetAsideReport) -> SetAsideOwed | None:
    """What is owed once the year's last report is made; None before that.

    Specified is what directions in force on the period's last day set aside, or the recorded set-aside without any.
    """
    budget = report.budget
    if report.reported_at is None or report.ends_on != budget.ends_on:
        return None
    used = report.figures.aggregate(sum=Sum("used"))["sum"]
    if used is None:
        return None
    directed = directed_lines(budget, report.ends_on).filter(line__fund=FundKind.SET_ASIDE)
    specified = directed.aggregate(sum=Sum("amount"))["sum"]
    if specified is not None:
        return SetAsideOwed(specified, used, is_directed=True)
    recorded = budget.contributions.filter(kind=FundKind.SET_ASIDE).aggregate(sum=Sum("amount"))["sum"]
    return SetAsideOwed(recorded, used, is_directed=False) if recorded is not None else None
