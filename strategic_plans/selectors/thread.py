"""The golden thread of one plan, read from its working rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from foundation.sgds.formats import count_in_words, money, percent
from outcomes.models import Indicator, Outcome, Principle

from ..models import Plan
from ..thread import Cut, Kind, Knot, Link, Thread
from .actions import ActionRow, action_rows
from .draft_text import plan_localities, priorities_with_links
from .money import BudgetGiven, money_given

WHOLE_AREA = "place-area"
# Long statutory words are cut in the list; the page of the outcome has them in full.
LABEL_WORDS = 14
# So many budget lines are named in a sentence.
NAMED = 4


@dataclass(frozen=True)
class Rows:
    """Everything that hangs on a plan's thread. Seven queries, whatever there is."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    principles: tuple[Principle, ...]
    priorities: tuple[Any, ...]
    actions: tuple[ActionRow, ...]
    indicators: tuple[Indicator, ...]
    budgets: tuple[BudgetGiven, ...]
    localities: tuple[tuple[int, str, str], ...]

    @classmethod
    def of(cls, plan: Plan) -> Rows:
        return cls(
            plan=plan,
            outcomes=tuple(Outcome.objects.all()),
            principles=tuple(Principle.objects.all()),
            priorities=tuple(priorities_with_links(plan)),
            actions=tuple(action_rows(plan)),
            indicators=tuple(Indicator.objects.filter(priorities__plan=plan).distinct()),
            budgets=money_given(plan),
            localities=tuple(plan_localities(plan).values_list("pk", "slug", "name")),
        )

    def page(self, name: str, *arguments: object) -> str:
        """The address of one of the plan's pages."""
        return reverse(f"strategic_plans:{name}", args=[self.slug, self.plan.slug, *arguments])

    @property
    def slug(self) -> str:
        return self.plan.partnership.slug


def thread_of(plan: Plan) -> Thread:
    """The plan's golden thread with every cut. Seven queries, whatever there is."""
    rows = Rows.of(plan)
    return Thread(tuple(_knots(rows)), tuple(_links(rows)), tuple(_cuts(rows)))


def _knots(rows: Rows) -> Iterator[Knot]:
    for outcome in rows.outcomes:
        url = reverse("outcomes:outcome", args=[rows.slug, outcome.number])
        yield Knot(Kind.OUTCOME, str(outcome.number), f"{outcome.number}. {outcome.title}", outcome.text, url)
    for principle in rows.principles:
        yield Knot(Kind.PRINCIPLE, principle.code, f"({principle.code}) {_short(principle.text)}")
    for priority in rows.priorities:
        label, url = f"{priority.number}. {priority.title}", rows.page("priority", priority.pk)
        yield Knot(Kind.PRIORITY, str(priority.pk), label, priority.evidence_of_need, url)
    for action in rows.actions:
        said = ". ".join(filter(None, (str(action.status.label), action.owner, action.when)))
        yield Knot(Kind.ACTION, str(action.pk), action.name, said, rows.page("action", action.pk))
    for indicator in rows.indicators:
        url = reverse("outcomes:indicator", args=[rows.slug, indicator.slug])
        yield Knot(
            Kind.INDICATOR, indicator.code, f"{indicator.code}: {indicator.short_title}", indicator.title, url
        )
    for budget in rows.budgets:
        for line in budget.lines:
            url = reverse("budgets:line", args=[rows.slug, line.year, line.pk])
            given = f"{percent(line.share)} of it" if line.shares else "nothing of it"
            said = f"{money(line.amount)}; {given} is given to priorities"
            yield Knot(Kind.LINE, str(line.pk), f"{line.title}, {budget.label}", said, url)
    yield Knot(Kind.PLACE, "area", "The whole area", "What names no locality is for the whole area")
    for _, slug, name in rows.localities:
        yield Knot(Kind.PLACE, slug, name, "", reverse("localities:detail", args=[rows.slug, slug]))


def _short(words: str) -> str:
    """The first words of a long text, with an ellipsis where it goes on."""
    parts = words.rstrip(" ,;.").removesuffix(", and").split()
    return " ".join(parts) if len(parts) <= LABEL_WORDS else f"{' '.join(parts[:LABEL_WORDS])}…"


def _links(rows: Rows) -> Iterator[Link]:
    lines = {line.pk for budget in rows.budgets for line in budget.lines}
    slugs = {pk: slug for pk, slug, _ in rows.localities}
    for priority in rows.priorities:
        key = f"priority-{priority.pk}"
        for one in priority.outcome_array:
            yield Link(f"outcome-{one['number']}", key, one["explanation"])
        for one in priority.principle_array:
            yield Link(f"principle-{one['code']}", key)
        for one in priority.indicator_array:
            yield Link(key, f"indicator-{one['code']}")
        for one in priority.funding_array:
            share, amount = Decimal(one["share"]), Decimal(one["amount"])
            yield Link(
                key,
                f"line-{one['line']}",
                f"{percent(share)} of the line, {money(round(amount * share / 100))}",
            )
        yield from _places(key, [one["pk"] for one in priority.locality_array], slugs)
    for action in rows.actions:
        key = f"action-{action.pk}"
        yield Link(f"priority-{action.priority}", key)
        if action.line in lines:
            words = f"{money(action.cost)} of the action" if action.cost is not None else ""
            yield Link(key, f"line-{action.line}", words)
        yield from _places(key, list(action.locality_keys), slugs)


def _places(key: str, localities: list[int], slugs: dict[int, str]) -> Iterator[Link]:
    if not localities:
        yield Link(key, WHOLE_AREA)
    for pk in localities:
        # A locality that stood no longer when the plan began has no place in it.
        if pk in slugs:
            yield Link(key, f"place-{slugs[pk]}")


def _cuts(rows: Rows) -> Iterator[Cut]:
    yield from _priority_cuts(rows)
    yield from _outcome_cuts(rows)
    yield from _action_cuts(rows)
    yield from _money_cuts(rows)


def _priority_cuts(rows: Rows) -> Iterator[Cut]:
    has_action = {action.priority for action in rows.actions}
    for priority in rows.priorities:
        at, name = f"priority-{priority.pk}", f"Priority {priority.number}, “{priority.title}”,"
        change = f"Change priority {priority.number}", rows.page("change_priority", priority.pk)
        if not priority.outcome_array:
            paid = "takes money, but " if priority.funding_array else ""
            yield Cut(at, f"{name} {paid}serves no national outcome.", *change, ("No outcome",))
        if not priority.evidence_of_need.strip():
            yield Cut(at, f"{name} rests on no evidence of need.", *change, ("No evidence of need",))
        if not priority.funding_array:
            yield Cut(at, f"{name} has no money.", *change, ("No money",))
        if not priority.indicator_array:
            words = f"{name} has no indicator: nobody will see whether it works."
            yield Cut(at, words, *change, ("No indicator",))
        if priority.pk not in has_action:
            add = f"Add an action to priority {priority.number}", rows.page("new_action", priority.pk)
            yield Cut(at, f"{name} has no action: nothing is going to be done for it.", *add, ("No action",))


def _outcome_cuts(rows: Rows) -> Iterator[Cut]:
    url = rows.page("priorities")
    measured: dict[int, bool] = {}
    for priority in rows.priorities:
        for one in priority.outcome_array:
            measured[one["number"]] = measured.get(one["number"], False) or bool(priority.indicator_array)
    for outcome in rows.outcomes:
        at, name = f"outcome-{outcome.number}", f"Outcome {outcome.number}, “{outcome.title}”,"
        if outcome.number not in measured:
            words = f"{name} is served by no priority."
            yield Cut(at, words, "Link a priority to it", url, ("No priority",))
        elif not measured[outcome.number]:
            words = f"{name} has no indicator: none of its priorities names one."
            yield Cut(at, words, "Name an indicator in one of its priorities", url, ("No indicator",))
    named = {one["code"] for priority in rows.priorities for one in priority.principle_array}
    if missing := [f"({principle.code})" for principle in rows.principles if principle.code not in named]:
        words = f"No priority names {count_in_words(len(missing), 'principle')}: {', '.join(missing)}."
        yield Cut("", words, "Link a priority to the principles", url)


def _action_cuts(rows: Rows) -> Iterator[Cut]:
    for action in rows.actions:
        lacks = [
            (tag, words)
            for tag, words, is_there in (
                ("No owner", "nobody who answers for it", action.owner),
                ("No day", "no day by which it is done", action.due_on),
                ("No money", "a cost but no money", not action.cost or action.money),
            )
            if not is_there
        ]
        if lacks:
            *most, last = (words for _, words in lacks)
            said = f"{', '.join(most)} and {last}" if most else last
            yield Cut(
                f"action-{action.pk}",
                f"Action {action.label}, “{action.title}”, has {said}.",
                f"Change action {action.label}",
                rows.page("change_action", action.pk),
                tuple(tag for tag, _ in lacks),
            )


def _money_cuts(rows: Rows) -> Iterator[Cut]:
    for budget in rows.budgets:
        if lines := budget.untouched:
            together = money(sum(line.amount for line in lines))
            words = (
                f"{count_in_words(len(lines), 'budget line pays', 'budget lines pay')} for no priority in "
                f"{budget.label}, {together} together: {_named([line.title for line in lines])}."
            )
            yield Cut(
                "",
                f"{words[0].upper()}{words[1:]}",
                "See what is given of each line",
                f"{rows.page('priorities')}#money",
            )


def _named(titles: list[str]) -> str:
    """The first of them by name, and how many more there are."""
    more = len(titles) - NAMED
    return ", ".join(titles[:NAMED]) + (f" and {count_in_words(more, 'more', 'more')}" if more > 0 else "")


def cuts_in_words(thread: Thread) -> str:
    """How many cuts there are, in a sentence."""
    if not thread.cuts:
        return "The thread is nowhere cut: everything hangs together."
    return f"The thread is cut in {count_in_words(len(thread.cuts), 'place')}."
