"""A Word file on its way into a draft. Only the person who chose it sees it until its text stands in the plan."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from foundation.incoming.models import IncomingFile

from ..enums import ImportState
from .plans import OfPlanQuerySet, Plan


class WordImport(IncomingFile):
    """One file: as it was sent, then what was found in it, then where that went. The row is the queue's truth.

    `found` is what `imports.proposals` writes and reads. Neither it nor the file outlives the day, or the applying.
    """

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="word_imports")
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING)
    outcome = models.JSONField(default=list, blank=True)

    objects = OfPlanQuerySet.as_manager()

    class Meta(IncomingFile.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "brought_by"],
                condition=~Q(state=ImportState.APPLIED),
                name="word_import_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.REFUSED) | ~Q(refusal=""), name="word_import_refused_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state=ImportState.APPLIED) | (Q(file="") & Q(applied_at__isnull=False)),
                name="word_import_applied_keeps_no_file",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse(
            "strategic_plans:word_import", args=[self.plan.partnership.slug, self.plan.slug, self.pk]
        )


class ImportedPicture(models.Model):
    """A picture of the file, prepared to be kept; it is kept with the plan when the text is applied."""

    word_import = models.ForeignKey(WordImport, on_delete=models.CASCADE, related_name="pictures")
    number = models.PositiveSmallIntegerField()
    data = models.BinaryField()
    media_type = models.CharField(max_length=20)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["word_import", "number"], name="imported_picture_number_once_per_import"
            ),
        ]

    def __str__(self) -> str:
        return f"Picture {self.number} of {self.word_import}"
