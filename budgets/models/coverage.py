"""What needs no direction: exempt functions, and what the authority spends itself."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from partnerships.models import DatedQuerySet, DelegatedFunction, Partnership

from .lines import BudgetLine
from .money import Money


class FunctionExemption(models.Model):
    """Ministers exempted a function from the duty to give a direction for it, by order (2014 Act s.27(6))."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="function_exemptions")
    function = models.ForeignKey(DelegatedFunction, on_delete=models.CASCADE, related_name="exemptions")
    order = models.CharField(max_length=200, help_text="The Scottish statutory instrument that exempts it")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["function__title", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["function", "starts_on"], name="exemption_once_from_a_day"),
            models.CheckConstraint(
                name="exemption_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.order}"


class OwnCost(models.Model):
    """The part of a line that the authority keeps for costs of its own, so that nobody is directed to spend it."""

    line = models.OneToOneField(BudgetLine, on_delete=models.CASCADE, related_name="own_cost")
    amount = Money()
    purpose = models.CharField(max_length=200)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.CheckConstraint(name="own_cost_above_nothing", condition=Q(amount__gt=Decimal(0))),
        ]

    def __str__(self) -> str:
        return f"{self.purpose}: {self.line}"
