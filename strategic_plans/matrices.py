"""Which priority serves what: a table of yes and no."""

from collections.abc import Iterable, Sequence

from .editions import MatrixPart, MatrixRowPart, OutcomePart, PrinciplePart, PriorityPart


def outcomes_by_priority(outcomes: Iterable[OutcomePart], priorities: Sequence[PriorityPart]) -> MatrixPart:
    """For each national outcome the priorities that say how they help to achieve it."""
    serving = [{link.number for link in priority.outcomes} for priority in priorities]
    return MatrixPart(
        caption="National outcomes by priority",
        subject="Outcome",
        priorities=tuple(priority.number for priority in priorities),
        rows=tuple(
            MatrixRowPart(
                label=f"{outcome.number}. {outcome.text}",
                cells=tuple(outcome.number in numbers for numbers in serving),
            )
            for outcome in outcomes
        ),
    )


def principles_by_priority(
    principles: Iterable[PrinciplePart], priorities: Sequence[PriorityPart]
) -> MatrixPart:
    """For each integration delivery principle the priorities that have regard to it."""
    return MatrixPart(
        caption="Integration delivery principles by priority",
        subject="Principle",
        priorities=tuple(priority.number for priority in priorities),
        rows=tuple(
            MatrixRowPart(
                label=f"({principle.code}) {principle.text}",
                cells=tuple(principle.code in priority.principles for priority in priorities),
            )
            for principle in principles
        ),
    )
