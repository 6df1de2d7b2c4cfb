"""What blocks publication while it is missing."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from foundation.sgds.formats import count_in_words, date_uk

from .facts import Check, Fix, PlanFacts, SectionFact, state

LEAST_LOCALITIES = 2


def statutory_sections(facts: PlanFacts) -> Iterator[Check]:
    for section in facts.sections:
        yield Check(
            section.rule,
            section.source,
            f"The section “{section.title}” is written",
            state(holds=section.is_written),
            _words_of_section(section),
            () if section.is_written else (facts.fix(f"Write “{section.title}”", "section", section.key),),
        )


def _words_of_section(section: SectionFact) -> str:
    if section.is_written:
        return "It has text."
    if section.has_figures:
        return "It shows figures and has no words. Figures are no arrangements: write what the partnership will do."
    return "The law asks for this section and it is empty."


def outcomes_addressed(facts: PlanFacts) -> Check:
    missing = [outcome for outcome in facts.outcomes if not outcome.is_addressed]
    if missing:
        words = (
            f"No priority says how it helps to achieve {count_in_words(len(missing), 'outcome')} of "
            f"{len(facts.outcomes)}: "
            + "; ".join(f"{outcome.number} {outcome.title}" for outcome in missing)
            + "."
        )
    else:
        words = "A priority addresses each of them, with an explanation."
    return Check(
        "R-PLAN-05",
        "2014 Act s.29(2)(b)",
        "Each of the nine national outcomes is addressed",
        state(holds=bool(facts.outcomes) and not missing),
        words,
        (facts.fix("Link a priority to the outcomes", "priorities"),) if missing else (),
    )


def two_localities(facts: PlanFacts) -> Check:
    count = len(facts.localities)
    holds = count >= LEAST_LOCALITIES
    return Check(
        "R-PLAN-01",
        "2014 Act s.29(3)(a)",
        "The area is divided into two or more localities",
        state(holds=holds),
        f"The plan has {count_in_words(count, 'locality', 'localities')}"
        + ("." if holds else f"; the law asks for at least {LEAST_LOCALITIES}. Add the missing localities."),
        () if holds else (Fix("Go to the localities", reverse("localities:list", args=[facts.partnership])),),
    )


def every_locality(facts: PlanFacts) -> Check:
    missing = [locality for locality in facts.localities if not locality.text]
    if missing:
        names = ", ".join(locality.name for locality in missing)
        words = f"Nothing is written yet for {names}. The lead of each locality writes its arrangements."
    else:
        words = "Every locality has arrangements of its own."
    return Check(
        "R-PLAN-02",
        "2014 Act s.29(3)(b)",
        "Each locality has its own arrangements",
        state(holds=bool(facts.localities) and not missing),
        words,
        tuple(facts.fix(f"Arrangements for {one.name}", "arrangement", one.slug) for one in missing),
    )


def start_day(facts: PlanFacts) -> Check:
    holds = facts.period_start is not None and facts.period_end is not None
    words = (
        f"It takes effect on {date_uk(facts.period_start)} and runs to {date_uk(facts.period_end)}."
        if holds
        else "The plan must say on which day it takes effect and how long it runs."
    )
    return Check(
        "R-PLAN-08",
        "2014 Act ss.29(2)(a), 37(9)",
        "The plan has a start day and a period",
        state(holds=holds),
        words,
        () if holds else (facts.fix("Set the start day", "details"),),
    )


def live_blocks(facts: PlanFacts) -> Check:
    """An empty frame in the text would say that nothing is known. The portal asks for this, not the Act."""
    gaps = facts.empty_blocks
    fixes: list[Fix] = []
    for gap in gaps:
        place = facts.fix(f"See {gap.name} in “{gap.title}”", "preview_chapter", gap.chapter)
        fixes += [Fix(place.label, f"{place.url}#{gap.anchor}"), gap.supply]
    return Check(
        "R-PLAN-19",
        "Figures placed in the text",
        "Each live block in the text has its figures",
        state(holds=not gaps),
        " ".join(f"In “{gap.title}”: {gap.words}" for gap in gaps) if gaps else "None is empty.",
        tuple(dict.fromkeys(fixes)),
    )


def pictures(facts: PlanFacts) -> Iterator[Check]:
    """Said only of a plan that has pictures."""
    if not facts.pictures:
        return
    silent = [text for text in facts.pictures if text.undescribed]
    yield Check(
        "R-PLAN-17",
        "SI 2018/952 reg.3; WCAG 2.2, 1.1.1",
        "Every picture is described, or called decoration",
        state(holds=not silent),
        " ".join(
            f"“{text.label}” has {count_in_words(text.undescribed, 'picture')} without alternative text."
            for text in silent
        )
        if silent
        else "Each has alternative text or is decoration.",
        tuple(facts.fix(f"Describe the pictures of “{text.label}”", text.page, text.key) for text in silent),
    )
    lost = [text for text in facts.pictures if text.not_kept]
    if lost:
        yield Check(
            "R-PLAN-18",
            "Readers see what was written",
            "Every picture is there",
            state(holds=False),
            " ".join(
                f"“{text.label}” shows {count_in_words(text.not_kept, 'picture')} that this partnership does not keep: "
                "upload them here."
                for text in lost
            ),
            tuple(facts.fix(f"Go to “{text.label}”", text.page, text.key) for text in lost),
        )
