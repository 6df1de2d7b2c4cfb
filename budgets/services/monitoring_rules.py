"""From when a variance needs a reason, and who may move how much."""

from __future__ import annotations

from django.db import transaction

from foundation import audit
from partnerships.models import Partnership, User

from ..models import MonitoringRules
from ..refusals import ChangedMeanwhile, PeriodRefused

RULES = (
    "variance_amount",
    "variance_percent",
    "threshold",
    "amber_percent",
    "red_percent",
    "officer_limit",
    "recovery_percent",
)


@transaction.atomic
def set_monitoring_rules(
    *, partnership: Partnership, revision: int, by: User, **fields: object
) -> MonitoringRules:
    """The partnership's thresholds and limits are these. They hold for what is entered and closed from now on.

    Raises ChangedMeanwhile, PeriodRefused for a red threshold below the amber one.
    """
    current = MonitoringRules.objects.select_for_update().filter(partnership=partnership).first()
    if (current.revision if current else 0) != revision:
        raise ChangedMeanwhile(current)
    before = audit.snapshot(current, RULES) if current else None
    current = current or MonitoringRules(partnership=partnership, revision=0)
    for name in RULES:
        setattr(current, name, fields[name])
    if current.red_percent < current.amber_percent:
        raise PeriodRefused({"red_percent": "Enter at least the percentage from which a line is watched."})
    current.revision += 1
    current.changed_by = by
    current.save()
    audit.record(
        by=by,
        action="budgets.monitoring_rules_set",
        subject=current,
        tenant=partnership.slug,
        before=before,
        after=audit.snapshot(current, RULES),
    )
    return current
