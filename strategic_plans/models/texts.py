"""What people write: sections and locality arrangements, each with every state that was ever saved."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from localities.models import Locality

from .plans import OfPlanQuerySet, Plan


class Text(models.Model):
    """Rich text that several people may edit. `revision` numbers its newest saved state, 0 before the first."""

    body = models.TextField(blank=True)
    word_count = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = OfPlanQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_written(self) -> bool:
        return self.word_count > 0


class Revision(models.Model):
    """One saved state of a text: who, when, why. Rows are never changed; restoring an old state adds a new row."""

    number = models.PositiveIntegerField()
    body = models.TextField(blank=True)
    word_count = models.PositiveIntegerField(default=0)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField(max_length=300, blank=True)
    restored_from = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-number"]


class Section(Text):
    """A part of the plan under one heading. The prompt says what belongs here and which duty asks for it."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=160)
    prompt = models.TextField(blank=True)
    source = models.CharField(max_length=120, blank=True, help_text="The provision that asks for it")
    is_statutory = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    due_on = models.DateField(null=True, blank=True, help_text="The day by which its text shall stand")
    # Of everything but the text, which has `revision`.
    details_revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "key"], name="section_key_once_per_plan"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        plan = self.plan
        return reverse("strategic_plans:section", args=[plan.partnership.slug, plan.slug, self.key])


class SectionRevision(Revision):
    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="revisions")

    class Meta(Revision.Meta):
        constraints = [
            models.UniqueConstraint(fields=["section", "number"], name="section_revision_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.section}, revision {self.number}"


class LocalityArrangement(Text):
    """How the functions are carried out in one locality, set out separately from every other (2014 Act s.29(3)(b))."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="arrangements")
    locality = models.ForeignKey(Locality, on_delete=models.PROTECT, related_name="arrangements")

    class Meta:
        ordering = ["locality__name"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "locality"], name="arrangement_one_per_locality"),
        ]

    def __str__(self) -> str:
        return f"Arrangements for {self.locality}"

    def get_absolute_url(self) -> str:
        plan = self.plan
        return reverse(
            "strategic_plans:arrangement", args=[plan.partnership.slug, plan.slug, self.locality.slug]
        )


def reference_to(text: Section | LocalityArrangement) -> dict[str, Any]:
    """The text under the name that rows about either kind of text give it, for filters and new rows."""
    return {"section": text} if isinstance(text, Section) else {"arrangement": text}


class ArrangementRevision(Revision):
    arrangement = models.ForeignKey(LocalityArrangement, on_delete=models.PROTECT, related_name="revisions")

    class Meta(Revision.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["arrangement", "number"], name="arrangement_revision_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arrangement}, revision {self.number}"
