"""What readers and auditors will miss; the plan can be published without it."""

from __future__ import annotations

from django.urls import reverse

from foundation.sgds.formats import count_in_words

from ...comparison import near_identical
from .facts import Check, CheckState, Fix, PlanFacts, PriorityFact, state

TOO_ALIKE = 0.85


def localities_differ(facts: PlanFacts) -> Check:
    names = {locality.slug: locality.name for locality in facts.localities}
    alike = near_identical({one.slug: one.text for one in facts.localities}, TOO_ALIKE)
    pairs = "; ".join(f"{names[one]} and {names[other]}" for one, other in alike)
    slugs = sorted({slug for pair in alike for slug in pair})
    return Check(
        "R-PLAN-03",
        "Localities guidance 2015, paragraph 7.1",
        "The arrangements of the localities differ from each other",
        state(holds=not alike, otherwise=CheckState.ADVICE),
        f"These are nearly the same text: {pairs}. Say what is particular to each locality."
        if alike
        else "No two of them are nearly the same text.",
        tuple(facts.fix(f"Arrangements for {names[slug]}", "arrangement", slug) for slug in slugs),
    )


def principles_addressed(facts: PlanFacts) -> Check:
    missing = [principle.code for principle in facts.principles if not principle.is_addressed]
    return Check(
        "R-PLAN-06",
        "2014 Act ss.30(2)(a), 31",
        "Each of the integration delivery principles is addressed",
        state(holds=not missing, otherwise=CheckState.ADVICE),
        f"No priority names {count_in_words(len(missing), 'principle')}: "
        + ", ".join(f"({code})" for code in missing)
        + "."
        if missing
        else "Each principle is named by a priority.",
        (facts.fix("Link a priority to the principles", "priorities"),) if missing else (),
    )


def priorities_complete(facts: PlanFacts) -> Check:
    gaps = [(priority, _lacks(priority)) for priority in facts.priorities if _lacks(priority)]
    return Check(
        "R-PLAN-11",
        "Audit findings on strategic plans",
        "Each priority has an action, an indicator and money",
        state(holds=bool(facts.priorities) and not gaps, otherwise=CheckState.ADVICE),
        " ".join(f"“{priority.label}” has {lack}." for priority, lack in gaps)
        if gaps
        else ("Each has all three." if facts.priorities else "The plan has no priorities yet."),
        tuple(facts.fix(f"Change “{priority.label}”", "change_priority", priority.pk) for priority, _ in gaps)
        or (() if facts.priorities else (facts.fix("Add the first priority", "priorities"),)),
    )


def _lacks(priority: PriorityFact) -> str:
    missing = [
        name
        for name, has in (
            ("action", priority.has_action),
            ("indicator", priority.has_indicator),
            ("money", priority.has_money),
        )
        if not has
    ]
    return "no " + " and no ".join(missing) if missing else ""


def evidence(facts: PlanFacts) -> Check:
    gaps = [priority for priority in facts.priorities if not priority.has_evidence]
    return Check(
        "R-PLAN-13",
        "Strategic planning guidance",
        "Each priority rests on evidence of need",
        state(holds=not gaps, otherwise=CheckState.ADVICE),
        f"Nothing shows the need for {'; '.join(f'“{priority.label}”' for priority in gaps)}."
        if gaps
        else "No priority goes without.",
        tuple(facts.fix(f"Change “{priority.label}”", "change_priority", priority.pk) for priority in gaps),
    )


def actions_answered_for(facts: PlanFacts) -> Check:
    gaps = [action for action in facts.actions if not (action.has_owner and action.has_day)]
    lacks = {
        action.pk: " and ".join(
            name for name, has in (("owner", action.has_owner), ("last day", action.has_day)) if not has
        )
        for action in gaps
    }
    return Check(
        "R-PLAN-14",
        "Audit findings on strategic plans",
        "Somebody answers for each action, by a day",
        state(holds=not gaps, otherwise=CheckState.ADVICE),
        " ".join(f"“{action.label}” has no {lacks[action.pk]}." for action in gaps)
        if gaps
        else "No action goes without.",
        tuple(facts.fix(f"Change “{action.label}”", "change_action", action.pk) for action in gaps),
    )


def actions_directed(facts: PlanFacts) -> Check:
    gaps = [action for action in facts.actions if not action.is_directed]
    return Check(
        "R-DIR-04",
        "Statutory guidance on directions 2020; 2014 Act s.26",
        "A direction in force carries each action that a budget line pays for",
        state(holds=not gaps, otherwise=CheckState.ADVICE),
        f"No direction in force takes money from the line that pays for {'; '.join(f'“{one.label}”' for one in gaps)}."
        if gaps
        else "No action goes without.",
        (Fix("Go to the directions", reverse("budgets:directions", args=[facts.partnership])),)
        if gaps
        else (),
    )


def outcomes_measured(facts: PlanFacts) -> Check:
    gaps = [outcome for outcome in facts.outcomes if outcome.is_addressed and not outcome.is_measured]
    return Check(
        "R-PLAN-15",
        "Audit findings on strategic plans",
        "An indicator shows how each outcome fares",
        state(holds=not gaps, otherwise=CheckState.ADVICE),
        "None of the priorities that serve them names an indicator: "
        + "; ".join(f"{outcome.number} {outcome.title}" for outcome in gaps)
        + "."
        if gaps
        else "A priority that serves it names an indicator, for each outcome that is addressed.",
        (facts.fix("Follow the golden thread", "thread"),) if gaps else (),
    )


def budget_given(facts: PlanFacts) -> Check:
    gaps = [
        f"Of the budget of {budget.year}, {budget.left} ({budget.share_left}) pays for no priority."
        for budget in facts.budgets
        if not budget.is_given
    ]
    if not facts.budgets:
        words, fix = (
            "No budget is recorded.",
            Fix("Go to the money", reverse("budgets:list", args=[facts.partnership])),
        )
    else:
        words = " ".join(gaps) or "Every line is shared out."
        fix = Fix("See which money is given to what", f"{facts.fix('', 'priorities').url}#money")
    holds = bool(facts.budgets) and not gaps
    return Check(
        "R-PLAN-16",
        "Audit findings on strategic plans",
        "All of the budget is given to priorities",
        state(holds=holds, otherwise=CheckState.ADVICE),
        words,
        () if holds else (fix,),
    )
