"""What people say about the text of a draft, paragraph by paragraph."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from partnerships.models import Partnership, User

from .plans import Plan
from .texts import LocalityArrangement, Section, reference_to


class CommentQuerySet(models.QuerySet["Comment"]):
    def of(self, text: Section | LocalityArrangement) -> Self:
        return self.filter(**reference_to(text))

    def of_plan(self, plan: Plan) -> Self:
        return self.filter(Q(section__plan=plan) | Q(arrangement__plan=plan))

    def for_partnership(self, partnership: Partnership) -> Self:
        return self.filter(
            Q(section__plan__partnership=partnership) | Q(arrangement__plan__partnership=partnership)
        )

    def visible_to(self, user: User) -> Self:
        mine = Partnership.objects.visible_to(user)
        return self.filter(
            Q(section__plan__partnership__in=mine) | Q(arrangement__plan__partnership__in=mine)
        )

    def open(self) -> Self:
        return self.filter(parent=None, settled_at=None)


class Comment(models.Model):
    """A remark on one paragraph, or an answer to one; with a suggestion, other words for the paragraph.

    `quote` holds the paragraph's words as they were: the comment finds its paragraph again by them, whatever is
    written before it, and still says what it was about when the paragraph is gone. Never changed once written.
    """

    section = models.ForeignKey(
        Section, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    arrangement = models.ForeignKey(
        LocalityArrangement, null=True, blank=True, on_delete=models.CASCADE, related_name="comments"
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    quote = models.TextField(blank=True)  # empty: about the text as a whole
    words = models.TextField(max_length=2_000)
    suggestion = models.TextField(blank=True, max_length=5_000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    # How a suggestion ended: true taken, false not taken with the reason in `settled_words`.
    was_taken = models.BooleanField(null=True, blank=True)
    settled_words = models.CharField(max_length=500, blank=True)
    # The comment of an earlier plan that was still open when this plan took over its text.
    carried_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carried_to"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="comment_on_one_text",
                condition=Q(section__isnull=False, arrangement__isnull=True)
                | Q(section__isnull=True, arrangement__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Comment by {self.written_by} on “{self.text}”"

    @property
    def text(self) -> Section | LocalityArrangement:
        found = self.section or self.arrangement
        assert found is not None  # noqa: S101 - the constraint
        return found

    @property
    def is_settled(self) -> bool:
        return self.settled_at is not None
