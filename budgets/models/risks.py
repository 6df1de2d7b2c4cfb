"""What may cost more than the budget has."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..enums import Likelihood
from .budgets import Budget, OfBudgetQuerySet
from .money import Money


class Risk(models.Model):
    """Something that may happen in the year and what it would cost: from `lowest` to `highest`, in pounds."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="risks")
    title = models.CharField(max_length=200)
    lowest = Money()
    highest = Money()
    likelihood = models.CharField(max_length=10, choices=Likelihood)
    mitigation = models.TextField(help_text="What is done so that it does not happen, or costs less")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-highest", "title"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "title"], name="risk_title_once"),
            models.CheckConstraint(
                name="risk_from_lowest_to_highest",
                condition=Q(lowest__gte=0, highest__gt=0, highest__gte=F("lowest")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
