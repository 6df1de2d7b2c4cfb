"""Pictures in the text of plans. A text names one by the SHA-256 of its bytes, so what it shows never changes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from partnerships.models import Partnership, ScopedQuerySet, User


class PictureQuerySet(ScopedQuerySet):
    def readable_by(self, user: User | AnonymousUser) -> Self:
        """Those of the partnerships that the person belongs to, and those that stand in a published plan."""
        mine = Q(partnership__in=Partnership.objects.visible_to(user)) if user.is_authenticated else Q()
        return self.filter(Q(published_at__isnull=False) | mine)

    def usable_in(self, partnership: Partnership) -> Self:
        """Those that a text of the partnership may show: its own, and those that anybody can see."""
        return self.filter(Q(partnership=partnership) | Q(published_at__isnull=False))


class Picture(models.Model):
    """A picture that one partnership keeps. `published_at` is when it first stood in a published version, for good."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="pictures")
    digest = models.CharField(max_length=64)
    file = models.FileField(upload_to="pictures", max_length=200)
    media_type = models.CharField(max_length=20)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "digest"], name="picture_once_per_partnership"),
        ]
        indexes = [models.Index(fields=["digest"])]

    def __str__(self) -> str:
        return f"Picture {self.digest[:12]}"

    def get_absolute_url(self) -> str:
        return reverse("pictures:picture", args=[self.digest])
