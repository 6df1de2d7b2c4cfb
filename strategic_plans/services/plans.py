from datetime import date
from typing import Literal, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from foundation import audit
from localities.models import Locality
from partnerships.models import Partnership, User

from ..enums import StartReason
from ..models import LocalityArrangement, Plan, Section
from ..outline import OUTLINE
from ..selectors.plans import plan_to_succeed

# Addresses below a partnership's plans, at work and in public, that no plan may take.
TAKEN_SLUGS = {"new", "lent", "money", "statement"}
SLUG_LENGTH = 50


class PlanFrozen(Exception):
    """The plan is not a draft: what was published is not changed any more."""


class PlanDetailsChanged(Exception):
    """Somebody changed the plan's details in between; `plan` carries what is saved now."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(f"The details of “{plan}” were changed in between")


def start_plan(
    *,
    partnership: Partnership,
    title: str,
    by: User,
    period_start: date | None = None,
    period_end: date | None = None,
    reason: StartReason = StartReason.REVIEW,
) -> Plan:
    """There is a draft with every section of the outline, and a place for the arrangements of each locality.

    It succeeds the partnership's published plan, if there is one without a successor (2014 Act ss.29, 37(3)). What it
    takes over from that plan, services.carrying does.
    """
    with transaction.atomic():
        Partnership.objects.select_for_update().get(pk=partnership.pk)
        plan = Plan.objects.create(
            partnership=partnership,
            title=title,
            slug=_free_slug(partnership, title, period_start, period_end),
            period_start=period_start,
            period_end=period_end,
            supersedes=plan_to_succeed(partnership),
            start_reason=reason,
            started_by=by,
        )
        Section.objects.bulk_create(
            Section(
                plan=plan,
                key=template.key,
                title=template.title,
                prompt=template.prompt,
                source=template.source,
                is_statutory=template.is_statutory,
                position=position,
            )
            for position, template in enumerate(OUTLINE, start=1)
        )
        localities = Locality.objects.for_partnership(partnership).on(period_start or timezone.localdate())
        LocalityArrangement.objects.bulk_create(
            LocalityArrangement(plan=plan, locality=locality) for locality in localities
        )
        audit.record(
            by=by,
            action="strategic_plans.plan_started",
            subject=plan,
            tenant=partnership.slug,
            after=_details(plan),
            reason=StartReason(reason).label,
        )
    return plan


def _free_slug(
    partnership: Partnership, title: str, period_start: date | None, period_end: date | None
) -> str:
    """The years of the plan (2026-29) or the words of its title, with a number behind it if that is taken."""
    if period_start and period_end:
        wanted = f"{period_start.year}-{period_end.year % 100:02d}"
    else:
        wanted = slugify(title)[:SLUG_LENGTH].strip("-") or "plan"
    taken = TAKEN_SLUGS | set(Plan.objects.for_partnership(partnership).values_list("slug", flat=True))
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def change_plan(
    *,
    plan: Plan,
    title: str,
    period_start: date | None,
    period_end: date | None,
    expected_revision: int,
    by: User,
) -> Plan:
    """The plan has this title and period. Its address stays as it is.

    Raises PlanFrozen, and PlanDetailsChanged when somebody else changed the details in between.
    """
    with transaction.atomic():
        row = lock_draft(plan)
        before = _details(row)
        after = before | {"title": title, "period_start": period_start, "period_end": period_end}
        if after == before:
            return row
        if row.revision != expected_revision:
            raise PlanDetailsChanged(row)
        row.title, row.period_start, row.period_end = title, period_start, period_end
        row.revision += 1
        row.save(update_fields=["title", "period_start", "period_end", "revision"])
        audit.record(
            by=by,
            action="strategic_plans.plan_changed",
            subject=row,
            tenant=row.partnership.slug,
            before=before,
            after=_details(row),
        )
    return row


def lock_draft(plan: Plan) -> Plan:
    """The plan's row, held until the transaction ends, so that nothing is written into a plan while it is published.

    Raises PlanFrozen.
    """
    row = Plan.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=plan.pk)
    if not row.is_draft:
        raise PlanFrozen(
            f"“{row}” was published in the meantime. Its text is frozen and nothing was changed."
        )
    return row


Ordered = TypeVar("Ordered", bound=Model)


def change_places(
    moved: Ordered,
    direction: Literal["up", "down"],
    *,
    among: list[Ordered],
    field: str,
    plan: Plan,
    action: str,
    by: User,
) -> None:
    """The row has changed places with its neighbour `among` those that stand in order of `field`.

    At either end nothing happens. The draft is locked; the audit calls it `action`.
    """
    place = among.index(moved)
    other = place - 1 if direction == "up" else place + 1
    if not 0 <= other < len(among):
        return
    row, neighbour = among[place], among[other]
    before, after = getattr(row, field), getattr(neighbour, field)
    setattr(row, field, after)
    setattr(neighbour, field, before)
    type(row)._default_manager.bulk_update([row, neighbour], [field])
    audit.record(
        by=by,
        action=action,
        subject=row,
        tenant=plan.partnership.slug,
        before={field: before},
        after={field: after},
    )


def _details(plan: Plan) -> dict[str, object]:
    return {"title": plan.title, "period_start": plan.period_start, "period_end": plan.period_end}
