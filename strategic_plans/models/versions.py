"""What was frozen. The database refuses to change or delete these rows, whoever asks (see the migration)."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from foundation.frozen import digest

from ..editions import Edition
from .plans import OfPlanQuerySet, Plan


class Snapshot(models.Model):
    """A plan with all its figures as it stood at one moment; `sha256` is over the canonical JSON of `content`."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="snapshots")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=timezone.now)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "sha256"], name="snapshot_once_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, {self.sha256[:12]}"

    @property
    def edition(self) -> Edition:
        """The typed content. Every page and document of a version is made from this alone."""
        return Edition.from_json(self.content)

    @property
    def is_intact(self) -> bool:
        """Whether the stored content still has the hash that was written beside it."""
        return digest(self.content) == self.sha256


class PlanVersion(models.Model):
    """A published state of a plan: what the public reads, downloads and compares (2014 Act s.35)."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=80)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="version")
    sha256 = models.CharField(max_length=64)
    approval_reference = models.CharField(
        max_length=160, help_text="The meeting and minute that approved this text"
    )
    correction = models.CharField(
        max_length=300, blank=True, help_text="Why the words of the version before were put right"
    )
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.plan}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse(
            "strategic_plans:version", args=[self.plan.partnership.slug, self.plan.slug, self.number]
        )

    @property
    def name(self) -> str:
        """Its number, and its label where somebody gave it one."""
        numbered = f"Version {self.number}"
        return numbered if self.label in {"", numbered} else f"{numbered}: {self.label}"
