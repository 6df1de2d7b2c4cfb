"""How much of each budget line a plan gives to its priorities, and what has none."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, TextField
from django.db.models.functions import Cast, JSONObject

from budgets.models import Budget

from ..models import Plan, PriorityFunding
from .choices import fundable_lines

PENCE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ShareOfLine:
    """What one priority takes of a line: per cent, and pounds."""

    priority: int
    label: str
    share: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class LineGiven:
    """A budget line and the priorities that it pays for. Behind a title that two lines have stands the group."""

    pk: int
    title: str
    year: int
    amount: Decimal
    shares: tuple[ShareOfLine, ...]

    @property
    def share(self) -> Decimal:
        return sum((one.share for one in self.shares), Decimal(0))

    @property
    def given(self) -> Decimal:
        return sum((one.amount for one in self.shares), Decimal(0))

    @property
    def left(self) -> Decimal:
        return self.amount - self.given

    @property
    def share_left(self) -> Decimal:
        return 100 - self.share


@dataclass(frozen=True)
class BudgetGiven:
    """The lines of a year's budget, the set-aside among them, and what priorities take of it."""

    year: int
    lines: tuple[LineGiven, ...]

    @property
    def label(self) -> str:
        return Budget(year=self.year).year_label

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def left(self) -> Decimal:
        return sum((line.left for line in self.lines), Decimal(0))

    @property
    def given(self) -> Decimal:
        return self.amount - self.left

    @property
    def share_left(self) -> Decimal:
        """Per cent of the budget that pays for no priority, to one place; 0 of an empty budget."""
        if not self.amount:
            return Decimal(0)
        return (self.left * 100 / self.amount).quantize(Decimal("0.1"), ROUND_HALF_UP)

    @property
    def untouched(self) -> tuple[LineGiven, ...]:
        """The lines that pay for no priority at all."""
        return tuple(line for line in self.lines if not line.shares)


def money_given(plan: Plan) -> tuple[BudgetGiven, ...]:
    """The budgets that pay for the plan's priorities, the earliest first; while none pays, the newest. One query."""
    shares = PriorityFunding.objects.filter(line=OuterRef("pk"), priority__plan=plan).order_by(
        "priority__number"
    )
    rows = fundable_lines(plan).values_list(
        "pk",
        "title",
        "group",
        "budget__year",
        "amount",
        ArraySubquery(
            shares.values_list(
                JSONObject(
                    priority="priority_id",
                    number="priority__number",
                    title="priority__title",
                    share=Cast("share", TextField()),
                )
            )
        ),
    )
    found = list(rows)
    often = Counter((year, title) for _, title, _, year, _, _ in found)
    years: dict[int, list[LineGiven]] = {}
    for pk, title, group, year, amount, parts in found:
        name = f"{title} ({group})" if group and often[year, title] > 1 else title
        taken = tuple(_share(part, amount) for part in parts)
        years.setdefault(year, []).append(LineGiven(pk, name, year, amount, taken))
    budgets = tuple(BudgetGiven(year, tuple(lines)) for year, lines in years.items())
    return tuple(budget for budget in budgets if budget.given) or budgets[-1:]


def _share(part: dict[str, str], amount: Decimal) -> ShareOfLine:
    share = Decimal(part["share"])
    return ShareOfLine(
        priority=int(part["priority"]),
        label=f"{part['number']}. {part['title']}",
        share=share,
        amount=(amount * share / 100).quantize(PENCE),
    )
