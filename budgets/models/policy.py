"""What the board has decided about reserves and savings."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from partnerships.models import Partnership, ScopedQuerySet

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class MoneyPolicy(models.Model):
    """The least that the general reserve should hold, and when a saving counts as on track. All in per cent."""

    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="money_policy")
    general_reserve = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("2.00"),
        validators=PERCENT,
        help_text="Of the year’s net budget",
    )
    on_track_from = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("95.00"),
        validators=PERCENT,
        help_text="Of a saving’s target: forecast at least this, it is on track",
    )
    at_risk_from = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("75.00"),
        validators=PERCENT,
        help_text="Of a saving’s target: forecast at least this, it is at risk; below, off track",
    )
    minute = models.CharField(max_length=200, blank=True, help_text="The board’s decision")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="money_policy_in_per_cent",
                condition=Q(
                    general_reserve__gte=0,
                    general_reserve__lte=100,
                    at_risk_from__gte=0,
                    on_track_from__lte=100,
                    at_risk_from__lte=F("on_track_from"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"Policy on reserves and savings of {self.partnership}"
