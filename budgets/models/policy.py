"""What the board has decided about reserves and savings."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from partnerships.models import Partnership, ScopedQuerySet

PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


# January to March: the budget's year begins on 1 April. Not 29 February, which most years lack.
BEFORE_THE_YEAR = r"^(0[13]-(0[1-9]|[12]\d|3[01])|02-(0[1-9]|1\d|2[0-8]))$"


class MoneyPolicy(models.Model):
    """The least that the general reserve should hold, when a saving is on track, and until when an offer is in time.

    Shares are in per cent. Days are month and day, such as 03-11, before the budget's year begins.
    """

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
    council_offers_by = models.CharField(
        max_length=5,
        default="03-11",
        help_text="Month and day before the year begins: until then a council’s offer is in time",
    )
    board_offers_by = models.CharField(
        max_length=5,
        default="03-31",
        help_text="Month and day before the year begins: until then the health board’s offer is in time",
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
            models.CheckConstraint(
                name="money_policy_offers_before_the_year",
                condition=Q(council_offers_by__regex=BEFORE_THE_YEAR, board_offers_by__regex=BEFORE_THE_YEAR),
            ),
        ]

    def __str__(self) -> str:
        return f"Policy on reserves, savings and offers of {self.partnership}"
