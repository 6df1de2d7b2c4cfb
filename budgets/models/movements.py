"""How an agreed budget changes in the year: virements between lines, and allocations that a partner adds.

An agreed line's amount is its original amount and the entries of everything applied since: a deferred constraint
trigger holds that, and that what is applied is whole (see the migration).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Body

from ..enums import FundKind, MovementState
from .budgets import Budget, OfBudgetQuerySet
from .lines import BudgetLine
from .money import Money


class Movement(models.Model):
    """A change to an agreed budget that one person proposes and another approves."""

    number = models.PositiveSmallIntegerField()
    reason = models.TextField()
    is_recurring = models.BooleanField()
    state = models.CharField(max_length=10, choices=MovementState, default=MovementState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True, help_text="Why it was refused or withdrawn")
    minute_reference = models.CharField(
        max_length=160, blank=True, help_text="The board's minute that approved it"
    )

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_proposed(self) -> bool:
        return self.state == MovementState.PROPOSED

    @property
    def is_applied(self) -> bool:
        return self.state == MovementState.APPLIED


def _held_by_the_database(what: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["budget", "number"], name=f"{what}_number_once_a_year"),
        models.CheckConstraint(
            name=f"{what}_decided_or_proposed",
            condition=Q(state=MovementState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
            | (~Q(state=MovementState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
        ),
        models.CheckConstraint(
            name=f"{what}_applied_by_another",
            condition=~Q(state=MovementState.APPLIED) | ~Q(proposed_by=F("decided_by")),
        ),
    ]


class Virement(Movement):
    """Money moved between lines of one budget: its entries add up to nothing."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="virements")
    direction_effect = models.TextField(blank=True, help_text="Which directions it makes wrong")

    class Meta:
        ordering = ["-number"]
        constraints = _held_by_the_database("virement")

    def __str__(self) -> str:
        return f"Virement {self.reference}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:virement", args=[self.budget.partnership.slug, self.budget.year, self.number])

    @property
    def reference(self) -> str:
        return f"V{self.number}"


class VirementEntry(models.Model):
    """What a virement adds to one line, or takes from it (below zero)."""

    virement = models.ForeignKey(Virement, on_delete=models.CASCADE, related_name="entries")
    line = models.ForeignKey(BudgetLine, on_delete=models.RESTRICT, related_name="virement_entries")
    amount = Money()

    class Meta:
        ordering = ["line__position", "line__title", "line"]
        constraints = [
            models.UniqueConstraint(fields=["virement", "line"], name="virement_entry_once_per_line"),
            models.CheckConstraint(name="virement_entry_moves_something", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.virement}: {self.line}"


class FundingChange(Movement):
    """An allocation that a partner adds in the year (or takes back): a contribution and lines change together."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="funding_changes")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=FundKind)
    name = models.CharField(max_length=200)
    reference_of_partner = models.CharField(
        max_length=120, blank=True, help_text="The partner's or the government's own letter or reference"
    )
    is_ring_fenced = models.BooleanField(default=False)
    amount = Money()

    class Meta:
        ordering = ["-number"]
        constraints = [
            *_held_by_the_database("funding_change"),
            models.CheckConstraint(name="funding_change_of_something", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(
            "budgets:funding_change", args=[self.budget.partnership.slug, self.budget.year, self.number]
        )

    @property
    def reference(self) -> str:
        return f"A{self.number}"


class FundingEntry(models.Model):
    """What an allocation adds to one line, or takes from it (below zero)."""

    funding_change = models.ForeignKey(FundingChange, on_delete=models.CASCADE, related_name="entries")
    line = models.ForeignKey(BudgetLine, on_delete=models.RESTRICT, related_name="funding_entries")
    amount = Money()

    class Meta:
        ordering = ["line__position", "line__title", "line"]
        constraints = [
            models.UniqueConstraint(fields=["funding_change", "line"], name="funding_entry_once_per_line"),
            models.CheckConstraint(name="funding_entry_moves_something", condition=~Q(amount=0)),
        ]

    def __str__(self) -> str:
        return f"{self.funding_change}: {self.line}"
