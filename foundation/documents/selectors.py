from django.db.models import QuerySet

from .enums import State
from .models import Document


def documents_of(tenant: str) -> QuerySet[Document]:
    """Every document asked for in this tenant, the latest first."""
    return Document.objects.filter(tenant=tenant)


def document_named(kind: str, key: str) -> Document | None:
    """The document of this kind and key, in whatever state it is, if it was asked for. One query."""
    return Document.objects.filter(kind=kind, key=key).first()


def somebody_waits() -> bool:
    """Whether a person has asked for a document that no worker has begun."""
    return Document.objects.filter(state=State.QUEUED).exists()
