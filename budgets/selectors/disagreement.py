"""A year on which the partners do not agree, and what stands meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils import timezone

from foundation.sgds.formats import date_uk
from partnerships.models import Body

from ..enums import BudgetState, FundKind, Meanwhile
from ..models import Budget, Disagreement, DisputeStep, Offer
from .confirmations import whose_line
from .scheme import bodies_of
from .totals import added_up

STAND_MEANWHILE = {
    Meanwhile.LAST_YEAR: "last year’s recurring amounts stand",
    Meanwhile.OFFERS: "the newest offers stand",
}


@dataclass(frozen=True)
class Dispute:
    """The disagreement that stands, with its steps."""

    disagreement: Disagreement
    steps: tuple[DisputeStep, ...]
    today: date

    @property
    def next_step(self) -> DisputeStep | None:
        return next((step for step in self.steps if step.done_on is None), None)

    def is_overdue(self, step: DisputeStep) -> bool:
        return step.done_on is None and step.due_on is not None and step.due_on < self.today

    @property
    def rows(self) -> list[tuple[DisputeStep, str]]:
        """Each step with its state, as the tags name it."""
        return [(step, self._state(step)) for step in self.steps]

    def _state(self, step: DisputeStep) -> str:
        if step.done_on is not None:
            return "done"
        return "overdue" if self.is_overdue(step) else "due" if step.due_on else "not_started"

    @property
    def sentence(self) -> str:
        """Since when, what stands meanwhile, and what is next: for every page of the year."""
        stands = self.disagreement.meanwhile_words or STAND_MEANWHILE[Meanwhile(self.disagreement.meanwhile)]
        words = (
            f"The partners have not agreed this budget since {date_uk(self.disagreement.since)}. "
            f"Meanwhile: {stands.rstrip('.')}."
        )
        done = sum(step.done_on is not None for step in self.steps)
        if self.steps:
            steps = "step" if len(self.steps) == 1 else "steps"
            words += f" {done or 'None'} of {len(self.steps)} {steps} taken"
            following = self.next_step
            if following is None:
                return f"{words}."
            due = f", due {date_uk(following.due_on)}" if following.due_on else ""
            words += f"; next: {following.title.rstrip('.')}{due}."
        return words


def dispute_of(budget: Budget) -> Dispute | None:
    """The disagreement that stands for the year; no query while the year is not in that state, and two otherwise."""
    if budget.state != BudgetState.NOT_AGREED:
        return None
    found = (
        Disagreement.objects.filter(budget=budget, ended_on__isnull=True)
        .select_related("declared_by")
        .first()
    )
    if found is None:
        return None
    return Dispute(found, tuple(found.steps.select_related("changed_by")), timezone.localdate())


@dataclass(frozen=True)
class StandsMeanwhile:
    """What stands for one body and kind of money while nothing is agreed. Pounds; None: not known."""

    body: Body
    kind: FundKind
    amount: Decimal | None

    @property
    def label(self) -> str:
        return f"{self.body}, {self.kind.label.lower()}"


def standing_meanwhile(budget: Budget, disagreement: Disagreement) -> list[StandsMeanwhile]:
    """What stands for each body meanwhile, the set-aside apart: last year's recurring lines, or its newest offers.

    A body without any has one row for its payment. Empty where the scheme's own words say what stands.
    """
    sums: dict[tuple[int, str], Decimal] = {}
    if disagreement.meanwhile == Meanwhile.LAST_YEAR:
        before = Budget.objects.filter(partnership=budget.partnership_id, year=budget.year - 1).first()
        if before is not None:
            lines = before.lines.order_by().annotate(party_id=whose_line(before)).values("party_id", "fund")
            added = lines.annotate(sum=added_up("amount", is_recurring=True))
            sums = {(row["party_id"], row["fund"]): row["sum"] for row in added}
    elif disagreement.meanwhile == Meanwhile.OFFERS:
        newest = Offer.objects.filter(budget=budget).added_up().order_by("body_id", "kind", "-version")
        for offer in newest.distinct("body_id", "kind"):
            sums[offer.body_id, offer.kind] = offer.total
    else:
        return []
    rows = []
    for body in bodies_of(budget.partnership):
        kinds = [kind for kind in FundKind if (body.pk, kind) in sums] or [FundKind.PAYMENT]
        rows += [StandsMeanwhile(body, kind, sums.get((body.pk, kind))) for kind in kinds]
    return rows


def past_disagreements(budget: Budget) -> list[Disagreement]:
    """The disagreements of the year that are over, newest first, with their steps."""
    return list(Disagreement.objects.filter(budget=budget, ended_on__isnull=False).prefetch_related("steps"))
