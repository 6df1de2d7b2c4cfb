"""What has to be true before a plan becomes public, each claim with the provision behind it and the way to meet it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.urls import reverse

from foundation.sgds.formats import count_in_words, date_uk

from ..comparison import near_identical

LEAST_LOCALITIES = 2
TOO_ALIKE = 0.85


class CheckState(Enum):
    """Missing blocks publication; advice does not."""

    MET = "met"
    MISSING = "missing"
    ADVICE = "advice"


@dataclass(frozen=True)
class Fix:
    """Where to go to put something right."""

    label: str
    url: str


@dataclass(frozen=True)
class Check:
    """One claim about the plan, whether it holds, and in words what to do when it does not."""

    rule: str
    source: str
    claim: str
    state: CheckState
    words: str
    fixes: tuple[Fix, ...] = ()

    @property
    def is_met(self) -> bool:
        return self.state is CheckState.MET

    @property
    def blocks(self) -> bool:
        return self.state is CheckState.MISSING


@dataclass(frozen=True)
class SectionFact:
    """A section that the law asks for: whether it has words, and whether figures stand in it."""

    key: str
    title: str
    source: str
    rule: str
    is_written: bool
    has_figures: bool = False


@dataclass(frozen=True)
class LocalityFact:
    slug: str
    name: str
    text: str


@dataclass(frozen=True)
class OutcomeFact:
    number: int
    title: str
    is_addressed: bool
    is_measured: bool


@dataclass(frozen=True)
class PrincipleFact:
    code: str
    is_addressed: bool


@dataclass(frozen=True)
class PriorityFact:
    pk: int
    label: str
    has_indicator: bool
    has_money: bool
    has_action: bool
    has_evidence: bool


@dataclass(frozen=True)
class ActionFact:
    pk: int
    label: str
    has_owner: bool
    has_day: bool


@dataclass(frozen=True)
class PictureFact:
    """Pictures of one text that readers could not use: `page` and `key` are where it is written."""

    label: str
    page: str
    key: str
    undescribed: int
    not_kept: int


@dataclass(frozen=True)
class BudgetFact:
    """What of a year's budget pays for no priority: pounds in words, and per cent."""

    year: str
    left: str
    share_left: str
    is_given: bool


@dataclass(frozen=True)
class BlockFact:
    """A live block that has nothing to show: in which part it stands and at which address, and what is missing."""

    name: str
    title: str
    chapter: str
    anchor: str
    words: str
    supply: Fix


@dataclass(frozen=True)
class PlanFacts:
    """What the rules need to know about a plan, read once."""

    partnership: str
    plan: str
    period_start: date | None
    period_end: date | None
    sections: tuple[SectionFact, ...]
    localities: tuple[LocalityFact, ...]
    outcomes: tuple[OutcomeFact, ...]
    principles: tuple[PrincipleFact, ...]
    priorities: tuple[PriorityFact, ...]
    actions: tuple[ActionFact, ...]
    budgets: tuple[BudgetFact, ...]
    pictures: tuple[PictureFact, ...] = ()
    empty_blocks: tuple[BlockFact, ...] = ()

    def fix(self, label: str, page: str, *arguments: object) -> Fix:
        return Fix(label, reverse(f"strategic_plans:{page}", args=[self.partnership, self.plan, *arguments]))


def can_publish_plan(checks: Iterable[Check]) -> bool:
    """Nothing that the law asks for is missing."""
    return not any(check.blocks for check in checks)


def publication_checks(facts: PlanFacts) -> tuple[Check, ...]:
    """Every check of a plan in the order of the Act's sections; advice comes last."""
    return (
        *_statutory_sections(facts),
        _outcomes(facts),
        _two_localities(facts),
        _every_locality(facts),
        _start_day(facts),
        _live_blocks(facts),
        _localities_differ(facts),
        *_pictures(facts),
        _principles(facts),
        _priorities(facts),
        _evidence(facts),
        _actions(facts),
        _outcomes_measured(facts),
        _budget_given(facts),
    )


def _state(*, holds: bool, otherwise: CheckState = CheckState.MISSING) -> CheckState:
    return CheckState.MET if holds else otherwise


def _statutory_sections(facts: PlanFacts) -> Iterator[Check]:
    for section in facts.sections:
        yield Check(
            section.rule,
            section.source,
            f"The section “{section.title}” is written",
            _state(holds=section.is_written),
            _words_of_section(section),
            () if section.is_written else (facts.fix(f"Write “{section.title}”", "section", section.key),),
        )


def _words_of_section(section: SectionFact) -> str:
    if section.is_written:
        return "It has text."
    if section.has_figures:
        return "It shows figures and has no words. Figures are no arrangements: write what the partnership will do."
    return "The law asks for this section and it is empty."


def _outcomes(facts: PlanFacts) -> Check:
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
        _state(holds=bool(facts.outcomes) and not missing),
        words,
        (facts.fix("Link a priority to the outcomes", "priorities"),) if missing else (),
    )


def _two_localities(facts: PlanFacts) -> Check:
    count = len(facts.localities)
    holds = count >= LEAST_LOCALITIES
    return Check(
        "R-PLAN-01",
        "2014 Act s.29(3)(a)",
        "The area is divided into two or more localities",
        _state(holds=holds),
        f"The plan has {count_in_words(count, 'locality', 'localities')}"
        + ("." if holds else f"; the law asks for at least {LEAST_LOCALITIES}. Add the missing localities."),
        () if holds else (Fix("Go to the localities", reverse("localities:list", args=[facts.partnership])),),
    )


def _every_locality(facts: PlanFacts) -> Check:
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
        _state(holds=bool(facts.localities) and not missing),
        words,
        tuple(facts.fix(f"Arrangements for {one.name}", "arrangement", one.slug) for one in missing),
    )


def _start_day(facts: PlanFacts) -> Check:
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
        _state(holds=holds),
        words,
        () if holds else (facts.fix("Set the start day", "details"),),
    )


def _live_blocks(facts: PlanFacts) -> Check:
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
        _state(holds=not gaps),
        " ".join(f"In “{gap.title}”: {gap.words}" for gap in gaps) if gaps else "None is empty.",
        tuple(dict.fromkeys(fixes)),
    )


def _localities_differ(facts: PlanFacts) -> Check:
    names = {locality.slug: locality.name for locality in facts.localities}
    alike = near_identical({one.slug: one.text for one in facts.localities}, TOO_ALIKE)
    pairs = "; ".join(f"{names[one]} and {names[other]}" for one, other in alike)
    slugs = sorted({slug for pair in alike for slug in pair})
    return Check(
        "R-PLAN-03",
        "Localities guidance 2015, paragraph 7.1",
        "The arrangements of the localities differ from each other",
        _state(holds=not alike, otherwise=CheckState.ADVICE),
        f"These are nearly the same text: {pairs}. Say what is particular to each locality."
        if alike
        else "No two of them are nearly the same text.",
        tuple(facts.fix(f"Arrangements for {names[slug]}", "arrangement", slug) for slug in slugs),
    )


def _principles(facts: PlanFacts) -> Check:
    missing = [principle.code for principle in facts.principles if not principle.is_addressed]
    return Check(
        "R-PLAN-06",
        "2014 Act ss.30(2)(a), 31",
        "Each of the integration delivery principles is addressed",
        _state(holds=not missing, otherwise=CheckState.ADVICE),
        f"No priority names {count_in_words(len(missing), 'principle')}: "
        + ", ".join(f"({code})" for code in missing)
        + "."
        if missing
        else "Each principle is named by a priority.",
        (facts.fix("Link a priority to the principles", "priorities"),) if missing else (),
    )


def _priorities(facts: PlanFacts) -> Check:
    gaps = [(priority, _lacks(priority)) for priority in facts.priorities if _lacks(priority)]
    return Check(
        "R-PLAN-11",
        "Audit findings on strategic plans",
        "Each priority has an action, an indicator and money",
        _state(holds=bool(facts.priorities) and not gaps, otherwise=CheckState.ADVICE),
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


def _evidence(facts: PlanFacts) -> Check:
    gaps = [priority for priority in facts.priorities if not priority.has_evidence]
    return Check(
        "R-PLAN-13",
        "Strategic planning guidance",
        "Each priority rests on evidence of need",
        _state(holds=not gaps, otherwise=CheckState.ADVICE),
        f"Nothing shows the need for {'; '.join(f'“{priority.label}”' for priority in gaps)}."
        if gaps
        else "No priority goes without.",
        tuple(facts.fix(f"Change “{priority.label}”", "change_priority", priority.pk) for priority in gaps),
    )


def _pictures(facts: PlanFacts) -> Iterator[Check]:
    """Said only of a plan that has pictures."""
    if not facts.pictures:
        return
    silent = [text for text in facts.pictures if text.undescribed]
    yield Check(
        "R-PLAN-17",
        "SI 2018/952 reg.3; WCAG 2.2, 1.1.1",
        "Every picture is described, or called decoration",
        _state(holds=not silent),
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
            _state(holds=False),
            " ".join(
                f"“{text.label}” shows {count_in_words(text.not_kept, 'picture')} that this partnership does not keep: "
                "upload them here."
                for text in lost
            ),
            tuple(facts.fix(f"Go to “{text.label}”", text.page, text.key) for text in lost),
        )


def _actions(facts: PlanFacts) -> Check:
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
        _state(holds=not gaps, otherwise=CheckState.ADVICE),
        " ".join(f"“{action.label}” has no {lacks[action.pk]}." for action in gaps)
        if gaps
        else "No action goes without.",
        tuple(facts.fix(f"Change “{action.label}”", "change_action", action.pk) for action in gaps),
    )


def _outcomes_measured(facts: PlanFacts) -> Check:
    gaps = [outcome for outcome in facts.outcomes if outcome.is_addressed and not outcome.is_measured]
    return Check(
        "R-PLAN-15",
        "Audit findings on strategic plans",
        "An indicator shows how each outcome fares",
        _state(holds=not gaps, otherwise=CheckState.ADVICE),
        "None of the priorities that serve them names an indicator: "
        + "; ".join(f"{outcome.number} {outcome.title}" for outcome in gaps)
        + "."
        if gaps
        else "A priority that serves it names an indicator, for each outcome that is addressed.",
        (facts.fix("Follow the golden thread", "thread"),) if gaps else (),
    )


def _budget_given(facts: PlanFacts) -> Check:
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
        _state(holds=holds, otherwise=CheckState.ADVICE),
        words,
        () if holds else (fix,),
    )
