from django.db.models import QuerySet

from .enums import State
from .models import Document


def documents_of(tenant: str) -> QuerySet[Document]:
    """Every document asked for in this tenant, the latest first."""
    return Document.objects.filter(tenant=tenant)


def somebody_waits() -> bool:
    """Whether a person has asked for a document that no worker has begun."""
    return Document.objects.filter(state=State.QUEUED).exists()
