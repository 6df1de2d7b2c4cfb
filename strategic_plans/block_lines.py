"""What the figures of a live block say, as lines of words: two versions are compared by them."""

from collections.abc import Iterator

from foundation.sgds.formats import money, number

from .editions import BlockPart, BudgetPart, EngagementPart, MatrixPart, ProfilePart


def lines_of(block: BlockPart | None) -> list[str]:
    """The figures that the block froze, the most telling of them; nothing where there is no block."""
    if block is None:
        return []
    if block.indicator:
        return [block.indicator.sentence]
    if block.budget:
        return list(_of_budget(block.budget))
    if block.locality:
        return [_of_locality(block.locality)]
    if block.matrix:
        return list(_of_matrix(block.matrix))
    return list(_of_engagement(block.engagement)) if block.engagement else []


def _of_budget(budget: BudgetPart) -> Iterator[str]:
    for contribution in budget.contributions:
        yield f"{contribution.body}, {contribution.kind}: {money(contribution.amount)}"
    for line in budget.lines:
        yield f"{line.title}, {line.delivered_by}: {money(line.amount)}"


def _of_locality(profile: ProfilePart) -> str:
    ages = (
        (profile.population, "people"),
        (profile.population_65_plus, "aged 65 and over"),
        (profile.population_75_plus, "aged 75 and over"),
    )
    counted = ", ".join(f"{number(count)} {who}" for count, who in ages if count is not None)
    return f"{profile.name}: {counted} ({profile.population_year})"


def _of_matrix(matrix: MatrixPart) -> Iterator[str]:
    for row in matrix.rows:
        serving = [str(name) for name, serves in zip(matrix.priorities, row.cells, strict=True) if serves]
        yield f"{row.label} Priorities: {', '.join(serving) or 'none'}"


def _of_engagement(engagement: EngagementPart) -> Iterator[str]:
    for activity in engagement.activities:
        for promise in activity.promises:
            yield f"{activity.place}: {promise.text} {promise.state}"
