"""The year month by month: what was spent, what is expected, and why it differs from the budget."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Partnership, User

from ..enums import Cause, PeriodState, ThresholdKind
from .budgets import Budget, OfBudgetQuerySet
from .lines import BudgetLine
from .money import Money

LAST_PERIOD = 12


class MonitoringRules(models.Model):
    """What a partnership's financial regulations say: when a variance needs a reason, and who may approve how much."""

    partnership = models.OneToOneField(Partnership, on_delete=models.CASCADE, related_name="monitoring_rules")
    variance_amount = Money(default=Decimal(100_000), help_text="Pounds; a larger variance needs a reason")
    variance_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal(5),
        help_text="Of the line's budget; a larger variance needs a reason",
    )
    threshold = models.CharField(max_length=10, choices=ThresholdKind, default=ThresholdKind.EITHER)
    amber_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal("0.50"), help_text="Forecast overspend in per cent"
    )
    red_percent = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(3), help_text="Forecast overspend in per cent"
    )
    officer_limit = Money(
        default=Decimal(500_000), help_text="Pounds that a chief officer may approve; above it the board does"
    )
    recovery_percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        default=Decimal("0.50"),
        help_text="Forecast overspend of the whole budget from which a recovery plan is needed",
    )
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "monitoring rules"
        constraints = [
            models.CheckConstraint(
                name="monitoring_rules_not_negative",
                condition=Q(
                    variance_amount__gte=0,
                    variance_percent__gte=0,
                    amber_percent__gte=0,
                    officer_limit__gte=0,
                    recovery_percent__gte=0,
                ),
            ),
            models.CheckConstraint(
                name="monitoring_red_above_amber", condition=Q(red_percent__gte=models.F("amber_percent"))
            ),
        ]

    def __str__(self) -> str:
        return f"Monitoring rules of {self.partnership}"


class Period(models.Model):
    """A month of the financial year, by number: 1 is April. Figures count from 1 April to its last day."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="periods")
    number = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(LAST_PERIOD)]
    )
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=PeriodState, default=PeriodState.OPEN)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True, help_text="What readers of the report must know")

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-budget", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "number"], name="period_once_a_year"),
            models.CheckConstraint(
                name="period_number_is_a_month", condition=Q(number__gte=1, number__lte=LAST_PERIOD)
            ),
            models.CheckConstraint(
                name="period_prepared_by_somebody",
                condition=Q(prepared_by__isnull=True, prepared_at__isnull=True)
                | Q(prepared_by__isnull=False, prepared_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["budget"], condition=Q(state=PeriodState.OPEN), name="period_one_open_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month_label} (period {self.number})"

    def get_absolute_url(self) -> str:
        return reverse("budgets:period", args=[self.budget.partnership.slug, self.budget.year, self.number])

    @property
    def month_label(self) -> str:
        return f"{self.ends_on:%B %Y}"

    @property
    def is_closed(self) -> bool:
        return self.state == PeriodState.CLOSED

    @property
    def is_prepared(self) -> bool:
        return self.prepared_at is not None


class OfPeriodQuerySet(models.QuerySet["PeriodFigure"]):
    """For rows that reach their partnership through `period.budget`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(period__budget__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(period__budget__partnership__in=Partnership.objects.visible_to(user))


class PeriodFigure(models.Model):
    """One line in one period: budget and actual from 1 April to date, and what the year is expected to cost.

    The database refuses a change while the period is closed, and a host's figure on a line that nobody hosts (see the
    migrations).
    """

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="figures")
    line = models.ForeignKey(BudgetLine, on_delete=models.RESTRICT, related_name="figures")
    budget = Money(
        null=True, blank=True, help_text="The line's budget for the year when the period was closed"
    )
    budget_to_date = Money(null=True, blank=True)
    actual = Money(null=True, blank=True, help_text="Spent to date")
    forecast = Money(null=True, blank=True, help_text="Forecast outturn of the year")
    hosted_outturn = Money(
        null=True,
        blank=True,
        help_text="What the host expects the whole hosted service to cost in the year; hosted lines only",
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    objects = OfPeriodQuerySet.as_manager()

    class Meta:
        ordering = ["line__position", "line__title", "line"]
        constraints = [
            models.UniqueConstraint(fields=["period", "line"], name="period_figure_once_per_line"),
        ]

    def __str__(self) -> str:
        return f"{self.line}, {self.period}"


class VarianceReason(models.Model):
    """Why a line is expected to end the year away from its budget, and what is done about it."""

    figure = models.OneToOneField(PeriodFigure, on_delete=models.CASCADE, related_name="reason")
    cause = models.CharField(max_length=20, choices=Cause)
    words = models.TextField(help_text="What happened, and why")
    is_recurring = models.BooleanField(help_text="Whether it comes back next year")
    action = models.TextField(help_text="What is done about it")
    owner = models.CharField(max_length=120)
    due_on = models.DateField()
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Reason for {self.figure}"


class Unlock(models.Model):
    """One person may change figures of a closed period, for a reason and until a moment.

    No lines: every line of the period.
    """

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="unlocks")
    granted_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lines = models.ManyToManyField(BudgetLine, blank=True, related_name="+")
    reason = models.TextField()
    expires_at = models.DateTimeField()
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When the period was closed again")

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=Q(ended_at__isnull=True), name="unlock_one_at_a_time"
            ),
            models.CheckConstraint(
                name="unlock_ends_after_it_began", condition=Q(expires_at__gt=models.F("granted_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"Unlock of {self.period} for {self.granted_to}"

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def named(self) -> frozenset[int]:
        """The lines whose figures may change; without any, every line's."""
        return frozenset(line.pk for line in self.lines.all())
