"""What a year's budget counts on not having to spend."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ..enums import Arm, Assessment
from .budgets import Budget, OfBudgetQuerySet
from .directions import Direction
from .lines import BudgetLine
from .money import Money


class SavingsTarget(models.Model):
    """What the year must save for its budget to balance. What no saving is named for yet is the unidentified gap."""

    budget = models.OneToOneField(Budget, on_delete=models.CASCADE, related_name="savings_target")
    amount = Money()
    minute = models.CharField(max_length=200, blank=True, help_text="The board’s decision")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="savings_target_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"Savings target {self.budget.year_label}"


class Saving(models.Model):
    """One thing that is done to spend less, who leads it, and how far it has come."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="savings")
    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    lead = models.CharField(max_length=120, help_text="Who answers for it")
    arm = models.CharField(max_length=20, choices=Arm)
    target = Money()
    is_recurring = models.BooleanField(default=True)
    delivered = Money(default=Decimal(0), help_text="Saved so far this year")
    forecast = Money(null=True, blank=True, help_text="What it will have saved by the end of the year")
    note = models.TextField(blank=True, help_text="Why the forecast is short, and what is done about it")
    assessment = models.CharField(max_length=20, choices=Assessment, default=Assessment.NONE)
    assessment_reference = models.CharField(
        max_length=300, blank=True, help_text="Where the assessment is kept, or why none is needed"
    )
    lines = models.ManyToManyField(BudgetLine, blank=True, related_name="savings")
    directions = models.ManyToManyField(
        Direction, blank=True, related_name="savings", help_text="The directions that carry it out"
    )
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "reference"], name="saving_reference_once"),
            models.CheckConstraint(name="saving_target_of_a_sum", condition=Q(target__gt=0)),
            models.CheckConstraint(
                name="saving_assessed_with_a_reference",
                condition=~Q(assessment__in=[Assessment.DONE, Assessment.NOT_NEEDED])
                | ~Q(assessment_reference=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:saving", args=[self.budget.partnership.slug, self.budget.year, self.pk])

    @property
    def shortfall(self) -> Decimal | None:
        """What the forecast falls short of the target; None while nothing is forecast."""
        return None if self.forecast is None else max(self.target - self.forecast, Decimal(0))

    @property
    def assessment_words(self) -> str:
        """How far the assessment is and where it is kept: `Assessed: IIA 2026-04`."""
        return ": ".join(filter(None, (self.get_assessment_display(), self.assessment_reference)))

    @property
    def is_assessed(self) -> bool:
        return self.assessment in {Assessment.DONE, Assessment.NOT_NEEDED}
