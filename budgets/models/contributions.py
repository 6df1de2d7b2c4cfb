"""What the council and the health board put in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from partnerships.models import Body

from ..enums import FundKind
from .budgets import Budget, OfBudgetQuerySet
from .money import Money


class Contribution(models.Model):
    """What a council or the health board pays, or the health board sets aside, for the year (s.14)."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="contributions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="contributions")
    kind = models.CharField(max_length=20, choices=FundKind)
    amount = Money()
    method = models.TextField(blank=True, help_text="How the sum was worked out")
    is_notional = models.BooleanField(
        default=False, help_text="The board's own estimate: no money moves and no activity has been counted"
    )
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["body", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "body", "kind"],
                name="contribution_one_of_a_kind_per_body",
            ),
            models.CheckConstraint(name="contribution_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} by {self.body}"
