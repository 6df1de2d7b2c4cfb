"""How much a plan asks people to keep track of. Small plans succeed: past a point, each thing more is followed less."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.sgds.formats import count_in_words

HEAVY = 60


@dataclass(frozen=True)
class Weight:
    """The elements of a plan that somebody has to follow. Actions that are done or cancelled weigh nothing."""

    priorities: int
    actions: int
    indicators: int
    outcome_links: int
    # The priority with the most open actions, and how many those are.
    heaviest: str = ""
    heaviest_actions: int = 0

    @property
    def total(self) -> int:
        return self.priorities + self.actions + self.indicators + self.outcome_links

    @property
    def is_heavy(self) -> bool:
        return self.total > HEAVY

    @property
    def sentence(self) -> str:
        """The count and what it is made of."""
        parts = (
            count_in_words(self.priorities, "priority", "priorities"),
            count_in_words(self.actions, "open action"),
            count_in_words(self.indicators, "indicator"),
            count_in_words(self.outcome_links, "link to outcomes", "links to outcomes"),
        )
        return f"{self.total} tracked elements: {', '.join(parts)}."

    @property
    def advice(self) -> str:
        """What to do about a heavy plan, or nothing."""
        if not self.is_heavy:
            return ""
        advice = (
            f"Plans with more than {HEAVY} are rarely followed to the end. Ask of each whether anybody would miss it: "
            "merge actions that one person does, stop those that nobody reports on, and keep the few indicators that "
            "you would act on."
        )
        if self.heaviest_actions > 1:
            advice += f" Most actions stand under “{self.heaviest}” ({self.heaviest_actions})."
        return advice
