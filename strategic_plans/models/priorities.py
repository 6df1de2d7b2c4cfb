from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse

from budgets.models import BudgetLine
from localities.models import Locality
from outcomes.models import Indicator, Outcome, Principle

from .plans import OfPlanQuerySet, Plan


class Priority(models.Model):
    """What the partnership does first, tied to outcomes, principles, indicators and money (2014 Act ss.29(2), 30)."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="priorities")
    number = models.PositiveSmallIntegerField(help_text="Its place in the plan, counted from 1")
    title = models.CharField(max_length=160)
    rationale = models.TextField(blank=True, max_length=5_000)
    evidence_of_need = models.TextField(
        blank=True,
        max_length=5_000,
        help_text="What shows the need: figures, what people said, with the source",
    )
    outcomes = models.ManyToManyField(Outcome, through="PriorityOutcome", related_name="priorities")
    principles = models.ManyToManyField(Principle, related_name="priorities", blank=True)
    indicators = models.ManyToManyField(Indicator, related_name="priorities", blank=True)
    localities = models.ManyToManyField(
        Locality, related_name="priorities", blank=True, help_text="None: the whole area"
    )
    revision = models.PositiveIntegerField(default=1)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        verbose_name_plural = "priorities"
        constraints = [
            # Deferred, so that two priorities can change places in one transaction.
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="priority_number_once_per_plan",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        plan = self.plan
        return reverse("strategic_plans:priority", args=[plan.partnership.slug, plan.slug, self.pk])


class PriorityOutcome(models.Model):
    """How a priority helps to achieve a national outcome, in words (2014 Act s.29(2)(b))."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="outcome_links")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="priority_links")
    explanation = models.TextField(max_length=1_000)

    class Meta:
        ordering = ["outcome__number"]
        constraints = [
            models.UniqueConstraint(fields=["priority", "outcome"], name="priority_outcome_once"),
            models.CheckConstraint(name="priority_outcome_is_explained", condition=~Q(explanation="")),
        ]

    def __str__(self) -> str:
        return f"{self.priority} and {self.outcome}"


class PriorityFunding(models.Model):
    """The share of a budget line that pays for a priority. The shares of one line in one plan total at most 100 %."""

    priority = models.ForeignKey(Priority, on_delete=models.CASCADE, related_name="funding")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="priority_funding")
    share = models.DecimalField(max_digits=5, decimal_places=2, help_text="Per cent of the line")

    class Meta:
        ordering = ["line__position", "line__title"]
        constraints = [
            models.UniqueConstraint(fields=["priority", "line"], name="priority_funding_once_per_line"),
            models.CheckConstraint(
                name="priority_funding_share_above_0_up_to_100",
                condition=Q(share__gt=Decimal(0), share__lte=Decimal(100)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share} % of {self.line}"

    @property
    def amount(self) -> Decimal:
        return (self.line.amount * self.share / 100).quantize(Decimal("0.01"))
