"""What a plan adds to the pound trail: the priority that a budget line pays for, its outcomes and its indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from budgets.onward import Onward
from foundation.sgds.formats import joined, percent
from partnerships.models import Partnership

from ..enums import PlanState
from ..models import PriorityFunding


def onward_to_plans(partnership: Partnership, lines: Iterable[int]) -> dict[int, list[Onward]]:
    """The priorities that the lines pay for, in plans that are published or being written. Three queries at most."""
    rows = (
        PriorityFunding.objects.filter(line__in=list(lines), priority__plan__partnership=partnership)
        .exclude(priority__plan__state=PlanState.SUPERSEDED)
        .select_related("priority__plan__partnership")
        .prefetch_related("priority__outcomes", "priority__indicators")
        .order_by("priority__plan__period_start", "priority__number")
    )
    found: dict[int, list[Onward]] = defaultdict(list)
    for row in rows:
        priority = row.priority
        outcomes = joined([f"outcome {outcome.number}" for outcome in priority.outcomes.all()])
        indicators = joined([indicator.code for indicator in priority.indicators.all()])
        words = "; ".join(filter(None, (f"{percent(row.share)} of the line", outcomes, indicators)))
        draft = ", draft plan" if priority.plan.is_draft else ""
        found[row.line_id].append(
            Onward(f"Priority{draft}", priority.title, priority.get_absolute_url(), words)
        )
    return found
