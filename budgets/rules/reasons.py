"""Whether a variance reason says something: advice for whoever writes it, never a refusal.

A reason that only repeats the figure ("overspend due to increased costs") tells the board nothing. The patterns are
kept simple on purpose: they find words that stand in for a cause, and look for a cause, a fact and an action.
"""

from __future__ import annotations

import re

# Words that every such sentence has, and that carry no fact of their own.
EMPTY = frozenset(
    [
        "a",
        "above",
        "actual",
        "actuals",
        "additional",
        "against",
        "an",
        "and",
        "anticipated",
        "are",
        "as",
        "at",
        "be",
        "been",
        "below",
        "budget",
        "budgeted",
        "budgets",
        "by",
        "cost",
        "costs",
        "due",
        "expected",
        "expenditure",
        "extra",
        "figure",
        "figures",
        "for",
        "forecast",
        "from",
        "greater",
        "had",
        "has",
        "have",
        "high",
        "higher",
        "in",
        "increase",
        "increased",
        "increases",
        "is",
        "it",
        "its",
        "lower",
        "less",
        "line",
        "more",
        "of",
        "on",
        "over",
        "overspend",
        "overspending",
        "overspent",
        "projected",
        "pressure",
        "pressures",
        "reason",
        "result",
        "resulted",
        "s",
        "service",
        "services",
        "spend",
        "spending",
        "than",
        "that",
        "the",
        "there",
        "this",
        "to",
        "total",
        "under",
        "underspend",
        "underspending",
        "underspent",
        "variance",
        "variances",
        "was",
        "we",
        "were",
        "which",
        "will",
        "with",
        "year",
        "reduced",
        "reduction",
        "£",
        "m",
        "k",
        "million",
        "pounds",
        "thousand",
        "per",
        "cent",
        "overall",
        "continued",
        "continuing",
        "ongoing",
        "current",
        "currently",
        "mainly",
        "primarily",
        "largely",
        "also",
        "period",
        "month",
    ]
)
FEWEST_WORDS = 3  # that are not empty
NO_ACTION = re.compile(
    r"\b(no action|none|n/?a|not applicable|tbc|tba|to be (confirmed|advised|agreed)|nothing|"
    r"(continue|continues|continuing) to (monitor|review)|(will|to) (be )?monitor(ed)?|kept under review|"
    r"keep under review|ongoing)\b",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)
FIGURE = re.compile(r"\d")
SHORTEST_ACTION = 3  # words


def what_is_missing(*, words: str, action: str) -> list[str]:
    """What a reader will ask for, a sentence each; nothing where the reason says what happened and what is done."""
    said = [word.lower() for word in WORD.findall(words)]
    telling = {word for word in said if word not in EMPTY}
    missing = []
    if len(telling) < FEWEST_WORDS:
        missing.append(
            "It only says again that the figure differs. Say what happened: where, to whom, since when."
        )
    elif not FIGURE.search(words):
        missing.append(
            "It has no figure. Say how much of it there is: places, packages, posts, items, weeks."
        )
    if NO_ACTION.search(action) or len(WORD.findall(action)) < SHORTEST_ACTION:
        missing.append(
            "The action does not say what changes. Say what somebody will do, or that the cost is accepted, and why."
        )
    return missing
