"""The closed books. The database refuses to change or delete these rows, whoever asks (see the migration)."""

from functools import cached_property
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from foundation.frozen import digest
from partnerships.models import Partnership, User

from ..books import Books
from .budgets import Budget
from .monitoring import Period


class CloseQuerySet(models.QuerySet["Close"]):
    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(period__budget__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(period__budget__partnership__in=Partnership.objects.visible_to(user))

    def of_budget(self, budget: Budget) -> Self:
        """The budget's closes, the latest period first and in it the latest close."""
        return self.filter(period__budget=budget).order_by("-period__number", "-number")


class Close(models.Model):
    """A period's books as they were closed: every figure that a report of it needs, and its fingerprint.

    A late change makes a new close of the same period with the next number; the one before stays.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="closes")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True, help_text="Why the period was closed again")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(default=timezone.now)

    objects = CloseQuerySet.as_manager()

    class Meta:
        ordering = ["-period", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="close_number_once_per_period"),
            models.CheckConstraint(name="close_by_two_people", condition=~Q(prepared_by=F("closed_by"))),
        ]

    def __str__(self) -> str:
        return f"{self.period.month_label}, close {self.number}"

    def get_absolute_url(self) -> str:
        budget = self.period.budget
        return reverse(
            "budgets:report", args=[budget.partnership.slug, budget.year, self.period.number, self.number]
        )

    @cached_property
    def books(self) -> Books:
        """The typed content. Every report of the period is made from this alone."""
        return Books.from_json(self.content)

    @property
    def is_intact(self) -> bool:
        """Whether the stored content still has the hash that was written beside it."""
        return digest(self.content) == self.sha256
