"""What is done about a forecast overspend (R-FIN-06; integration scheme)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from ..enums import ActionConfidence, ActionProgress, LadderStep, StepState
from .budgets import Budget, OfBudgetQuerySet
from .money import Money


class RecoveryPlan(models.Model):
    """How the year's overspend is met: the steps of the ladder, and actions with owner, sum and date."""

    budget = models.OneToOneField(Budget, on_delete=models.CASCADE, related_name="recovery_plan")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)

    objects = OfBudgetQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Recovery plan {self.budget.year_label}"


class RecoveryStep(models.Model):
    """One step of the overspend ladder: how far it was taken, and what came of it."""

    plan = models.ForeignKey(RecoveryPlan, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(max_length=20, choices=LadderStep)
    state = models.CharField(max_length=20, choices=StepState, default=StepState.NOT_REACHED)
    words = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "step"], name="recovery_step_once_per_plan"),
        ]

    def __str__(self) -> str:
        return self.get_step_display()


class RecoveryAction(models.Model):
    """Something that lowers the overspend: who does it, by when, and by how much."""

    plan = models.ForeignKey(RecoveryPlan, on_delete=models.CASCADE, related_name="actions")
    action = models.CharField(max_length=300)
    owner = models.CharField(max_length=120)
    amount = Money(help_text="By how much it lowers the overspend, in pounds")
    due_on = models.DateField()
    confidence = models.CharField(max_length=10, choices=ActionConfidence)
    progress = models.CharField(max_length=20, choices=ActionProgress, default=ActionProgress.NOT_STARTED)
    words = models.TextField(blank=True, help_text="How it stands")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(name="recovery_action_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return self.action
