from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from outcomes.models import Outcome, Principle

from ..models import Plan, Priority, PriorityFunding, PriorityOutcome, Section
from ..outline import template_of
from ..rules.publishing import (
    Check,
    LocalityFact,
    OutcomeFact,
    PlanFacts,
    PrincipleFact,
    PriorityFact,
    SectionFact,
    publication_checks,
)
from .editions import with_arrangements


def checks_of(plan: Plan) -> tuple[Check, ...]:
    """Every check of the plan as it stands now. Five queries."""
    return publication_checks(plan_facts(plan))


def plan_facts(plan: Plan) -> PlanFacts:
    return PlanFacts(
        partnership=plan.partnership.slug,
        plan=plan.slug,
        period_start=plan.period_start,
        period_end=plan.period_end,
        sections=tuple(_sections(plan)),
        localities=tuple(_localities(plan)),
        outcomes=tuple(
            OutcomeFact(outcome.number, outcome.title, outcome.is_addressed)
            for outcome in Outcome.objects.annotate(
                is_addressed=Exists(
                    PriorityOutcome.objects.filter(priority__plan=plan, outcome=OuterRef("pk"))
                )
            )
        ),
        principles=tuple(
            PrincipleFact(principle.code, principle.is_addressed)
            for principle in Principle.objects.annotate(
                is_addressed=Exists(Priority.objects.filter(plan=plan, principles=OuterRef("pk")))
            )
        ),
        priorities=tuple(
            PriorityFact(priority.pk, str(priority), priority.has_indicator, priority.has_money)
            for priority in Priority.objects.filter(plan=plan).annotate(
                has_indicator=Exists(Priority.indicators.through.objects.filter(priority=OuterRef("pk"))),
                has_money=Exists(PriorityFunding.objects.filter(priority=OuterRef("pk"))),
            )
        ),
    )


def _sections(plan: Plan) -> Iterable[SectionFact]:
    for section in Section.objects.filter(plan=plan, is_statutory=True).defer("body", "prompt"):
        template = template_of(section.key)
        yield SectionFact(
            section.key, section.title, section.source, template.rule if template else "", section.is_written
        )


def _localities(plan: Plan) -> Iterable[LocalityFact]:
    rows = with_arrangements(plan).values_list("slug", "name", "arranged", "arranged_words")
    return (LocalityFact(*row) for row in rows)
