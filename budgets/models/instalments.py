"""When a payment is paid."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from .contributions import Contribution
from .money import Money


class PaymentSchedule(models.Model):
    """The months in which a body pays its contribution (table F11)."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, related_name="schedule")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Schedule of the {self.contribution}"


class Instalment(models.Model):
    """What is paid in one month of the financial year; month 1 is April. An empty day: it is not paid yet."""

    schedule = models.ForeignKey(PaymentSchedule, on_delete=models.CASCADE, related_name="instalments")
    month = models.PositiveSmallIntegerField()
    amount = Money()
    paid_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "month"], name="instalment_once_a_month"),
            models.CheckConstraint(name="instalment_in_the_year", condition=Q(month__gte=1, month__lte=12)),
            models.CheckConstraint(name="instalment_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"Month {self.month} of the {self.schedule}"
