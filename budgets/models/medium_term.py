"""What the next five years may cost and bring in."""

from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from partnerships.models import Body, Partnership, ScopedQuerySet, User

from ..enums import FundKind, PlanItem, Pressure, Scenario
from .budgets import FIRST_YEAR, LAST_YEAR
from .money import Money

YEARS_PLANNED = 5


class MediumTermPlan(models.Model):
    """The medium-term financial plan of five years from the one named; one outlook for each scenario."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="medium_term_plans")
    first_year = models.PositiveSmallIntegerField(
        help_text="The year in which its first financial year starts: 2026 for 2026/27",
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-first_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "first_year"], name="medium_term_plan_once_a_first_year"
            ),
        ]

    def __str__(self) -> str:
        return f"Medium-term plan {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:medium_term", args=[self.partnership.slug, self.first_year])

    @property
    def years(self) -> range:
        """The years in which its financial years start."""
        return range(self.first_year, self.first_year + YEARS_PLANNED)

    @property
    def period(self) -> str:
        """`2026/27 to 2030/31`."""
        last = self.years[-1]
        return f"{self.first_year}/{(self.first_year + 1) % 100:02d} to {last}/{(last + 1) % 100:02d}"


class OfPlanQuerySet(models.QuerySet[Any]):
    """For rows that reach their partnership through `plan`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(plan__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(plan__partnership__in=Partnership.objects.visible_to(user))


class Outlook(models.Model):
    """One scenario of the plan: its assumptions in words; its figures stand in `figures`."""

    plan = models.ForeignKey(MediumTermPlan, on_delete=models.CASCADE, related_name="outlooks")
    scenario = models.CharField(max_length=10, choices=Scenario)
    assumptions = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "scenario"], name="outlook_once_a_scenario"),
        ]

    def __str__(self) -> str:
        return self.get_scenario_display()

    def get_absolute_url(self) -> str:
        return reverse(
            "budgets:outlook", args=[self.plan.partnership.slug, self.plan.first_year, self.scenario]
        )


class OutlookFigureQuerySet(models.QuerySet["OutlookFigure"]):
    """For rows that reach their partnership through `outlook.plan`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(outlook__plan__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(outlook__plan__partnership__in=Partnership.objects.visible_to(user))


class OutlookFigure(models.Model):
    """One sum of one year: the base, one pressure, what one body brings in by one fund, or the savings named."""

    outlook = models.ForeignKey(Outlook, on_delete=models.CASCADE, related_name="figures")
    year = models.PositiveSmallIntegerField()
    item = models.CharField(max_length=10, choices=PlanItem)
    pressure = models.CharField(max_length=20, choices=Pressure, blank=True)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    fund = models.CharField(max_length=20, choices=FundKind, blank=True)
    amount = Money()

    objects = OutlookFigureQuerySet.as_manager()

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(
                F("outlook"),
                F("year"),
                F("item"),
                F("pressure"),
                F("body"),
                F("fund"),
                name="outlook_figure_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="outlook_figure_says_what_it_is",
                condition=Q(item=PlanItem.PRESSURE, body__isnull=True, fund="") & ~Q(pressure="")
                | Q(item=PlanItem.FUNDING, pressure="", body__isnull=False) & ~Q(fund="")
                | Q(item__in=[PlanItem.BASE, PlanItem.SAVINGS], pressure="", body__isnull=True, fund=""),
            ),
            models.CheckConstraint(
                name="outlook_figure_not_negative",
                condition=Q(amount__gte=0) | Q(item=PlanItem.PRESSURE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()} {self.year}"
