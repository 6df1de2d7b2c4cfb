"""The verbs of actions: the promise is written in a draft, and reported on until a successor takes the plan's place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from budgets.models import BudgetLine
from foundation import audit
from foundation.sgds.formats import date_uk
from localities.models import Locality
from partnerships.models import Membership, User

from ..enums import ActionStatus, PlanState
from ..models import Action, ActionUpdate, Plan, Priority
from ..rules.actions import why_words_are_wanted
from .plans import change_places, lock_draft


@dataclass(frozen=True)
class ActionDetails:
    """What an action promises. No localities: the whole area. `cost` in pounds, over the action's whole time."""

    title: str
    what: str = ""
    owner: User | None = None
    owner_words: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    cost: Decimal | None = None
    line: BudgetLine | None = None
    paid_from: str = ""
    localities: Iterable[Locality] = ()


class ActionChanged(Exception):
    """Somebody changed the action in between; `action` carries what is saved now."""

    def __init__(self, action: Action) -> None:
        self.action = action
        super().__init__(f"“{action}” was changed in between")


class ActionHasUpdates(Exception):
    """What was reported stays: an action with updates is cancelled, not removed."""


class OutsideThePartnership(ValueError):
    """A person, a locality or a budget line of another partnership has no part in this plan's actions."""


class PlanReplaced(Exception):
    """The plan's successor is published: what is still to be done is reported on there."""


class UpdatedMeanwhile(Exception):
    """Somebody reported on the action in between; `latest` is what they said."""

    def __init__(self, latest: ActionUpdate) -> None:
        self.latest = latest
        super().__init__(f"{latest.made_by} reported on “{latest.action}” in between")


class UpdateNeedsWords(ValueError):
    """Why this update is not enough without a sentence, in words for the person."""


def add_action(*, priority: Priority, details: ActionDetails, by: User) -> Action:
    """The priority has one action more, in the last place. Raises PlanFrozen, OutsideThePartnership."""
    with transaction.atomic():
        plan = lock_draft(priority.plan)
        action = Action(priority=_priority_in(plan, priority), number=_next_number(priority))
        _write(action, details)
        audit.record(
            by=by,
            action="strategic_plans.action_added",
            subject=action,
            tenant=plan.partnership.slug,
            after=_facts(action),
        )
    return action


def change_action(
    *, action: Action, details: ActionDetails, priority: Priority, expected_revision: int, by: User
) -> Action:
    """The action promises this and stands under this priority, in the last place if it comes from another.

    Raises ActionChanged when its revision is not `expected_revision` any more; PlanFrozen, OutsideThePartnership.
    """
    with transaction.atomic():
        plan = lock_draft(action.priority.plan)
        row = _row(action)
        if row.revision != expected_revision:
            raise ActionChanged(row)
        before = _facts(row)
        if row.priority_id != priority.pk:
            left, number = row.priority_id, row.number
            row.priority, row.number = _priority_in(plan, priority), _next_number(priority)
            Action.objects.filter(priority=left, number__gt=number).update(number=F("number") - 1)
        row.revision += 1
        _write(row, details)
        audit.record(
            by=by,
            action="strategic_plans.action_changed",
            subject=row,
            tenant=plan.partnership.slug,
            before=before,
            after=_facts(row),
        )
    return row


def assign_action(
    *, action: Action, owner: User | None, owner_words: str, expected_revision: int, by: User
) -> Action:
    """This person, body or role answers for the action from now on, in a published plan as well: people change posts.

    Raises ActionChanged, PlanReplaced, OutsideThePartnership.
    """
    with transaction.atomic():
        plan = _lock_in_force(action.priority.plan)
        row = _row(action)
        if row.revision != expected_revision:
            raise ActionChanged(row)
        before = {"owner": row.owner, "owner_words": row.owner_words}
        after = {"owner": owner, "owner_words": owner_words}
        if before == after:
            return row
        row.owner, row.owner_words = owner, owner_words
        row.revision += 1
        _check_owner(plan, owner)
        row.save(update_fields=["owner", "owner_words", "revision"])
        audit.record(
            by=by,
            action="strategic_plans.action_assigned",
            subject=row,
            tenant=plan.partnership.slug,
            before=before,
            after=after,
        )
    return row


def move_action(*, action: Action, direction: Literal["up", "down"], by: User) -> None:
    """The action has changed places with its neighbour under the same priority; at either end nothing happens.

    Raises PlanFrozen.
    """
    with transaction.atomic():
        plan = lock_draft(action.priority.plan)
        change_places(
            action,
            direction,
            among=list(Action.objects.filter(priority=action.priority_id).order_by("number")),
            field="number",
            plan=plan,
            action="strategic_plans.action_moved",
            by=by,
        )


def remove_action(*, action: Action, by: User) -> None:
    """The action is gone and those behind it have moved up. The audit keeps what it said.

    Raises PlanFrozen, and ActionHasUpdates once somebody has reported on it.
    """
    with transaction.atomic():
        plan = lock_draft(action.priority.plan)
        row = _row(action)
        if row.updates.exists():
            raise ActionHasUpdates(
                f"“{row}” has updates, and what was reported stays. Add an update that cancels it instead."
            )
        audit.record(
            by=by,
            action="strategic_plans.action_removed",
            subject=row,
            tenant=plan.partnership.slug,
            before=_facts(row),
        )
        priority, number = row.priority_id, row.number
        row.delete()
        Action.objects.filter(priority=priority, number__gt=number).update(number=F("number") - 1)


def add_update(
    *,
    action: Action,
    status: ActionStatus,
    words: str,
    by: User,
    submission: UUID,
    seen: int,
) -> ActionUpdate:
    """The action stands where `status` says, and the update stays under the person's name. Sent twice, it is one.

    `seen` is the key of the newest update that the person saw, 0 if there was none.

    Raises UpdatedMeanwhile when there is a newer one, UpdateNeedsWords, PlanReplaced.
    """
    with transaction.atomic():
        plan = _lock_in_force(action.priority.plan)
        row = _row(action)
        latest = list(row.updates.select_related("made_by")[:2])
        if again := ActionUpdate.objects.filter(submission=submission, action=row, made_by=by).first():
            return again
        if latest and latest[0].pk != seen:
            latest[0].action = row
            raise UpdatedMeanwhile(latest[0])
        if why := why_words_are_wanted(
            words, before=ActionStatus(row.status), now=status, quiet=[not one.words for one in latest]
        ):
            raise UpdateNeedsWords(why)
        before = row.status
        update = ActionUpdate.objects.create(
            action=row, status=status, words=words, made_by=by, submission=submission
        )
        row.status = status
        row.save(update_fields=["status"])
        audit.record(
            by=by,
            action="strategic_plans.action_reported",
            subject=row,
            tenant=plan.partnership.slug,
            before={"status": ActionStatus(before).label},
            after={"status": ActionStatus(status).label, "words": words},
        )
    return update


def _lock_in_force(plan: Plan) -> Plan:
    """The plan's row, held until the transaction ends. Raises PlanReplaced when its successor is published."""
    row = Plan.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=plan.pk)
    if row.state == PlanState.SUPERSEDED:
        raise PlanReplaced(
            f"“{row}” was replaced in the meantime. Nothing was saved: report on the actions of its successor."
        )
    return row


def _row(action: Action) -> Action:
    rows = Action.objects.select_for_update(of=("self",))
    return rows.select_related("priority__plan__partnership", "owner", "line").get(pk=action.pk)


def _priority_in(plan: Plan, priority: Priority) -> Priority:
    if priority.plan_id != plan.pk:
        raise OutsideThePartnership("An action stands under a priority of its own plan.")
    return priority


def _next_number(priority: Priority) -> int:
    return int(priority.actions.aggregate(last=Max("number"))["last"] or 0) + 1


def _write(action: Action, details: ActionDetails) -> None:
    plan, localities = action.priority.plan, list(details.localities)
    _check_owner(plan, details.owner if details.owner != action.owner else None)
    if any(locality.partnership_id != plan.partnership_id for locality in localities):
        raise OutsideThePartnership("A locality of another partnership has no part in this plan.")
    if details.line and details.line.budget.partnership_id != plan.partnership_id:
        raise OutsideThePartnership("A line of another partnership's budget cannot pay for this plan.")
    action.title, action.what = details.title, details.what
    action.owner, action.owner_words = details.owner, details.owner_words
    action.starts_on, action.due_on = details.starts_on, details.due_on
    action.cost, action.line, action.paid_from = details.cost, details.line, details.paid_from
    action.save()
    action.localities.set(localities)


def _check_owner(plan: Plan, owner: User | None) -> None:
    if owner is None:
        return
    roles = Membership.objects.for_partnership(plan.partnership).on(timezone.localdate())
    if not roles.filter(user=owner).exists():
        raise OutsideThePartnership(f"{owner} holds no role in {plan.partnership} today.")


def _facts(action: Action) -> dict[str, object]:
    """What the audit keeps of an action: everything it promises, in words that outlive the rows."""
    return {
        "priority": str(action.priority),
        "number": action.number,
        "title": action.title,
        "what": action.what,
        "owner": str(action.owner or ""),
        "owner_words": action.owner_words,
        "starts_on": date_uk(action.starts_on) if action.starts_on else "",
        "due_on": date_uk(action.due_on) if action.due_on else "",
        "cost": action.cost,
        "line": str(action.line or ""),
        "paid_from": action.paid_from,
        "localities": [str(locality) for locality in action.localities.all()],
    }
