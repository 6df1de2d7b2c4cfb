from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from .enums import State
from .models import Document


def documents_of(tenant: str) -> QuerySet[Document]:
    """Every document asked for in this tenant, the latest first."""
    return Document.objects.filter(tenant=tenant)


def somebody_waits() -> bool:
    """Whether a person has asked for a document that no worker has begun."""
    return Document.objects.filter(state=State.QUEUED).exists()


def queue_age() -> timedelta:
    """How long the oldest request has waited for a worker; zero if none waits."""
    oldest = Document.objects.filter(state=State.QUEUED).order_by("requested_at").first()
    return timezone.now() - oldest.requested_at if oldest else timedelta()
