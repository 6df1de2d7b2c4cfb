import uuid

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from .enums import State


class Document(models.Model):
    """One generated file, from the request to the download. This row is the queue's truth; the broker only wakes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    tenant = models.CharField(max_length=64, blank=True)
    label = models.CharField(max_length=200)
    inputs = models.JSONField(default=dict, blank=True)
    requested_by_id = models.BigIntegerField(null=True)
    requested_by_name = models.CharField(max_length=200, blank=True)
    requested_at = models.DateTimeField()

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)
    step_label = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    woken_at = models.DateTimeField(null=True, editable=False)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    file = models.FileField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True)
    # What assistive technology would stumble over in the file: pdf_checks.Fault by name.
    faults = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-requested_at", "id"]
        indexes = [
            models.Index(fields=["tenant", "-requested_at"], name="documents_of_tenant"),
            models.Index(
                fields=["state", "requested_at"],
                name="documents_unfinished",
                condition=Q(state__in=["queued", "running"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="documents_one_row_per_request"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="documents_known_state"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(file="") & ~Q(sha256="") & Q(size__isnull=False)),
                name="documents_ready_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(lease_token__isnull=False, lease_until__isnull=False),
                name="documents_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="documents_failed_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("documents:detail", args=[self.pk])

    @property
    def requested_by(self) -> str:
        return self.requested_by_name

    @property
    def is_ready(self) -> bool:
        return self.state == State.READY

    @property
    def is_under_way(self) -> bool:
        return self.state in {State.QUEUED, State.RUNNING}

    @property
    def is_interrupted(self) -> bool:
        """Whether the worker that made it has died; the next one begins again."""
        lease = self.lease_until
        return self.state == State.RUNNING and lease is not None and lease < timezone.now()

    @property
    def extension(self) -> str:
        return (self.file.name or "").rpartition(".")[2]

    @property
    def download_name(self) -> str:
        """The name under which a person saves the file: the label in plain letters."""
        return f"{slugify(self.label)[:100] or 'document'}.{self.extension}"
