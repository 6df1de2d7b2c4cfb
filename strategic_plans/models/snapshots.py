"""States of a draft that somebody kept under a name. The database refuses to change or delete these rows."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from .plans import OfPlanQuerySet, Plan
from .versions import Snapshot


class NamedSnapshot(models.Model):
    """A draft as it stood when somebody said what for: "For the planning group of 3 March". Its text never changes."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="named_snapshots")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=60)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="names")
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="named_snapshot_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.label} (snapshot {self.number})"

    def get_absolute_url(self) -> str:
        return reverse(
            "strategic_plans:snapshot", args=[self.plan.partnership.slug, self.plan.slug, self.number]
        )
