"""What a plan adds to the pound trail: the priority that a budget line pays for, its outcomes and its indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from budgets.onward import Onward
from foundation.sgds.formats import joined, percent
from outcomes.models import Indicator
from partnerships.models import Partnership

from ..enums import PlanState
from ..models import PriorityFunding, PriorityOutcome


def onward_to_plans(partnership: Partnership, lines: Iterable[int]) -> dict[int, list[Onward]]:
    """The priorities that the lines pay for, in plans that are published or being written. One query."""
    outcomes = PriorityOutcome.objects.filter(priority=OuterRef("priority")).order_by("outcome__number")
    indicators = Indicator.objects.filter(priorities=OuterRef("priority")).order_by("code")
    rows = (
        PriorityFunding.objects.filter(line__in=list(lines), priority__plan__partnership=partnership)
        .exclude(priority__plan__state=PlanState.SUPERSEDED)
        .select_related("priority__plan__partnership")
        .annotate(
            outcome_numbers=ArraySubquery(outcomes.values("outcome__number")),
            indicator_codes=ArraySubquery(indicators.values("code")),
        )
        .order_by("priority__plan__period_start", "priority__number")
    )
    found: dict[int, list[Onward]] = defaultdict(list)
    for row in rows:
        priority, also = row.priority, vars(row)
        achieved = joined([f"outcome {number}" for number in also["outcome_numbers"]])
        words = "; ".join(
            filter(None, (f"{percent(row.share)} of the line", achieved, joined(also["indicator_codes"])))
        )
        draft = ", draft plan" if priority.plan.is_draft else ""
        found[row.line_id].append(
            Onward(f"Priority{draft}", priority.title, priority.get_absolute_url(), words)
        )
    return found
