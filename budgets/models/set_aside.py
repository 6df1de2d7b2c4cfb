"""What the health board tells about the set-aside, and what follows from it (2014 Act s.28)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from ..enums import ClaimKind, ClaimState, Confidence
from .budgets import Budget, OfBudgetQuerySet
from .contributions import Contribution
from .lines import BudgetLine
from .money import Money


class SetAsideBasis(models.Model):
    """Where a set-aside figure comes from and how far it can be relied on."""

    contribution = models.OneToOneField(Contribution, on_delete=models.CASCADE, related_name="basis")
    source = models.CharField(max_length=300)
    as_of = models.DateField(help_text="The day on which the board gave the figure")
    confidence = models.CharField(max_length=1, choices=Confidence)
    words = models.CharField(max_length=400, help_text="Why this grade")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.contribution}: {self.get_confidence_display()}"


class SetAsideReport(models.Model):
    """A report on the use of the set-aside that the authority asks of the board for a period (2014 Act s.28(5)).

    It is asked for with a day by which it is due, and is there once the board's officer has made it.
    """

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="set_aside_reports")
    starts_on = models.DateField()
    ends_on = models.DateField()
    due_on = models.DateField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.TextField(blank=True, help_text="What the board says about its figures")
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reported_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "starts_on", "ends_on"], name="set_aside_report_once_a_period"
            ),
            models.CheckConstraint(
                name="set_aside_report_on_a_period", condition=Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="set_aside_report_due_after_its_period", condition=Q(due_on__gt=F("ends_on"))
            ),
        ]

    def __str__(self) -> str:
        return f"Set-aside report to {self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse(
            "budgets:set_aside_report", args=[self.budget.partnership.slug, self.budget.year, self.pk]
        )


class SetAsideFigure(models.Model):
    """What one set-aside line used in a report's period, and the activity that it is worked out from."""

    report = models.ForeignKey(SetAsideReport, on_delete=models.CASCADE, related_name="figures")
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="set_aside_figures")
    used = Money(help_text="From the first day of the year to the end of the period, in pounds")
    activity = models.PositiveIntegerField(null=True, blank=True, help_text="Occupied bed days")
    basis = models.CharField(max_length=200, help_text="What was counted, and of which year")
    is_estimate = models.BooleanField(default=True)

    class Meta:
        ordering = ["line__position", "line__title", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "line"], name="set_aside_figure_once_a_line"),
            models.CheckConstraint(name="set_aside_figure_not_negative", condition=Q(used__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.report}"


class SetAsideClaim(models.Model):
    """What is owed because less, or more, was used than was set aside (2014 Act s.28(3) and (4))."""

    report = models.ForeignKey(SetAsideReport, on_delete=models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=20, choices=ClaimKind)
    specified = Money()
    used = Money()
    amount = Money()
    state = models.CharField(max_length=20, choices=ClaimState, default=ClaimState.REQUIRED)
    reason = models.TextField(help_text="Why it is required; why it is settled or not pursued")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report"], name="set_aside_claim_once_a_report"),
            models.CheckConstraint(
                name="set_aside_claim_is_the_difference",
                condition=Q(kind=ClaimKind.CLAIM, amount=F("specified") - F("used"))
                | Q(kind=ClaimKind.REIMBURSEMENT, amount=F("used") - F("specified")),
            ),
            models.CheckConstraint(name="set_aside_claim_above_nothing", condition=Q(amount__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.report}"
