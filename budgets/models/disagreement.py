"""A year for which the partners have not agreed the money."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from ..enums import Meanwhile
from .budgets import Budget, OfBudgetQuerySet


class Disagreement(models.Model):
    """The partners have not agreed a year's budget: since when, and what stands meanwhile. Open until it has an end."""

    budget = models.ForeignKey(Budget, on_delete=models.CASCADE, related_name="disagreements")
    since = models.DateField()
    about = models.TextField(help_text="What the partners do not agree on")
    meanwhile = models.CharField(max_length=20, choices=Meanwhile)
    meanwhile_words = models.TextField(blank=True, help_text="What stands meanwhile, as the scheme says")
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    ended_on = models.DateField(null=True, blank=True)
    outcome = models.TextField(blank=True)

    objects = OfBudgetQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["budget"], condition=Q(ended_on__isnull=True), name="disagreement_one_open_a_year"
            ),
            models.CheckConstraint(
                name="disagreement_ends_after_it_begins",
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("since")),
            ),
            models.CheckConstraint(
                name="disagreement_says_what_the_scheme_says",
                condition=~Q(meanwhile=Meanwhile.SCHEME) | ~Q(meanwhile_words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget} not agreed"


class DisputeStep(models.Model):
    """One step of the scheme's way to settle a dispute."""

    disagreement = models.ForeignKey(Disagreement, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    due_on = models.DateField(null=True, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True, help_text="Who took the step")
    outcome = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["disagreement", "position"], name="dispute_step_in_its_place"),
            models.CheckConstraint(
                name="dispute_step_done_by_somebody_with_an_outcome",
                condition=Q(done_on__isnull=True) | (~Q(done_by="") & ~Q(outcome="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title
