"""What people have typed and not saved yet, and who is at work on which text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .texts import LocalityArrangement, Section, reference_to

# The page says every ten seconds that it is open.
PRESENT = timedelta(seconds=30)


class WorkingCopyQuerySet(models.QuerySet["WorkingCopy"]):
    def of(self, text: Section | LocalityArrangement) -> Self:
        return self.filter(**reference_to(text))


class WorkingCopy(models.Model):
    """One person at one text: when their page was last open, and what they typed without saving it.

    It is theirs alone: nobody else reads `body`, and saving the text, or throwing the copy away, deletes the row.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.CASCADE, related_name="working_copies"
    )
    arrangement = models.ForeignKey(
        LocalityArrangement, null=True, blank=True, on_delete=models.CASCADE, related_name="working_copies"
    )
    body = models.TextField(blank=True)
    base_revision = models.PositiveIntegerField(default=0)  # the saved state that the person began from
    kept_at = models.DateTimeField(null=True, blank=True)  # none: nothing was typed yet
    seen_at = models.DateTimeField(default=timezone.now)

    objects = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "working copies"
        constraints = [
            models.UniqueConstraint(fields=["section", "person"], name="working_copy_once_per_section"),
            models.UniqueConstraint(
                fields=["arrangement", "person"], name="working_copy_once_per_arrangement"
            ),
            models.CheckConstraint(
                name="working_copy_of_one_text",
                condition=Q(section__isnull=False, arrangement__isnull=True)
                | Q(section__isnull=True, arrangement__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["seen_at"])]

    def __str__(self) -> str:
        return f"{self.person} at {self.section or self.arrangement}"

    def is_here(self, now: datetime) -> bool:
        """Whether the person's page was open within the last half minute."""
        return now - self.seen_at < PRESENT
