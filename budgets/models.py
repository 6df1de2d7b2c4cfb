from datetime import date
from decimal import Decimal
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from localities.models import Locality
from partnerships.models import Body, DelegatedFunction, Partnership, ScopedQuerySet, User

from .enums import BudgetState, FundKind, Setting, SpendCategory

# The first budgets under the 2014 Act, and a bound that catches mistyped years.
FIRST_YEAR, LAST_YEAR = 2015, 2100


class Money(models.DecimalField):
    """Pounds and pence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_digits"], kwargs["decimal_places"] = 14, 2
        super().__init__(*args, **kwargs)


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


class BudgetLine(models.Model):
    """A sum allocated to a service: function, delivering body, category, setting, fund."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="lines")
    title = models.CharField(max_length=200)
    group = models.CharField(max_length=120, blank=True, help_text="Heading under which the line is shown")
    function = models.ForeignKey(DelegatedFunction, null=True, blank=True, on_delete=models.PROTECT)
    delivered_by = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="budget_lines")
    fund = models.CharField(max_length=20, choices=FundKind, default=FundKind.PAYMENT)
    category = models.CharField(max_length=1, choices=SpendCategory)
    setting = models.CharField(max_length=20, choices=Setting)
    position = models.PositiveSmallIntegerField(default=0)
    amount = Money(help_text="Allocated for the year, in pounds")
    actual = Money(null=True, blank=True, help_text="Spent in the year, in pounds")
    locality_method = models.CharField(
        max_length=200, blank=True, help_text="How the split by locality was made"
    )
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget", "title", "delivered_by"],
                name="budget_line_title_once",
            ),
            models.CheckConstraint(name="budget_line_not_negative", condition=Q(amount__gte=0)),
            models.CheckConstraint(
                name="budget_line_set_aside_for_a_function",
                condition=~Q(fund=FundKind.SET_ASIDE) | Q(function__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("budgets:line", args=[self.budget.partnership.slug, self.budget.year, self.pk])

    @property
    def variance(self) -> Decimal | None:
        """Budget less spent; negative is an overspend; None while nothing is recorded."""
        return None if self.actual is None else self.amount - self.actual


class LocalityShareQuerySet(models.QuerySet["LocalityShare"]):
    """For rows that reach their partnership through `line.budget`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(line__budget__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(line__budget__partnership__in=Partnership.objects.visible_to(user))


class LocalityShare(models.Model):
    """The part of a line that is spent in one locality, in pounds. What is left is area-wide and shown as such."""

    line = models.ForeignKey(BudgetLine, on_delete=models.CASCADE, related_name="locality_shares")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="budget_shares")
    amount = Money()

    objects = LocalityShareQuerySet.as_manager()

    class Meta:
        ordering = ["locality"]
        constraints = [
            models.UniqueConstraint(fields=["line", "locality"], name="locality_share_once_per_line"),
            models.CheckConstraint(name="locality_share_not_negative", condition=Q(amount__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.line} in {self.locality}"
