from foundation.richtext.cleaning import pictures_in, plain_text, undescribed_pictures
from foundation.richtext.placed import without_blocks
from foundation.sgds.formats import money, percent

from ..editions import LocalityPart
from ..models import Picture, Plan
from ..outline import template_of
from ..rules.blocks import supplied_at
from ..rules.publishing import (
    ActionFact,
    BlockFact,
    BudgetFact,
    Check,
    Fix,
    LocalityFact,
    OutcomeFact,
    PictureFact,
    PlanFacts,
    PrincipleFact,
    PriorityFact,
    SectionFact,
    publication_checks,
)
from .blocks import block_gaps
from .draft_text import DraftText, draft_text
from .money import money_given


def checks_of(plan: Plan, text: DraftText | None = None) -> tuple[Check, ...]:
    """Every check of the plan as it stands, made on what would be published.

    Six queries, one if the text is given; blocks in it add at most one for each of three kinds.
    """
    return publication_checks(plan_facts(plan, text or draft_text(plan)))


def plan_facts(plan: Plan, text: DraftText) -> PlanFacts:
    addressed = {link.number for priority in text.priorities for link in priority.outcomes}
    measured = {
        link.number for priority in text.priorities if priority.indicators for link in priority.outcomes
    }
    actions = [action for priority in text.priorities for action in priority.actions]
    named = {code for priority in text.priorities for code in priority.principles}
    return PlanFacts(
        partnership=plan.partnership.slug,
        plan=plan.slug,
        period_start=plan.period_start,
        period_end=plan.period_end,
        sections=tuple(
            SectionFact(
                section.key,
                section.title,
                section.source,
                template.rule,
                is_written=bool(plain_text(without_blocks(section.body)).strip()),
                has_figures=section.is_written,
            )
            for section in text.written
            if section.is_statutory and (template := template_of(section.key))
        ),
        localities=tuple(
            LocalityFact(locality.slug, locality.name, _text(locality)) for locality in text.localities
        ),
        outcomes=tuple(
            OutcomeFact(
                outcome.number, outcome.title, outcome.number in addressed, outcome.number in measured
            )
            for outcome in text.outcomes
        ),
        principles=tuple(PrincipleFact(one.code, one.code in named) for one in text.principles),
        priorities=tuple(
            PriorityFact(
                key,
                f"{priority.number}. {priority.title}",
                has_indicator=bool(priority.indicators),
                has_money=bool(priority.funding),
                has_action=bool(priority.actions),
                has_evidence=bool(priority.evidence_of_need.strip()),
            )
            for key, priority in zip(text.priority_keys, text.priorities, strict=True)
        ),
        actions=tuple(
            ActionFact(
                key,
                f"{action.label} {action.title}",
                has_owner=bool(action.owner),
                has_day=action.due_on is not None,
                is_directed=key not in text.undirected_actions,
            )
            for key, action in zip(text.action_keys, actions, strict=True)
        ),
        budgets=tuple(
            BudgetFact(budget.label, money(budget.left), percent(budget.share_left), is_given=not budget.left)
            for budget in money_given(plan)
        ),
        pictures=_pictures(plan, text),
        empty_blocks=tuple(
            BlockFact(
                gap.placed.reference.name,
                gap.placed.title,
                gap.placed.chapter,
                gap.placed.anchor,
                gap.words,
                Fix(*supplied_at(gap.placed.reference, plan.partnership.slug, plan.slug)),
            )
            for gap in block_gaps(plan, text)
        ),
    )


def _pictures(plan: Plan, text: DraftText) -> tuple[PictureFact, ...]:
    """The texts that have pictures. One query if there are any."""
    texts = [
        *((section.title, "section", section.key, section.body) for section in text.written),
        *(
            (f"Arrangements for {locality.name}", "arrangement", locality.slug, _text(locality))
            for locality in text.localities
        ),
    ]
    named = {(page, key): digests for _, page, key, body in texts if (digests := pictures_in(body))}
    wanted = {digest for digests in named.values() for digest in digests}
    if not wanted:
        return ()
    usable = Picture.objects.usable_in(plan.partnership).filter(digest__in=wanted)
    kept = set(usable.values_list("digest", flat=True))
    return tuple(
        PictureFact(label, page, key, undescribed_pictures(body), len(set(named[page, key]) - kept))
        for label, page, key, body in texts
        if (page, key) in named
    )


def _text(locality: LocalityPart) -> str:
    """What people wrote about it: two localities that show the same figure are not alike for that."""
    return without_blocks("".join(paragraph.html for paragraph in locality.paragraphs))
