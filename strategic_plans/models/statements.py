"""Annual financial statements. The database refuses to change or delete these rows (see the migration)."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from budgets.models import Budget

from .plans import OfPlanQuerySet, Plan


class FinancialStatement(models.Model):
    """What the authority intends to spend in a year in implementing its plan, as signed (2014 Act s.39).

    Signing again makes a new row with the next number. `sha256` is over the canonical JSON of `content`.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="statements")
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="statements")
    number = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(default=timezone.now)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-budget__year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["budget", "number"], name="statement_number_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"Annual financial statement {self.budget.year_label}, {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("strategic_plans:statement", args=[self.plan.partnership.slug, self.budget.year])


class StatementPublication(models.Model):
    """A signed statement was made public, by somebody other than who signed it."""

    statement = models.OneToOneField(FinancialStatement, on_delete=models.PROTECT, related_name="publication")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return f"{self.statement}, published"
