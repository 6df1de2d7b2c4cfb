"""The integrated budget of a year."""

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from partnerships.models import Partnership, ScopedQuerySet, User

from ..enums import BudgetState

# The first budgets under the 2014 Act, and a bound that catches mistyped years.
FIRST_YEAR, LAST_YEAR = 2015, 2100


class Budget(models.Model):
    """The integrated budget of one financial year: payments and set-aside, and what they are spent on (s.14)."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="budgets")
    year = models.PositiveSmallIntegerField(
        help_text="The year in which it starts: 2020 for 2020/21",
        validators=[MinValueValidator(FIRST_YEAR), MaxValueValidator(LAST_YEAR)],
    )
    state = models.CharField(max_length=10, choices=BudgetState, default=BudgetState.DRAFT)
    agreed_at = models.DateTimeField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    source = models.CharField(max_length=400, blank=True)
    note = models.TextField(blank=True, help_text="What readers of the figures must know")

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "year"], name="budget_once_a_year"),
            models.CheckConstraint(
                name="budget_agreed_since_a_moment",
                condition=Q(state=BudgetState.AGREED, agreed_at__isnull=False)
                | (~Q(state=BudgetState.AGREED) & Q(agreed_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"Integrated budget {self.year_label}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:detail", args=[self.partnership.slug, self.year])

    @property
    def is_agreed(self) -> bool:
        return self.state == BudgetState.AGREED

    @property
    def starts_on(self) -> date:
        """The first day of the financial year."""
        return date(self.year, 4, 1)

    @property
    def ends_on(self) -> date:
        return date(self.year + 1, 3, 31)

    @property
    def year_label(self) -> str:
        return f"{self.year}/{(self.year + 1) % 100:02d}"


class OfBudgetQuerySet(models.QuerySet[Any]):
    """For rows that reach their partnership through `budget`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(budget__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(budget__partnership__in=Partnership.objects.visible_to(user))
