"""What the integration joint board keeps from one year to the next (2014 Act s.13; Local Government Act 1973 s.106)."""

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from partnerships.models import Partnership, ScopedQuerySet, User

from ..enums import ReserveFlow, ReserveKind
from .budgets import Budget
from .money import Money


class Reserve(models.Model):
    """Money kept for later. It holds the sum of its movements, so a year opens with what the last one closed at."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="reserves")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=ReserveKind)
    purpose = models.TextField(help_text="What it may be used for, and what follows if it is not")
    expires_on = models.DateField(
        null=True,
        blank=True,
        help_text="Until when it is to be used, or from when the funder may claim it back",
    )
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "name"], name="reserve_name_once"),
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(kind=ReserveKind.GENERAL),
                name="reserve_one_general_per_partnership",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def has_expired(self, day: date) -> bool:
        return self.expires_on is not None and self.expires_on < day


class ReserveMovementQuerySet(models.QuerySet["ReserveMovement"]):
    """For rows that reach their partnership through `reserve`."""

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(reserve__partnership=partnership)

    def visible_to(self, user: User) -> Self:
        return self.filter(reserve__partnership__in=Partnership.objects.visible_to(user))


class ReserveMovement(models.Model):
    """A sum that a reserve gets or gives in a year. No reserve ever falls below zero: a trigger holds it (R-FIN-07)."""

    reserve = models.ForeignKey(Reserve, on_delete=models.CASCADE, related_name="movements")
    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="reserve_movements")
    flow = models.CharField(max_length=10, choices=ReserveFlow)
    amount = Money()
    is_budgeted = models.BooleanField(
        default=False, help_text="Decided with the year’s budget, so that it is part of the net budget"
    )
    moved_on = models.DateField(null=True, blank=True, help_text="Empty while it is only planned")
    reason = models.TextField()
    minute = models.CharField(max_length=200, blank=True, help_text="The board’s decision")
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    objects = ReserveMovementQuerySet.as_manager()

    class Meta:
        ordering = ["moved_on", "pk"]
        constraints = [
            models.CheckConstraint(name="reserve_movement_of_a_sum", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="reserve_movement_opening_is_a_fact",
                condition=~Q(flow=ReserveFlow.OPENING) | Q(moved_on__isnull=False, is_budgeted=False),
            ),
            models.UniqueConstraint(
                fields=["reserve"], condition=Q(flow=ReserveFlow.OPENING), name="reserve_opened_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_flow_display()}: {self.reserve}"

    def get_absolute_url(self) -> str:
        return reverse("budgets:reserves", args=[self.budget.partnership.slug, self.budget.year])
