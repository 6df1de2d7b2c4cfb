from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from django.db import transaction
from django.db.models import F, Max, Sum

from budgets.models import BudgetLine
from foundation import audit
from localities.models import Locality
from outcomes.models import Indicator, Outcome, Principle
from partnerships.models import User

from ..models import ActionUpdate, Plan, Priority, PriorityFunding, PriorityOutcome
from .plans import change_places, lock_draft

WHOLE = Decimal(100)


@dataclass(frozen=True)
class PriorityDetails:
    """What a priority says: outcomes with explanations, and the share in per cent that it takes of budget lines.

    No localities: the whole area.
    """

    title: str
    rationale: str = ""
    evidence_of_need: str = ""
    localities: Iterable[Locality] = ()
    outcomes: Mapping[Outcome, str] = field(default_factory=dict)
    principles: Iterable[Principle] = ()
    indicators: Iterable[Indicator] = ()
    funding: Mapping[BudgetLine, Decimal] = field(default_factory=dict)


class PriorityChanged(Exception):
    """Somebody changed the priority in between; `priority` carries what is saved now."""

    def __init__(self, priority: Priority) -> None:
        self.priority = priority
        super().__init__(f"“{priority}” was changed in between")


@dataclass(frozen=True)
class Over:
    """A budget line of which more than the whole would be shared out, and what other priorities leave of it."""

    line: BudgetLine
    wanted: Decimal
    left: Decimal

    def __str__(self) -> str:
        return (
            f"{self.line}: you gave {self.wanted.normalize():f}%, and the plan's other priorities leave "
            f"{self.left.normalize():f}%."
        )


class FundingOverWhole(Exception):
    """Shares of a budget line would total more than 100 per cent; `overs` says which and by how much."""

    def __init__(self, overs: list[Over]) -> None:
        self.overs = overs
        super().__init__(" ".join(str(over) for over in overs))


class ForeignLine(ValueError):
    """A budget line of another partnership cannot pay for this plan's priorities."""


class ForeignLocality(ValueError):
    """A locality of another partnership has no part in this plan."""


class PriorityHasUpdates(Exception):
    """What was reported on the actions of a priority stays, and so does the priority."""


def add_priority(*, plan: Plan, details: PriorityDetails, by: User) -> Priority:
    """The plan has one priority more, in the last place, with its links and its money.

    Raises PlanFrozen, FundingOverWhole, ForeignLine, ForeignLocality.
    """
    with transaction.atomic():
        locked = lock_draft(plan)
        last = locked.priorities.aggregate(last=Max("number"))["last"] or 0
        priority = Priority(plan=locked, number=last + 1)
        _write(priority, details)
        audit.record(
            by=by,
            action="strategic_plans.priority_added",
            subject=priority,
            tenant=locked.partnership.slug,
            after=_facts(priority),
        )
    return priority


def change_priority(
    *, priority: Priority, details: PriorityDetails, expected_revision: int, by: User
) -> Priority:
    """The priority says this and has these links and no others.

    Raises PriorityChanged when its revision is not `expected_revision` any more; PlanFrozen, FundingOverWhole,
    ForeignLine, ForeignLocality.
    """
    with transaction.atomic():
        locked = lock_draft(priority.plan)
        row = Priority.objects.select_related("plan__partnership").get(pk=priority.pk)
        if row.revision != expected_revision:
            raise PriorityChanged(row)
        before = _facts(row)
        row.revision += 1
        _write(row, details)
        audit.record(
            by=by,
            action="strategic_plans.priority_changed",
            subject=row,
            tenant=locked.partnership.slug,
            before=before,
            after=_facts(row),
        )
    return row


def move_priority(*, priority: Priority, direction: Literal["up", "down"], by: User) -> None:
    """The priority has changed places with its neighbour; at either end nothing happens. Raises PlanFrozen."""
    with transaction.atomic():
        locked = lock_draft(priority.plan)
        change_places(
            priority,
            direction,
            among=list(locked.priorities.all()),
            field="number",
            plan=locked,
            action="strategic_plans.priority_moved",
            by=by,
        )


def remove_priority(*, priority: Priority, by: User) -> None:
    """The priority and its links are gone, and those behind it have moved up. The audit keeps what it said.

    Raises PlanFrozen, and PriorityHasUpdates once somebody has reported on one of its actions.
    """
    with transaction.atomic():
        locked = lock_draft(priority.plan)
        row = locked.priorities.get(pk=priority.pk)
        if ActionUpdate.objects.filter(action__priority=row).exists():
            raise PriorityHasUpdates(
                f"Actions of “{row}” have updates, and what was reported stays. Move those actions to another "
                "priority first."
            )
        audit.record(
            by=by,
            action="strategic_plans.priority_removed",
            subject=row,
            tenant=locked.partnership.slug,
            before=_facts(row),
        )
        number = row.number
        row.delete()
        locked.priorities.filter(number__gt=number).update(number=F("number") - 1)


def _write(priority: Priority, details: PriorityDetails) -> None:
    _check_funding(priority, details.funding)
    localities = list(details.localities)
    if any(locality.partnership_id != priority.plan.partnership_id for locality in localities):
        raise ForeignLocality("A locality of another partnership has no part in this plan.")
    priority.title, priority.rationale = details.title, details.rationale
    priority.evidence_of_need = details.evidence_of_need
    priority.save()
    priority.localities.set(localities)
    priority.outcome_links.all().delete()
    PriorityOutcome.objects.bulk_create(
        PriorityOutcome(priority=priority, outcome=outcome, explanation=explanation)
        for outcome, explanation in details.outcomes.items()
    )
    priority.principles.set(details.principles)
    priority.indicators.set(details.indicators)
    priority.funding.all().delete()
    PriorityFunding.objects.bulk_create(
        PriorityFunding(priority=priority, line=line, share=share) for line, share in details.funding.items()
    )


def _check_funding(priority: Priority, funding: Mapping[BudgetLine, Decimal]) -> None:
    plan = priority.plan
    if any(line.budget.partnership_id != plan.partnership_id for line in funding):
        raise ForeignLine("A line of another partnership's budget cannot pay for this plan.")
    others = PriorityFunding.objects.filter(priority__plan=plan, line__in=list(funding)).exclude(
        priority=priority if priority.pk else None
    )
    given = dict(others.values_list("line").annotate(Sum("share")).order_by())
    overs = [
        Over(line, share, WHOLE - given.get(line.pk, Decimal(0)))
        for line, share in funding.items()
        if given.get(line.pk, Decimal(0)) + share > WHOLE
    ]
    if overs:
        raise FundingOverWhole(overs)


def _facts(priority: Priority) -> dict[str, object]:
    """What the audit keeps of a priority: everything it says, in words that outlive the rows."""
    links = priority.outcome_links.select_related("outcome")
    return {
        "number": priority.number,
        "title": priority.title,
        "rationale": priority.rationale,
        "evidence_of_need": priority.evidence_of_need,
        "localities": [str(locality) for locality in priority.localities.all()],
        "outcomes": {str(link.outcome): link.explanation for link in links},
        "principles": [str(principle) for principle in priority.principles.all()],
        "indicators": [str(indicator) for indicator in priority.indicators.all()],
        "funding": {str(part.line): part.share for part in priority.funding.select_related("line")},
        "actions": [str(action) for action in priority.actions.select_related("priority")],
    }
