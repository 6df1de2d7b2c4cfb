from ..editions import LocalityPart
from ..models import Plan
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
from .editions import DraftText, draft_text


def checks_of(plan: Plan, text: DraftText | None = None) -> tuple[Check, ...]:
    """Every check of the plan as it stands, made on what would be published. Five queries unless the text is given."""
    return publication_checks(plan_facts(plan, text or draft_text(plan)))


def plan_facts(plan: Plan, text: DraftText) -> PlanFacts:
    addressed = {link.number for priority in text.priorities for link in priority.outcomes}
    named = {code for priority in text.priorities for code in priority.principles}
    return PlanFacts(
        partnership=plan.partnership.slug,
        plan=plan.slug,
        period_start=plan.period_start,
        period_end=plan.period_end,
        sections=tuple(
            SectionFact(section.key, section.title, section.source, template.rule, section.is_written)
            for section in text.written
            if section.is_statutory and (template := template_of(section.key))
        ),
        localities=tuple(
            LocalityFact(locality.slug, locality.name, _text(locality)) for locality in text.localities
        ),
        outcomes=tuple(
            OutcomeFact(outcome.number, outcome.title, outcome.number in addressed)
            for outcome in text.outcomes
        ),
        principles=tuple(PrincipleFact(one.code, one.code in named) for one in text.principles),
        priorities=tuple(
            PriorityFact(
                key, f"{priority.number}. {priority.title}", bool(priority.indicators), bool(priority.funding)
            )
            for key, priority in zip(text.priority_keys, text.priorities, strict=True)
        ),
    )


def _text(locality: LocalityPart) -> str:
    return "".join(paragraph.html for paragraph in locality.paragraphs)
