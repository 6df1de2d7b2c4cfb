from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from partnerships.models import Partnership, ScopedQuerySet, User

from ..enums import PlanState, StartReason


class Plan(models.Model):
    """A strategic plan (2014 Act s.29): the working rows that a team edits. What the public reads is a PlanVersion."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="plans")
    title = models.CharField(max_length=160)
    slug = models.SlugField(max_length=60, help_text="The plan's address, for example 2026-29")
    period_start = models.DateField(
        null=True, blank=True, help_text="The day on which the plan takes effect (s.37(9))"
    )
    period_end = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=PlanState, default=PlanState.DRAFT)
    supersedes = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    start_reason = models.CharField(max_length=12, choices=StartReason, default=StartReason.REVIEW)
    revision = models.PositiveIntegerField(default=1)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-period_start", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "slug"], name="plan_slug_once_per_partnership"),
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(state=PlanState.PUBLISHED),
                name="plan_one_published_per_partnership",
            ),
            models.CheckConstraint(
                name="plan_ends_after_it_starts",
                condition=Q(period_start__isnull=True)
                | Q(period_end__isnull=True)
                | Q(period_end__gt=F("period_start")),
            ),
            models.CheckConstraint(
                name="plan_published_has_its_period",
                condition=Q(state=PlanState.DRAFT) | Q(period_start__isnull=False, period_end__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("strategic_plans:workspace", args=[self.partnership.slug, self.slug])

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT


class OfPlanQuerySet(models.QuerySet):
    """For rows that reach their partnership through `plan`."""

    def for_partnership(self, partnership: Partnership) -> "OfPlanQuerySet":
        return self.filter(plan__partnership=partnership)

    def visible_to(self, user: User) -> "OfPlanQuerySet":
        return self.filter(plan__partnership__in=Partnership.objects.visible_to(user))
