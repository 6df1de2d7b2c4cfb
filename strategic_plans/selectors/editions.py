"""A plan's working rows gathered into what its readers will see. The only bridge from live figures to frozen ones."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from partnerships.enums import IntegrationModel
from partnerships.models import Body, IntegrationModelPeriod, Partnership

from ..editions import Edition, PartnershipPart
from ..models import Plan
from .blocks import BlockFilling
from .draft_text import DraftText, draft_text
from .figures import figures_of


def draft_edition(plan: Plan, text: DraftText | None = None) -> Edition:
    """The plan as it would be read if it were published now, with the figures of this moment.

    Six queries at most beside those of the text, which is read here unless it is given; blocks in it add none.
    """
    text = text or draft_text(plan)
    measured = {code for priority in text.priorities for code in priority.indicators}
    figures = figures_of(plan, measured, text.references)
    filled = BlockFilling(plan, text, figures)
    return Edition(
        partnership=_partnership(plan.partnership),
        slug=plan.slug,
        title=plan.title,
        period_start=plan.period_start,
        period_end=plan.period_end,
        publication=None,
        sections=tuple(filled.part(section) for section in text.sections),
        priorities=text.priorities,
        outcomes=text.outcomes,
        principles=text.principles,
        localities=tuple(filled.part(locality) for locality in text.localities),
        indicators=figures.indicators_named(measured),
        sources=figures.sources,
        budgets=figures.budgets_shown,
        engagement=figures.engagement,
    )


def _partnership(partnership: Partnership) -> PartnershipPart:
    periods = IntegrationModelPeriod.objects.on(timezone.localdate()).filter(partnership=OuterRef("pk"))
    councils = Body.objects.filter(council_partnerships=OuterRef("pk")).values("name")
    row: Any = (
        Partnership.objects.filter(pk=partnership.pk)
        .annotate(model=Subquery(periods.values("model")[:1]), council_names=ArraySubquery(councils))
        .select_related("health_board")
        .get()
    )
    return PartnershipPart(
        slug=row.slug,
        name=row.name,
        short_name=row.short_name,
        model=str(IntegrationModel(row.model).label) if row.model else "",
        health_board=row.health_board.name,
        councils=tuple(row.council_names),
    )
