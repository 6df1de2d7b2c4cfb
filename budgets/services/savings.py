from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction

from foundation import audit
from partnerships.models import User

from ..enums import Arm, Assessment
from ..models import Budget, BudgetLine, Direction, Saving, SavingsTarget
from ..refusals import ChangedMeanwhile, MoneyRefused, NameTaken, NotAnAmount, OutsideThePartnership
from .guarded import check_amount, check_reason, held_of_year

# Relations are set once the saving has its row.
RELATIONS = ("lines", "directions")
TARGET_RECORDED = ("amount", "minute")


class SavingFields(TypedDict):
    """What a saving says. Pounds; `forecast` is None while nobody has made one."""

    reference: str
    title: str
    lead: str
    arm: Arm
    target: Decimal
    is_recurring: bool
    delivered: Decimal
    forecast: Decimal | None
    note: str
    assessment: Assessment
    assessment_reference: str
    lines: Collection[BudgetLine]
    directions: NotRequired[Collection[Direction]]


SAVING_RECORDED = tuple(SavingFields.__annotations__)


@transaction.atomic
def add_saving(*, budget: Budget, by: User, **fields: Unpack[SavingFields]) -> Saving:
    """The year has one saving more. Raises NameTaken, NotAnAmount, OutsideThePartnership, MoneyRefused."""
    saving = Saving(budget=budget, changed_by=by)
    _fill(saving, fields)
    saving.save()
    _relate(saving, fields)
    audit.record(
        by=by,
        action="budgets.saving_added",
        subject=saving,
        tenant=budget.partnership.slug,
        after=audit.snapshot(saving, SAVING_RECORDED),
    )
    return saving


@transaction.atomic
def change_saving(*, saving: Saving, revision: int, by: User, **fields: Unpack[SavingFields]) -> Saving:
    """The saving says what `fields` say. Raises what `add_saving` raises, and ChangedMeanwhile."""
    current = held_of_year(saving, revision)
    before = audit.snapshot(current, SAVING_RECORDED)
    _fill(current, fields)
    current.revision += 1
    current.changed_by = by
    current.save()
    _relate(current, fields)
    audit.record(
        by=by,
        action="budgets.saving_changed",
        subject=current,
        tenant=current.budget.partnership.slug,
        before=before,
        after=audit.snapshot(current, SAVING_RECORDED),
    )
    return current


@transaction.atomic
def remove_saving(*, saving: Saving, revision: int, reason: str, by: User) -> None:
    """The saving is gone; the audit trail keeps what it said and why. Raises MoneyRefused, ChangedMeanwhile."""
    current = held_of_year(saving, revision)
    check_reason(reason, "Say why the saving is removed. Auditors read it.")
    audit.record(
        by=by,
        action="budgets.saving_removed",
        subject=current,
        tenant=current.budget.partnership.slug,
        before=audit.snapshot(current, SAVING_RECORDED),
        reason=reason.strip(),
    )
    current.delete()


@transaction.atomic
def set_savings_target(
    *, budget: Budget, amount: Decimal, minute: str, revision: int, by: User
) -> SavingsTarget:
    """The year has a target for its savings, in pounds. `revision` 0 says that there was none.

    Raises NotAnAmount, and ChangedMeanwhile when somebody saved it in between.
    """
    check_amount(amount)
    held = Budget.objects.select_for_update().get(pk=budget.pk)
    target = SavingsTarget.objects.filter(budget=held).first()
    if target is not None and target.revision != revision:
        raise ChangedMeanwhile(target)
    before = audit.snapshot(target, TARGET_RECORDED) if target else None
    target = target or SavingsTarget(budget=held, revision=0)
    target.amount, target.minute, target.changed_by = amount, minute, by
    target.revision += 1
    target.save()
    audit.record(
        by=by,
        action="budgets.savings_target_set",
        subject=target,
        tenant=budget.partnership.slug,
        before=before,
        after=audit.snapshot(target, TARGET_RECORDED),
    )
    return target


def _relate(saving: Saving, fields: SavingFields) -> None:
    saving.lines.set(fields["lines"])
    if "directions" in fields:
        saving.directions.set(fields["directions"])


def _fill(saving: Saving, fields: SavingFields) -> None:
    for name, value in fields.items():
        if name not in RELATIONS:
            setattr(saving, name, value)
    check_amount(saving.target, field="target")
    if not saving.target:
        raise NotAnAmount({"target": "Enter what the saving is to save. A saving of £0 saves nothing."})
    check_amount(saving.delivered, field="delivered", may_be_negative=True)
    if saving.forecast is not None:
        check_amount(saving.forecast, field="forecast", may_be_negative=True)
    if saving.is_assessed and not saving.assessment_reference.strip():
        raise MoneyRefused(
            {
                "assessment_reference": "Say where the assessment is kept, or why none is needed, so that a reader "
                "can find it."
            }
        )
    others = saving.budget.savings.exclude(pk=saving.pk)
    if others.filter(reference__iexact=saving.reference).exists():
        raise NameTaken(
            {
                "reference": f"{saving.reference} is another saving of {saving.budget.year_label}. Choose another."
            }
        )
    if any(line.budget_id != saving.budget_id for line in fields["lines"]):
        raise OutsideThePartnership({"lines": f"Choose lines of the {saving.budget.year_label} budget."})
    partnership = saving.budget.partnership_id
    if any(not one.is_issued or one.partnership_id != partnership for one in fields.get("directions", ())):
        raise OutsideThePartnership({"directions": "Choose directions that this partnership has issued."})
