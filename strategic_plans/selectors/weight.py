from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q

from ..enums import ActionStatus
from ..models import Plan, Priority, PriorityOutcome
from ..rules.weight import Weight


def weight_of(plan: Plan) -> Weight:
    """What the plan asks people to keep track of. One query."""
    rows = Priority.objects.filter(plan=plan).order_by("number")
    is_open = ~Q(actions__status__in=[ActionStatus.DONE, ActionStatus.CANCELLED])
    links = PriorityOutcome.objects.filter(priority=OuterRef("pk")).order_by().values_list("pk")
    named = Priority.indicators.through.objects.filter(priority=OuterRef("pk")).order_by()
    found = list(
        rows.annotate(
            open_actions=Count("actions", filter=is_open & Q(actions__isnull=False)),
            links=ArraySubquery(links),
            named=ArraySubquery(named.values_list("indicator")),
        ).values_list("number", "title", "open_actions", "links", "named")
    )
    heaviest = max(found, key=lambda row: row[2], default=None)
    return Weight(
        priorities=len(found),
        actions=sum(row[2] for row in found),
        indicators=len({indicator for row in found for indicator in row[4]}),
        outcome_links=sum(len(row[3]) for row in found),
        heaviest=f"{heaviest[0]}. {heaviest[1]}" if heaviest else "",
        heaviest_actions=heaviest[2] if heaviest else 0,
    )
