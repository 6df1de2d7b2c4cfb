"""What each body offers for the year, before it is agreed, and what finance found when it looked closely."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from partnerships.models import Body

from ..enums import Finding, FundKind, OfferStatus
from .budgets import Budget, OfBudgetQuerySet
from .money import Money

SUM = models.DecimalField(max_digits=20, decimal_places=2)


class OfferQuerySet(OfBudgetQuerySet):
    def added_up(self) -> Self:
        """Each offer with its sums, in pounds: `passed_through`, `without_pass_through` and `total`."""
        funding = OfferFunding.objects.filter(offer=models.OuterRef("pk")).order_by().values("offer")
        return self.annotate(
            passed_through=Coalesce(
                models.Subquery(funding.annotate(sum=Sum("amount")).values("sum"), output_field=SUM),
                Decimal("0.00"),
                output_field=SUM,
            ),
            without_pass_through=models.ExpressionWrapper(
                F("base") + F("uplift") + F("pressures") - F("savings_asked"), output_field=SUM
            ),
        ).annotate(
            total=models.ExpressionWrapper(F("without_pass_through") + F("passed_through"), output_field=SUM)
        )


class Offer(models.Model):
    """One version of what a body offers for the year. A newer version supersedes it; it stays readable.

    The sum is base and uplift and pressures, less the savings asked, and the national funding that is passed through.
    """

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="offers")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=FundKind, default=FundKind.PAYMENT)
    version = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=10, choices=OfferStatus)
    received_on = models.DateField()
    base = Money(help_text="Last year's recurring amount as the body has it")
    uplift = Money(default=Decimal(0), help_text="What is added to the base; negative for a cut")
    pressures = Money(default=Decimal(0), help_text="What the body adds for known pressures")
    savings_asked = Money(default=Decimal(0), help_text="What the body asks the authority to save")
    note = models.TextField(blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["body", "kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "body", "kind", "version"], name="offer_version_once"),
            models.CheckConstraint(
                name="offer_parts_not_negative",
                condition=Q(base__gte=0, pressures__gte=0, savings_asked__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"Offer by {self.body}, version {self.version}"

    @property
    def is_firm(self) -> bool:
        return self.status == OfferStatus.FIRM


class OfferFunding(models.Model):
    """National funding that a body passes on with its offer, and the conditions on which it does."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="funding")
    title = models.CharField(max_length=200)
    amount = Money()
    conditions = models.TextField(blank=True)
    is_recurring = models.BooleanField(default=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="offer_funding_above_zero", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return self.title


class DiligenceNote(models.Model):
    """What finance says to one finding of the due diligence."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="diligence_notes")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=FundKind)
    finding = models.CharField(max_length=20, choices=Finding)
    text = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "body", "kind", "finding"], name="diligence_note_once_per_finding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_finding_display()}: {self.body}"
