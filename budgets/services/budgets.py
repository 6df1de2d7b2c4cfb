from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from foundation import audit
from partnerships.models import Partnership, User

from ..enums import BudgetState, MovementState
from ..models import FIRST_YEAR, LAST_YEAR, Budget, BudgetLine, FundingChange, Virement
from ..refusals import AgainstTheAct, MoneyRefused, NothingToAgree, YearIsOpenAlready
from ..selectors import possible_contributions
from .guarded import held_for_change


@transaction.atomic
def open_budget(
    *,
    partnership: Partnership,
    year: int,
    by: User,
    source: str = "",
    note: str = "",
    lines_from: Budget | None = None,
) -> Budget:
    """The year has a draft budget, empty or with last year's lines and amounts as a starting point.

    `year` is the one in which the financial year starts. `lines_from` gives its lines with their amounts and
    their whole scope, care groups included; what was spent and the split by locality belong to their own year.

    Raises YearIsOpenAlready, and MoneyRefused for a year outside 2015 to 2100 or lines of another partnership.
    Source: 2014 Act s.14.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise MoneyRefused({"year": f"Choose a year from {FIRST_YEAR}/{FIRST_YEAR - 1999} on."})
    if lines_from is not None and lines_from.partnership_id != partnership.pk:
        raise MoneyRefused({"lines_from": f"Choose a budget of {partnership} to take the lines from."})
    budget, is_new = Budget.objects.get_or_create(
        partnership=partnership, year=year, defaults={"source": source, "note": note}
    )
    if not is_new:
        raise YearIsOpenAlready(
            {
                "year": f"The {budget.year_label} budget is open already. Choose another year, or go to that budget."
            }
        )
    copied = _copy_lines(lines_from, budget, by) if lines_from else 0
    audit.record(
        by=by,
        action="budgets.opened",
        subject=budget,
        tenant=partnership.slug,
        after={"year": budget.year_label, "source": source, "lines copied": copied},
    )
    return budget


def _copy_lines(source: Budget, target: Budget, by: User) -> int:
    lines = list(source.lines.prefetch_related("care_groups"))
    cared_for = [
        (position, [group.pk for group in line.care_groups.all()]) for position, line in enumerate(lines)
    ]
    for line in lines:
        line.pk, line._state.adding = None, True
        line.budget, line.actual, line.original = target, None, None
        line.locality_method, line.locality_note = "", ""
        line.revision, line.changed_by = 1, by
    BudgetLine.objects.bulk_create(lines)
    through = BudgetLine.care_groups.through
    through.objects.bulk_create(
        through(budgetline_id=lines[position].pk, caregroup_id=group)
        for position, groups in cared_for
        for group in groups
    )
    return len(lines)


@transaction.atomic
def agree_budget(*, budget: Budget, by: User) -> Budget:
    """The budget is agreed and its figures stand still.

    An unbalanced budget can be agreed: its state is said on every page instead.

    Raises BudgetIsAgreed, NothingToAgree when nobody pays or nothing is allocated, and AgainstTheAct while a sum stands
    that the year's model of integration does not allow (2014 Act ss.14, 18, 19).
    """
    current = held_for_change(budget)
    if current.state == BudgetState.NOT_AGREED:
        raise NothingToAgree(
            f"The partners have not agreed the {current.year_label} budget. Record that they have, with the outcome, "
            "and then agree it."
        )
    if not current.contributions.exists() or not current.lines.exists():
        raise NothingToAgree(
            "There is nothing to agree yet. Record what the council and the health board pay, and allocate it "
            "to at least one line."
        )
    unlawful = [row for row in possible_contributions(current) if row.is_against_the_act]
    if unlawful:
        raise AgainstTheAct([f"{row.kind.label} by {row.body}: {row.is_lawful.reason}" for row in unlawful])
    current.state, current.agreed_at, current.agreed_by = BudgetState.AGREED, timezone.now(), by
    current.save(update_fields=["state", "agreed_at", "agreed_by"])
    current.lines.update(original=F("amount"))
    _record_state(current, by=by, action="budgets.agreed", before=BudgetState.DRAFT)
    return current


@transaction.atomic
def reopen_budget(*, budget: Budget, by: User, reason: str) -> Budget:
    """The budget is a draft again, and the trail says why.

    Raises MoneyRefused without a reason, when the budget is a draft already, or once a period of it was begun or money
    was moved in it: then it changes by virements and allocations, which stay in sight.
    """
    current = Budget.objects.select_for_update().get(pk=budget.pk)
    if not reason.strip():
        raise MoneyRefused({"reason": "Say why the agreed budget is reopened. Auditors read it."})
    if not current.is_agreed:
        raise MoneyRefused(f"The {current.year_label} budget is a draft already, so it can be changed.")
    if current.periods.exists() or _was_moved(current):
        raise MoneyRefused(
            f"The {current.year_label} budget is being monitored or money was moved in it, so it is not reopened. "
            "Propose a virement or an allocation in the year instead."
        )
    current.state, current.agreed_at, current.agreed_by = BudgetState.DRAFT, None, None
    current.save(update_fields=["state", "agreed_at", "agreed_by"])
    current.lines.update(original=None)
    _record_state(current, by=by, action="budgets.reopened", before=BudgetState.AGREED, reason=reason.strip())
    return current


def _was_moved(budget: Budget) -> bool:
    moved = [
        kind.objects.filter(budget=budget, state=MovementState.APPLIED) for kind in (Virement, FundingChange)
    ]
    return any(rows.exists() for rows in moved)


def _record_state(budget: Budget, *, by: User, action: str, before: BudgetState, reason: str = "") -> None:
    audit.record(
        by=by,
        action=action,
        subject=budget,
        tenant=budget.partnership.slug,
        before={"state": before},
        after={"state": budget.state},
        reason=reason,
    )
