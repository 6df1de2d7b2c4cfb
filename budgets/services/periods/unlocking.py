"""A closed month is opened again for one person, for a reason and for a while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from foundation import audit
from partnerships.models import User

from ...enums import PeriodState
from ...models import BudgetLine, Period, Unlock
from ...refusals import OutsideThePartnership, PeriodRefused
from .access import held_period

LONGEST_UNLOCK = timedelta(days=31)


@transaction.atomic
def unlock_period(
    *,
    period: Period,
    granted_to: User,
    lines: Collection[BudgetLine],
    reason: str,
    expires_at: datetime,
    by: User,
) -> Unlock:
    """One person may change these lines of the closed period (all of them where none is named) until the moment.

    An unlock that stands, or whose time has run out, gives way to this one. Raises PeriodRefused for a period that was
    never closed, without a reason, for a moment that has passed or lies more
    than a month ahead; OutsideThePartnership for another's lines or somebody who may not enter figures there.
    """
    current = held_period(period)
    if current.state == PeriodState.OPEN:
        raise PeriodRefused(f"{current} is not closed, so there is nothing to unlock.")
    if not reason.strip():
        raise PeriodRefused({"reason": "Say why the period is unlocked. It stands in the next report."})
    now = timezone.now()
    if not now < expires_at <= now + LONGEST_UNLOCK:
        raise PeriodRefused(
            {"expires_on": f"Choose a day from today up to {LONGEST_UNLOCK.days} days ahead."}
        )
    if any(line.budget_id != current.budget_id for line in lines):
        raise OutsideThePartnership({"lines": "Choose lines of this year’s budget."})
    if not granted_to.memberships.filter(partnership=current.budget.partnership).exists():
        raise OutsideThePartnership({"granted_to": f"{granted_to} does not work in this partnership."})
    current.unlocks.filter(ended_at__isnull=True).update(ended_at=now)
    unlock = Unlock.objects.create(
        period=current,
        granted_to=granted_to,
        reason=reason.strip(),
        expires_at=expires_at,
        granted_by=by,
        granted_at=now,
    )
    unlock.lines.set(lines)
    current.state = PeriodState.UNLOCKED
    current.save(update_fields=["state"])
    audit.record(
        by=by,
        action="budgets.period_unlocked",
        subject=current,
        tenant=current.budget.partnership.slug,
        after={
            "for": str(granted_to),
            "lines": sorted(line.title for line in lines) or "all",
            "until": expires_at,
        },
        reason=unlock.reason,
    )
    return unlock
