"""What the public search looks through, and what one partnership took from another's plan."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone

from partnerships.models import Partnership, User

from .plans import OfPlanQuerySet, Plan
from .versions import PlanVersion


class PassageQuerySet(models.QuerySet["Passage"]):
    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(version__plan__partnership=partnership)

    def visible_to(self, user: User) -> Self:  # noqa: ARG002 - the same question is asked of every kind of row
        """All of them: only what is published has passages."""
        return self.all()


class Passage(models.Model):
    """A passage of a plan in force, cut out of its newest version to be found. Made anew with every version."""

    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="passages")
    position = models.PositiveIntegerField()
    chapter = models.CharField(max_length=120)
    # The heading of the section, where the passage is text of one: others can borrow that.
    section = models.CharField(max_length=200, blank=True)
    anchor = models.CharField(max_length=160, blank=True)
    heading = models.CharField(max_length=300)
    text = models.TextField()
    outcomes = ArrayField(models.PositiveSmallIntegerField(), default=list)
    localities = ArrayField(models.CharField(max_length=120), default=list)
    years = ArrayField(models.PositiveSmallIntegerField(), default=list)
    vector = SearchVectorField(null=True, editable=False)

    objects = PassageQuerySet.as_manager()

    class Meta:
        ordering = ["version", "position"]
        indexes = [GinIndex(fields=["vector"], name="passage_words")]

    def __str__(self) -> str:
        return self.heading


class Borrowing(models.Model):
    """A section of a published plan was copied into another partnership's draft, and its lender can see that."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="borrowings")
    section_title = models.CharField(max_length=160)
    source = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="lendings")
    chapter = models.CharField(max_length=120)
    chapter_title = models.CharField(max_length=160)
    word_count = models.PositiveIntegerField()
    borrowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    borrowed_at = models.DateTimeField(default=timezone.now)

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        ordering = ["-borrowed_at", "-pk"]

    def __str__(self) -> str:
        return f"“{self.chapter_title}” of {self.source}, in {self.plan}"
