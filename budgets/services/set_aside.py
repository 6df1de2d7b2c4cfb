from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from foundation import audit
from foundation.sgds.formats import joined
from partnerships.models import User

from ..enums import ClaimState, Confidence, FundKind
from ..models import (
    Budget,
    BudgetLine,
    Contribution,
    SetAsideBasis,
    SetAsideClaim,
    SetAsideFigure,
    SetAsideReport,
)
from ..refusals import ChangedMeanwhile, MoneyRefused, NotAnAmount
from ..rules import is_amount
from ..selectors.set_aside import owed_after, set_aside_lines

MONTHS_OF_YEAR = 12
DAY = timedelta(days=1)


@transaction.atomic
def record_basis(
    *, contribution: Contribution, source: str, as_of: date, confidence: Confidence, words: str, by: User
) -> SetAsideBasis:
    """It is recorded where the set-aside figure comes from and how far it can be relied on.

    Raises MoneyRefused for a payment, without source or words, or for a day to come.
    """
    if contribution.kind != FundKind.SET_ASIDE:
        raise MoneyRefused("Only a set-aside has a basis: a payment is really paid.")
    if not source.strip():
        raise MoneyRefused(
            {"source": "Name where the figure comes from, for example the board's paper and its date."}
        )
    if not words.strip():
        raise MoneyRefused({"words": "Say why the figure has this grade."})
    if as_of > timezone.localdate():
        raise MoneyRefused({"as_of": "Choose the day on which the board gave the figure: today or before."})
    fields = {"source": source.strip(), "as_of": as_of, "confidence": confidence, "words": words.strip()}
    basis, _ = SetAsideBasis.objects.update_or_create(
        contribution=contribution, defaults={**fields, "changed_by": by}
    )
    audit.record(
        by=by,
        action="budgets.set_aside_graded",
        subject=contribution,
        tenant=contribution.budget.partnership.slug,
        after=fields,
    )
    return basis


@transaction.atomic
def ask_for_reports(*, budget: Budget, months: int, days_after: int, by: User) -> list[SetAsideReport]:
    """The board owes a report for each period of `months` months of the year, `days_after` days after it ends.

    Periods that were asked for already stay as they are. Raises MoneyRefused unless the periods fill the year.
    Source: 2014 Act s.28(5).
    """
    if months < 1 or MONTHS_OF_YEAR % months:
        raise MoneyRefused(
            {"months": "Choose one, three, six or twelve months, so that the periods fill the year."}
        )
    if days_after < 1:
        raise MoneyRefused({"days_after": "Give the board at least one day after the period ends."})
    asked = []
    for first in range(0, MONTHS_OF_YEAR, months):
        ends_on = _month(budget, first + months) - DAY
        report, is_new = SetAsideReport.objects.get_or_create(
            budget=budget,
            starts_on=_month(budget, first),
            ends_on=ends_on,
            defaults={"due_on": ends_on + timedelta(days=days_after), "asked_by": by},
        )
        if is_new:
            asked.append(report)
    audit.record(
        by=by,
        action="budgets.set_aside_asked",
        subject=budget,
        tenant=budget.partnership.slug,
        after={"periods": len(asked), "months": months, "days after": days_after},
    )
    return asked


def _month(budget: Budget, number: int) -> date:
    """The first day of the year's month of that number; 0 is April."""
    month = budget.starts_on.month - 1 + number
    return date(budget.year + month // MONTHS_OF_YEAR, month % MONTHS_OF_YEAR + 1, 1)


@dataclass(frozen=True)
class UseOfLine:
    """What the board says of one line: pounds used since the year began, bed days, what was counted and when."""

    line: BudgetLine
    used: Decimal
    activity: int | None
    basis: str
    is_estimate: bool


@transaction.atomic
def make_report(
    *, report: SetAsideReport, figures: Iterable[UseOfLine], note: str, revision: int, by: User
) -> SetAsideReport:
    """The board has reported on the period, for every set-aside line.

    Raises MoneyRefused for a period that is not over, a line without a figure or basis, a report that was made
    already; NotAnAmount; ChangedMeanwhile. Source: 2014 Act s.28(5).
    """
    current = _held(report, revision)
    if current.reported_at is not None:
        raise MoneyRefused("This report is made already. The partnership can open it again.")
    if current.ends_on >= timezone.localdate():
        raise MoneyRefused("The period is not over yet, so nothing can be reported on it.")
    given = {figure.line: figure for figure in figures}
    missing = [line.title for line in set_aside_lines(current.budget) if line not in given]
    if missing:
        raise MoneyRefused(f"Give a figure for {joined([f'“{title}”' for title in missing])}.")
    faults: dict[str, str] = {}
    for line, figure in given.items():
        if not (answer := is_amount(figure.used)):
            faults[f"used-{line.pk}"] = answer.reason
        if not figure.basis.strip():
            faults[f"basis-{line.pk}"] = "Say what was counted, and of which year."
    if faults:
        raise NotAnAmount(faults)
    current.figures.all().delete()
    SetAsideFigure.objects.bulk_create(
        SetAsideFigure(
            report=current,
            line=line,
            used=figure.used,
            activity=figure.activity,
            basis=figure.basis.strip(),
            is_estimate=figure.is_estimate,
        )
        for line, figure in given.items()
    )
    current.note, current.reported_by, current.reported_at = note.strip(), by, timezone.now()
    _save(
        current, by, "budgets.set_aside_reported", {line.title: figure.used for line, figure in given.items()}
    )
    return current


@transaction.atomic
def reopen_report(*, report: SetAsideReport, reason: str, revision: int, by: User) -> SetAsideReport:
    """The board can report on the period again; its figures stay in the boxes. Raises MoneyRefused without a reason."""
    current = _held(report, revision)
    if not reason.strip():
        raise MoneyRefused({"reason": "Say what must be put right."})
    if current.claims.exists():
        raise MoneyRefused("Something was required on the strength of this report, so it stays as it is.")
    current.reported_at, current.reported_by = None, None
    _save(current, by, "budgets.set_aside_report_reopened", {}, reason.strip())
    return current


@transaction.atomic
def raise_claim(*, report: SetAsideReport, reason: str, by: User) -> SetAsideClaim:
    """What was not used is required from the board, or what was used beyond it is to be reimbursed.

    Raises MoneyRefused without a reason, where nothing is owed, or where it is recorded already.
    Source: 2014 Act s.28(3) and (4).
    """
    if not reason.strip():
        raise MoneyRefused({"reason": "Say why it is required, or why it is reimbursed."})
    if report.claims.exists():
        raise MoneyRefused("What is owed after this report is recorded already.")
    owed = owed_after(report)
    if owed is None or owed.kind is None:
        raise MoneyRefused(
            "Nothing is owed: the whole year is not reported, or as much was used as was set aside."
        )
    claim = SetAsideClaim.objects.create(
        report=report,
        kind=owed.kind,
        specified=owed.specified,
        used=owed.used,
        amount=owed.amount,
        reason=reason.strip(),
        changed_by=by,
    )
    audit.record(
        by=by,
        action="budgets.set_aside_claimed",
        subject=claim,
        tenant=report.budget.partnership.slug,
        after={"kind": claim.kind, "amount": claim.amount},
        reason=claim.reason,
    )
    return claim


@transaction.atomic
def settle_claim(*, claim: SetAsideClaim, state: ClaimState, reason: str, by: User) -> SetAsideClaim:
    """The claim or reimbursement is settled, or is not pursued, and it is said why. Raises MoneyRefused."""
    current = SetAsideClaim.objects.select_for_update().get(pk=claim.pk)
    if not reason.strip():
        raise MoneyRefused({"reason": "Say how it was settled, or why it is not pursued."})
    if current.state != ClaimState.REQUIRED or state == ClaimState.REQUIRED:
        raise MoneyRefused("It was settled before.")
    current.state, current.reason, current.changed_by = state, reason.strip(), by
    current.revision += 1
    current.save()
    audit.record(
        by=by,
        action="budgets.set_aside_claim_settled",
        subject=current,
        tenant=current.report.budget.partnership.slug,
        before={"state": ClaimState.REQUIRED},
        after={"state": current.state},
        reason=current.reason,
    )
    return current


def _held(report: SetAsideReport, revision: int) -> SetAsideReport:
    current = (
        SetAsideReport.objects.select_for_update(of=("self",))
        .select_related("budget__partnership")
        .get(pk=report.pk)
    )
    if current.revision != revision:
        raise ChangedMeanwhile(current)
    return current


def _save(report: SetAsideReport, by: User, action: str, after: dict[str, Decimal], reason: str = "") -> None:
    report.revision += 1
    report.save()
    audit.record(
        by=by,
        action=action,
        subject=report,
        tenant=report.budget.partnership.slug,
        after={"period to": report.ends_on, **after},
        reason=reason,
    )
