from django.db import models


class State(models.TextChoices):
    """Where a document is on its way. Ready, failed and cancelled are rest; the sweep looks after the others."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Could not be made"
    CANCELLED = "cancelled", "Cancelled"
