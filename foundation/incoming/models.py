import uuid

from django.db import models
from django.utils import timezone

from .enums import State


class IncomingFile(models.Model):
    """One file: as it was sent, then what was found in it, then that it was applied. The row is the queue's truth.

    The app says whose it is and who brought it, and has a constraint that a refused file says why.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    brought_at = models.DateTimeField(default=timezone.now)
    file_name = models.CharField(max_length=200)
    file = models.FileField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)  # known once it was read

    state = models.CharField(max_length=10, default=State.WAITING)  # the app gives its choices
    step = models.CharField(max_length=120, blank=True)
    refusal = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    woken_at = models.DateTimeField(null=True, blank=True, editable=False)

    found = models.JSONField(default=dict, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-brought_at", "pk"]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def where_it_is(self) -> str:
        """How far the reading is, for people."""
        if self.held_until and self.held_until < timezone.now():
            return "The reading was interrupted. It begins again by itself"
        return self.step or "Waiting for its turn"

    @property
    def is_waiting(self) -> bool:
        return self.state == State.WAITING
