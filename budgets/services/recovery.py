"""The recovery plan: begun when the forecast asks for it, its steps and actions kept up to date (R-FIN-06)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction

from foundation import audit
from partnerships.models import User

from ..enums import ActionConfidence, ActionProgress, LadderStep, StepState
from ..models import Budget, RecoveryAction, RecoveryPlan, RecoveryStep
from ..refusals import ChangedMeanwhile
from .guarded import check_amount

RECORDED = ("action", "owner", "amount", "due_on", "confidence", "progress", "words")


class ActionFields(TypedDict):
    """An action of the plan. `amount` in pounds: by how much it lowers the overspend."""

    action: str
    owner: str
    amount: Decimal
    due_on: date
    confidence: ActionConfidence
    progress: NotRequired[ActionProgress]
    words: NotRequired[str]


@transaction.atomic
def begin_recovery(*, budget: Budget, by: User) -> RecoveryPlan:
    """The year has a recovery plan with every step of the ladder; the one that it had already stays as it is."""
    current = Budget.objects.select_for_update().get(pk=budget.pk)
    plan, is_new = RecoveryPlan.objects.get_or_create(budget=current, defaults={"started_by": by})
    if not is_new:
        return plan
    first = {LadderStep.CORRECTIVE_ACTION: StepState.DONE, LadderStep.RECOVERY_PLAN: StepState.IN_USE}
    RecoveryStep.objects.bulk_create(
        RecoveryStep(plan=plan, step=step, state=first.get(step, StepState.NOT_REACHED))
        for step in LadderStep
    )
    audit.record(by=by, action="budgets.recovery_begun", subject=plan, tenant=current.partnership.slug)
    return plan


@transaction.atomic
def set_step(*, step: RecoveryStep, state: StepState, words: str, by: User) -> RecoveryStep:
    """The step of the ladder stands so, with these words."""
    current = (
        RecoveryStep.objects.select_for_update().select_related("plan__budget__partnership").get(pk=step.pk)
    )
    before = audit.snapshot(current, ("state", "words"))
    current.state, current.words = state, words.strip()
    current.revision += 1
    current.save(update_fields=["state", "words", "revision"])
    audit.record(
        by=by,
        action="budgets.recovery_step_set",
        subject=current,
        tenant=current.plan.budget.partnership.slug,
        before=before,
        after=audit.snapshot(current, ("state", "words")),
    )
    return current


@transaction.atomic
def add_action(*, plan: RecoveryPlan, by: User, **fields: Unpack[ActionFields]) -> RecoveryAction:
    """The plan has one action more. Raises NotAnAmount."""
    check_amount(fields["amount"])
    action = RecoveryAction.objects.create(plan=plan, changed_by=by, **fields)
    audit.record(
        by=by,
        action="budgets.recovery_action_added",
        subject=action,
        tenant=plan.budget.partnership.slug,
        after=audit.snapshot(action, RECORDED),
    )
    return action


@transaction.atomic
def change_action(
    *, recovery_action: RecoveryAction, revision: int, by: User, **fields: Unpack[ActionFields]
) -> RecoveryAction:
    """The action says what `fields` say. Raises NotAnAmount, ChangedMeanwhile."""
    check_amount(fields["amount"])
    current = (
        RecoveryAction.objects.select_for_update(of=("self",))
        .select_related("plan__budget__partnership")
        .get(pk=recovery_action.pk)
    )
    if current.revision != revision:
        raise ChangedMeanwhile(current)
    before = audit.snapshot(current, RECORDED)
    for name, value in fields.items():
        setattr(current, name, value)
    current.revision += 1
    current.changed_by = by
    current.save()
    audit.record(
        by=by,
        action="budgets.recovery_action_changed",
        subject=current,
        tenant=current.plan.budget.partnership.slug,
        before=before,
        after=audit.snapshot(current, RECORDED),
    )
    return current
